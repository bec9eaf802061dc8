"""Expressions of recorded series, alert rules and dashboards read metrics that somebody exports."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.observability import dashboards, recorded
from components.observability.dashboards.model import FSM_STATES
from tests.support.promql import Selector, metrics, selectors

LISTED = {
    line.split()[0]
    for line in (Path(__file__).parent / "data" / "metrics.txt").read_text().splitlines()
    if not line.startswith("#")
}
RECORDED = {series.record for series in recorded.SERIES}


def drawn() -> Iterator[str]:
    """Every expression of every dashboard, with what its variables ask."""
    for dashboard in dashboards.ALL:
        for panel in dashboard.panels:
            yield from (query.expr for query in panel.queries)


@pytest.mark.parametrize("series", recorded.SERIES, ids=lambda series: series.record)
def test_a_recorded_series_is_made_of_exported_metrics(series: recorded.Recorded) -> None:
    assert metrics(series.expr) <= LISTED


def test_a_recorded_series_is_named_by_level_metric_and_operation_and_once() -> None:
    assert len(RECORDED) == len(recorded.SERIES)
    assert all(len(name.split(":")) == 3 for name in RECORDED)


def test_dashboards_draw_exported_metrics_and_recorded_series() -> None:
    used = {metric for expression in drawn() for metric in metrics(expression)}

    assert used <= LISTED | RECORDED


def test_every_listed_metric_is_read_by_something() -> None:
    used = {metric for expression in drawn() for metric in metrics(expression)}
    used |= {metric for series in recorded.SERIES for metric in metrics(series.expr)}

    assert used - RECORDED == LISTED


def test_states_of_a_node_are_named_as_teranode_numbers_them() -> None:
    """FSMStateType of services/blockchain/blockchain_api/blockchain_api.proto."""
    assert FSM_STATES == {0: "IDLE", 1: "RUNNING", 2: "CATCHINGBLOCKS", 3: "LEGACYSYNCING"}


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("sum(rate(up[5m])", "is missing|operand"),
        ('up{job="x"', "matcher"),
        ("rte(up[5m])", "unknown function"),
        ("up +", "operand"),
        ("up up", "after the end"),
        ("up[]", "duration"),
        ("up{job=x}", "matcher"),
    ],
)
def test_an_expression_that_prometheus_would_refuse_is_refused(expression: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        selectors(expression)


def test_a_selector_is_read_with_all_that_it_says() -> None:
    found = selectors('sum by (a) (rate(x_total{b=~"c", d="e"}[$__rate_interval])) / on (a) group_left () y offset 5m')

    assert found == [
        Selector("x_total", {"b": ("=~", "c"), "d": ("=", "e")}, "$__rate_interval", "rate"),
        Selector("y"),
    ]


@pytest.mark.parametrize("dashboard", dashboards.ALL, ids=lambda dashboard: dashboard.uid)
def test_a_dashboard_fits_into_a_config_map(dashboard: dashboards.Dashboard) -> None:
    text = dashboards.text(dashboard)

    assert json.loads(text) == dashboards.model(dashboard)
    assert len(text.encode()) < 1_000_000
