"""How many replicas each service has and what one of them asks for, by how large an environment is. No resources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from components.quantities import Request, request
from components.teranode.modes import Mode
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
"""What one replica of each service asks for in a node that listens."""

_GIB = 1024**3
_LARGEST_BLOCK_BYTES = 4 * _GIB
_TRANSACTION_BYTES = 250
_ASSEMBLED_BYTES = 250
"""What block assembly keeps of a transaction: hash, fee and size (48 bytes), its parents (36 each), a place in a map.
An estimate: no public record gives a measured value."""


def assembly_memory_gib(block_bytes: int) -> int:
    """Memory with which block assembly holds two blocks of that size (the one that is offered and the one that grows
    beside it) above the 4 GiB that upstream asks for anyway.
    """
    transactions = -(-block_bytes // _TRANSACTION_BYTES)
    return 4 + -(-2 * transactions * _ASSEMBLED_BYTES // _GIB)


# Candidates are made of what block assembly holds, and are asked for by RPC every few seconds.
_MINING_MEMORY_GIB = assembly_memory_gib(_LARGEST_BLOCK_BYTES)
_FULL_MINING = {
    Service.BLOCK_ASSEMBLY: Size(cpu="4", memory=f"{_MINING_MEMORY_GIB}Gi", memory_limit=f"{2 * _MINING_MEMORY_GIB}Gi"),
    Service.RPC: Size(cpu="1", memory="2Gi", memory_limit="4Gi"),
}


def size_of(scale: Scale, mode: Mode, service: Service) -> Size:
    """What one replica of a service asks for, in a node of this scale that is for this."""
    mining = _FULL_MINING if scale is Scale.FULL and mode is Mode.MINING else {}
    return mining.get(service, SIZES[scale][service])


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


def pods(scale: Scale, mode: Mode, services: Iterable[Service]) -> Iterator[Request]:
    """The request of every pod of these services."""
    for service in services:
        size = size_of(scale, mode, service)
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
