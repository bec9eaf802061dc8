"""What a node's services may do beyond talking to each other and to their Kafka. No resources."""

from collections.abc import Iterator

from components.network_policies import Direction, Opening, Peer, to_anywhere, to_pod_identity_agent
from components.teranode.chains import PRESETS, Chain
from components.teranode.operation import API_LABELS
from components.teranode.services import (
    APP_LABEL,
    FOREIGN_ASSET_PORTS,
    PART_OF_LABEL,
    SERVICES,
    Reach,
    Service,
    enabled_services,
    open_ports,
)

PODS = {PART_OF_LABEL: "true"}
"""Labels of all services' pods but the alert system's."""

_KEEP_BLOCKS = (Service.ASSET, Service.BLOCK_PERSISTER)
"""What reads and writes old blocks, in the miner's part of the archive bucket where a node keeps them there."""

_HTTPS_PORT = 443
_POSTGRES_PORT = 5432


def openings(chain: Chain, *, vpc_cidr: str, api_cidrs: tuple[str, ...]) -> tuple[Opening, ...]:
    """Openings of the miner's namespace for its services.

    - `vpc_cidr`: of the region, where its database server answers.
    - `api_cidrs`: where the Kubernetes API answers: services ask it for each other's pods.
    """
    return tuple(_openings(chain, vpc_cidr, api_cidrs))


def _openings(chain: Chain, vpc_cidr: str, api_cidrs: tuple[str, ...]) -> Iterator[Opening]:
    yield Opening(
        name="operations-kubernetes-api",
        direction=Direction.EGRESS,
        peers=tuple(Peer(cidr=cidr) for cidr in api_cidrs),
        ports=(_HTTPS_PORT,),
        pods=API_LABELS,
    )
    for service in _KEEP_BLOCKS:
        keeper = SERVICES[service].deployment
        yield to_anywhere(f"{keeper}-archive", _HTTPS_PORT, pods={APP_LABEL: keeper})
        yield to_pod_identity_agent(f"{keeper}-pod-identity", pods={APP_LABEL: keeper})
    alert = {APP_LABEL: SERVICES[Service.ALERT_SYSTEM].deployment}
    groups = {"teranode": PODS} | ({"alert": alert} if PRESETS[chain].alerts else {})
    for name, pods in groups.items():
        yield Opening(
            name=f"{name}-postgres",
            direction=Direction.EGRESS,
            peers=(Peer(cidr=vpc_cidr),),
            ports=(_POSTGRES_PORT,),
            pods=pods,
        )
        yield Opening(
            name=f"{name}-kubernetes-api",
            direction=Direction.EGRESS,
            peers=tuple(Peer(cidr=cidr) for cidr in api_cidrs),
            ports=(_HTTPS_PORT,),
            pods=pods,
        )
        if not PRESETS[chain].isolated:
            yield to_anywhere(f"{name}-chain", *chain_ports(chain), pods=pods)


def chain_ports(chain: Chain) -> tuple[int, ...]:
    """Ports at which nodes of a public chain answer each other: whoever they are, nobody knows beforehand."""
    own = {
        port.number
        for service in enabled_services(chain)
        for port in open_ports(service, chain)
        if port.reach in (Reach.CHAIN, Reach.MINERS)
    }
    return tuple(sorted(own | set(FOREIGN_ASSET_PORTS)))
