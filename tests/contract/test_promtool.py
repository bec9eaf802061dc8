"""Prometheus' own tool reads the rules and runs their unit tests, where it is on the PATH.

`promtool` comes with every release of Prometheus. What needs no tool, that expressions can be read and name only what
is exported and recorded, is tested beside this file.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from components.observability import alerts, recorded
from components.observability.alert import Chain
from components.observability.alert import groups as group_file
from components.observability.store_alerts import STORE_ALERTS
from tests.support.builders import placement

PROMTOOL = shutil.which("promtool")
TESTS = Path(__file__).parent / "data" / "rules"
REGIONS = ("eu-west-1", "us-east-1")

needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="no promtool on the PATH")


def written(folder: Path) -> Path:
    """Rules and unit tests in one folder, as promtool wants them."""
    rules = [
        ("nodes", alerts.node_alerts(Chain(private=True, stalled_after="30m"))),
        ("stores", STORE_ALERTS),
        ("clusters", alerts.CLUSTER_ALERTS),
        *((f"region-{region}", (alerts.region_alert(region),)) for region in REGIONS),
    ]
    files = [group_file(name, members, placement())["groups"] for name, members in rules]
    groups = [group for file in files if isinstance(file, list) for group in file]
    (folder / "recorded.yaml").write_text(yaml.safe_dump(recorded.rules()))
    (folder / "alerts.yaml").write_text(yaml.safe_dump({"groups": groups}))
    for test in TESTS.glob("*_test.yaml"):
        shutil.copy(test, folder)
    return folder


def promtool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    assert PROMTOOL
    return subprocess.run([PROMTOOL, *arguments], cwd=folder, capture_output=True, text=True, check=False)


@needs_promtool
@pytest.mark.parametrize("rules", ["recorded.yaml", "alerts.yaml"])
def test_prometheus_can_read_the_rules(rules: str, tmp_path: Path) -> None:
    done = promtool(written(tmp_path), "check", "rules", rules)

    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
@pytest.mark.parametrize("test", sorted(path.name for path in TESTS.glob("*_test.yaml")))
def test_rules_say_what_they_should_of_series_over_time(test: str, tmp_path: Path) -> None:
    done = promtool(written(tmp_path), "test", "rules", test)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_seen_firing_in_the_unit_tests() -> None:
    fired = set(re.findall(r'alertname="(\w+)"', (TESTS / "alerts_test.yaml").read_text()))
    rules = (
        *alerts.node_alerts(Chain(private=True, stalled_after="30m")),
        *STORE_ALERTS,
        *alerts.CLUSTER_ALERTS,
        alerts.region_alert("eu-west-1"),
    )

    assert fired == {alert.name for alert in rules}
