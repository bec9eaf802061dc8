"""What goes with an environment, what stays, and what forbids it; read from its state, before anything is done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ops.errors import UsageError
from simulator.graph import Graph, Node

RUNBOOK = "docs/runbooks/decommission.md"


class DestroyRefusedError(UsageError):
    """The environment must not be destroyed; nothing was done."""


class Phase(StrEnum):
    """What goes, in this order: each phase needs the ones after it to end cleanly."""

    TERANODE = "Teranode"
    STORES = "stores and workloads"
    LOAD_BALANCERS = "load balancers"
    OPERATORS = "operators"
    NODES = "nodes"
    REST = "the rest"


@dataclass(frozen=True, slots=True)
class Stay:
    """What the end of the environment leaves in AWS on purpose, and until when or why."""

    name: str
    type: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes by phase, what stays, and the resources whose locks forbid it."""

    phases: Mapping[Phase, tuple[Node, ...]]
    stays: tuple[Stay, ...]
    locked: tuple[Node, ...]

    @property
    def total(self) -> int:
        """How many resources go."""
        return sum(map(len, self.phases.values()))


_TERANODE = "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster"
_RELEASE = "kubernetes:helm.sh/v3:Release"
_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
_KEY = "aws:kms/key:Key"
_SECRET = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a type)
_DATABASES = frozenset({"aws:rds/instance:Instance", "aws:rds/cluster:Cluster"})
_LOAD_BALANCERS = ("aws:lb/", "kubernetes:elbv2.k8s.aws/")
_STORES = (
    "aws:efs/",
    "aws:fsx/",
    "aws:msk/",
    "aws:rds/",
    "kubernetes:apps/",
    "kubernetes:asdb.aerospike.com/",
    "kubernetes:batch/",
    "kubernetes:core/v1:PersistentVolume",
    "kubernetes:kafka.strimzi.io/",
)
_LOCKS = ("deletionProtection", "enableDeletionProtection")


def plan(graph: Graph) -> Plan:
    """Sort what the state has into phases, and find what stays and what is locked.

    The phases are for people: the dependencies in the state order every single resource, and finer.
    """
    nodes = [node for node in graph.nodes.values() if node.custom and not node.is_provider]
    phases: dict[Phase, list[Node]] = {phase: [] for phase in Phase}
    for node in nodes:
        if not node.retain_on_delete:
            phases[_phase(node)].append(node)
    return Plan(
        {phase: tuple(found) for phase, found in phases.items()},
        tuple(stay for node in nodes for stay in _stays(node)),
        tuple(node for node in graph.nodes.values() if node.protect or any(_is_set(node, lock) for lock in _LOCKS)),
    )


def refuse_protected(stack: str, tier: str, made: Plan | None = None) -> None:
    """Stop where the tier, or a lock on a single resource, says that the environment is to stay.

    `pulumi destroy` by itself deletes everything around a protected resource first, and refuses then.

    Raises:
        DestroyRefusedError: it is to stay.
    """
    if tier == "mainnet":
        raise DestroyRefusedError(
            f"{stack} is of the tier mainnet, which no command destroys: nothing was done. A miner, a region or a zone "
            f"leaves it in two updates, announced by the key `decommission`: {RUNBOOK}"
        )
    if made is not None and made.locked:
        names = ", ".join(node.name for node in made.locked[:5])
        more = f" and {len(made.locked) - 5} more" if len(made.locked) > 5 else ""  # noqa: PLR2004 (as many as named)
        raise DestroyRefusedError(
            f"{stack}: the state has locks on {names}{more}: nothing was done. If the tier {tier} of the stack file is "
            f"right, `pulumi up` opens them, then repeat the command; of mainnet a part leaves as in {RUNBOOK}"
        )


def _phase(node: Node) -> Phase:
    if node.type == _TERANODE:
        return Phase.TERANODE
    if node.type.startswith(_LOAD_BALANCERS) or _is_balanced(node):
        return Phase.LOAD_BALANCERS
    if node.type.startswith(_STORES):
        return Phase.STORES
    if node.type == _RELEASE:
        return Phase.OPERATORS
    return Phase.NODES if node.type == _NODE_GROUP else Phase.REST


def _is_balanced(node: Node) -> bool:
    spec = node.inputs.get("spec")
    return node.type.endswith(":Service") and isinstance(spec, Mapping) and spec.get("type") == "LoadBalancer"


def _stays(node: Node) -> Iterator[Stay]:
    if node.retain_on_delete:
        yield Stay(node.name, node.type, "stays in AWS, unmanaged (retain_on_delete)")
    elif node.type == _KEY:
        days = node.inputs.get("deletionWindowInDays", 30)
        yield Stay(node.name, node.type, f"pending deletion for {days} days: `aws kms cancel-key-deletion` rescues it")
    elif node.type == _SECRET and node.inputs.get("recoveryWindowInDays", 30) != 0:
        days = node.inputs.get("recoveryWindowInDays", 30)
        yield Stay(node.name, node.type, f"can be restored for {days} days: `aws secretsmanager restore-secret`")
    elif node.type in _DATABASES and not _is_set(node, "skipFinalSnapshot"):
        yield Stay(node.name, node.type, "leaves a final snapshot")


def _is_set(node: Node, key: str) -> bool:
    return node.inputs.get(key) is True
