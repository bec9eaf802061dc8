"""What must be there before what, read off a deployment: `up` follows it, and `destroy` goes the other way round."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from simulator import Simulation
from simulator.graph import Graph, Node
from simulator.values import at

_OPERATORS = {
    "asdb.aerospike.com": "aerospike-kubernetes-operator",
    "cert-manager.io": "cert-manager",
    "elbv2.k8s.aws": "aws-load-balancer-controller",
    "external-secrets.io": "external-secrets",
    "kafka.strimzi.io": "strimzi-kafka-operator",
    "monitoring.coreos.com": "kube-prometheus-stack",
    "teranode.bsvblockchain.org": "teranode-operator",
}
"""The chart whose Release serves a group of custom resources."""

_TERANODE = "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster"
_RELEASE = "kubernetes:helm.sh/v3:Release"
_RUN_PODS = {
    "kubernetes:apps/v1:Deployment",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:batch/v1:Job",
    "kubernetes:asdb.aerospike.com/v1:AerospikeCluster",
    "kubernetes:asdb.aerospike.com/v1beta1:AerospikeBackupService",
    "kubernetes:kafka.strimzi.io/v1:Kafka",
    _TERANODE,
    _RELEASE,
}
"""What makes pods: they need nodes and storage drivers, to start and to end."""

Is = Callable[[Node], bool]


def disorder(simulation: Simulation) -> list[str]:
    """Say of each resource what it ought to wait for and does not."""
    graph = Graph(simulation.deployment)
    before, rights = _closures(graph), _rights(graph)
    found = []
    for urn, awaited in before.items():
        node = graph.nodes[urn]
        nodes = [graph.nodes[one] for one in awaited if graph.regions.get(one) == graph.regions.get(urn)]
        found += [f"{node.name}: {what}" for what, is_it in _wanted(node) if not any(map(is_it, nodes))]
        found += [f"{node.name}: {bound.name}" for bound in rights.get(_account(node), ()) if bound.urn not in awaited]
    return found


def _account(node: Node) -> tuple[object, ...]:
    """Cluster, namespace and name of the account that a workload's pods run as."""
    name = at(node.inputs, "spec.template.spec.serviceAccountName") if node.type in _RUN_PODS else None
    return (node.provider, _metadata(node).get("namespace"), name)


def _rights(graph: Graph) -> Mapping[tuple[object, ...], list[Node]]:
    """What gives an account its rights, by cluster, namespace and name."""
    found: defaultdict[tuple[object, ...], list[Node]] = defaultdict(list)
    for node in graph.nodes.values():
        if not node.type.endswith(("/v1:RoleBinding", "/v1:ClusterRoleBinding")):
            continue
        subjects = node.inputs.get("subjects")
        for subject in subjects if isinstance(subjects, list) else []:
            if isinstance(subject, Mapping) and subject.get("kind") == "ServiceAccount":
                found[(node.provider, subject.get("namespace"), subject.get("name"))].append(node)
    return found


def _wanted(node: Node) -> Iterator[tuple[str, Is]]:
    """What a resource must come after."""
    group = node.type.removeprefix("kubernetes:").partition("/")[0]
    if chart := _OPERATORS.get(group):
        yield f"the operator {chart}", _is_release_of(chart)
    if node.type in _RUN_PODS:
        yield "nodes", _is("aws:eks/nodeGroup:NodeGroup")
        yield "the driver of volumes", lambda other: other.inputs.get("addonName") == "aws-ebs-csi-driver"
    if node.type.startswith("kubernetes:") and _namespace(node):
        yield "its namespace", _namespace_of(node)
    if node.type.endswith(":SecretStore"):
        yield "the rights of its role", _is_beside(node, "aws:iam/rolePolicy:RolePolicy")
    if node.type.endswith(":ExternalSecret"):
        yield "a store of secrets", _is("kubernetes:external-secrets.io/v1:SecretStore")
    if node.type.endswith(":AerospikeBackup"):
        yield "the store that it copies", _is("kubernetes:asdb.aerospike.com/v1:AerospikeCluster")
    if node.name.endswith("-database-job"):
        yield "a server of Postgres", _is("aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance")
    if node.type == "kubernetes:core/v1:PersistentVolume":
        yield "its files", _is("aws:efs/accessPoint:AccessPoint", "aws:fsx/lustreFileSystem:LustreFileSystem")
    if node.type == _TERANODE:
        yield "a way to its files", _is("aws:efs/mountTarget:MountTarget", "aws:fsx/lustreFileSystem:LustreFileSystem")


def _closures(graph: Graph) -> Mapping[str, frozenset[str]]:
    """For each custom resource, all that exists before it."""
    closures: dict[str, frozenset[str]] = {}
    for urn in graph.in_order():
        direct = graph.prerequisites.get(urn, frozenset())
        closures[urn] = direct.union(*(closures.get(one, frozenset()) for one in direct))
    return {urn: closures[urn] for urn in graph.prerequisites}


def _is(*types: str) -> Is:
    return lambda node: node.type in types


def _is_release_of(chart: str) -> Is:
    """The chart of a registry is named by its whole address."""
    return lambda node: node.type == _RELEASE and str(node.inputs.get("chart")).rpartition("/")[2] == chart


def _is_beside(node: Node, kind: str) -> Is:
    return lambda other: other.type == kind and other.parent == node.parent


def _metadata(node: Node) -> Mapping[str, object]:
    metadata = node.inputs.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _namespace(node: Node) -> object:
    return node.inputs.get("namespace") if node.type == _RELEASE else _metadata(node).get("namespace")


def _namespace_of(node: Node) -> Is:
    name = _namespace(node)
    if name == "kube-system":
        return lambda _: True
    return lambda other: other.type == "kubernetes:core/v1:Namespace" and _metadata(other).get("name") == name
