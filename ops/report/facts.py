"""What the page shows beyond the network: miners, stores, and where anybody from outside can knock."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ops.miners import miners
from ops.render.text import count
from simulator.graph import Graph, Node
from simulator.stateful import loss
from simulator.values import JSON, at

MINER = "teranode:miner:Miner"
"""The component that is one miner."""

_CLUSTER = "aws:eks/cluster:Cluster"
_LOAD_BALANCER, _LISTENER = "aws:lb/loadBalancer:LoadBalancer", "aws:lb/listener:Listener"
_RECORD = "aws:route53/record:Record"
_INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
_RELEASE = "kubernetes:helm.sh/v3:Release"
_SCHEME = "service.beta.kubernetes.io/aws-load-balancer-scheme"


@dataclass(frozen=True, slots=True)
class Store:
    """Something that keeps data. ``miner`` is empty where all miners of the region share it."""

    region: str
    miner: str
    kind: str
    detail: str
    lock: str


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """A place that answers from the internet: ``what`` to those in ``sources``."""

    region: str
    what: str
    sources: str


@dataclass(frozen=True, slots=True)
class MinerFacts:
    """One miner; one that is stopped has no services. ``address`` is what other miners call."""

    name: str
    region: str
    image: str
    services: tuple[str, ...]
    address: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A chart that runs in a region's cluster."""

    region: str
    name: str


@dataclass(frozen=True, slots=True)
class Inhabitants:
    """What lives in the network of an environment."""

    miners: tuple[MinerFacts, ...]
    stores: tuple[Store, ...]
    entries: tuple[EntryPoint, ...]
    operators: tuple[Operator, ...]


def inhabitants(graph: Graph) -> Inhabitants:
    """Read from the resources of ``graph``, by region and name."""
    nodes = [node for node in graph.nodes.values() if node.custom]
    found = [
        Store(graph.regions.get(node.urn, ""), miner_of(graph, node), kind, detail, lock_of(node))
        for node in nodes
        if node.type in _STORES
        for kind, detail in [_STORES[node.type](node, graph)]
    ]
    return Inhabitants(
        miners=tuple(
            MinerFacts(miner.name, miner.region, miner.image, miner.services, _address(graph, miner.name))
            for miner in miners(graph)
        ),
        stores=tuple(sorted(found, key=lambda store: (store.region, store.miner, store.kind, store.detail))),
        entries=tuple(sorted(_entries(graph, nodes), key=lambda entry: (entry.region, entry.what))),
        operators=tuple(
            Operator(graph.regions.get(node.urn, ""), _text(node, "name")) for node in nodes if node.type == _RELEASE
        ),
    )


def miner_of(graph: Graph, node: Node) -> str:
    """The miner that a resource belongs to; empty for what a region or all share."""
    current: Node | None = node
    while current is not None:
        if current.type == MINER:
            return current.name
        current = graph.nodes.get(current.parent)
    return ""


def lock_of(node: Node) -> str:
    """What stands between a mistake and the loss of ``node``; empty where nothing does."""
    locks = (("protected", node.protect), ("retained", node.retain_on_delete), ("locked by AWS", _deletion_lock(node)))
    return ", ".join(name for name, holds in locks if holds)


def is_stateful(node: Node) -> bool:
    """Whether something is lost for good with ``node``."""
    return bool(loss(node))


def _deletion_lock(node: Node) -> bool:
    return any(node.inputs.get(key) is True for key in ("deletionProtection", "enableDeletionProtection"))


def _address(graph: Graph, miner: str) -> str:
    records = (node for node in graph.nodes.values() if node.type == _RECORD and miner_of(graph, node) == miner)
    return ", ".join(sorted(_text(record, "name") for record in records))


def _entries(graph: Graph, nodes: list[Node]) -> Iterator[EntryPoint]:
    for node in nodes:
        region = graph.regions.get(node.urn, "")
        if node.type == _CLUSTER and at(node.inputs, "vpcConfig.endpointPublicAccess") is True:
            sources = _list(at(node.inputs, "vpcConfig.publicAccessCidrs"))
            yield EntryPoint(region, f"Kubernetes API of {_text(node, 'name')}", sources or "anywhere")
        elif node.type == _LOAD_BALANCER and node.inputs.get("internal") is not True:
            name = _text(node, "tags.Name") or node.name
            ports = sorted({_text(one, "port") for one in nodes if _is_listener(one, node)}, key=int)
            yield EntryPoint(region, f"load balancer {name}, {_ports(ports)}", _sources(node, nodes))
        elif node.type == "kubernetes:core/v1:Service" and _is_public_service(node):
            yield EntryPoint(region, f"service {node.id}", _list(at(node.inputs, "spec.loadBalancerSourceRanges")))


def _is_listener(node: Node, balancer: Node) -> bool:
    return node.type == _LISTENER and _text(node, "loadBalancerArn") == balancer.id


def _is_public_service(node: Node) -> bool:
    annotations = at(node.inputs, "metadata.annotations")
    scheme = annotations.get(_SCHEME) if isinstance(annotations, Mapping) else None
    return _text(node, "spec.type") == "LoadBalancer" and scheme == "internet-facing"


def _sources(balancer: Node, nodes: list[Node]) -> str:
    groups = balancer.inputs.get("securityGroups")
    mine = groups if isinstance(groups, list) else []
    rules = [node for node in nodes if node.type == _INGRESS and node.inputs.get("securityGroupId") in mine]
    named = sorted({_text(rule, "cidrIpv4") or _text(rule, "cidrIpv6") for rule in rules} - {""})
    return ", ".join(named) or ("nobody" if mine else "anywhere")


def _ports(ports: list[str]) -> str:
    return f"{'port' if len(ports) == 1 else 'ports'} {', '.join(ports)}" if ports else "no port"


def _text(node: Node, path: str) -> str:
    value = at(node.inputs, path)
    return "" if value is None else str(value)


def _list(value: JSON) -> str:
    return ", ".join(str(item) for item in value) if isinstance(value, list) else ""


Described = tuple[str, str]


def _rds(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    zones = "two zones" if node.inputs.get("multiAz") is True else "one zone"
    size = f"{_text(node, 'allocatedStorage')} GiB"
    return "Postgres", f"RDS {_text(node, 'engineVersion')}, {_text(node, 'instanceClass')}, {size}, {zones}"


def _aurora(node: Node, graph: Graph) -> Described:
    token = "aws:rds/clusterInstance:ClusterInstance"  # noqa: S105 (a type of resource)
    members = [
        one
        for one in graph.nodes.values()
        if one.type == token and _text(one, "clusterIdentifier") == _text(node, "clusterIdentifier")
    ]
    classes = ", ".join(sorted({_text(member, "instanceClass") for member in members}))
    return "Postgres", f"Aurora {_text(node, 'engineVersion')}, {count(len(members), 'instance')} of {classes}"


def _efs(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    return "Shared files", f"EFS, {_text(node, 'throughputMode')} throughput"


def _lustre(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    throughput = _text(node, "perUnitStorageThroughput")
    return "Shared files", f"Lustre, {_text(node, 'storageCapacity')} GiB, {throughput} MB/s per TiB"


def _bucket(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    return "Objects", f"S3 bucket {_text(node, 'tags.data-class') or _text(node, 'tags.Name') or node.name}"


def _vault(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    return "Backups", f"vault {_text(node, 'name') or node.name}"


def _msk(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    kind = _text(node, "brokerNodeGroupInfo.instanceType")
    return "Kafka", f"MSK {_text(node, 'kafkaVersion')}, {_text(node, 'numberOfBrokerNodes')} brokers of {kind}"


def _strimzi(node: Node, graph: Graph) -> Described:
    pools = [one for one in graph.nodes.values() if one.type == _KAFKA_POOL and one.parent == node.parent]
    sizes = ", ".join(f"{_text(pool, 'spec.replicas')} {_list(at(pool.inputs, 'spec.roles'))}" for pool in pools)
    return "Kafka", f"Strimzi {_text(node, 'spec.kafka.version')}, {sizes}".rstrip(", ")


def _stateful_set(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    labels = at(node.inputs, "metadata.labels")
    name = str(labels.get("app.kubernetes.io/name", "")) if isinstance(labels, Mapping) else ""
    pods = count(int(_text(node, "spec.replicas") or "1"), "server")
    if name == "aerospike":
        return "UTXO store", f"Aerospike community, {pods}"
    return name.capitalize() or "Pods with volumes", f"{pods} in the cluster"


def _aerospike(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    racks = at(node.inputs, "spec.rackConfig.racks")
    spread = f" in {count(len(racks), 'rack')}" if isinstance(racks, list) and racks else ""
    return "UTXO store", f"Aerospike enterprise, {count(int(_text(node, 'spec.size') or '0'), 'server')}{spread}"


def _cloud_native_pg(node: Node, graph: Graph) -> Described:  # noqa: ARG001
    return "Postgres", f"CloudNativePG, {count(int(_text(node, 'spec.instances') or '1'), 'instance')}"


_KAFKA_POOL = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"

_STORES: Mapping[str, Callable[[Node, Graph], Described]] = {
    "aws:backup/vault:Vault": _vault,
    "aws:efs/fileSystem:FileSystem": _efs,
    "aws:fsx/lustreFileSystem:LustreFileSystem": _lustre,
    "aws:msk/cluster:Cluster": _msk,
    "aws:rds/cluster:Cluster": _aurora,
    "aws:rds/instance:Instance": _rds,
    "aws:s3/bucket:Bucket": _bucket,
    "kubernetes:apps/v1:StatefulSet": _stateful_set,
    "kubernetes:asdb.aerospike.com/v1:AerospikeCluster": _aerospike,
    "kubernetes:kafka.strimzi.io/v1:Kafka": _strimzi,
    "kubernetes:postgresql.cnpg.io/v1:Cluster": _cloud_native_pg,
}
