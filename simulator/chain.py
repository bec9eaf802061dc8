"""The longest chain imposed on building a region, written from facts on AWS and Helm, never read off a graph."""

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.latencies import latency
from simulator.providers import AWS_PROVIDER


@dataclass(frozen=True, slots=True)
class Stage:
    """One step that cannot be avoided. What is in it starts together: its slowest branch decides."""

    why: str
    branches: tuple[tuple[str, ...], ...]
    """Types of resources, each branch one after another."""

    @property
    def seconds(self) -> float:
        """Modelled seconds until the slowest branch is done."""
        return max(sum(latency(token).create_s for token in branch) for branch in self.branches)


_ADDON = "aws:eks/addon:Addon"
_KEY = "aws:kms/key:Key"

UNAVOIDABLE_CHAIN = (
    Stage("nothing can be asked of AWS before the provider has started", ((AWS_PROVIDER,),)),
    Stage(
        "a control plane is created in subnets, with the key that encrypts its secrets, which its role may use, "
        "and writes to a log group that this key encrypts",
        (
            ("aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"),
            (_KEY, "aws:cloudwatch/logGroup:LogGroup"),
            (_KEY, "aws:iam/rolePolicy:RolePolicy"),
        ),
    ),
    Stage("add-ons and nodes are refused until the control plane is active", (("aws:eks/cluster:Cluster",),)),
    Stage("nodes become ready only with a network plug-in (vpc-cni)", ((_ADDON,),)),
    Stage("nodes join", (("aws:eks/nodeGroup:NodeGroup",),)),
    Stage("other add-ons are active only once their pods run on nodes (coredns)", ((_ADDON,),)),
    Stage(
        "an operator's kinds are defined by a pod of the cluster, since Helm defines them once and never again",
        (("kubernetes:batch/v1:Job",),),
    ),
    Stage("an operator serves its kinds once its release is ready", (("kubernetes:helm.sh/v3:Release",),)),
)


STORES = Stage(
    "what an operator serves answers once its pods have joined",
    (("kubernetes:asdb.aerospike.com/v1:AerospikeCluster",), ("kubernetes:kafka.strimzi.io/v1:Kafka",)),
)
"""The end of the chain, for the stores that a stack has. A store without an operator starts beside the operators."""


def unavoidable_s(types: Iterable[str]) -> float:
    """Modelled seconds of the chain; `types` are those of the stack's resources and say which stores end it."""
    present = set(types)
    stores = tuple(branch for branch in STORES.branches if present.issuperset(branch))
    stages = (*UNAVOIDABLE_CHAIN, *((Stage(STORES.why, stores),) if stores else ()))
    return sum(stage.seconds for stage in stages)


def applies_to(types: Iterable[str]) -> bool:
    """Whether a stack with resources of these types has the whole chain in it."""
    tokens = {token for stage in UNAVOIDABLE_CHAIN for branch in stage.branches for token in branch}
    return tokens <= set(types)
