"""Miners and nodes that cannot be: names, places, sizes, types, versions."""

from pathlib import Path

import pytest

from tests.support.bad_inputs import BadInput, Edit, assert_told, edited, refused

MIN = "nodes.general.minNodesPerZone"
RANGE = "a whole number, 1 to 450 nodes per zone"
DIGITS = "write it as digits, without quotes"
VERSION = "kubernetes.version"
LABEL = "lower-case letters, digits and -, starting with a letter and not ending in - (DNS-1123 and DNS-1035)"
RENAME = "a miner's name is fixed once it has data"
OWN_POOL = "it belongs in nodes.general.capacity"


def named(name: str) -> Edit:
    return ("    miner-2: {", f"    {name}: {{")


def general(keys: str) -> Edit:
    return f"nodes: {{ general: {{ {keys} }} }}"


def storage(keys: str) -> Edit:
    return f"nodes: {{ storage: {{ aerospike: {{ {keys} }} }} }}"


def version(value: str) -> Edit:
    return f"kubernetes: {{ version: {value} }}"


def least(shown: str, written: str, rule: str, fix: str = DIGITS) -> BadInput:
    return BadInput(f"{written} nodes", general(f"minNodesPerZone: {written}"), MIN, shown, rule, fix)


BAD = [
    BadInput("a miner in capitals", named("Miner_1!"), "miners.Miner_1!", None, LABEL, RENAME),
    BadInput("a miner of 64 letters", named("m" * 64), f"miners.{'m' * 64}", None, "at most 32 characters", RENAME),
    BadInput("a miner that ends in a hyphen", named("miner-"), "miners.miner-", None, LABEL, RENAME),
    BadInput("a miner without a name", named('""'), "miners.", None, LABEL, RENAME),
    BadInput("a miner called by a number", named("1"), "miners.1", None, LABEL, RENAME),
    BadInput("a miner with a line break", named(r'"a\nb"'), r"miners.a\nb", None, LABEL, RENAME),
    BadInput("a miner with an accent", named("minér"), "miners.minér", None, LABEL, RENAME),
    BadInput(
        "a miner called like the database",
        named("postgres"),
        "miners.postgres",
        None,
        "that Postgres can take",
        "miner-1",
    ),
    BadInput(
        "two miners on testing",
        ("    miner-3: { region: ap-southeast-1 }\n", ""),
        "miners",
        '["miner-1", "miner-2"]',
        "at least 3 miners, this has 2",
        "add miners",
    ),
    BadInput(
        "all miners in one region",
        (
            "    miner-2: { region: us-east-1 }\n    miner-3: { region: ap-southeast-1 }",
            "    miner-2: { region: eu-west-1 }\n    miner-3: { region: eu-west-1 }",
        ),
        "miners",
        '{"miner-1": "eu-west-1", "miner-2": "eu-west-1", "miner-3": "eu-west-1"}',
        "spreads its miners over at least 2 regions",
        "move one to another region",
    ),
    BadInput(
        "a miner in an undeclared region",
        ("miner-2: { region: us-east-1 }", "miner-2: { region: us-west-2 }"),
        "miners.miner-2.region",
        '"us-west-2"',
        "a region of this environment",
        "Declared: ap-southeast-1, eu-west-1, us-east-1",
    ),
    BadInput(
        "an instance type that does not exist",
        storage("instanceType: i4i.4xlrge"),
        "nodes.storage.aerospike.instanceType",
        '"i4i.4xlrge"',
        "an instance type of the catalogue",
        "did you mean i4i.4xlarge",
    ),
    BadInput(
        "a store on nodes without disks",
        storage("instanceType: m7g.large"),
        "nodes.storage.aerospike.instanceType",
        '"m7g.large"',
        "local NVMe disks; this one has no instance store",
        "for example i4i.large",
        stack="mainnet",
    ),
    BadInput(
        "one type where a list belongs",
        general("instanceType: m7g.large"),
        "nodes.general.instanceType",
        None,
        "a known key",
        "did you mean instanceTypes?",
    ),
    least("-1", "-1", "1 to 450 nodes per zone", "write at least 1"),
    least("0", "0", "1 to 450 nodes per zone", "write at least 1"),
    least("1000", "1e3", "1 to 450 nodes per zone", "write at most 450"),
    least(f"{10**30}", f"{10**30}", "1 to 450 nodes per zone", "write at most 450"),
    least("3.5", "3.5", RANGE),
    least('"three"', "three", RANGE),
    least('"3"', "'3'", RANGE),
    least('"yes"', "yes", RANGE),
    least('".nan"', ".nan", RANGE),
    least("[1]", "[1]", RANGE),
    least("null", "~", "nothing stands after this key", "give it a value, or remove the key"),
    BadInput(
        "more nodes than the most",
        general("minNodesPerZone: 5, maxNodesPerZone: 2"),
        MIN,
        "5",
        "minNodesPerZone at most maxNodesPerZone; here 5",
        "raise maxNodesPerZone or lower minNodesPerZone",
    ),
    BadInput(
        "more nodes than the tier's most",
        general("minNodesPerZone: 7"),
        MIN,
        "7",
        "here 7 at nodes.general.minNodesPerZone and 3 at the tier's default",
        "raise maxNodesPerZone",
    ),
    BadInput(
        "no spare node for a rack",
        (
            "    miner-1: { region: eu-west-1 }",
            "    miner-1: { region: eu-west-1 }\n    miner-2: { region: eu-west-1 }",
        ),
        "regions.eu-west-1.nodes.storage.aerospike.nodesPerZone (the tier's default)",
        "2",
        "a node for every server: miner-1, miner-2 may have 2 in a zone, and 1 more is kept",
        "write 3 or more",
        stack="mainnet",
        faults=2,  # and the general pool is too small for a second miner's services
    ),
    BadInput("an old minor", version('"1.9"'), VERSION, '"1.9"', 'of the form "1.NN"', "in quotes"),
    BadInput("a minor with a v", version('"v1.35"'), VERSION, '"v1.35"', 'of the form "1.NN"', "name the minor only"),
    BadInput("a patch release", version('"1.35.2"'), VERSION, '"1.35.2"', 'of the form "1.NN"', "name the minor only"),
    BadInput("the latest minor", version("latest"), VERSION, '"latest"', 'of the form "1.NN"', "name the minor only"),
    BadInput("a major that is none", version('"9.99"'), VERSION, '"9.99"', 'of the form "1.NN"', "name the minor"),
    BadInput("a minor as a number", version("1.30"), VERSION, "1.3", 'of the form "1.NN"', "1.30 is the number 1.3"),
    BadInput("a minor to come", version('"1.38"'), VERSION, '"1.38"', "pins: 1.35, 1.36", 'write "1.36"'),
    BadInput("a minor past its time", version('"1.34"'), VERSION, '"1.34"', "pins: 1.35, 1.36", 'write "1.36"'),
    BadInput(
        "an add-on of no fixed version",
        "kubernetes: { addons: { coredns: latest } }",
        "kubernetes.addons",
        None,
        "a known key",
        "pinned in infra/versions.py",
    ),
    BadInput("no disk", general("diskGib: 0"), "nodes.general.diskGib", "0", "20 to 16384 GiB", "write at least 20"),
    BadInput("less than no disk", general("diskGib: -5"), "nodes.general.diskGib", "-5", "20 to 16384", "at least 20"),
    BadInput("a huge disk", general("diskGib: 20480"), "nodes.general.diskGib", "20480", "20 to", "at most 16384"),
    BadInput("a disk in other units", general("diskGb: 100"), "nodes.general.diskGb", None, "a known key", "diskGib"),
    BadInput(
        "spot for records on mainnet",
        storage("instanceType: i7i.4xlarge, capacity: spot"),
        "nodes.storage.aerospike.capacity",
        None,
        "a known key",
        OWN_POOL,
        stack="mainnet",
    ),
    BadInput(
        "spot for records on testing",
        storage("instanceType: i4i.large, capacity: spot"),
        "nodes.storage.aerospike.capacity",
        None,
        "a known key",
        OWN_POOL,
    ),
    BadInput(
        "spot for services on mainnet",
        general("capacity: spot"),
        "nodes.general.capacity",
        '"spot"',
        "onDemand on the tier mainnet",
        "write capacity: onDemand",
        stack="mainnet",
    ),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_miners_and_nodes_that_cannot_be_are_refused(tmp_path: Path, bad: BadInput) -> None:
    assert_told(tmp_path, bad)


def test_two_miners_of_one_name_are_refused_with_both_lines(tmp_path: Path) -> None:
    message = refused(tmp_path, "testing", edited("testing", named("miner-1")))

    assert "teranode-infra:miners.miner-1: the key 'miner-1' stands twice, first in line" in message
    assert "rename or remove one" in message
