"""One miner of an environment."""

from dataclasses import dataclass

import pulumi

from components.base import Component
from components.eks import ClusterRef
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import Direction, NamespaceRole, Opening, Peer
from components.placement import Placement
from components.protection import Protection

_QUOTA = {"pods": "120", "persistentvolumeclaims": "40"}
"""Twice what eleven services at their largest replica counts, stores and jobs of one miner come to."""


@dataclass(frozen=True, kw_only=True)
class MinerArgs:
    """Arguments of `Miner`.

    - `name`: of the miner: its namespace and Teranode's `clientName`, which must be the same.
    - `cluster`: of the miner's region, shared with the region's other miners.
    """

    name: str
    placement: Placement
    cluster: ClusterRef
    protection: Protection


class Miner(Component):
    """One Teranode's own part of a region: its namespace, and what it shares with nobody.

    It takes the region's AWS provider by `opts.providers`; what it has in Kubernetes goes through the cluster's own.
    Another region, or another name, is another miner: the old one's data stays where it is locked and is deleted
    where it is not.
    """

    TOKEN = "teranode:miner:Miner"

    namespace: NamespaceRef

    def __init__(self, name: str, args: MinerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self.namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                namespace=args.name,
                provider=args.cluster.provider,
                role=NamespaceRole.MINER,
                pod_security=PodSecurity.BASELINE,
                quota=_QUOTA,
                protection=args.protection,
                openings=_own_pods(args.name),
            ),
            opts=self._child(),
        ).ref
        self.register_outputs({"namespace": args.name})


def _own_pods(namespace: str) -> tuple[Opening, ...]:
    """The services of a miner call each other, and nobody else's."""
    peers = (Peer(namespace=namespace),)
    return (
        Opening(name="own-pods-in", direction=Direction.INGRESS, peers=peers, ports=()),
        Opening(name="own-pods-out", direction=Direction.EGRESS, peers=peers, ports=()),
    )
