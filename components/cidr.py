"""The address plan of a region: which block each zone and tier gets, for good.

A region owns one /16. Each zone letter owns a fixed /19 of it, and inside that /19 each tier owns a fixed block. A
block is therefore a function of (region block, zone letter, tier) alone: adding a zone or a tier moves nothing, and
the order in which zones are written does not matter.

    offset in the zone's /19      size    tier
    0                             /20     private: nodes and pods (4,096 addresses; the upper /21 is kept for prefixes)
    4096                          /22     data: databases, file systems (1,024)
    5120                          /24     public: NAT gateways and public load balancers (256)
    5376 .. 8191                          free, for tiers to come
"""

from enum import StrEnum
from ipaddress import IPv4Network

REGION_PREFIX_LENGTH = 16
ZONE_PREFIX_LENGTH = 19
ZONE_LETTERS = "abcdefgh"  # eight /19 fill a /16; no AWS region has more than six zones


class Tier(StrEnum):
    """What a subnet is for; decides its block, its routes and its load balancer tags."""

    PRIVATE = "private"
    DATA = "data"
    PUBLIC = "public"


_BLOCK = {Tier.PRIVATE: (0, 20), Tier.DATA: (4096, 22), Tier.PUBLIC: (5120, 24)}


def region_network(cidr_block: str) -> IPv4Network:
    """The region's block as a network; raises `ValueError` unless it is a canonical /16."""
    network = IPv4Network(cidr_block)
    if network.prefixlen != REGION_PREFIX_LENGTH:
        raise ValueError(f"{cidr_block} is a /{network.prefixlen}; the address plan divides a /{REGION_PREFIX_LENGTH}")
    return network


def zone_letter(zone: str) -> str:
    """The letter that ends a zone name (`eu-west-1a` gives `a`); raises `ValueError` for one outside the plan."""
    letter = zone[-1:]
    if letter not in ZONE_LETTERS or not zone[-2:-1].isdigit():
        raise ValueError(f"zone {zone!r} does not end in one of the letters {ZONE_LETTERS[0]} to {ZONE_LETTERS[-1]}")
    return letter


def zone_network(cidr_block: str, zone: str) -> IPv4Network:
    """The /19 that a zone owns."""
    base = int(region_network(cidr_block).network_address)
    slot = ZONE_LETTERS.index(zone_letter(zone))
    return IPv4Network((base + (slot << (32 - ZONE_PREFIX_LENGTH)), ZONE_PREFIX_LENGTH))


def subnet_network(cidr_block: str, zone: str, tier: Tier) -> IPv4Network:
    """The block of one tier in one zone."""
    offset, prefix_length = _BLOCK[tier]
    return IPv4Network((int(zone_network(cidr_block, zone).network_address) + offset, prefix_length))


def pod_prefix_network(cidr_block: str, zone: str) -> IPv4Network:
    """The upper half of the private block, reserved for the /28 prefixes that pods draw their addresses from.

    Without the reservation single addresses fragment the block until no free /28 is left
    (EKS best practices, networking, prefix mode).
    """
    return list(subnet_network(cidr_block, zone, Tier.PRIVATE).subnets(prefixlen_diff=1))[1]


def tunnel_port(cidr_block: str) -> int:
    """A local TCP port for the region's tunnel, between 20,000 and 24,095.

    Taken from the second octet and the low half of the first: unique among the private /16 blocks, so that tunnels
    to several regions can be open together, and unchanged when a region is added.
    """
    return 20_000 + ((int(region_network(cidr_block).network_address) >> 16) & 0xFFF)
