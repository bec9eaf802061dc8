"""What EC2 enforces for VPCs, subnets, gateways, routes and interface endpoints."""

from ipaddress import ip_network

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.world import Thing

LARGEST_PREFIX, SMALLEST_PREFIX = 16, 28

book = RuleBook()


@book.rule("vpc-cidr-size", "InvalidVpc.Range", t.VPC)
def _vpc_cidr_size(attempt: Attempt) -> str | None:
    return _block_problem(attempt.text("cidrBlock"))


@book.rule("vpc-quota", "VpcLimitExceeded", t.VPC)
def _vpc_quota(attempt: Attempt) -> str | None:
    if len(attempt.find(t.VPC)) >= attempt.allowed("vpc-quota", 5):
        return "The maximum number of VPCs has been reached."
    return None


@book.rule("subnet-cidr-size", "InvalidSubnet.Range", t.SUBNET)
def _subnet_cidr_size(attempt: Attempt) -> str | None:
    return _block_problem(attempt.text("cidrBlock"))


@book.rule("subnet-inside-vpc", "InvalidSubnet.Range", t.SUBNET)
def _subnet_inside_vpc(attempt: Attempt) -> str | None:
    vpc = attempt.lookup(t.VPC, attempt.text("vpcId"))
    block = attempt.text("cidrBlock")
    if vpc and block and not _inside(block, texts_at(vpc.inputs, "cidrBlock")[0]):
        return f"The CIDR '{block}' is invalid."
    return None


@book.rule("subnet-overlap", "InvalidSubnet.Conflict", t.SUBNET)
def _subnet_overlap(attempt: Attempt) -> str | None:
    block = attempt.text("cidrBlock")
    for other in attempt.find(t.SUBNET, vpcId=attempt.text("vpcId")):
        if any(overlap(block, taken) for taken in texts_at(other.inputs, "cidrBlock")):
            return f"The CIDR '{block}' conflicts with another subnet"
    return None


@book.rule("subnet-zone", "InvalidParameterValue", t.SUBNET)
def _subnet_zone(attempt: Attempt) -> str | None:
    zone = attempt.text("availabilityZone")
    if zone and not zone.startswith(attempt.place.region):
        return (
            f"Value ({zone}) for parameter availabilityZone is invalid. "
            f"Subnets can currently only be created in availability zones of {attempt.place.region}."
        )
    return None


@book.rule("one-internet-gateway", "InvalidParameterValue", t.INTERNET_GATEWAY)
def _one_internet_gateway(attempt: Attempt) -> str | None:
    vpc = attempt.text("vpcId")
    if vpc and attempt.find(t.INTERNET_GATEWAY, vpcId=vpc):
        return f"Network {vpc} already has an internet gateway attached"
    return None


@book.rule("internet-gateway-addresses", "DependencyViolation", t.INTERNET_GATEWAY, Operation.DELETE)
def _internet_gateway_addresses(attempt: Attempt) -> str | None:
    vpc = attempt.text("vpcId")
    mapped = [texts_at(nat.inputs, "subnetId") for nat in attempt.find(t.NAT_GATEWAY)]
    mapped += [texts_at(one.inputs, "subnetMappings.subnetId") for one in attempt.find(t.LOAD_BALANCER)]
    if any(vpc_of_subnet(attempt, subnets) == vpc for subnets in mapped):
        return (
            f"Network {vpc} has some mapped public address(es). "
            "Please unmap those public address(es) before detaching the gateway."
        )
    return None


@book.rule("address-quota", "AddressLimitExceeded", t.EIP)
def _address_quota(attempt: Attempt) -> str | None:
    if len(attempt.find(t.EIP)) >= attempt.allowed("address-quota", 5):
        return "The maximum number of addresses has been reached."
    return None


@book.rule("nat-gateway-attached-vpc", "Gateway.NotAttached", t.NAT_GATEWAY)
def _nat_needs_internet_gateway(attempt: Attempt) -> str | None:
    vpc = vpc_of_subnet(attempt, attempt.texts("subnetId"))
    public = attempt.inputs.get("connectivityType", "public") == "public"
    if public and vpc and not attempt.find(t.INTERNET_GATEWAY, vpcId=vpc):
        return f"Network {vpc} has no Internet gateway attached"
    return None


@book.rule("nat-gateway-address-free", "Resource.AlreadyAssociated", t.NAT_GATEWAY)
def _address_free(attempt: Attempt) -> str | None:
    address = attempt.text("allocationId")
    balancers = attempt.find(t.LOAD_BALANCER)
    balanced = any(address in texts_at(one.inputs, "subnetMappings.allocationId") for one in balancers)
    if address and (balanced or attempt.find(t.NAT_GATEWAY, allocationId=address)):
        return f"Elastic IP address [{address}] is already associated"
    return None


@book.rule("nat-gateway-quota", "NatGatewayLimitExceeded", t.NAT_GATEWAY)
def _nat_gateway_quota(attempt: Attempt) -> str | None:
    zone = _zone(attempt, attempt.text("subnetId"))
    here = [nat for nat in attempt.find(t.NAT_GATEWAY) if _zone(attempt, *texts_at(nat.inputs, "subnetId")) == zone]
    if len(here) >= attempt.allowed("nat-gateway-quota", 5):
        return f"The maximum number of NAT gateways has been reached in {zone}."
    return None


_DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")


@book.rule("route-duplicate", "RouteAlreadyExists", t.ROUTE)
def _route_duplicate(attempt: Attempt) -> str | None:
    for destination in _DESTINATIONS:
        value = attempt.text(destination)
        if value and attempt.find(t.ROUTE, routeTableId=attempt.text("routeTableId"), **{destination: value}):
            return f"The route identified by {value} already exists."
    return None


@book.rule("route-local", "RouteAlreadyExists", t.ROUTE)
def _route_local(attempt: Attempt) -> str | None:
    table = attempt.lookup(t.ROUTE_TABLE, attempt.text("routeTableId"))
    vpc = attempt.lookup(t.VPC, texts_at(table.inputs, "vpcId")[0]) if table else None
    block = attempt.text("destinationCidrBlock")
    if vpc and block in texts_at(vpc.inputs, "cidrBlock"):
        return f"The route identified by {block} already exists."
    return None


@book.rule("one-route-table", "Resource.AlreadyAssociated", t.ROUTE_TABLE_ASSOCIATION)
def _one_route_table(attempt: Attempt) -> str | None:
    subnet = attempt.text("subnetId")
    if subnet and attempt.find(t.ROUTE_TABLE_ASSOCIATION, subnetId=subnet):
        table = attempt.text("routeTableId")
        return f"the specified association for route table {table} conflicts with an existing association"
    return None


@book.rule("association-same-vpc", "InvalidParameterValue", t.ROUTE_TABLE_ASSOCIATION)
def _association_same_vpc(attempt: Attempt) -> str | None:
    subnet = attempt.lookup(t.SUBNET, attempt.text("subnetId"))
    table = attempt.lookup(t.ROUTE_TABLE, attempt.text("routeTableId"))
    if subnet and table and subnet.inputs.get("vpcId") != table.inputs.get("vpcId"):
        return f"Route table {table.id} and subnet {subnet.id} belong to different networks"
    return None


@book.rule("endpoint-dns-support", "InvalidParameter", t.VPC_ENDPOINT)
def _endpoint_dns_support(attempt: Attempt) -> str | None:
    vpc = attempt.lookup(t.VPC, attempt.text("vpcId"))
    if vpc is None or attempt.inputs.get("privateDnsEnabled") is not True:
        return None
    # AWS turns support on and host names off where a VPC says nothing.
    if vpc.inputs.get("enableDnsSupport", True) and vpc.inputs.get("enableDnsHostnames", False):
        return None
    return (
        "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
        f"set to true for {vpc.id}"
    )


@book.rule("endpoint-private-dns", "InvalidParameter", t.VPC_ENDPOINT)
def _endpoint_private_dns(attempt: Attempt) -> str | None:
    service, vpc = attempt.text("serviceName"), attempt.text("vpcId")
    if attempt.inputs.get("privateDnsEnabled") is not True:
        return None
    if attempt.find(t.VPC_ENDPOINT, vpcId=vpc, serviceName=service, privateDnsEnabled=True):
        return (
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
            f"for {service} in the VPC {vpc}"
        )
    return None


@book.rule("endpoint-one-subnet-per-zone", "DuplicateSubnetsInSameZone", t.VPC_ENDPOINT)
def _endpoint_one_subnet_per_zone(attempt: Attempt) -> str | None:
    zones = [_zone(attempt, subnet) for subnet in attempt.texts("subnetIds")]
    repeated = sorted({zone for zone in zones if zone and zones.count(zone) > 1})
    if repeated:
        return f"Found another VPC endpoint subnet in the availability zone of {repeated[0]}"
    return None


@book.rule("endpoint-gateway-route", "RouteAlreadyExists", t.VPC_ENDPOINT)
def _endpoint_gateway_route(attempt: Attempt) -> str | None:
    service, tables = attempt.text("serviceName"), attempt.texts("routeTableIds")
    for other in attempt.find(t.VPC_ENDPOINT, serviceName=service):
        shared = sorted(set(tables) & set(texts_at(other.inputs, "routeTableIds")))
        if shared:
            return f"route table {shared[0]} already has a route with destination-prefix-list-id for {service}"
    return None


def overlap(one: str, other: str) -> bool:
    """Whether two blocks share an address."""
    return ip_network(one, strict=False).overlaps(ip_network(other, strict=False))


def vpc_of_subnet(attempt: Attempt, subnets: list[str]) -> str:
    """The VPC of the first of ``subnets``, or an empty string."""
    subnet = attempt.lookup(t.SUBNET, subnets[0]) if subnets else None
    return _first(subnet, "vpcId")


def _zone(attempt: Attempt, subnet_id: str) -> str:
    return _first(attempt.lookup(t.SUBNET, subnet_id), "availabilityZone")


def _first(thing: Thing | None, path: str) -> str:
    return next(iter(texts_at(thing.inputs, path)), "") if thing else ""


def _block_problem(block: str) -> str | None:
    if not block:
        return None
    try:
        network = ip_network(block)
    except ValueError:
        return f"The CIDR '{block}' is invalid."
    return None if LARGEST_PREFIX <= network.prefixlen <= SMALLEST_PREFIX else f"The CIDR '{block}' is invalid."


def _inside(block: str, outer: str) -> bool:
    inner_network, outer_network = ip_network(block, strict=False), ip_network(outer, strict=False)
    first, last = inner_network.network_address, inner_network.broadcast_address
    return first in outer_network and last in outer_network
