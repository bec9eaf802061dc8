"""What a month may cost, and who is told."""

from functools import cache

import pytest

from components.alarms import Budget, BudgetArgs
from simulator import Simulation
from tests.support.builders import in_region, placement
from tests.support.stack_settings import MINIMAL, accepted, changed
from tests.support.stacks import STACKS, evaluated

BUDGET = "aws:budgets/budget:Budget"


@cache
def built(*, whole_account: bool) -> Simulation:
    args = BudgetArgs(placement=placement(), monthly_usd=3_000, email="devops@example.org", whole_account=whole_account)
    return in_region(lambda opts: Budget("cost", args, opts))


def test_people_are_told_at_80_and_100_percent_spent_and_forecast() -> None:
    [budget] = built(whole_account=True).of_type(BUDGET)
    notifications = budget.inputs["notifications"]
    assert isinstance(notifications, list)

    assert {(one["notificationType"], one["threshold"]) for one in notifications if isinstance(one, dict)} == {
        ("ACTUAL", 80),
        ("ACTUAL", 100),
        ("FORECASTED", 80),
        ("FORECASTED", 100),
    }
    assert all(
        one["subscriberEmailAddresses"] == ["devops@example.org"] for one in notifications if isinstance(one, dict)
    )


def test_where_the_account_is_shared_only_what_has_the_environments_tag_counts() -> None:
    [own], [all_of_it] = built(whole_account=False).of_type(BUDGET), built(whole_account=True).of_type(BUDGET)

    assert own.inputs["costFilters"] == [{"name": "TagKeyValue", "values": ["user:environment$testing"]}]
    assert "costFilters" not in all_of_it.inputs


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_has_one_budget_and_mainnets_counts_its_whole_account(stack: str) -> None:
    [budget] = evaluated(stack).of_type(BUDGET)

    assert budget.inputs["name"] == f"{stack}-monthly"
    assert ("costFilters" in budget.inputs) is (stack == "testing")


def test_without_an_amount_there_is_none() -> None:
    assert accepted(MINIMAL).monthly_budget_usd is None
    assert accepted(changed(MINIMAL, "notifications/monthlyBudgetUsd", 3_000)).monthly_budget_usd == 3_000
