"""Values in the exact strings that Teranode parses. Each function raises `ValueError` for what it would misread.

Teranode reads its settings from variables by way of `ordishs/gocore` (config.go): `${…}` is expanded, a value that
starts with `*EHE*` is decrypted, and a number that cannot be parsed is silently replaced by a default.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from ipaddress import IPv6Address, ip_address
from urllib.parse import quote, urlencode, urlsplit

_EXPANDED = "${"
_DECRYPTED = "*EHE*"
_SEPARATOR = "|"
_SATOSHI_DECIMALS = 8
# Go, time.ParseDuration; the largest unit first.
_GO_UNITS = (("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1))
_HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_MAX_HOST_NAME = 253
_PEER_ID = re.compile(r"[1-9A-HJ-NP-Za-km-z]{46,59}", re.ASCII)  # base58btc: ed25519 (52) and older kinds
_HIGHEST_PORT = 65_535


def text(value: str) -> str:
    """Text as it is, unless Teranode would read something else."""
    if _EXPANDED in value:
        raise ValueError(f"{value!r}: Teranode expands {_EXPANDED}…}}")
    if value.startswith(_DECRYPTED):
        raise ValueError(f"a value that starts with {_DECRYPTED} would be decrypted")
    if value != value.strip() or not value.isprintable():
        raise ValueError(f"{value!r} has space around it or characters that do not print")
    return value


def boolean(value: bool) -> str:  # noqa: FBT001 (the value itself)
    """`true` or `false`: the legacy service knows no other spelling."""
    return "true" if value else "false"


def whole(value: int) -> str:
    """A whole number, not negative, without a unit."""
    if value < 0:
        raise ValueError(f"{value} is negative")
    return str(value)


def fee(value: Decimal) -> str:
    """BSV as a decimal without an exponent, to the satoshi."""
    if not value.is_finite() or value < 0:
        raise ValueError(f"{value} is no fee")
    if value != round(value, _SATOSHI_DECIMALS):
        raise ValueError(f"{value} BSV is no whole number of satoshis")
    return f"{value:.{_SATOSHI_DECIMALS}f}" if value else "0"


def duration(milliseconds: int) -> str:
    """A Go duration, for example `1m30s`."""
    if milliseconds < 0:
        raise ValueError(f"{milliseconds} is negative")
    parts, left = [], milliseconds
    for unit, length in _GO_UNITS:
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def pipe_list(items: Sequence[str]) -> str:
    """Items parted by `|`, without spaces: the legacy service does not trim them."""
    for item in items:
        if not item or _SEPARATOR in item:
            raise ValueError(f"{item!r} cannot stand in a list that {_SEPARATOR} parts")
    return _SEPARATOR.join(text(item) for item in items)


def peer_list(items: Sequence[str]) -> str:
    """`host:port` pairs parted by `|`."""
    return pipe_list([host_and_port(item) for item in items])


def comma_list(items: Sequence[str]) -> str:
    """`host:port` pairs parted by commas, as Kafka's are."""
    if not items:
        raise ValueError("a list of hosts is empty")
    return ",".join(host_and_port(item) for item in items)


def host_and_port(value: str) -> str:
    """`host:port`, where the host is a name or an IPv4 address."""
    host, colon, port = value.rpartition(":")
    if not colon or not port.isascii() or not port.isdigit() or not 1 <= int(port) <= _HIGHEST_PORT:
        raise ValueError(f"{value!r} is not host:port")
    return f"{host_name(host)}:{port}"


def hosts_text(value: str) -> str:
    """A comma list that somebody else made: checked, and returned as it is."""
    return comma_list(value.split(","))


def host_name(value: str) -> str:
    """A DNS name in lower case or an IPv4 address."""
    if len(value) > _MAX_HOST_NAME or not _HOST_NAME.fullmatch(value):
        raise ValueError(f"{value!r} is no host name")
    return value


def url(value: str) -> str:
    """An absolute URL without user, password and spaces."""
    parts = urlsplit(text(value))
    if not parts.scheme or not parts.hostname or parts.username is not None or any(map(str.isspace, value)):
        raise ValueError(f"{parts.scheme or 'no scheme'}: not an absolute URL without credentials")
    return value


def query(parameters: Mapping[str, str]) -> str:
    """URL parameters in the order given; a nested URL is escaped whole, so that its own parameters stay its own."""
    return urlencode(parameters, quote_via=quote, safe="")


def multiaddr(host: str, port: int, peer_id: str | None = None) -> str:
    """Where a peer answers: `/dns4/<host>/tcp/<port>`, with `/p2p/<peer id>` who it must be."""
    if not 1 <= port <= _HIGHEST_PORT:
        raise ValueError(f"{port} is no port")
    if peer_id is not None and not _PEER_ID.fullmatch(peer_id):
        raise ValueError(f"{peer_id!r} is no peer id")
    address = f"/{_address_kind(host)}/{host}/tcp/{port}"
    return address if peer_id is None else f"{address}/p2p/{peer_id}"


def _address_kind(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        host_name(host)
        return "dns4"
    return "ip6" if isinstance(address, IPv6Address) else "ip4"
