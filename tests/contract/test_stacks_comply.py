"""Both stacks satisfy every rule, and no rule is idle where it should look at something."""

from datetime import date
from functools import cache

import pytest

from policies.rules import ALL_RULES, Graph, Report, evaluate, evaluate_fleet
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


def test_every_rule_looks_at_something_in_one_stack_or_the_other() -> None:
    checked = {rule.id for stack in STACKS for rule in ALL_RULES if report(stack).checked.get(rule.id)}

    assert {rule.id for rule in ALL_RULES} - checked == IDLE


# Rules for what neither stack builds: the Kafka of AWS, repositories for testers, and partners (test_mining.py).
IDLE = {"IMG-2", "MSK-1", "NET-18"}


def test_the_stacks_together_satisfy_the_rules_across_stacks() -> None:
    graphs = {stack: Graph.from_deployment(evaluated(stack).deployment) for stack in STACKS}

    assert evaluate_fleet(graphs) == ()
