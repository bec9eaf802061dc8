"""What an environment uses in a month, as quantities: hours, GiB and requests. No prices, which are AWS's and change.

Counted is what is there all the time. Traffic, requests of applications, and data that grows by itself (objects, EFS,
Aurora's storage, logs) depend on use and are not in the graph; so are volumes that Helm charts claim.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from simulator.graph import Graph, Node
from simulator.values import JSON, at

HOURS_PER_MONTH = 730
"""8,760 hours of a year by twelve, as AWS's own estimates count."""

_GIB = {"Ki": 2**-20, "Mi": 2**-10, "Gi": 1.0, "Ti": 2**10}
_DURATION = re.compile(r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """So much of one thing in a month."""

    area: str
    what: str
    unit: str
    amount: float
    most: float
    """Above ``amount`` where something scales by itself: what it comes to at its upper bound."""


class QuantityError(Exception):
    """A size in the graph that is written in a form that nobody taught this module."""


Key = tuple[str, str, str]
Amount = tuple[Key, float, float]


def quantities(graph: Graph) -> list[Quantity]:
    """The monthly quantities of a deployment, sorted.

    Raises:
        QuantityError: a size or interval that cannot be read.
    """
    least: defaultdict[Key, float] = defaultdict(float)
    most: defaultdict[Key, float] = defaultdict(float)
    for node in graph.nodes.values():
        for key, amount, upper in _COUNTED.get(node.type, _nothing)(node, graph):
            least[key] += amount
            most[key] += upper
    return sorted(Quantity(*key, least[key], most[key]) for key in least)


def _nothing(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    yield from ()


def _hours(area: str, what: str, count: float = 1, most: float | None = None) -> Amount:
    upper = count if most is None else most
    return (area, what, "hours"), count * HOURS_PER_MONTH, upper * HOURS_PER_MONTH


def _gib(area: str, what: str, gib: float, most: float | None = None) -> Amount:
    return (area, what, "GiB"), gib, gib if most is None else most


def _each(area: str, what: str) -> Callable[[Node, Graph], Iterator[Amount]]:
    """A thing that costs by existing."""

    def counted(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
        yield (area, what, "each"), 1, 1

    return counted


def _hourly(area: str, what: str) -> Callable[[Node, Graph], Iterator[Amount]]:
    """A thing that costs by the hour."""

    def counted(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
        yield _hours(area, what)

    return counted


def _node_group(node: Node, graph: Graph) -> Iterator[Amount]:
    types = at(node.inputs, "instanceTypes")
    name = str(types[0]) if isinstance(types, list) and types else "instance"
    least, most = _number(at(node.inputs, "scalingConfig.minSize")), _number(at(node.inputs, "scalingConfig.maxSize"))
    yield _hours("nodes", name, least, most)
    size = _root_disk_gib(_launch_template(node, graph))
    yield _gib("volumes", "root disks of nodes", least * size, most * size)


def _instance(node: Node, graph: Graph) -> Iterator[Amount]:
    template = _launch_template(node, graph)
    yield _hours("nodes", str(node.inputs.get("instanceType") or template.get("instanceType")))
    yield _gib("volumes", "root disks of nodes", _root_disk_gib(template))


def _launch_template(node: Node, graph: Graph) -> Mapping[str, JSON]:
    """The inputs of the template that a resource is started from; none if it names none."""
    named = (graph.nodes.get(urn) for urn in node.property_dependencies.get("launchTemplate", ()))
    return next((found.inputs for found in named if found and found.type == _LAUNCH_TEMPLATE), {})


def _root_disk_gib(template: Mapping[str, JSON]) -> float:
    mappings = template.get("blockDeviceMappings")
    found = [mapping for mapping in mappings if isinstance(mapping, Mapping)] if isinstance(mappings, list) else []
    return sum(_number(at(mapping, "ebs.volumeSize")) for mapping in found)


def _endpoint(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    if node.inputs.get("vpcEndpointType") == "Interface":
        subnets = node.inputs.get("subnetIds")
        yield _hours("network", "interface endpoints, by zone", len(subnets) if isinstance(subnets, list) else 1)


def _database(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    copies = 2 if node.inputs.get("multiAz") is True else 1
    yield _hours("databases", str(node.inputs.get("instanceClass")), copies)
    if (size := _number(node.inputs.get("allocatedStorage"))) > 0:
        most = _number(node.inputs.get("maxAllocatedStorage")) or size
        yield _gib("databases", "storage", copies * size, copies * most)


def _lustre(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    throughput = _number(node.inputs.get("perUnitStorageThroughput"))
    what = f"Lustre, {throughput:g} MB/s per TiB"
    yield _gib("files", what, _number(node.inputs.get("storageCapacity")))


def _plan(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """Recovery points that are kept at once, of each thing that a plan selects: one a day until it is deleted."""
    rules = node.inputs.get("rules")
    for rule in rules if isinstance(rules, list) else []:
        yield ("backups", "recovery points of each database and file system, here", "each"), *_twice(_kept(rule))
        copies = at(rule, "copyActions") if isinstance(rule, Mapping) else None
        for copy in copies if isinstance(copies, list) else []:
            yield ("backups", "recovery points of each, in another region", "each"), *_twice(_kept(copy))


def _kept(rule: JSON) -> float:
    return _number(at(rule, "lifecycle.deleteAfter")) if isinstance(rule, Mapping) else 0.0


def _alarm(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """CloudWatch bills each metric that an alarm reads: one, or those of its formula."""
    queries = node.inputs.get("metricQueries")
    read = [one for one in queries if isinstance(one, Mapping) and "metric" in one] if isinstance(queries, list) else []
    yield ("watching", "metrics in alarms", "each"), *_twice(len(read) or 1)


def _msk(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    brokers = _number(node.inputs.get("numberOfBrokerNodes"))
    yield _hours("kafka", str(at(node.inputs, "brokerNodeGroupInfo.instanceType")), brokers)
    size = _number(at(node.inputs, "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"))
    yield _gib("kafka", "storage of brokers", brokers * size)


def _stateful_set(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    replicas = _number(at(node.inputs, "spec.replicas")) or 1
    templates = at(node.inputs, "spec.volumeClaimTemplates")
    for template in templates if isinstance(templates, list) else []:
        yield from _claimed(template, replicas)


def _release(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """Prometheus, whose claims no resource shows: its operator makes them of what the chart's values say."""
    server = at(node.inputs, "values.prometheus.prometheusSpec")
    if isinstance(server, Mapping):
        yield from _claimed(at(server, "storageSpec.volumeClaimTemplate"), _number(server.get("replicas")) or 1)


def _claim(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    yield from _claimed(node.inputs, 1)


def _claimed(claim: JSON, replicas: float) -> Iterator[Amount]:
    """What a claim asks of EBS. Static volumes have no class, local disks are part of their node."""
    storage_class = at(claim, "spec.storageClassName") if isinstance(claim, Mapping) else None
    if isinstance(claim, Mapping) and str(storage_class).startswith("gp3"):
        size = _size_gib(at(claim, "spec.resources.requests.storage"))
        yield _gib("volumes", f"claims of class {storage_class}", replicas * size)


def _kafka_pool(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    replicas = _number(at(node.inputs, "spec.replicas"))
    storage = at(node.inputs, "spec.storage")
    volumes = storage.get("volumes", [storage]) if isinstance(storage, Mapping) else []
    for volume in volumes if isinstance(volumes, list) else []:
        if isinstance(volume, Mapping) and "size" in volume:
            name = f"claims of class {volume.get('class', 'gp3')}"
            yield _gib("volumes", name, replicas * _size_gib(volume["size"]))


def _aerospike(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    pods = _number(at(node.inputs, "spec.size"))
    volumes = at(node.inputs, "spec.storage.volumes")
    for volume in volumes if isinstance(volumes, list) else []:
        source = at(volume, "source.persistentVolume") if isinstance(volume, Mapping) else None
        if isinstance(source, Mapping) and str(source.get("storageClass")).startswith("gp3"):
            yield _gib("volumes", f"claims of class {source['storageClass']}", pods * _size_gib(source.get("size")))


def _synced_secret(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """External Secrets reads every named value anew in each interval; one that names none is read once."""
    seconds = _seconds(at(node.inputs, "spec.refreshInterval"))
    reads = sum(len(found) for key in ("data", "dataFrom") if isinstance(found := at(node.inputs, f"spec.{key}"), list))
    if seconds:
        yield (
            ("requests", "Secrets Manager, by External Secrets", "requests"),
            *_twice(reads * HOURS_PER_MONTH * 3600 / seconds),
        )


def _twice(amount: float) -> tuple[float, float]:
    return amount, amount


def _number(value: JSON) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _size_gib(value: JSON) -> float:
    match = re.fullmatch(r"(\d+)([KMGT]i)", str(value))
    if match is None:
        raise QuantityError(f"a size of {value!r}: known are whole numbers of {', '.join(_GIB)}")
    return float(match[1]) * _GIB[match[2]]


def _seconds(value: JSON) -> int:
    match = _DURATION.fullmatch(str(value)) if value is not None else None
    if match is None:
        raise QuantityError(f"an interval of {value!r}: known are hours, minutes and seconds, as in 1h30m")
    hours, minutes, seconds = (int(match[unit] or 0) for unit in ("h", "m", "s"))
    return 3600 * hours + 60 * minutes + seconds


_LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"

_COUNTED: Mapping[str, Callable[[Node, Graph], Iterator[Amount]]] = {
    "aws:backup/plan:Plan": _plan,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:ec2/eip:Eip": _hourly("network", "public IPv4 addresses"),
    "aws:ec2/instance:Instance": _instance,
    "aws:ec2/natGateway:NatGateway": _hourly("network", "NAT gateways"),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:eks/cluster:Cluster": _hourly("kubernetes", "control planes"),
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:fsx/lustreFileSystem:LustreFileSystem": _lustre,
    "aws:kms/key:Key": _each("keys and secrets", "KMS keys"),
    "aws:lb/loadBalancer:LoadBalancer": _hourly("network", "load balancers"),
    "aws:msk/cluster:Cluster": _msk,
    "aws:rds/clusterInstance:ClusterInstance": _database,
    "aws:rds/instance:Instance": _database,
    "aws:route53/zone:Zone": _each("network", "private zones"),
    "aws:secretsmanager/secret:Secret": _each("keys and secrets", "secrets"),
    "kubernetes:apps/v1:StatefulSet": _stateful_set,
    "kubernetes:helm.sh/v3:Release": _release,
    "kubernetes:asdb.aerospike.com/v1:AerospikeCluster": _aerospike,
    "kubernetes:core/v1:PersistentVolumeClaim": _claim,
    "kubernetes:external-secrets.io/v1:ExternalSecret": _synced_secret,
    "kubernetes:kafka.strimzi.io/v1:KafkaNodePool": _kafka_pool,
}
