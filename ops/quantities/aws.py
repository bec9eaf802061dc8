"""What resources of AWS add to the month."""

from collections.abc import Iterator, Mapping

from ops.quantities import products
from ops.quantities.amounts import Amount, Count, each, fixed, gib, hourly, hours, number
from ops.quantities.model import Kind
from simulator.graph import Graph, Node
from simulator.values import JSON, at

_LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
_CLUSTER = "aws:rds/cluster:Cluster"
_LOAD_BALANCERS = {
    "application": products.APPLICATION_LOAD_BALANCER,
    "network": products.NETWORK_LOAD_BALANCER,
}


def _node_group(node: Node, graph: Graph) -> Iterator[Amount]:
    types = at(node.inputs, "instanceTypes")
    name = str(types[0]) if isinstance(types, list) and types else "instance"
    least, most = number(at(node.inputs, "scalingConfig.minSize")), number(at(node.inputs, "scalingConfig.maxSize"))
    if node.inputs.get("capacityType") == "SPOT":
        yield hours("nodes", f"{name}, spot", None, least, most)
    else:
        yield hours("nodes", name, products.instance(name), least, most)
    yield from _root_disks(_named(node, "launchTemplate", _LAUNCH_TEMPLATE, graph), least, most)


def _instance(node: Node, graph: Graph) -> Iterator[Amount]:
    template = _named(node, "launchTemplate", _LAUNCH_TEMPLATE, graph)
    name = str(node.inputs.get("instanceType") or template.get("instanceType"))
    yield hours("nodes", name, products.instance(name))
    yield from _root_disks(template, 1, 1)


def _named(node: Node, key: str, token: str, graph: Graph) -> Mapping[str, JSON]:
    """The inputs of the resource of a type that ``key`` is made of; none if there is none."""
    named = (graph.nodes.get(urn) for urn in node.property_dependencies.get(key, ()))
    return next((found.inputs for found in named if found and found.type == token), {})


def _root_disks(template: Mapping[str, JSON], least: float, most: float) -> Iterator[Amount]:
    mappings = template.get("blockDeviceMappings")
    for mapping in mappings if isinstance(mappings, list) else []:
        size = number(at(mapping, "ebs.volumeSize")) if isinstance(mapping, Mapping) else 0.0
        if size:
            kind = str(at(mapping, "ebs.volumeType") or "gp3") if isinstance(mapping, Mapping) else "gp3"
            yield gib("volumes", "root disks of nodes", products.volume(kind), least * size, most * size)


def _endpoint(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    if node.inputs.get("vpcEndpointType") == "Interface":
        subnets = node.inputs.get("subnetIds")
        zones = len(subnets) if isinstance(subnets, list) else 1
        yield hours("network", "interface endpoints, by zone", products.INTERFACE_ENDPOINT, zones)


def _load_balancer(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    kind = str(node.inputs.get("loadBalancerType") or "application")
    yield hours("network", f"{kind} load balancers", _LOAD_BALANCERS.get(kind))


def _database(node: Node, graph: Graph) -> Iterator[Amount]:
    copies = 2 if node.inputs.get("multiAz") is True else 1
    engine, instance_class = str(node.inputs.get("engine")), str(node.inputs.get("instanceClass"))
    storage = _named(node, "clusterIdentifier", _CLUSTER, graph).get("storageType")
    io_optimised = ", I/O-Optimized" if storage == products.AURORA_IO_OPTIMISED else ""
    product = products.database(instance_class, engine, str(storage))
    yield hours("databases", f"{instance_class}, {engine}{io_optimised}", product, copies)
    if (size := number(node.inputs.get("allocatedStorage"))) > 0:
        most = number(node.inputs.get("maxAllocatedStorage")) or size
        kind = str(node.inputs.get("storageType") or "gp2")
        yield gib("databases", f"storage, {kind}", products.database_storage(kind), copies * size, copies * most)


def _lustre(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    throughput = number(node.inputs.get("perUnitStorageThroughput"))
    product = products.lustre(throughput, str(node.inputs.get("storageType") or "SSD"))
    yield gib("files", f"Lustre, {throughput:g} MB/s per TiB", product, number(node.inputs.get("storageCapacity")))


def _plan(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """Recovery points that are kept at once, of each thing that a plan selects: one a day until it is deleted."""
    rules = node.inputs.get("rules")
    for rule in rules if isinstance(rules, list) else []:
        yield fixed(Kind("backups", "recovery points of each database and file system, here", "each"), _kept(rule))
        copies = at(rule, "copyActions") if isinstance(rule, Mapping) else None
        for copy in copies if isinstance(copies, list) else []:
            yield fixed(Kind("backups", "recovery points of each, in another region", "each"), _kept(copy))


def _kept(rule: JSON) -> float:
    return number(at(rule, "lifecycle.deleteAfter")) if isinstance(rule, Mapping) else 0.0


def _alarm(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """CloudWatch bills each metric that an alarm reads: one, or those of its formula."""
    queries = node.inputs.get("metricQueries")
    read = [one for one in queries if isinstance(one, Mapping) and "metric" in one] if isinstance(queries, list) else []
    yield fixed(Kind("watching", "metrics in alarms", "each", products.ALARM_METRIC), len(read) or 1)


def _msk(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    brokers = number(at(node.inputs, "numberOfBrokerNodes"))
    name = str(at(node.inputs, "brokerNodeGroupInfo.instanceType"))
    yield hours("kafka", name, products.broker(name), brokers)
    size = number(at(node.inputs, "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"))
    yield gib("kafka", "storage of brokers", products.BROKER_STORAGE, brokers * size)


COUNTED: Mapping[str, Count] = {
    "aws:backup/plan:Plan": _plan,
    "aws:cloudwatch/metricAlarm:MetricAlarm": _alarm,
    "aws:ec2/eip:Eip": hourly("network", "public IPv4 addresses", products.PUBLIC_ADDRESS),
    "aws:ec2/instance:Instance": _instance,
    "aws:ec2/natGateway:NatGateway": hourly("network", "NAT gateways", products.NAT_GATEWAY),
    "aws:ec2/vpcEndpoint:VpcEndpoint": _endpoint,
    "aws:eks/cluster:Cluster": hourly("kubernetes", "control planes", products.CONTROL_PLANE),
    "aws:eks/nodeGroup:NodeGroup": _node_group,
    "aws:fsx/lustreFileSystem:LustreFileSystem": _lustre,
    "aws:kms/key:Key": each("keys and secrets", "KMS keys", products.KEY),
    "aws:lb/loadBalancer:LoadBalancer": _load_balancer,
    "aws:msk/cluster:Cluster": _msk,
    "aws:rds/clusterInstance:ClusterInstance": _database,
    "aws:rds/instance:Instance": _database,
    "aws:route53/zone:Zone": each("network", "private zones", products.ZONE),
    "aws:secretsmanager/secret:Secret": each("keys and secrets", "secrets", products.SECRET),
}
