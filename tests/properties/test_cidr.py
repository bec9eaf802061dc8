"""The address plan, for all regions, zones and tiers."""

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import cidr
from components.cidr import Tier

PRIVATE_BLOCKS = [
    *(f"10.{second}.0.0/16" for second in range(256)),
    *(f"172.{second}.0.0/16" for second in range(16, 32)),
    "192.168.0.0/16",
]
blocks = st.sampled_from(PRIVATE_BLOCKS)
zones = st.sampled_from([f"eu-west-1{letter}" for letter in cidr.ZONE_LETTERS])
tiers = st.sampled_from(list(Tier))


@given(blocks, zones, tiers)
def test_a_subnet_lies_inside_its_zone_and_region(block: str, zone: str, tier: Tier) -> None:
    subnet = cidr.subnet_network(block, zone, tier)

    assert subnet.subnet_of(cidr.zone_network(block, zone))
    assert subnet.subnet_of(IPv4Network(block))


@given(blocks)
def test_no_two_subnets_of_a_region_overlap(block: str) -> None:
    subnets = [cidr.subnet_network(block, f"eu-west-1{letter}", tier) for letter in cidr.ZONE_LETTERS for tier in Tier]

    assert not any(first.overlaps(second) for first, second in combinations(subnets, 2))


@given(blocks, zones)
def test_pods_draw_from_the_upper_half_of_the_private_subnet(block: str, zone: str) -> None:
    private = cidr.subnet_network(block, zone, Tier.PRIVATE)
    prefixes = cidr.pod_prefix_network(block, zone)

    assert prefixes.subnet_of(private)
    assert prefixes.num_addresses * 2 == private.num_addresses
    assert prefixes.broadcast_address == private.broadcast_address


def test_tunnel_ports_are_unique_among_private_blocks() -> None:
    ports = {cidr.tunnel_port(block) for block in PRIVATE_BLOCKS}

    assert len(ports) == len(PRIVATE_BLOCKS)
    assert min(ports) >= 20_000
    assert max(ports) <= 24_095


def test_the_plan_is_frozen() -> None:
    """A changed plan replaces the subnets of every environment: these addresses are deployed."""
    plan = {
        f"{tier}-{letter}": str(cidr.subnet_network("10.16.0.0/16", f"eu-west-1{letter}", tier))
        for letter in "abc"
        for tier in Tier
    }

    assert plan == {
        "private-a": "10.16.0.0/20",
        "data-a": "10.16.16.0/22",
        "public-a": "10.16.20.0/24",
        "private-b": "10.16.32.0/20",
        "data-b": "10.16.48.0/22",
        "public-b": "10.16.52.0/24",
        "private-c": "10.16.64.0/20",
        "data-c": "10.16.80.0/22",
        "public-c": "10.16.84.0/24",
    }


@pytest.mark.parametrize("zone", ["eu-west-1", "eu-west-1i", "eu-west-1A", "", "us-west-2-lax-1"])
def test_what_is_not_a_zone_of_the_plan_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="does not end in one of the letters"):
        cidr.zone_letter(zone)
