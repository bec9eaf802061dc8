"""Networks, zones, regions and accounts with which nothing can be built, or not safely."""

from pathlib import Path

import pytest

from tests.support.bad_inputs import BadInput, Edit, assert_told, edited, refused

CIDR = "regions.eu-west-1.cidr"
ZONES = "regions.eu-west-1.zones"
BLOCK = "write <address>/<prefix length>, for example 10.16.0.0/16"
PRIVATE = "private address space (RFC 1918)"
NAME_BLOCK = "block that operators come from, for example 198.51.100.0/24"


def network(block: str) -> Edit:
    return ("cidr: 10.16.0.0/16", f"cidr: {block}")


def zones(names: str) -> Edit:
    return ("cidr: 10.16.0.0/16", f"cidr: 10.16.0.0/16, zones: [{names}]")


def on_mainnet(keys: str) -> Edit:
    return ("{ cidr: 10.32.0.0/16 }", f"{{ cidr: 10.32.0.0/16, {keys} }}")


def another_region(name: str, keys: str = "cidr: 10.19.0.0/16") -> Edit:
    return ("  teranode-infra:miners:", f"    {name}: {{ {keys} }}\n  teranode-infra:miners:")


BAD = [
    BadInput("a prefix beyond 32", network("10.0.0.0/33"), CIDR, '"10.0.0.0/33"', "a prefix length up to 32", BLOCK),
    BadInput("an octet beyond 255", network("300.1.0.0/16"), CIDR, '"300.1.0.0/16"', "numbers up to 255", BLOCK),
    BadInput("no prefix at all", network("ten"), CIDR, '"ten"', "an IPv4 network", BLOCK),
    BadInput("a network of IPv6", network("'fd00::/16'"), CIDR, '"fd00::/16"', "an IPv4 network", BLOCK),
    BadInput(
        "host bits", network("10.0.0.1/16"), CIDR, '"10.0.0.1/16"', "without host bits", "did you mean 10.0.0.0/16"
    ),
    BadInput("addresses of others", network("8.8.0.0/16"), CIDR, '"8.8.0.0/16"', PRIVATE, "a free /16 in 10.0.0.0/8"),
    BadInput("all addresses", network("0.0.0.0/0"), CIDR, '"0.0.0.0/0"', PRIVATE, "a free /16 in 10.0.0.0/8"),
    BadInput("a network too large", network("10.0.0.0/8"), CIDR, '"10.0.0.0/8"', "/16 to /28", "write 10.0.0.0/16"),
    BadInput("a network too small", network("10.0.0.0/29"), CIDR, '"10.0.0.0/29"', "/16 to /28", "write 10.0.0.0/16"),
    BadInput(
        "a subnet where a network belongs", network("10.0.16.0/20"), CIDR, '"10.0.16.0/20"', "a /16", "10.0.0.0/16"
    ),
    BadInput(
        "a network of another region",
        network("10.17.0.0/16"),
        "regions.us-east-1.cidr",
        '"10.17.0.0/16"',
        "it overlaps teranode-infra:regions.eu-west-1.cidr 10.17.0.0/16",
        "choose a free block",
    ),
    BadInput(
        "a network of mainnet",
        network("10.32.0.0/16"),
        CIDR,
        '"10.32.0.0/16"',
        "it overlaps Pulumi.mainnet.yaml teranode-infra:regions.eu-west-1.cidr 10.32.0.0/16",
        "choose a free block",
    ),
    BadInput(
        "a network of testing",
        ("cidr: 10.32.0.0/16", "cidr: 10.18.0.0/16"),
        CIDR,
        '"10.18.0.0/16"',
        "it overlaps Pulumi.testing.yaml teranode-infra:regions.ap-southeast-1.cidr 10.18.0.0/16",
        "choose a free block",
        stack="mainnet",
    ),
    BadInput("no zones", zones(""), ZONES, "[]", "at least 2 zones on the tier testing", "eu-west-1a, eu-west-1b"),
    BadInput("one zone", zones("eu-west-1b"), ZONES, '["eu-west-1b"]', "at least 2 zones", "eu-west-1a, eu-west-1b"),
    BadInput(
        "two zones on mainnet",
        on_mainnet("zones: [eu-west-1a, eu-west-1b]"),
        ZONES,
        '["eu-west-1a", "eu-west-1b"]',
        "at least 3 zones on the tier mainnet",
        "eu-west-1a, eu-west-1b, eu-west-1c",
        stack="mainnet",
    ),
    BadInput(
        "no zones on mainnet", on_mainnet("zones: []"), ZONES, "[]", "at least 3 zones", "add zones", stack="mainnet"
    ),
    BadInput(
        "a zone twice",
        zones("eu-west-1a, eu-west-1b, eu-west-1b"),
        f"{ZONES}[2]",
        '"eu-west-1b"',
        "each zone once",
        "remove the repetition",
    ),
    BadInput(
        "a zone of another region",
        zones("eu-west-1a, us-east-1b"),
        f"{ZONES}[1]",
        '"us-east-1b"',
        "the full name of a zone of eu-west-1",
        "eu-west-1b",
    ),
    BadInput(
        "a zone that EKS refuses",
        ("cidr: 10.17.0.0/16", "cidr: 10.17.0.0/16, zones: [us-east-1a, us-east-1e]"),
        "regions.us-east-1.zones[1]",
        '"us-east-1e"',
        "EKS refuses it in most accounts (zone letters differ by account)",
        "assumeOffered: [us-east-1e]",
    ),
    BadInput(
        "an API for the world",
        ("[198.51.100.0/24]", "[0.0.0.0/0]"),
        "access.apiCidrs[0]",
        '"0.0.0.0/0"',
        "no world access",
        NAME_BLOCK,
    ),
    BadInput(
        "an API for the world by IPv6",
        ("[198.51.100.0/24]", "['::/0']"),
        "access.apiCidrs[0]",
        '"::/0"',
        "no world access",
        NAME_BLOCK,
    ),
    BadInput(
        "an API for the world on mainnet",
        ("    permissionsBoundary:", "    apiCidrs: [0.0.0.0/0]\n    permissionsBoundary:"),
        "access.apiCidrs[0]",
        '"0.0.0.0/0"',
        "no world access",
        NAME_BLOCK,
        stack="mainnet",
    ),
    BadInput(
        "a public API on mainnet",
        "kubernetes: { endpointAccess: restricted }",
        "kubernetes.endpointAccess",
        '"restricted"',
        "private on the tier mainnet",
        "write private, or remove the key",
        stack="mainnet",
    ),
    BadInput(
        "a switch for a public API",
        "kubernetes: { publicEndpoint: true }",
        "kubernetes.publicEndpoint",
        "true",
        "a known key",
        "write kubernetes.endpointAccess",
        stack="mainnet",
    ),
    BadInput(
        "a region that does not exist",
        another_region("eu-west-9"),
        "regions.eu-west-9",
        None,
        "a known AWS region",
        "did you mean eu-west-3 or eu-west-2 or eu-west-1?",
    ),
    BadInput(
        "a region without data",
        another_region("mx-central-1", "cidr: 10.19.0.0/16, zones: [mx-central-1a, mx-central-1b]"),
        "regions.mx-central-1",
        '"mx-central-1"',
        "there is no data on this one",
        "assumeOffered: [mx-central-1]",
    ),
    BadInput(
        "a region that must be enabled",
        another_region("af-south-1"),
        "regions.af-south-1",
        '"af-south-1"',
        "enabled for the account: the region is opt-in",
        "assumeOffered: [af-south-1]",
    ),
    BadInput(
        "a region in another partition",
        another_region("us-gov-west-1"),
        "regions.us-gov-west-1",
        None,
        "partition",
        "choose a region of aws",
    ),
    BadInput(
        "the account of testing",
        ('"444455556666"', '"111122223333"'),
        "account",
        '"111122223333"',
        "mainnet has its own account; Pulumi.testing.yaml (tier testing) names the same",
        "name another account",
        stack="mainnet",
        faults=6,  # and four ARNs in the account from before
    ),
    BadInput(
        "a role of another account",
        ("deployRole: arn:aws:iam::111122223333", "deployRole: arn:aws:iam::444455556666"),
        "access.deployRole",
        '"arn:aws:iam::444455556666:role/teranode-deploy-testing"',
        "a role of this environment's account, 111122223333",
        "write arn:aws:iam::111122223333:role/teranode-deploy-testing",
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_a_place_where_nothing_can_be_built_is_refused(tmp_path: Path, bad: BadInput) -> None:
    assert_told(tmp_path, bad)


def test_a_region_written_twice_is_refused_with_both_lines(tmp_path: Path) -> None:
    message = refused(tmp_path, "testing", edited("testing", another_region("eu-west-1")))

    assert "teranode-infra:regions.eu-west-1: the key 'eu-west-1' stands twice, first in line" in message
    assert "rename or remove one" in message
