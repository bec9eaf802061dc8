"""The network of a region."""

import json
from functools import cache

import pytest

from components.network import NatMode, Network, NetworkArgs
from simulator import Simulation
from tests.support.builders import LOCKED, REGION, UNLOCKED, in_region, placement

ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"


def args(
    *,
    zones: tuple[str, ...] = ZONES,
    nat: NatMode = NatMode.PER_ZONE,
    endpoints: tuple[str, ...] = ("sts", "ecr.api"),
    cidr_block: str = "10.16.0.0/16",
    locked: bool = True,
) -> NetworkArgs:
    return NetworkArgs(
        placement=placement(),
        cidr_block=cidr_block,
        zones=zones,
        nat=nat,
        interface_endpoints=endpoints,
        flow_log_retention_days=365,
        log_key_arn=KEY,
        cluster_name="testing-eu-west-1",
        protection=LOCKED if locked else UNLOCKED,
    )


@cache
def built(nat: NatMode = NatMode.PER_ZONE, zones: tuple[str, ...] = ZONES, *, endpoints: bool = True) -> Simulation:
    services = ("sts", "ecr.api") if endpoints else ()
    return in_region(lambda opts: Network("net", args(zones=zones, nat=nat, endpoints=services), opts))


def routes_of(simulation: Simulation, tier: str, zone: str) -> list[dict[str, object]]:
    table = simulation.named(f"net-route-table-{tier}-{zone}")
    return [
        dict(route.inputs)
        for route in simulation.of_type("aws:ec2/route:Route")
        if route.inputs["routeTableId"] == table.id
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_only_public_subnets_route_to_the_internet_gateway(zone: str) -> None:
    gateway = built().named("net-internet-gateway").id

    assert [route.get("gatewayId") for route in routes_of(built(), "public", zone)] == [gateway]
    assert all("gatewayId" not in route for route in routes_of(built(), "private", zone))
    assert routes_of(built(), "data", zone) == []


@pytest.mark.parametrize("zone", ZONES)
def test_with_a_gateway_per_zone_each_private_subnet_leaves_through_its_own_zone(zone: str) -> None:
    [route] = routes_of(built(), "private", zone)
    gateway = built().named(f"net-nat-{zone}")

    assert route["natGatewayId"] == gateway.id
    assert gateway.inputs["subnetId"] == built().named(f"net-subnet-public-{zone}").id


def test_a_replaced_gateway_gives_its_address_back_first() -> None:
    gateways = built().of_type("aws:ec2/natGateway:NatGateway")

    assert len(gateways) == 3
    assert all(gateway.delete_before_replace for gateway in gateways)


def test_a_single_gateway_serves_every_zone() -> None:
    simulation = built(NatMode.SINGLE)
    [gateway] = simulation.of_type("aws:ec2/natGateway:NatGateway")

    assert gateway.name == "net-nat-eu-west-1a"
    for zone in ZONES:
        assert [route["natGatewayId"] for route in routes_of(simulation, "private", zone)] == [gateway.id]


def test_without_nat_private_subnets_have_no_way_out() -> None:
    simulation = built(NatMode.NONE)

    assert simulation.of_type("aws:ec2/natGateway:NatGateway") == []
    assert simulation.of_type("aws:ec2/eip:Eip") == []
    assert all(routes_of(simulation, "private", zone) == [] for zone in ZONES)


def test_a_gateway_waits_for_its_way_to_the_internet() -> None:
    for zone in ZONES:
        assert built().named(f"net-route-internet-{zone}").urn in built().named(f"net-nat-{zone}").dependencies


def test_names_resolve_inside_the_vpc() -> None:
    """Interface endpoints and the private zone answer only where both are on."""
    vpc = built().named("net-vpc")

    assert vpc.inputs["enableDnsSupport"] is True
    assert vpc.inputs["enableDnsHostnames"] is True


def test_no_subnet_hands_out_public_addresses() -> None:
    subnets = built().of_type("aws:ec2/subnet:Subnet")

    assert len(subnets) == 9
    assert all(subnet.inputs["mapPublicIpOnLaunch"] is False for subnet in subnets)


def test_the_default_security_group_allows_nothing() -> None:
    group = built().named("net-default-security-group")

    assert group.inputs["ingress"] == []
    assert group.inputs["egress"] == []


def test_load_balancers_and_the_cluster_find_their_subnets_by_tag() -> None:
    tags = {
        tier: built().named(f"net-subnet-{tier}-eu-west-1a").inputs["tags"] for tier in ("public", "private", "data")
    }

    assert tags["public"] == {
        "Name": "testing-public-eu-west-1a",
        "kubernetes.io/role/elb": "1",
        "kubernetes.io/cluster/testing-eu-west-1": "shared",
    }
    assert tags["private"] == {
        "Name": "testing-private-eu-west-1a",
        "kubernetes.io/role/internal-elb": "1",
        "kubernetes.io/cluster/testing-eu-west-1": "shared",
    }
    assert tags["data"] == {"Name": "testing-data-eu-west-1a"}


def test_pods_get_a_reserved_half_of_each_private_subnet() -> None:
    reservation = built().named("net-pod-prefixes-eu-west-1b")

    assert reservation.inputs["subnetId"] == built().named("net-subnet-private-eu-west-1b").id
    assert reservation.inputs["cidrBlock"] == "10.16.40.0/21"
    assert reservation.inputs["reservationType"] == "prefix"


def test_all_traffic_is_logged_to_an_encrypted_group_that_only_this_account_fills() -> None:
    log, group, role = (built().named(f"net-flow-logs-{part}") for part in ("flow-log", "log-group", "role"))

    assert log.inputs["trafficType"] == "ALL"
    assert log.inputs["logDestination"] == group.outputs["arn"]
    assert group.inputs["kmsKeyId"] == KEY
    assert group.inputs["retentionInDays"] == 365
    trust = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"][0]
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert built().named("net-flow-logs-role-policy").urn in log.dependencies


def test_s3_is_reached_from_every_subnet_without_leaving_aws() -> None:
    endpoint = built().named("net-endpoints-s3")
    tables = sorted(table.id for table in built().of_type("aws:ec2/routeTable:RouteTable"))

    assert endpoint.inputs["vpcEndpointType"] == "Gateway"
    assert isinstance(endpoint.inputs["routeTableIds"], list)
    assert sorted(str(table) for table in endpoint.inputs["routeTableIds"]) == tables


def test_interface_endpoints_admit_https_from_the_vpc_only() -> None:
    simulation = built()
    [rule] = simulation.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    services = [
        str(endpoint.inputs["serviceName"])
        for endpoint in simulation.of_type("aws:ec2/vpcEndpoint:VpcEndpoint")
        if endpoint.inputs["vpcEndpointType"] == "Interface"
    ]

    assert sorted(services) == ["com.amazonaws.eu-west-1.ecr.api", "com.amazonaws.eu-west-1.sts"]
    assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["cidrIpv4"]) == (443, 443, "10.16.0.0/16")


def test_without_interface_endpoints_there_is_no_security_group_for_them() -> None:
    assert built(endpoints=False).of_type("aws:ec2/securityGroup:SecurityGroup") == []


def test_endpoint_policies_admit_this_account_and_let_others_objects_be_read_only() -> None:
    """registry.k8s.io sends callers in AWS to a bucket of their region, without credentials."""
    s3 = json.loads(str(built().named("net-endpoints-s3").inputs["policy"]))["Statement"]
    sts = json.loads(str(built().named("net-endpoints-sts").inputs["policy"]))["Statement"]

    own = {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
    assert [statement.get("Condition") for statement in sts] == [own]
    assert [statement.get("Condition") for statement in s3] == [own, None]
    assert (s3[1]["Action"], s3[1]["Resource"]) == ("s3:GetObject", "arn:aws:s3:::*/*")


def test_vpc_subnets_and_addresses_are_protected_where_the_environment_says_so() -> None:
    kept = {"aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:ec2/eip:Eip"}
    unlocked = in_region(lambda opts: Network("net", args(locked=False), opts))

    assert {resource.type for resource in built().resources if resource.protect} == kept
    assert not any(resource.protect for resource in unlocked.resources)


def test_a_new_zone_adds_its_own_resources_and_moves_nothing() -> None:
    before, after = built(zones=ZONES[:2]).by_urn, built(zones=ZONES).by_urn

    assert set(before) < set(after)
    assert all("eu-west-1c" in urn for urn in set(after) - set(before))
    changed = {
        urn.split("::")[-1]: {key for key in after[urn].inputs if after[urn].inputs[key] != resource.inputs.get(key)}
        for urn, resource in before.items()
        if resource.inputs != after[urn].inputs
    }
    assert changed == {
        "net-endpoints-s3": {"routeTableIds"},
        "net-endpoints-sts": {"subnetIds"},
        "net-endpoints-ecr-api": {"subnetIds"},
    }


def test_the_order_of_zones_means_nothing() -> None:
    assert built(zones=ZONES).resources == built(zones=tuple(reversed(ZONES))).resources


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"zones": ()}, "at least one zone"),
        ({"zones": ("eu-west-1a", "eu-west-1a")}, "one twice"),
        ({"zones": ("us-east-1a",)}, f"not in {REGION}"),
        ({"cidr_block": "10.0.0.0/20"}, "/20"),
        ({"cidr_block": "10.0.0.1/16"}, "host bits"),
    ],
)
def test_arguments_that_cannot_work_are_refused(change: dict[str, tuple[str, ...]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        args(**change)  # pyright: ignore[reportArgumentType]
