"""What a report says: findings, waivers with their dates, undecided rules, and rules that saw nothing."""

from collections.abc import Iterator
from datetime import date

import pytest

from policies.rules import Graph, Resource, Rule, Waiver, evaluate
from policies.rules.rule import MAINNET_ONLY, Problem, rule
from policies.rules.values import UndecidedError

TODAY = date(2026, 11, 22)
VPC = "aws:ec2/vpc:Vpc"


@rule("X-1", title="No VPC is named bad", reason="-", source="-", remedy="Rename it.", on=(VPC,))
def no_bad_name(_graph: Graph, vpc: Resource) -> Iterator[Problem]:
    if vpc.name.startswith("bad"):
        yield Problem(f"{vpc.name} is bad")
    if vpc.name.startswith("unclear"):
        raise UndecidedError("name", "unknown until the update")


def _graph(*names: str, tier: str = "testing") -> Graph:
    provider = Resource(
        urn="urn:pulumi:s::p::pulumi:providers:aws::aws",
        type="pulumi:providers:aws",
        properties={"region": "eu-west-1", "defaultTags": f'{{"tags": {{"tier": "{tier}"}}}}'},
    )
    return Graph([provider, *(Resource(urn=f"urn:pulumi:s::p::{VPC}::{name}", type=VPC) for name in names)])


def _waiver(**changes: object) -> Waiver:
    fields: dict[str, object] = {
        "rule": "X-1",
        "resource": "*::bad-*",
        "reason": "until it is rebuilt",
        "since": date(2026, 1, 1),
        "until": date(2026, 12, 31),
    }
    return Waiver(**{**fields, **changes})  # type: ignore[arg-type]


RULES: tuple[Rule, ...] = (no_bad_name,)


def test_a_finding_names_rule_resource_and_remedy() -> None:
    report = evaluate(_graph("good", "bad-one"), today=TODAY, rules=RULES, waivers=())

    assert [(item.rule, item.urn.rsplit("::", 1)[-1], item.remedy) for item in report.findings] == [
        ("X-1", "bad-one", "Rename it.")
    ]
    assert report.checked == {"X-1": 2}
    assert not report.clean


def test_an_undecided_resource_is_no_pass_and_hides_no_finding() -> None:
    report = evaluate(_graph("unclear", "bad-one"), today=TODAY, rules=RULES, waivers=())

    assert len(report.findings) == 1
    assert [(item.rule, item.path) for item in report.undecided] == [("X-1", "name")]
    assert not evaluate(_graph("unclear"), today=TODAY, rules=RULES, waivers=()).clean


def test_a_rule_that_saw_nothing_is_idle() -> None:
    assert evaluate(_graph(), today=TODAY, rules=RULES, waivers=()).idle_rules == ("X-1",)


def test_a_rule_of_another_tier_is_not_run_and_is_named() -> None:
    @rule("X-2", title="-", reason="-", source="-", remedy="-", on=(VPC,), tiers=MAINNET_ONLY)
    def always(_graph: Graph, _vpc: Resource) -> Iterator[Problem]:
        yield Problem("always")

    report = evaluate(_graph("good"), today=TODAY, rules=(always,), waivers=())

    assert report.outside_tier == ("X-2",)
    assert report.findings == ()
    assert evaluate(_graph("good", tier="mainnet"), today=TODAY, rules=(always,), waivers=()).findings


def test_a_waiver_in_force_moves_the_finding_and_stays_visible() -> None:
    waiver = _waiver(problem="* is bad")

    report = evaluate(_graph("bad-one"), today=TODAY, rules=RULES, waivers=(waiver,))

    assert report.clean
    assert [(item.finding.rule, item.waiver) for item in report.waived] == [("X-1", waiver)]


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 12, 31)], ids=["first day", "last day"])
def test_a_waiver_holds_from_its_first_to_its_last_day(today: date) -> None:
    assert evaluate(_graph("bad-one"), today=today, rules=RULES, waivers=(_waiver(),)).clean


def test_a_waiver_before_its_first_day_waives_nothing() -> None:
    report = evaluate(_graph("bad-one"), today=date(2025, 12, 31), rules=RULES, waivers=(_waiver(),))

    assert [item.rule for item in report.findings] == ["X-1"]


def test_an_expired_waiver_waives_nothing_and_is_a_finding_itself() -> None:
    report = evaluate(_graph("bad-one"), today=date(2027, 1, 1), rules=RULES, waivers=(_waiver(),))

    assert {item.rule for item in report.findings} == {"X-1", "WAIVER"}


@pytest.mark.parametrize(
    "changes",
    [{"rule": "X-9"}, {"resource": "*::worse-*"}, {"problem": "* is worse"}],
    ids=["rule", "resource", "problem"],
)
def test_a_waiver_of_something_else_waives_nothing_and_is_idle(changes: dict[str, object]) -> None:
    waiver = _waiver(**changes)

    report = evaluate(_graph("bad-one"), today=TODAY, rules=RULES, waivers=(waiver,))

    assert len(report.findings) == 1
    assert report.idle_waivers == (waiver,)


@pytest.mark.parametrize("changes", [{"reason": " "}, {"until": date(2025, 1, 1)}], ids=["no reason", "ends early"])
def test_a_waiver_without_reason_or_with_crossed_dates_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="waiver of X-1"):
        _waiver(**changes)
