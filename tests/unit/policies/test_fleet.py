"""Rules over several stacks, or over one stack before and after."""

import json

from policies.rules import FLEET_RULES, Graph, evaluate_fleet, lost_protection
from tests.contract.policies.model import model_stack
from tests.contract.policies.stack import Damage, ModelStack, edit, option, plant

VPC = "aws:ec2/vpc:Vpc"
AWS = "pulumi:providers:aws"
CLUSTER = "aws:eks/cluster:Cluster"


def _stack(tier: str, *damages: Damage) -> Graph:
    stack = model_stack(tier, *damages)
    return Graph.from_deployment(stack.document())


def _testing(*damages: Damage) -> Graph:
    """A second stack with account and networks of its own."""

    def move(stack: ModelStack) -> None:
        for number, row in enumerate(row for row in stack.rows if row["type"] in (AWS, VPC)):
            inputs = row["inputs"]
            assert isinstance(inputs, dict)
            if row["type"] == AWS:
                inputs["allowedAccountIds"] = json.dumps(["111122223333"])
            else:
                inputs["cidrBlock"] = f"10.{100 + number}.0.0/16"

    return _stack("testing", move, *damages)


def test_stacks_that_share_nothing_are_clean() -> None:
    assert evaluate_fleet({"mainnet": _stack("mainnet"), "testing": _testing()}) == ()


def test_mainnet_and_testing_in_one_account_are_refused() -> None:
    same = edit(AWS, "allowedAccountIds", json.dumps(["444455556666"]))

    findings = evaluate_fleet({"mainnet": _stack("mainnet"), "testing": _testing(same)})

    assert [finding.rule for finding in findings] == ["GRD-3"]
    assert "444455556666" in findings[0].message


def test_two_testing_stacks_may_share_an_account() -> None:
    findings = evaluate_fleet({"one": _testing(), "two": _testing()})

    assert "GRD-3" not in {finding.rule for finding in findings}


def test_overlapping_networks_of_two_stacks_are_refused() -> None:
    findings = evaluate_fleet(
        {"mainnet": _stack("mainnet"), "testing": _testing(edit(VPC, "cidrBlock", "10.32.128.0/17"))}
    )

    assert [finding.rule for finding in findings] == ["NET-1-FLEET"]


def test_a_fixed_global_name_in_two_stacks_is_refused() -> None:
    role = plant("aws:iam/role:Role", {"name": "teranode-node"})

    findings = evaluate_fleet({"one": _testing(role), "two": _testing(role)})

    assert "R30" in {finding.rule for finding in findings}


def test_every_fleet_rule_is_sourced_and_named_once() -> None:
    assert len({rule.id for rule in FLEET_RULES}) == len(FLEET_RULES)
    assert all(rule.reason and rule.source and rule.remedy for rule in FLEET_RULES)


def test_dropping_protection_of_what_stays_is_found() -> None:
    findings = lost_protection(_stack("mainnet"), _stack("mainnet", option(CLUSTER, "protect", value=False)))

    assert [finding.urn.rsplit("::", 1)[-1] for finding in findings] == ["eu-west-1-cluster"]


def test_unchanged_protection_and_removed_resources_are_not_found() -> None:
    def remove(stack: ModelStack) -> None:
        stack.rows.remove(stack.first(CLUSTER))

    assert lost_protection(_stack("mainnet"), _stack("mainnet")) == ()
    assert lost_protection(_stack("mainnet"), _stack("mainnet", remove)) == ()
