"""How many replicas each service has and what one of them asks for, by how large an environment is. No resources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from components.quantities import Request, request
from components.teranode.services import SINGLETONS, Service


class Scale(StrEnum):
    """How large a node is."""

    SMALL = "small"  # a chain of tests: what fits on a few nodes counts
    FULL = "full"  # mainnet


@dataclass(frozen=True, kw_only=True)
class Size:
    """What one replica asks for.

    There is no CPU limit: throttled consensus is late consensus. Beyond `memory_limit` a replica is killed, so it is
    always stated: a block of requests alone would take the operator's own limit away.
    """

    cpu: str
    memory: str
    memory_limit: str


# Requests: the baseline that upstream's system requirements of 2026 give for small environments. Limits leave
# room for a burst: requests of eleven services come to a fifth of a node with 32 GiB, limits to what it has.
_SMALL = Size(cpu="100m", memory="512Mi", memory_limit="2Gi")
_SMALL_HEAVY = Size(cpu="100m", memory="512Mi", memory_limit="4Gi")
_HEAVY = frozenset(
    {
        Service.BLOCK_ASSEMBLY,
        Service.BLOCK_VALIDATOR,
        Service.LEGACY,
        Service.SUBTREE_VALIDATOR,
        Service.VALIDATOR,
    }
)

# Requests: `docs/howto/miners/systemRequirements.md` of 2026 for mainnet; what it does not name, and limits: operator.
_LIGHT = Size(cpu="1", memory="1Gi", memory_limit="2Gi")
_FULL = {
    Service.BLOCK_ASSEMBLY: Size(cpu="1", memory="4Gi", memory_limit="8Gi"),
    Service.BLOCK_VALIDATOR: Size(cpu="1", memory="8Gi", memory_limit="10Gi"),
    Service.LEGACY: Size(cpu="4", memory="32Gi", memory_limit="48Gi"),
    Service.SUBTREE_VALIDATOR: Size(cpu="1", memory="16Gi", memory_limit="16Gi"),
    Service.VALIDATOR: Size(cpu="1", memory="4Gi", memory_limit="4Gi"),
}

SIZES: Mapping[Scale, Mapping[Service, Size]] = MappingProxyType(
    {
        Scale.SMALL: {service: _SMALL_HEAVY if service in _HEAVY else _SMALL for service in Service},
        Scale.FULL: {service: _FULL.get(service, _LIGHT) for service in Service},
    }
)
"""What one replica of each service asks for."""

_FULL_REPLICAS = {
    Service.ASSET: 2,
    Service.PROPAGATION: 2,
    Service.SUBTREE_VALIDATOR: 2,
    Service.VALIDATOR: 2,
}

REPLICAS: Mapping[Scale, Mapping[Service, int]] = MappingProxyType(
    {
        Scale.SMALL: dict.fromkeys(Service, 1),
        Scale.FULL: {service: _FULL_REPLICAS.get(service, 1) for service in Service},
    }
)
"""How many replicas each service has unless the environment says otherwise."""


def pods(scale: Scale, services: Iterable[Service]) -> Iterator[Request]:
    """The request of every pod of these services."""
    for service in services:
        size = SIZES[scale][service]
        yield from [request(size.cpu, size.memory)] * REPLICAS[scale][service]


def replicas_problem(service: Service, replicas: int) -> str | None:
    """Say why a service cannot have so many replicas, or None."""
    if service is Service.BLOCK_ASSEMBLY and replicas != 1:
        return f"{service} has exactly one replica, not {replicas}: two overwrite each other's state and lose blocks"
    if service in SINGLETONS and replicas > 1:
        return f"{service} has at most one replica, not {replicas}: it has no leader election"
    if replicas < 1:
        return f"{service} has {replicas} replicas: a node is stopped by `enabled`, not by its replicas"
    return None
