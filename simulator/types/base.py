"""The vocabulary in which resource types are taught: where, what is asked for, and what the cloud answers."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.values import JSON

ID_HEX_DIGITS = 16  # AWS ids have 17; the first of new ones has been 0 since 2016


@dataclass(frozen=True, slots=True)
class Place:
    """The account and region that a resource is created in."""

    account: str
    region: str
    partition: str = "aws"

    @property
    def dns_suffix(self) -> str:
        """The domain under which the services of this partition answer."""
        return "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"


def _finds_nothing(_: str) -> Mapping[str, JSON]:
    return {}


@dataclass(frozen=True, slots=True)
class Request:
    """One creation of one resource.

    Attributes:
        inputs: the checked inputs, without secret marks.
        serial: how many resources of this URN were created before; a replacement gets another id.
        default_tags: tags that the provider adds to everything that can carry tags.
        find: the outputs of what exists under a physical id; empty for what does not exist or is not known yet.
    """

    token: str
    urn: str
    inputs: Mapping[str, JSON]
    place: Place
    serial: int = 0
    default_tags: Mapping[str, JSON] = field(default_factory=dict)
    find: Callable[[str], Mapping[str, JSON]] = _finds_nothing

    @property
    def name(self) -> str:
        """The logical name."""
        return logical_name(self.urn)

    def digest(self, length: int, salt: str = "") -> str:
        """Hex digits (at most 64) that only this creation has, the same in every run."""
        place = self.place
        return stable_hex(length, place.account, place.region, self.urn, str(self.serial), salt)

    def uuid(self, salt: str) -> str:
        """A random (version 4) UUID in form, that only this creation has, the same in every run."""
        digest = self.digest(32, salt)
        return "-".join((digest[:8], digest[8:12], f"4{digest[13:16]}", f"8{digest[17:20]}", digest[20:]))

    def number(self, below: int, salt: str = "") -> int:
        """A number in ``[0, below)`` that only this creation has, the same in every run."""
        return int(self.digest(15, salt), 16) % below

    def resource_id(self, prefix: str) -> str:
        """An id as EC2 gives them: the prefix and 17 hex digits."""
        return f"{prefix}-0{self.digest(ID_HEX_DIGITS, prefix)}"

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """The ARN of ``resource``; global services have no region in it, a few resources no account."""
        place = self.place
        return ":".join(
            (
                "arn",
                place.partition,
                service,
                place.region if region else "",
                place.account if account else "",
                resource,
            )
        )

    def text(self, key: str, default: str = "") -> str:
        """The input ``key`` as text, or ``default`` where it is absent."""
        value = self.inputs.get(key)
        return default if value is None else str(value)

    def found_text(self, resource_id: str, output: str) -> str:
        """One output of what exists under ``resource_id`` as text, empty where it is not known."""
        value = self.find(resource_id).get(output)
        return value if isinstance(value, str) else ""

    def mapping(self, key: str) -> Mapping[str, JSON]:
        """The input ``key`` as an object, empty where it is absent."""
        value = self.inputs.get(key)
        return value if isinstance(value, Mapping) else {}

    def items(self, key: str) -> list[Mapping[str, JSON]]:
        """The objects in the list ``key``, none where it is absent."""
        value = self.inputs.get(key)
        return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


@dataclass(frozen=True, slots=True)
class Autoname:
    """A physical name that the provider makes: ``<prefix><logical name>-<7 hex digits>``.

    Attributes:
        property: the input that takes the name, unless the program gives it or a property in ``unless``.
        max_length: characters that the service allows; the provider refuses a longer name rather than cut it.
        prefix: what every name of the service starts with.
        unless: other inputs that give the name.
        hex_digits: length of the random part.
    """

    property: str
    max_length: int
    prefix: str = ""
    unless: tuple[str, ...] = ("namePrefix",)
    hex_digits: int = 7


Identify = Callable[[Request], str]
Compute = Callable[[Request, str], dict[str, JSON]]


@dataclass(frozen=True, slots=True)
class ResourceModel:
    """What the cloud answers when a resource of one type is created.

    Attributes:
        identify: the physical id.
        compute: every output that is not an echoed input, and inputs that the cloud completes.
        autoname: the name that the provider makes where the program gives none.
        defaults: outputs that have this value unless an input of the same name says otherwise.
        empty: outputs that the SDK declares and the cloud leaves unset for the inputs that this project uses.
        secret_outputs: outputs that the provider itself marks as secret.
        adopts: it takes over what another resource made, and has that one's id.
    """

    token: str
    identify: Identify
    compute: Compute
    autoname: Autoname | None = None
    defaults: Mapping[str, JSON] = field(default_factory=dict)
    empty: frozenset[str] = frozenset()
    secret_outputs: frozenset[str] = frozenset()
    adopts: bool = False


def stable_hex(length: int, *parts: str) -> str:
    """``length`` hex digits (at most 64) that depend on ``parts`` only."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:length]


def logical_name(urn: str) -> str:
    """The logical name in a URN (it may itself contain ``::``)."""
    return urn.split("::", 3)[3]
