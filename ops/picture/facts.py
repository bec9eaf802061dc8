"""What a picture of an environment shows, read from the resource graph."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ops.render.text import count
from simulator.graph import Graph, Node
from simulator.values import JSON

TIERS: Mapping[str, str] = {
    "public": "NAT, public load balancers",
    "private": "nodes and pods",
    "data": "databases, files",
}
"""What the subnets of each tier hold, in the order of the rows; tiers of other names follow."""

_SERVICE_NAMES = {"s3": "S3", "dynamodb": "DynamoDB"}


@dataclass(frozen=True, slots=True)
class SubnetFacts:
    """One subnet; ``nat`` says whether a NAT gateway sits in it."""

    cidr: str
    nat: bool


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """One cluster with one line of text per pool of nodes."""

    name: str
    version: str
    endpoint: str
    node_groups: tuple[str, ...]
    addons: int


@dataclass(frozen=True, slots=True)
class RegionFacts:
    """One region."""

    name: str
    home: bool
    cidr: str
    zones: tuple[str, ...]
    tiers: tuple[str, ...]
    subnets: Mapping[tuple[str, str], SubnetFacts]
    """By tier and zone."""
    clusters: tuple[ClusterFacts, ...]
    remarks: tuple[str, ...]
    """What else the network has: internet gateway, endpoints, flow logs, access host."""


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """A whole environment."""

    regions: tuple[RegionFacts, ...]
    peerings: tuple[tuple[str, str], ...]
    """Pairs of region names, each sorted, in sorted order."""
    private_zone: str
    resources: int


def read_facts(graph: Graph) -> EnvironmentFacts:
    """Everything that the picture shows of ``graph``."""
    custom = [node for node in graph.nodes.values() if node.custom]
    home_vpcs = {
        str(vpc.get("vpcId"))
        for zone in _of(custom, "aws:route53/zone:Zone")
        for vpc in _objects(zone.inputs.get("vpcs"))
    }
    by_region: dict[str, list[Node]] = {}
    for node in custom:
        if region := graph.regions.get(node.urn):
            by_region.setdefault(region, []).append(node)
    regions = [_region(name, nodes, home_vpcs) for name, nodes in by_region.items()]
    return EnvironmentFacts(
        regions=tuple(sorted(regions, key=lambda region: (not region.home, region.name))),
        peerings=tuple(sorted(_peerings(graph, custom))),
        private_zone=", ".join(str(zone.inputs.get("name", "")) for zone in _of(custom, "aws:route53/zone:Zone")),
        resources=len(custom),
    )


def _of(nodes: Iterable[Node], *tokens: str) -> list[Node]:
    return [node for node in nodes if node.type in tokens]


def _peerings(graph: Graph, nodes: Iterable[Node]) -> Iterable[tuple[str, str]]:
    for peering in _of(nodes, "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"):
        here, there = graph.regions.get(peering.urn, ""), str(peering.inputs.get("peerRegion", ""))
        if here and there:
            first, second = sorted((here, there))
            yield first, second


def _region(name: str, nodes: Iterable[Node], home_vpcs: set[str]) -> RegionFacts:
    nodes = list(nodes)
    vpcs = _of(nodes, "aws:ec2/vpc:Vpc")
    subnets = _of(nodes, "aws:ec2/subnet:Subnet")
    nat_subnets = {str(nat.inputs.get("subnetId")) for nat in _of(nodes, "aws:ec2/natGateway:NatGateway")}
    cells = {
        (_tier(subnet), str(subnet.inputs.get("availabilityZone", ""))): SubnetFacts(
            str(subnet.inputs.get("cidrBlock", "")), nat=subnet.id in nat_subnets
        )
        for subnet in subnets
    }
    tiers = {tier for tier, _ in cells}
    return RegionFacts(
        name=name,
        home=any(vpc.id in home_vpcs for vpc in vpcs),
        cidr=", ".join(str(vpc.inputs.get("cidrBlock", "")) for vpc in vpcs),
        zones=tuple(sorted({zone for _, zone in cells})),
        tiers=(*(tier for tier in TIERS if tier in tiers), *sorted(tiers - TIERS.keys())),
        subnets=cells,
        clusters=tuple(_cluster(cluster, nodes) for cluster in _of(nodes, "aws:eks/cluster:Cluster")),
        remarks=tuple(_remarks(nodes)),
    )


def _tier(subnet: Node) -> str:
    """The word of a subnet's logical name that says what it is for."""
    zone = str(subnet.inputs.get("availabilityZone", ""))
    return subnet.name.removesuffix(f"-{zone}").rsplit("-", 1)[-1]


def _cluster(cluster: Node, nodes: Iterable[Node]) -> ClusterFacts:
    name = str(cluster.outputs.get("name") or cluster.inputs.get("name") or cluster.id)
    nodes = list(nodes)
    groups = [group for group in _of(nodes, "aws:eks/nodeGroup:NodeGroup") if group.inputs.get("clusterName") == name]
    addons = [addon for addon in _of(nodes, "aws:eks/addon:Addon") if addon.inputs.get("clusterName") == name]
    public = _object(cluster.inputs.get("vpcConfig")).get("endpointPublicAccess")
    return ClusterFacts(
        name=name,
        version=str(cluster.inputs.get("version", "")),
        endpoint="API restricted to listed networks" if public else "API private",
        node_groups=tuple(_node_groups(groups)),
        addons=len(addons),
    )


def _node_groups(groups: Iterable[Node]) -> Iterable[str]:
    """One line per pool; a pool with a group of its own in every zone says so."""
    lines = Counter(_node_group(group) for group in groups)
    for line, number in sorted(lines.items()):
        yield f"{line} per zone" if number > 1 else line


def _node_group(group: Node) -> str:
    scaling = _object(group.inputs.get("scalingConfig"))
    smallest, largest = scaling.get("minSize"), scaling.get("maxSize")
    size = f"{smallest}" if smallest == largest else f"{smallest} to {largest}"
    types = group.inputs.get("instanceTypes")
    kinds = " or ".join(str(item) for item in types) if isinstance(types, list) else "nodes"
    name = str(_object(group.inputs.get("tags")).get("Name", group.name))
    pool = re.sub(r"-[a-z]{2}(-[a-z]+)+-\d[a-z]$", "", name)
    capacity = ", spot" if group.inputs.get("capacityType") == "SPOT" else ""
    return f"{pool}: {size} \N{MULTIPLICATION SIGN} {kinds}{capacity}"


def _remarks(nodes: list[Node]) -> Iterable[str]:
    if _of(nodes, "aws:ec2/internetGateway:InternetGateway"):
        yield "internet gateway"
    endpoints = _of(nodes, "aws:ec2/vpcEndpoint:VpcEndpoint")
    interfaces = [endpoint for endpoint in endpoints if endpoint.inputs.get("vpcEndpointType") == "Interface"]
    for endpoint in endpoints:
        if endpoint not in interfaces:
            service = str(endpoint.inputs.get("serviceName", "")).rpartition(".")[2]
            yield f"{_SERVICE_NAMES.get(service, service)} gateway endpoint".strip()
    if interfaces:
        yield count(len(interfaces), "interface endpoint")
    if _of(nodes, "aws:ec2/flowLog:FlowLog"):
        yield "flow logs"
    if _of(nodes, "aws:ec2/instance:Instance"):
        yield "access host"


def _object(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _objects(value: JSON) -> list[Mapping[str, JSON]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
