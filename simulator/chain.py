"""The longest chain imposed on building a region, written from facts on AWS and operators, never read off a graph."""

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

    @property
    def tokens(self) -> frozenset[str]:
        """Every type in the stage."""
        return frozenset(token for branch in self.branches for token in branch)


@dataclass(frozen=True, slots=True)
class Chain:
    """Stages one after another, imposed on every stack that has what is at their end."""

    stages: tuple[Stage, ...]
    where: frozenset[str] = frozenset()
    """Types of which the stack must have one, beside all those of the stages."""

    @property
    def seconds(self) -> float:
        """Modelled seconds of all stages."""
        return sum(stage.seconds for stage in self.stages)

    def applies_to(self, types: Iterable[str]) -> bool:
        """Whether a stack with resources of these types has the whole chain in it."""
        have = set(types)
        return all(stage.tokens <= have for stage in self.stages) and (not self.where or bool(self.where & have))


_ADDON = "aws:eks/addon:Addon"
_KEY = "aws:kms/key:Key"
_VPC, _SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
_JOB, _RELEASE = "kubernetes:batch/v1:Job", "kubernetes:helm.sh/v3:Release"
_DATABASES = frozenset({"aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"})

_PROVIDER = Stage("nothing can be asked of AWS before the provider has started", ((AWS_PROVIDER,),))
_NETWORK = Stage("what has addresses is made in subnets", ((_VPC, _SUBNET),))
_DEFINITIONS = Stage(
    "an operator's kinds are defined by a pod of the cluster, since Helm defines them once and never again", ((_JOB,),)
)
_OPERATOR = Stage("an operator serves its kinds once its release is ready", ((_RELEASE,),))

NODES = Chain(
    (
        _PROVIDER,
        Stage(
            "a control plane is created in subnets, with the key that encrypts its secrets, which its role may use, "
            "and writes to a log group that this key encrypts",
            (
                (_VPC, _SUBNET),
                (_KEY, "aws:cloudwatch/logGroup:LogGroup"),
                (_KEY, "aws:iam/rolePolicy:RolePolicy"),
            ),
        ),
        Stage("add-ons and nodes are refused until the control plane is active", (("aws:eks/cluster:Cluster",),)),
        Stage("nodes become ready only with a network plug-in (vpc-cni)", ((_ADDON,),)),
        Stage("nodes join", (("aws:eks/nodeGroup:NodeGroup",),)),
        Stage("other add-ons are active only once their pods run on nodes (coredns)", ((_ADDON,),)),
    )
)
"""What every workload waits for."""

_STORES = (
    Chain((_DEFINITIONS, _OPERATOR)),
    Chain(
        (
            _DEFINITIONS,
            Stage("the Aerospike operator's webhook has a certificate of cert-manager", ((_RELEASE,),)),
            _OPERATOR,
            Stage(
                "a store is ready once all its nodes have joined",
                (("kubernetes:asdb.aerospike.com/v1:AerospikeCluster",),),
            ),
        )
    ),
    Chain(
        (
            _DEFINITIONS,
            _OPERATOR,
            Stage(
                "brokers elect their controllers and open their listeners", (("kubernetes:kafka.strimzi.io/v1:Kafka",),)
            ),
        )
    ),
    Chain((Stage("a stateful set starts its pods on nodes", (("kubernetes:apps/v1:StatefulSet",),)),)),
    Chain(
        (
            _DEFINITIONS,
            _OPERATOR,
            Stage(
                "a secret is synced by a store that may read it",
                (
                    (
                        "kubernetes:external-secrets.io/v1:SecretStore",
                        "kubernetes:external-secrets.io/v1:ExternalSecret",
                    ),
                ),
            ),
            Stage("a database is made by a pod that knows the administrator's password", ((_JOB,),)),
        ),
        where=_DATABASES,
    ),
)
"""What a node of Teranode waits for, beside what else runs on nodes."""

_TERANODE = (
    Stage(
        "a node comes after its stores: its operator starts all services at once, and orders nothing",
        (("kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster",),),
    ),
    Stage("a release has come through once every service runs it and is available", ((_JOB,),)),
)

ON_NODES = (*_STORES, *(Chain((*chain.stages, *_TERANODE), where=chain.where) for chain in _STORES))
"""What runs on nodes; all of it starts when they are there."""

BESIDE_THE_CLUSTER = (
    Chain(
        (
            _PROVIDER,
            _NETWORK,
            Stage("brokers that AWS runs", (("aws:msk/cluster:Cluster",),)),
        )
    ),
    Chain(
        (
            _PROVIDER,
            _NETWORK,
            Stage(
                "an Aurora cluster is of use once it has an instance",
                (("aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"),),
            ),
        )
    ),
    Chain((_PROVIDER, _NETWORK, Stage("a database server", (("aws:rds/instance:Instance",),)))),
    Chain((_PROVIDER, _NETWORK, Stage("a file system", (("aws:fsx/lustreFileSystem:LustreFileSystem",),)))),
)
"""What needs the network and nothing of the cluster."""


def unavoidable_s(types: Iterable[str]) -> float:
    """Modelled seconds of the longest chain that a stack with resources of these types cannot avoid."""
    have = frozenset(types)
    on_nodes = max((chain.seconds for chain in ON_NODES if chain.applies_to(have)), default=0.0)
    beside = max((chain.seconds for chain in BESIDE_THE_CLUSTER if chain.applies_to(have)), default=0.0)
    return max(NODES.seconds + on_nodes, beside)


def applies_to(types: Iterable[str]) -> bool:
    """Whether a stack with resources of these types has a cluster with nodes: what the chain is a measure for."""
    return NODES.applies_to(types)
