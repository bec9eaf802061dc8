"""The project's other stack files, as far as they matter to one."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sibling:
    """What another stack file of the project says about account and networks (region name → CIDR)."""

    stack: str
    account: str | None = None
    tier: str | None = None
    networks: Mapping[str, str] = field(default_factory=dict)
    problem: str | None = None
