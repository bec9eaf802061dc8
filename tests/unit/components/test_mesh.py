"""What joins regions."""

from functools import cache

import pulumi
import pytest

from components.mesh import Mesh, MeshArgs, MeshMember
from components.network import NatMode, Network, NetworkArgs
from simulator import Simulation, simulate_program
from tests.support.builders import LOCKED, placement, provider

REGIONS = ("ap-southeast-1", "eu-west-1", "us-east-1")


def network(region: str, number: int, opts: pulumi.ResourceOptions) -> Network:
    return Network(
        region,
        NetworkArgs(
            placement=placement(region),
            cidr_block=f"10.{16 + number}.0.0/16",
            zones=(f"{region}a", f"{region}b"),
            nat=NatMode.NONE,
            interface_endpoints=(),
            flow_log_retention_days=30,
            log_key_arn=f"arn:aws:kms:{region}:111122223333:key/0",
            cluster_name=f"testing-{region}",
            protection=LOCKED,
        ),
        opts,
    )


@cache
def built(*regions: str, home: str = "eu-west-1") -> Simulation:
    def program() -> None:
        members = {}
        for region in regions:
            region_provider = provider(region)
            made = network(region, REGIONS.index(region), pulumi.ResourceOptions(providers=[region_provider]))
            members[region] = MeshMember(network=made.ref, provider=region_provider)
        Mesh("mesh", MeshArgs(environment="testing", home=home, members=members, protection=LOCKED))

    return simulate_program(program)


def mesh_urns(simulation: Simulation) -> set[str]:
    return {resource.urn for resource in simulation.resources if "teranode:mesh:Mesh" in resource.urn}


def test_every_two_regions_are_peered_once_in_sorted_order() -> None:
    peerings = built(*REGIONS).of_type("aws:ec2/vpcPeeringConnection:VpcPeeringConnection")

    assert sorted(peering.name for peering in peerings) == [
        "mesh-peering-ap-southeast-1-eu-west-1",
        "mesh-peering-ap-southeast-1-us-east-1",
        "mesh-peering-eu-west-1-us-east-1",
    ]


def test_each_side_of_a_peering_acts_in_its_own_region() -> None:
    simulation = built(*REGIONS)
    requester = simulation.named("mesh-peering-eu-west-1-us-east-1")
    accepter = simulation.named("mesh-peering-accepter-eu-west-1-us-east-1")

    assert requester.provider_urn.endswith("::aws-eu-west-1")
    assert requester.inputs["peerRegion"] == "us-east-1"
    assert accepter.provider_urn.endswith("::aws-us-east-1")
    assert accepter.inputs["autoAccept"] is True


@pytest.mark.parametrize(("side", "region"), [("requester", "eu-west-1"), ("accepter", "us-east-1")])
def test_both_sides_resolve_the_others_names_once_the_peering_is_accepted(side: str, region: str) -> None:
    simulation = built(*REGIONS)
    options = simulation.named(f"mesh-peering-options-{side}-eu-west-1-us-east-1")

    assert options.inputs[side] == {"allowRemoteVpcDnsResolution": True}
    assert options.provider_urn.endswith(f"::aws-{region}")
    assert simulation.named("mesh-peering-accepter-eu-west-1-us-east-1").urn in options.dependencies


def test_every_private_and_data_table_has_a_route_to_every_peer() -> None:
    simulation = built(*REGIONS)
    tables = [
        table
        for table in simulation.of_type("aws:ec2/routeTable:RouteTable")
        if "-private-" in table.name or "-data-" in table.name
    ]
    routes = {
        (route.inputs["routeTableId"], route.inputs["destinationCidrBlock"])
        for route in simulation.of_type("aws:ec2/route:Route")
        if "vpcPeeringConnectionId" in route.inputs
    }

    blocks = {region: f"10.{16 + number}.0.0/16" for number, region in enumerate(REGIONS)}
    expected = {
        (table.id, block)
        for table in tables
        for region, block in blocks.items()
        if not table.name.startswith(f"{region}-")
    }
    assert len(tables) == 12
    assert routes == expected


def test_routes_wait_until_the_peering_is_accepted() -> None:
    simulation = built(*REGIONS)
    route = simulation.named("mesh-route-private-eu-west-1a-to-us-east-1")

    assert simulation.named("mesh-peering-accepter-eu-west-1-us-east-1").urn in route.dependencies


def test_the_private_zone_is_anchored_at_home_and_joined_by_the_others() -> None:
    simulation = built(*REGIONS)
    zone = simulation.named("mesh-zone")
    associations = simulation.of_type("aws:route53/zoneAssociation:ZoneAssociation")

    assert zone.inputs["name"] == "testing.teranode.internal"
    assert zone.inputs["vpcs"] == [{"vpcId": simulation.named("eu-west-1-vpc").id, "vpcRegion": "eu-west-1"}]
    assert zone.ignore_changes == ("vpcs",)
    assert zone.protect
    assert all(association.provider_urn.endswith("::aws-eu-west-1") for association in associations)
    assert sorted(str(association.inputs["vpcRegion"]) for association in associations) == [
        "ap-southeast-1",
        "us-east-1",
    ]


def test_a_new_region_only_adds() -> None:
    before, after = built("eu-west-1", "us-east-1"), built(*REGIONS)

    added = mesh_urns(after) - mesh_urns(before)
    assert mesh_urns(before) < mesh_urns(after)
    assert all("ap-southeast-1" in urn for urn in added)
    for urn in mesh_urns(before):
        assert before.by_urn[urn].inputs == after.by_urn[urn].inputs


def test_one_region_alone_has_a_zone_and_no_peering() -> None:
    simulation = built("eu-west-1")

    assert simulation.of_type("aws:ec2/vpcPeeringConnection:VpcPeeringConnection") == []
    assert simulation.of_type("aws:route53/zoneAssociation:ZoneAssociation") == []
    assert simulation.named("mesh-zone").id


def test_home_must_be_a_member() -> None:
    with pytest.raises(ValueError, match="home 'eu-west-2' is not a member: eu-west-1"):
        built("eu-west-1", home="eu-west-2")
