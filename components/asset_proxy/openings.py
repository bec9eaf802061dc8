"""What the proxy may do, and where it may go, as network policies. No resources."""

from components.miner_addresses import ASSETS_DOOR
from components.network_policies import Direction, Opening, Peer
from components.teranode import SERVICES, Service
from components.teranode.services import APP_LABEL

ASSET_PORT = SERVICES[Service.ASSET].port("http").number
_ASSET_PODS = {APP_LABEL: SERVICES[Service.ASSET].deployment}
LABELS = {APP_LABEL: ASSETS_DOOR.app}


def namespace_of(miner: str) -> str:
    """The namespace of a miner's proxy: not the miner's own, where pods reach each other."""
    return f"{miner}-assets"


def openings(miner: str, vpc_cidr: str) -> tuple[Opening, ...]:
    """Openings of the proxy's namespace: the load balancer comes in from the VPC, and out goes what is asked of the
    miner's asset service.
    """
    return (
        Opening(
            name="balancer-to-proxy",
            direction=Direction.INGRESS,
            peers=(Peer(cidr=vpc_cidr),),
            ports=(ASSETS_DOOR.port,),
            pods=LABELS,
        ),
        Opening(
            name="proxy-to-asset",
            direction=Direction.EGRESS,
            peers=(Peer(namespace=miner, pods=_ASSET_PODS),),
            ports=(ASSET_PORT,),
            pods=LABELS,
        ),
    )


def asset_opening(miner: str) -> Opening:
    """Opening of a miner's namespace for its proxy, at the asset service alone."""
    return Opening(
        name="proxy-to-asset",
        direction=Direction.INGRESS,
        peers=(Peer(namespace=namespace_of(miner), pods=LABELS),),
        ports=(ASSET_PORT,),
        pods=_ASSET_PODS,
    )
