"""Dashboards keep the rules of grafana/dashboard-linter (docs/rules at 4d0844b, 2026-06-18).

The linter is a Go program that no registry serves; these are its rules for Prometheus, on the JSON that Grafana reads.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from components.observability import dashboards
from components.observability.dashboards import Dashboard
from tests.support.promql import selectors

UNITS = {"Bps", "bool_yes_no", "bytes", "none", "ops", "percent", "percentunit", "s", "short"}
"""Of Grafana's list (packages/grafana-data/src/valueFormats/categories.ts), those in use."""

RATES = {"rate", "irate", "increase"}
WITHOUT_JOB = {"teranode-overview": "recorded series have no job and no instance: they say so of a whole miner"}
"""Exclusions, each with its reason, as the linter asks for."""

each = pytest.mark.parametrize("dashboard", dashboards.ALL, ids=lambda dashboard: dashboard.uid)


def document(dashboard: Dashboard) -> Mapping[str, Any]:
    return json.loads(dashboards.text(dashboard))


def variables(dashboard: Dashboard) -> dict[str, Mapping[str, Any]]:
    return {variable["name"]: variable for variable in document(dashboard)["templating"]["list"]}


def targets(dashboard: Dashboard) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for panel in document(dashboard)["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target


@each
def test_the_data_source_can_be_chosen_and_every_panel_and_query_uses_the_choice(dashboard: Dashboard) -> None:
    source = variables(dashboard)["datasource"]

    assert (source["type"], source["query"], source["label"]) == ("datasource", "prometheus", "Data source")
    for panel in document(dashboard)["panels"]:
        assert panel["datasource"]["uid"] == "${datasource}"
    for title, target in targets(dashboard):
        assert target["datasource"]["uid"] == "${datasource}", title


@each
def test_variables_ask_something_readable_and_ask_again_when_the_time_changes(dashboard: Dashboard) -> None:
    for name, variable in variables(dashboard).items():
        if variable["type"] != "query":
            continue
        found = re.fullmatch(r"label_values\((.+), \w+\)", variable["query"])

        assert found, name
        assert selectors(found.group(1))
        assert (variable["refresh"], variable["datasource"]["uid"]) == (2, "${datasource}")


@each
def test_job_and_instance_can_be_chosen_and_every_selector_keeps_to_them(dashboard: Dashboard) -> None:
    if dashboard.uid in WITHOUT_JOB:
        assert all(":" in selector.metric for _, target in targets(dashboard) for selector in selectors(target["expr"]))
        return
    for name in ("job", "instance"):
        variable = variables(dashboard)[name]
        assert (variable["label"], variable["multi"], variable["allValue"]) == (name.title(), True, ".+")
        for title, target in targets(dashboard):
            for selector in selectors(target["expr"]):
                assert selector.matchers.get(name) == ("=~", f"${name}"), f"{title}: {selector.metric}"


@each
def test_a_panel_has_a_title_a_description_a_unit_and_something_to_draw(dashboard: Dashboard) -> None:
    panels = document(dashboard)["panels"]

    assert len({panel["title"] for panel in panels}) == len(panels)
    for panel in panels:
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["title"]
        assert panel["description"].endswith("."), panel["title"]
        assert defaults["unit"] in UNITS
        assert panel["targets"], panel["title"]


@each
def test_counters_are_drawn_as_rates_over_grafanas_own_window(dashboard: Dashboard) -> None:
    for title, target in targets(dashboard):
        for selector in selectors(target["expr"]):
            if selector.metric.endswith(("_total", "_count", "_sum")):
                assert selector.function in RATES, f"{title}: {selector.metric}"
            if selector.window:
                assert selector.window == "$__rate_interval", title


@each
def test_a_dashboard_is_not_edited_in_place_and_keeps_its_address(dashboard: Dashboard) -> None:
    model = document(dashboard)

    assert model["editable"] is False
    assert model["uid"] == dashboard.uid
    assert model["uid"].startswith("teranode-")
    assert len({one.uid for one in dashboards.ALL}) == len(dashboards.ALL)


@each
def test_panels_lie_side_by_side_and_never_over_each_other(dashboard: Dashboard) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in document(dashboard)["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken
        taken |= cells


def test_states_are_shown_by_name_wherever_a_state_is_drawn() -> None:
    for dashboard in dashboards.ALL:
        for panel in document(dashboard)["panels"]:
            states = any("fsm" in metric for target in panel["targets"] for metric in [target["expr"]])
            shown = panel["fieldConfig"]["defaults"]["mappings"]
            if states and panel["type"] != "stat":
                assert {option["text"] for option in shown[0]["options"].values()} >= {"IDLE", "RUNNING"}
