"""Every rule passes a stack that satisfies it, catches each way to break it, and never takes unknown for fine."""

import json
from datetime import date

import pytest

from policies.rules import ALL_RULES, WAIVERS, Graph, Report, Rule, evaluate
from tests.contract.policies.damages import DAMAGES
from tests.contract.policies.expectations import (
    READS_NO_VALUE,
    READS_PROVIDERS,
    SETTLED_BY_PRESENCE,
    TESTING_DAMAGES,
    TOLERATED_ON_MAINNET,
    TOLERATED_ON_TESTING,
)
from tests.contract.policies.model import model_stack
from tests.contract.policies.stack import SECRET, UNKNOWN, Damage, Json, ModelStack

TODAY = date(2026, 11, 22)
RULES = {rule.id: rule for rule in ALL_RULES}


def _report(rule: Rule, *damages: Damage, tier: str = "mainnet") -> Report:
    stack = model_stack(tier, *damages)
    return evaluate(Graph.from_deployment(stack.document()), today=TODAY, rules=[rule], waivers=())


def _cases(table: dict[str, tuple[Damage, ...]]) -> list[object]:
    return [
        pytest.param(rule, damage, id=f"{rule}-{number}")
        for rule, damages in table.items()
        for number, damage in enumerate(damages, 1)
    ]


def test_every_rule_has_an_entry_and_every_entry_a_rule() -> None:
    assert set(DAMAGES) == set(RULES)
    assert all(DAMAGES.values())


def test_rule_ids_are_unique() -> None:
    assert len(RULES) == len(ALL_RULES)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_looks_at_the_clean_stack_and_finds_nothing(rule: Rule) -> None:
    report = _report(rule)

    assert report.findings == ()
    assert report.undecided == ()
    assert report.checked[rule.id] > 0


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_clean_stack_is_clean_on_the_testing_tier_too(rule: Rule) -> None:
    assert _report(rule, tier="testing").clean


@pytest.mark.parametrize(("rule", "damage"), _cases(DAMAGES))
def test_a_rule_catches_each_damage_on_mainnet(rule: str, damage: Damage) -> None:
    findings = _report(RULES[rule], damage).findings

    assert findings
    assert {finding.rule for finding in findings} == {rule}
    assert all(finding.message and finding.remedy for finding in findings)


@pytest.mark.parametrize(("rule", "damage"), _cases(TESTING_DAMAGES))
def test_a_rule_catches_each_damage_on_testing(rule: str, damage: Damage) -> None:
    assert _report(RULES[rule], damage, tier="testing").findings


@pytest.mark.parametrize("rule", TOLERATED_ON_TESTING)
def test_testing_may_be_weaker_where_the_control_says_so(rule: str) -> None:
    damage = TOLERATED_ON_TESTING[rule]

    assert _report(RULES[rule], damage, tier="testing").clean
    assert _report(RULES[rule], damage, tier="mainnet").findings


@pytest.mark.parametrize("rule", TOLERATED_ON_MAINNET)
def test_a_rule_spares_what_only_looks_like_a_breach(rule: str) -> None:
    assert _report(RULES[rule], TOLERATED_ON_MAINNET[rule]).clean


@pytest.mark.parametrize("marker", [UNKNOWN, SECRET], ids=["unknown", "secret"])
@pytest.mark.parametrize("rule", sorted(set(RULES) - READS_NO_VALUE - SETTLED_BY_PRESENCE - READS_PROVIDERS))
def test_a_rule_is_never_green_when_nothing_can_be_read(rule: str, marker: Json) -> None:
    def blind(stack: ModelStack) -> None:
        for row in stack.rows:
            if str(row["type"]).startswith("pulumi:"):
                continue  # without region and tier nothing could be asked at all
            inputs = row["inputs"]
            assert isinstance(inputs, dict)
            row["inputs"] = dict.fromkeys(inputs, marker)
            row["outputs"] = {}
            row["id"] = ""

    report = _report(RULES[rule], blind)
    assert not report.clean


@pytest.mark.parametrize(
    ("rule", "path"), [("GRD-8", "defaultTags"), ("GRD-1", "allowedAccountIds"), ("R13", "kubeconfig")]
)
def test_a_provider_whose_inputs_are_unknown_is_not_decided(rule: str, path: str) -> None:
    def blind(stack: ModelStack) -> None:
        for row in stack.rows:
            inputs = row["inputs"]
            assert isinstance(inputs, dict)
            if str(row["type"]).startswith("pulumi:providers:") and path in inputs:
                inputs[path] = UNKNOWN

    assert _report(RULES[rule], blind).undecided


def test_no_message_shows_the_secret_it_is_about() -> None:
    secret = "correct horse battery staple"  # noqa: S105 (what the test looks for)

    def leak(stack: ModelStack) -> None:
        stack.first("aws:rds/cluster:Cluster")["inputs"] = {"masterPassword": secret}
        stack.first("pulumi:pulumi:Stack")["outputs"] = {"password": secret}

    graph_report = [_report(RULES[rule], leak) for rule in ("SEC-1", "SEC-6")]

    assert all(report.findings for report in graph_report)
    assert all(secret not in finding.message for report in graph_report for finding in report.findings)


def test_a_stack_that_does_not_say_its_tier_is_held_to_the_strictest() -> None:
    def forget(stack: ModelStack) -> None:
        for row in stack.rows:
            if row["type"] == "pulumi:providers:aws":
                inputs = row["inputs"]
                assert isinstance(inputs, dict)
                inputs["defaultTags"] = json.dumps({"tags": {"owner": "nobody"}})
        TOLERATED_ON_TESTING["KMS-3"](stack)

    assert _report(RULES["KMS-3"], forget, tier="testing").findings


def test_shipped_waivers_name_rules_that_exist() -> None:
    assert {waiver.rule for waiver in WAIVERS} <= set(RULES)
