"""Both stacks satisfy every rule, and no rule is idle where it should look at something."""

import json
from datetime import date
from functools import cache

import pytest

from policies.rules import ALL_RULES, Graph, Report, evaluate, evaluate_fleet
from policies.rules.pods import unknown_user
from tests.support.stacks import STACKS, evaluated

TODAY = date(2026, 11, 22)  # waivers are judged on the day of the review, not of the test run


@cache
def report(stack: str) -> Report:
    return evaluate(Graph.from_deployment(evaluated(stack).deployment), today=TODAY)


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_breaks_no_rule(stack: str) -> None:
    assert [f"{finding.rule} {finding.urn}: {finding.message}" for finding in report(stack).findings] == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_rule_is_decided(stack: str) -> None:
    assert report(stack).undecided == ()


@pytest.mark.parametrize(
    ("disks", "user", "waived"),
    [
        pytest.param(["/dev/disk-0"], {"runAsNonRoot": False}, True, id="may be root, raw disks"),
        pytest.param(["/dev/disk-0"], {"runAsUser": 0}, True, id="root, raw disks"),
        pytest.param(["/dev/disk-0"], {"runAsUser": 1000}, False, id="a user of the node, raw disks"),
        pytest.param([], {"runAsNonRoot": False}, False, id="may be root, network disks"),
        pytest.param([], {"runAsUser": 0}, False, id="root, network disks"),
    ],
)
def test_root_is_waived_for_servers_with_raw_disks_alone(
    disks: list[str], user: dict[str, object], *, waived: bool
) -> None:
    deployment = json.loads(json.dumps(evaluated("testing").deployment))
    [servers] = [
        row for row in deployment["deployment"]["resources"] if row["urn"].endswith("::miner-1-utxo-store-servers")
    ]
    container = servers["inputs"]["spec"]["template"]["spec"]["containers"][0]
    container["securityContext"] |= user
    if disks:
        container["volumeDevices"] = [{"name": "disk", "devicePath": path} for path in disks]

    judged = evaluate(Graph.from_deployment(deployment), today=TODAY, rules=(unknown_user,))

    assert judged.clean is waived


def test_every_rule_looks_at_something_in_one_stack_or_the_other() -> None:
    checked = {rule.id for stack in STACKS for rule in ALL_RULES if report(stack).checked.get(rule.id)}

    assert {rule.id for rule in ALL_RULES} - checked == IDLE


# Rules for what neither stack builds: the Kafka of AWS, repositories for testers, and partners (test_mining.py).
IDLE = {"IMG-2", "MSK-1", "NET-18"}


def test_the_stacks_together_satisfy_the_rules_across_stacks() -> None:
    graphs = {stack: Graph.from_deployment(evaluated(stack).deployment) for stack in STACKS}

    assert evaluate_fleet(graphs) == ()
