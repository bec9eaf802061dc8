"""What miners may do to each other's pods, as network policies. No resources."""

from collections.abc import Mapping

from components.miner_addresses.doors import DOORS, MINING_DOOR, Door
from components.network_policies import ANYWHERE, Direction, Opening, Peer
from components.teranode.openings import PODS
from components.teranode.services import APP_LABEL


def openings(region: str, regions: Mapping[str, str]) -> tuple[Opening, ...]:
    """Openings of a miner's namespace in `region` for the miners of `regions`, the blocks of their VPCs by name.

    In comes what the miner's own load balancer sends: it stands in the VPC and shows its own addresses. Out goes what
    is meant for load balancers, its own region's too. One policy for each of them, so that a region more adds one.
    """
    return (
        *(
            Opening(
                name=f"miners-to-{door.key}",
                direction=Direction.INGRESS,
                peers=(Peer(cidr=regions[region]),),
                ports=(door.port,),
                pods={APP_LABEL: door.app},
            )
            for door in DOORS
        ),
        *(
            Opening(
                name=f"miners-of-{peer}",
                direction=Direction.EGRESS,
                peers=(Peer(cidr=cidr),),
                ports=tuple(door.port for door in DOORS),
                pods=PODS,
            )
            for peer, cidr in sorted(regions.items())
        ),
    )


def public_openings(doors: tuple[Door, ...]) -> tuple[Opening, ...]:
    """Openings of a miner's namespace for the nodes of its chain, which show their own addresses behind the public load
    balancer; what a security group lets through ends at these pods.
    """
    return tuple(
        Opening(
            name=f"public-to-{door.key}",
            direction=Direction.INGRESS,
            peers=(Peer(cidr=ANYWHERE),),
            ports=(door.port,),
            pods={APP_LABEL: door.app},
        )
        for door in doors
    )


def mining_openings(vpc_cidr: str) -> tuple[Opening, ...]:
    """Openings of a miner's namespace for partners, whom the load balancer of the VPC shows under its own addresses."""
    return (
        Opening(
            name=f"partners-to-{MINING_DOOR.key}",
            direction=Direction.INGRESS,
            peers=(Peer(cidr=vpc_cidr),),
            ports=(MINING_DOOR.port,),
            pods={APP_LABEL: MINING_DOOR.app},
        ),
    )
