import re
from xml.etree import ElementTree as ET

import pytest

from ops.picture import draw
from ops.picture.facts import read_facts
from ops.picture.svg import fitted, text_width
from simulator.graph import Deployment, Graph
from tests.unit.simulator.deployments import deployment, resource, urn

SVG = "{http://www.w3.org/2000/svg}"
AWS, PEERING = "pulumi:providers:aws", "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"


def environment(regions: int, zones: int = 3, pool: str = "system") -> Deployment:
    """``regions`` alike regions, every pair peered; the first is home."""
    names = [f"eu-north-{number}" for number in range(1, regions + 1)]
    found = []
    for number, name in enumerate(names):
        provider = urn(AWS, name)
        found.append(resource(AWS, name, {"region": name}))
        vpc = {"cidrBlock": f"10.{16 + number}.0.0/16"}
        found.append(resource("aws:ec2/vpc:Vpc", f"{name}-vpc", vpc, provider=provider, outputs={"id": f"vpc-{name}"}))
        for index in range(zones):
            zone = f"{name}{'abcdef'[index]}"
            for tier in ("data", "public"):
                cidr = {"availabilityZone": zone, "cidrBlock": f"10.{16 + number}.{index}.0/24"}
                found.append(resource("aws:ec2/subnet:Subnet", f"{name}-subnet-{tier}-{zone}", cidr, provider=provider))
        nat = {"subnetId": f"{name}-subnet-public-{name}a-id"}
        found.append(resource("aws:ec2/natGateway:NatGateway", f"{name}-nat", nat, provider=provider))
        cluster = {"name": f"test-{name}", "version": "1.36", "vpcConfig": {"endpointPublicAccess": False}}
        found.append(resource("aws:eks/cluster:Cluster", f"{name}-cluster", cluster, provider=provider))
        group = {
            "clusterName": f"test-{name}",
            "tags": {"Name": pool},
            "instanceTypes": ["m7g.large"],
            "scalingConfig": {"minSize": 2, "maxSize": 3},
        }
        found.append(resource("aws:eks/nodeGroup:NodeGroup", f"{name}-{pool}", group, provider=provider))
        found += [
            resource(PEERING, f"{other}-{name}", {"peerRegion": other}, provider=provider) for other in names[:number]
        ]
    zone_inputs = {"name": "test.internal", "vpcs": [{"vpcId": f"vpc-{names[-1]}"}]}
    found.append(resource("aws:route53/zone:Zone", "zone", zone_inputs, provider=urn(AWS, names[0])))
    return deployment(*found)


def drawn(built: Deployment) -> ET.Element:
    return ET.fromstring(draw(Graph(built), title="test"))  # noqa: S314 (our own output)


def words(picture: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in picture.iter(f"{SVG}text")]


def test_facts_are_read_from_the_graph() -> None:
    facts = read_facts(Graph(environment(3)))
    home = facts.regions[0]
    assert (home.name, home.home, home.cidr) == ("eu-north-3", True, "10.18.0.0/16")
    assert home.tiers == ("public", "data")
    assert home.subnets["public", "eu-north-3a"].nat
    assert not home.subnets["public", "eu-north-3b"].nat
    assert home.clusters[0].node_groups == ("system: 2 to 3 \N{MULTIPLICATION SIGN} m7g.large",)
    assert facts.peerings == (("eu-north-1", "eu-north-2"), ("eu-north-1", "eu-north-3"), ("eu-north-2", "eu-north-3"))


def test_a_pool_with_a_group_in_every_zone_is_one_line() -> None:
    provider, cluster = urn(AWS, "aws"), {"name": "test", "version": "1.36"}
    groups = [
        resource(
            "aws:eks/nodeGroup:NodeGroup",
            f"data-{zone}",
            {
                "clusterName": "test",
                "tags": {"Name": f"data-{zone}"},
                "instanceTypes": ["i7i.large"],
                "scalingConfig": {"minSize": 1, "maxSize": 1},
            },
            provider=provider,
        )
        for zone in ("eu-north-1a", "eu-north-1b")
    ]
    parts = [resource(AWS, "aws", {"region": "eu-north-1"}), *groups]
    parts.append(resource("aws:eks/cluster:Cluster", "test", cluster, provider=provider))
    facts = read_facts(Graph(deployment(*parts)))
    assert facts.regions[0].clusters[0].node_groups == ("data: 1 \N{MULTIPLICATION SIGN} i7i.large per zone",)


def test_every_region_subnet_and_cluster_is_in_the_picture() -> None:
    text = words(drawn(environment(2)))
    for expected in (
        "eu-north-1",
        "eu-north-2",
        "home",
        "VPC 10.16.0.0/16",
        "10.17.2.0/24",
        "NAT gateway",
        "API private",
    ):
        assert expected in text


def test_no_text_leaves_the_picture_even_with_long_names_and_six_zones() -> None:
    picture = drawn(environment(2, zones=6, pool="a-pool-with-a-name-that-is-far-longer-than-its-box"))
    width, height = (float(picture.attrib[side]) for side in ("width", "height"))
    for text in picture.iter(f"{SVG}text"):
        shown = (text.text or "") + "".join(child.tail or "" for child in text)
        size = float(text.attrib["font-size"])
        used = text_width(shown, size)
        if upright := re.match(r"translate\((\S+) (\S+)\) rotate\(90\)", text.attrib.get("transform", "")):
            x, y = map(float, upright.groups())
            assert x + size <= width
            assert used / 2 <= y <= height - used / 2
            continue
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        start = x - used if "end" in text.attrib["class"].split() else x
        assert start >= 0
        assert start + used <= width
        assert y <= height


def test_text_that_is_cut_is_told_in_full_on_hover() -> None:
    pool = "a-pool-with-a-name-that-is-far-longer-than-its-box"
    titles = [title.text or "" for title in drawn(environment(1, pool=pool)).iter(f"{SVG}title")]
    assert any(pool in title for title in titles)
    assert fitted("abcdef", 10, 18) == "ab…"


def test_few_peerings_have_a_link_each_and_many_share_a_trunk() -> None:
    assert len(list(drawn(environment(3)).iter(f"{SVG}polyline"))) == 3
    assert len(list(drawn(environment(8)).iter(f"{SVG}polyline"))) == 8 + 1
    assert len(list(drawn(environment(1)).iter(f"{SVG}polyline"))) == 0


@pytest.mark.parametrize("regions", [2, 3, 8])
def test_links_say_what_they_are_and_pictures_without_links_do_not(regions: int) -> None:
    assert words(drawn(environment(regions))).count("VPC peering") == 1
    assert "VPC peering" not in words(drawn(environment(1)))


def test_each_row_of_subnets_says_what_it_holds() -> None:
    assert {"NAT, public load balancers", "databases, files"} <= set(words(drawn(environment(1))))


@pytest.mark.parametrize("zones", [1, 2, 3])
def test_subnets_fill_the_room_that_their_number_leaves(zones: int) -> None:
    cells = [box for box in drawn(environment(1, zones=zones)).iter(f"{SVG}rect") if "f-data" in box.attrib["class"]]
    assert len(cells) == zones
    assert max(float(box.attrib["x"]) + float(box.attrib["width"]) for box in cells) == pytest.approx(594, abs=1)


def test_gateway_endpoints_are_named_by_their_service() -> None:
    provider = urn(AWS, "aws")
    endpoints = {"s3": "Gateway", "ecr.api": "Interface", "sts": "Interface"}
    parts = [resource(AWS, "aws", {"region": "eu-north-1"})]
    for service, kind in endpoints.items():
        inputs = {"serviceName": f"com.amazonaws.eu-north-1.{service}", "vpcEndpointType": kind}
        parts.append(resource("aws:ec2/vpcEndpoint:VpcEndpoint", service, inputs, provider=provider))
    assert read_facts(Graph(deployment(*parts))).regions[0].remarks == ("S3 gateway endpoint", "2 interface endpoints")


def test_the_description_names_regions_and_peerings_for_screen_readers() -> None:
    picture = drawn(environment(2))
    description = picture.find(f"{SVG}desc")
    assert description is not None
    assert picture.attrib["aria-describedby"] == description.attrib["id"]
    assert "Region eu-north-2, the home region: VPC 10.17.0.0/16 in 3 zones" in (description.text or "")
    assert "VPC peerings: eu-north-1 with eu-north-2." in (description.text or "")


def test_nested_links_meet_a_panel_at_different_heights() -> None:
    ends = [(dot.attrib["cx"], dot.attrib["cy"]) for dot in drawn(environment(4)).iter(f"{SVG}circle")]
    assert len(set(ends)) == len(ends)


def test_names_are_escaped() -> None:
    assert re.search(r"a&lt;b", draw(Graph(environment(1, pool="a<b")), title="test"))
