"""The longest chain that AWS imposes on building a region, written from its documentation, never read off the graph."""

from dataclasses import dataclass

from simulator.latencies import latency


@dataclass(frozen=True, slots=True)
class Link:
    """One resource that cannot be avoided, and why it waits for the one before."""

    token: str
    why: str


UNAVOIDABLE_CHAIN = (
    Link("aws:kms/key:Key", "secrets are encrypted from the first day; the key takes longer than VPC and subnets"),
    Link("aws:eks/cluster:Cluster", "the control plane is created with its key and subnets"),
    Link("aws:eks/addon:Addon", "nodes become ready only with a network plugin (vpc-cni)"),
    Link("aws:eks/nodeGroup:NodeGroup", "nodes join a control plane that is active"),
    Link("aws:eks/addon:Addon", "coredns is active only once its pods run on nodes"),
)


def unavoidable_s() -> float:
    """Modelled seconds of the chain."""
    return sum(latency(link.token).create_s for link in UNAVOIDABLE_CHAIN)
