"""Addresses, zones and routes (NET-1 to NET-5)."""

import ipaddress
from collections.abc import Iterator
from itertools import combinations

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    CLUSTER,
    INSTANCE,
    INTERNET_GATEWAY,
    NAT_GATEWAY,
    NODE_GROUP,
    ROUTE,
    ROUTE_TABLE,
    ROUTE_TABLE_ASSOCIATION,
    STACK,
    SUBNET,
    VPC,
)
from .values import View

_PRIVATE = tuple(ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_EKS_SERVICE_DEFAULTS = ("10.100.0.0/16", "172.20.0.0/16")
_MIN_ZONES = {"mainnet": 3, "testing": 2}
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_SUBNET_GROUPS = (
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:memorydb/subnetGroup:SubnetGroup",
)


def _network(cidr: str) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(cidr, strict=False)


@rule(
    "NET-1",
    title="VPCs are private, one per region, and overlap neither each other nor a cluster's service range",
    reason="Overlapping networks can never be peered, and the fault shows only when they must be.",
    source="VPC peering rules, BPG networking/subnets",
    remedy="Give each region a CIDR of its own in the stack file.",
    on=(STACK,),
)
def address_plan(graph: Graph, _stack: Resource) -> Iterator[Problem]:
    vpcs = [(vpc, _network(vpc.inputs.text("cidrBlock"))) for vpc in graph.of_type(VPC)]
    for vpc, network in vpcs:
        if not any(network.subnet_of(private) for private in _PRIVATE):
            yield Problem(f"{network} is not private (RFC 1918)", "cidrBlock", vpc.urn)
    for (first, one), (second, other) in combinations(vpcs, 2):
        if one.overlaps(other):
            yield Problem(f"{one} of {first.name} overlaps {other}", "cidrBlock", second.urn)
        if graph.region_of(first) == graph.region_of(second):
            yield Problem(f"a second VPC in {graph.region_of(second)} beside {first.name}", urn=second.urn)
    for cluster in graph.of_type(CLUSTER):
        service = cluster.inputs.text("kubernetesNetworkConfig.serviceIpv4Cidr")
        for candidate in [service] if service else _EKS_SERVICE_DEFAULTS:
            for vpc, network in vpcs:
                if network.overlaps(_network(candidate)):
                    yield Problem(f"service range {candidate} of {cluster.name} overlaps {network}", urn=vpc.urn)


@rule(
    "NET-2",
    title="Private subnets cover enough zones, each named explicitly",
    reason="EKS needs two zones, survival of one needs three; letters and order of looked-up zones change.",
    source="EKS network requirements, Pulumi RDS documentation",
    remedy="List zones in the stack file; mainnet needs three.",
    on=(VPC,),
)
def enough_zones(graph: Graph, vpc: Resource) -> Iterator[Problem]:
    zones: set[str] = set()
    for subnet in graph.referrers(vpc, "vpcId", SUBNET):
        zone = subnet.inputs.text("availabilityZoneId") or subnet.inputs.text("availabilityZone")
        if not zone:
            yield Problem("the zone is left to AWS", "availabilityZone", subnet.urn)
        elif not is_public(graph, subnet):
            zones.add(zone)
    if len(zones) < _MIN_ZONES.get(graph.tier, 3):
        yield Problem(f"private subnets lie in {len(zones)} zones, {graph.tier} needs {_MIN_ZONES.get(graph.tier, 3)}")


@rule(
    "NET-3",
    title="No subnet hands out public addresses",
    reason="Accidental exposure.",
    source="EC2.15/25",
    remedy="Leave map_public_ip_on_launch off; what must be public gets an address of its own.",
    on=(SUBNET,),
)
def no_public_addresses(_graph: Graph, subnet: Resource) -> Iterator[Problem]:
    for path in ("mapPublicIpOnLaunch", "assignIpv6AddressOnCreation"):
        if subnet.inputs.flag(path):
            yield Problem("the subnet assigns public addresses", path)


@rule(
    "NET-4",
    title="Nodes, hosts, control planes and databases sit in subnets without a route to an internet gateway",
    reason="Private is decided by routes, not by names.",
    source="CIS 5.4.3, BPG security/hosts",
    remedy="Pass the network's private or data subnets.",
    on=(NODE_GROUP, CLUSTER, INSTANCE, *_SUBNET_GROUPS),
)
def private_by_route(graph: Graph, resource: Resource) -> Iterator[Problem]:
    path = {CLUSTER: "vpcConfig.subnetIds", INSTANCE: "subnetId"}.get(resource.type, "subnetIds")
    subnets = graph.follow(resource, path, SUBNET)
    if not subnets:
        yield Problem("no subnet of this stack is named", path)
    for subnet in subnets:
        if route_table(graph, subnet) is None:
            yield Problem(f"{subnet.name} falls to the VPC's main route table", path)
        elif is_public(graph, subnet):
            yield Problem(f"{subnet.name} routes to an internet gateway", path)


@rule(
    "NET-5",
    title="Each zone leaves through a NAT gateway of its own",
    reason="Loss of a zone must not cut the others off.",
    source="AWS Well-Architected, reliability",
    remedy="Set nat: perZone for the region.",
    on=(VPC,),
    tiers=MAINNET_ONLY,
)
def nat_per_zone(graph: Graph, vpc: Resource) -> Iterator[Problem]:
    served: set[str] = set()
    zones: set[str] = set()
    for subnet in graph.referrers(vpc, "vpcId", SUBNET):
        zone = subnet.inputs.text("availabilityZone")
        zones.add(zone)
        for route in routes(graph, subnet):
            for gateway_zone in _nat_zones(graph, route):
                served.add(zone)
                if gateway_zone != zone:
                    yield Problem(f"{subnet.name} leaves through {gateway_zone}", urn=subnet.urn)
    for zone in sorted(zones - served):
        yield Problem(f"no subnet of {zone} has a way out through a NAT gateway")


def _nat_zones(graph: Graph, route: "Route") -> Iterator[str]:
    for gateway in graph.follow(route.owner, f"{route.prefix}natGatewayId", NAT_GATEWAY):
        for subnet in graph.follow(gateway, "subnetId", SUBNET):
            yield subnet.inputs.text("availabilityZone")


class Route:
    """A route, whether it is a resource or an element of a route table's inline list."""

    __slots__ = ("owner", "prefix", "view")

    def __init__(self, owner: Resource, view: View) -> None:
        self.owner = owner
        self.view = view
        self.prefix = f"{view.path}." if view.path else ""

    @property
    def is_default(self) -> bool:
        """Whether the route leads everywhere."""
        keys = ("destinationCidrBlock", "cidrBlock", "destinationIpv6CidrBlock", "ipv6CidrBlock")
        return any(self.view.text(key) in _EVERYWHERE for key in keys if self.view.has(key))


def route_table(graph: Graph, subnet: Resource) -> Resource | None:
    """The route table that is associated with a subnet explicitly."""
    for association in graph.referrers(subnet, "subnetId", ROUTE_TABLE_ASSOCIATION):
        return next(iter(graph.follow(association, "routeTableId", ROUTE_TABLE)), None)
    return None


def routes(graph: Graph, subnet: Resource) -> Iterator[Route]:
    """The routes that apply to a subnet: inline ones and resources."""
    table = route_table(graph, subnet)
    if table is None:
        return
    for view in table.inputs.views("routes"):
        yield Route(table, view)
    for route in graph.referrers(table, "routeTableId", ROUTE):
        yield Route(route, route.inputs)


def is_public(graph: Graph, subnet: Resource) -> bool:
    """Whether a route of the subnet leads to an internet gateway."""
    for route in routes(graph, subnet):
        if route.view.has("gatewayId") and graph.follow(route.owner, f"{route.prefix}gatewayId", INTERNET_GATEWAY):
            return True
        if route.is_default and str(route.view.raw.get("gatewayId") or "").startswith("igw-"):
            return True
    return False


RULES: tuple[Rule, ...] = (address_plan, enough_zones, no_public_addresses, private_by_route, nat_per_zone)
