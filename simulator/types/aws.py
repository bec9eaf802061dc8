"""What resources of many AWS services have in common."""

import ipaddress

from simulator.types.base import Request
from simulator.values import JSON

CREATED_AT = "2026-01-01T00:00:00Z"
"""When everything was created: a simulated deployment must not depend on the clock."""

# AWS keeps the first four addresses and the last one of every subnet.
_RESERVED_FIRST, _RESERVED_LAST = 4, 1

_COMPASS = ("north", "south", "central", "east", "west")


def regional(request: Request) -> dict[str, JSON]:
    """The region in which the provider created the resource."""
    return {"region": request.place.region}


def all_tags(request: Request) -> dict[str, JSON]:
    """The resource's own tags over the provider's default tags."""
    return {"tagsAll": {**request.default_tags, **request.mapping("tags")}}


def regional_tagged(request: Request) -> dict[str, JSON]:
    """Region and tags of a resource that has both."""
    return {**regional(request), **all_tags(request)}


def zone_id(zone: str) -> str:
    """The zone id of a zone name, ``euw1-az1`` for ``eu-west-1a``.

    AWS shuffles the letters per account; here ``a`` is always the first.
    """
    region, letter = zone[:-1], zone[-1:]
    area, _, rest = region.partition("-")
    name, _, number = rest.rpartition("-")
    short = "".join(word[0] for word in _words(name))
    return f"{area}{short}{number}-az{ord(letter) - ord('a') + 1}" if letter.islower() else ""


def public_ip(request: Request) -> str:
    """An address from 198.18.0.0/15 (RFC 2544): nothing on the internet can be reached by it by mistake."""
    number = request.number(1 << 17, "public-ip")
    return f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255}"


def private_ip(request: Request) -> str:
    """An address of the resource's subnet past those that AWS reserves; empty while the subnet is not known."""
    block = request.found_text(request.text("subnetId"), "cidrBlock")
    if not block:
        return ""
    network = ipaddress.IPv4Network(block)
    usable = network.num_addresses - _RESERVED_FIRST - _RESERVED_LAST
    return str(network[_RESERVED_FIRST + request.number(usable, "private-ip")])


def _words(name: str) -> list[str]:
    """Split ``southeast`` into ``south`` and ``east``; ``gov-east`` into ``gov`` and ``east``."""
    words: list[str] = []
    for part in name.split("-"):
        rest = part
        while word := next((point for point in _COMPASS if rest.startswith(point)), ""):
            words.append(word)
            rest = rest.removeprefix(word)
        words += [rest] if rest else []
    return words
