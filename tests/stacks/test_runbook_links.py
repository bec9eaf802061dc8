"""Who is told of something follows a link, where the environment says in which folder its pages are read."""

import json
import re
from collections.abc import Iterator, Mapping

from components.runbook import RUNBOOK
from simulator import Simulation, simulate
from tests.stacks.test_mining import environment
from tests.support.stacks import ROOT, evaluated

PAGES = "https://github.com/example/teranode-infra/blob/main/"


def named(simulation: Simulation) -> Mapping[str, set[str]]:
    """How the runbook is named, by the types of resources that name it."""
    found: dict[str, set[str]] = {}
    for kind, how in _each(simulation):
        found.setdefault(kind, set()).add(how)
    return found


def _each(simulation: Simulation) -> Iterator[tuple[str, str]]:
    for resource in simulation.resources:
        for how in re.findall(rf"[\w:/.-]*{re.escape(RUNBOOK)}(?=#)", json.dumps(resource.inputs)):
            yield resource.type, how


def test_every_alert_alarm_and_event_has_a_link() -> None:
    notifications = {"email": "oncall@example.org", "pages": PAGES}
    with environment("mining", notifications=notifications) as file:
        links = named(simulate(file, project_dir=ROOT))

    assert set(links) == {
        "aws:amp/ruleGroupNamespace:RuleGroupNamespace",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:cloudwatch/metricAlarm:MetricAlarm",
    }
    assert {how for found in links.values() for how in found} == {PAGES + RUNBOOK}


def test_without_a_folder_they_have_the_path_in_the_repository() -> None:
    assert {how for found in named(evaluated("mainnet")).values() for how in found} == {RUNBOOK}
