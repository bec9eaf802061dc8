from datetime import date

import pytest
from rich.console import Console, RenderableType

from ops.fleet import Siblings
from ops.render.changes import changes
from ops.render.duration import durations
from ops.render.findings import findings
from ops.render.inventory import resource_tree, type_counts
from ops.render.text import clock, count, duration, kind, short_type, tally
from policies.rules.evaluation import Finding, Report, Undecided, Waived
from policies.rules.waivers import Waiver
from simulator.compare import compare
from simulator.graph import Graph
from simulator.schedule import schedule
from simulator.values import JSON
from tests.unit.simulator.deployments import deployment, resource, urn

AWS, VPC, KEY, CLUSTER = "pulumi:providers:aws", "aws:ec2/vpc:Vpc", "aws:kms/key:Key", "aws:eks/cluster:Cluster"
REGION, MINER = "teranode:region:Region", "teranode:miner:Miner"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def shown(body: RenderableType, *, colour: bool = False) -> str:
    console = Console(width=160, force_terminal=colour, no_color=not colour, highlight=False)
    with console.capture() as captured:
        console.print(body)
    return captured.get()


def region(name: str, *tokens: str) -> list[dict[str, JSON]]:
    component = resource(REGION, name, custom=False)
    parts = [
        resource(token, f"{name}-{kind(token).lower()}", provider=urn(AWS, name), parent=urn(REGION, name))
        for token in tokens
    ]
    return [resource(AWS, name, {"region": name}), component, *parts]


def test_words_and_numbers_read_naturally() -> None:
    assert [duration(42), duration(867)] == ["42 s", "14 min 27 s"]
    assert clock(607) == "10:07"
    assert [count(1, "policy"), count(2, "policy"), count(3, "region")] == ["1 policy", "2 policies", "3 regions"]
    assert [kind(VPC), kind(AWS)] == ["Vpc", "aws provider"]
    assert short_type(VPC) == "aws:ec2:Vpc"
    assert tally([VPC, VPC, KEY, CLUSTER], 2) == "2 Vpc, 1 Cluster, 1 more"


def test_regions_that_look_alike_are_shown_once_unless_full() -> None:
    graph = Graph(deployment(*region("eu-west-1", VPC, KEY), *region("us-east-1", VPC, KEY)))
    short, full = shown(resource_tree(graph, full=False)), shown(resource_tree(graph, full=True))
    assert "the same components and resources as eu-west-1" in short
    assert "us-east-1-key" not in short
    assert "us-east-1-key" in full


def test_regions_that_differ_by_the_names_of_their_miners_are_shown_once_with_those_names() -> None:
    def with_miner(region_name: str, miner: str) -> list[dict[str, JSON]]:
        inside = resource(CONFIG_MAP, f"{miner}-settings", parent=urn(MINER, miner))
        key = resource(KEY, f"{miner}-key", provider=urn(AWS, region_name), parent=urn(MINER, miner))
        return [*region(region_name, VPC), resource(MINER, miner, custom=False), key, inside]

    graph = Graph(deployment(*with_miner("eu-west-1", "miner-1"), *with_miner("us-east-1", "miner-2")))
    short = shown(resource_tree(graph, full=False))
    assert "us-east-1  the same components and resources as eu-west-1, with miner-2" in short
    assert "across regions" not in short


def test_the_rarer_types_are_one_line_unless_full() -> None:
    tokens = [f"aws:ec2/{name}:{name.title()}" for name in "abcdefghijklmnop"]
    graph = Graph(deployment(*region("eu-west-1", VPC, *tokens)))
    short, full = shown(type_counts(graph, full=False)), shown(type_counts(graph, full=True))
    assert "12 resources of 12 other types, shown with --full" in short
    assert "aws:ec2:P" not in short
    assert "1 aws:ec2:P " in full
    assert "other types" not in full


def test_a_region_that_differs_is_shown_in_full_shape() -> None:
    graph = Graph(deployment(*region("eu-west-1", VPC, KEY), *region("us-east-1", VPC)))
    assert "the same" not in shown(resource_tree(graph, full=False))


def test_durations_by_region_appear_where_regions_differ() -> None:
    alike = Graph(deployment(*region("eu-west-1", VPC), *region("us-east-1", VPC)))
    text = shown(durations(alike, schedule(alike), schedule(alike, "destroy"), full=False))
    assert "the same in all 2 regions" in text
    unlike = Graph(deployment(*region("eu-west-1", CLUSTER), *region("us-east-1", VPC)))
    text = shown(durations(unlike, schedule(unlike), schedule(unlike, "destroy"), full=False))
    assert "eu-west-1 10 min 01 s, us-east-1 13 s" in text
    full = shown(durations(unlike, schedule(unlike), schedule(unlike, "destroy"), full=True))
    assert "critical path of up in us-east-1" in full
    assert "critical path of destroy" in full
    assert "aws provider" in full
    assert "aws provider" not in text, "a step of one second"


def test_lost_state_is_red_on_a_terminal_and_a_protected_resource_says_so() -> None:
    key = resource(KEY, "key", {"multiRegion": False}, protect=True)
    comparison = compare(deployment(key), deployment({**key, "inputs": {"multiRegion": True}}))
    text = shown(changes(comparison, full=False))
    assert "protected: the engine refuses" in text
    assert "multiRegion" in text
    assert "\x1b[1;31m" in shown(changes(comparison, full=False), colour=True)


def test_consequences_are_summed_up_and_listed_in_full() -> None:
    vpc = resource(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"}, outputs={"id": "vpc-0123456789abcdef0"})
    subnet = resource(
        "aws:ec2/subnet:Subnet", "subnet", {"vpcId": "vpc-0123456789abcdef0"}, uses={"vpcId": [vpc_urn()]}
    )
    new = {**vpc, "inputs": {"cidrBlock": "10.1.0.0/16"}}
    comparison = compare(deployment(vpc, subnet), deployment(new, subnet))
    assert "1 more because of these replacements: 1 Subnet" in shown(changes(comparison, full=False))
    assert "vpcId" in shown(changes(comparison, full=True))


def vpc_urn() -> str:
    return urn(VPC, "vpc")


def test_many_creations_are_summed_up() -> None:
    new = deployment(*(resource(KEY, f"key-{number}") for number in range(20)))
    text = shown(changes(compare(deployment(), new), full=False))
    assert "create  20: 20 Key" in text
    assert "key-7" not in text


WAIVER = Waiver(rule="R1", resource="*", reason="agreed", since=date(2026, 1, 1), until=date(2026, 12, 31))


def report(**parts: object) -> Report:
    empty: dict[str, object] = {"findings": (), "waived": (), "undecided": (), "checked": {"R1": 1}, "outside_tier": ()}
    return Report(tier="testing", **{"idle_waivers": (), **empty, **parts})


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (
            report(findings=(Finding("R1", "urn::vpc", "tags", "no owner", "Set it."),)),
            ["R1 vpc tags: no owner", "Set it."],
        ),
        (
            report(waived=tuple(Waived(Finding("R1", f"urn::vpc-{n}", "", "x", ""), WAIVER) for n in (1, 2))),
            ["2 findings waived", "waived until 2026-12-31: 2 findings", "vpc-1: x", "vpc-2: x", "agreed"],
        ),
        (report(undecided=(Undecided("R1", "urn::vpc", "tags", "unknown"),)), ["1 undecided", "undecided, unknown"]),
        (report(idle_waivers=(WAIVER,)), ["0 findings waived", "nothing to waive here, shown with --full: R1"]),
        (report(), ["0 findings"]),
    ],
)
def test_findings_waivers_and_doubts_are_all_shown(found: Report, expected: list[str]) -> None:
    text = shown(findings(found, Siblings({}, {"mainnet": "no such file"}), full=False))
    assert all(words in text for words in [*expected, "mainnet not held beside this stack: no such file"])
