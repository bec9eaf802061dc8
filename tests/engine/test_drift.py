"""`ops drift` with the ordinary CLI and the real engine: somebody changes the simulated account by hand."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from ops.exit_codes import ExitCode
from simulator.world import Thing, World
from tests.engine.conftest import IRELAND, SimulatedShell, open_shell, succeeds

GROUP = "aws:cloudwatch/logGroup:LogGroup"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
NODES = "aws:eks/nodeGroup:NodeGroup"


def drift(shell: SimulatedShell, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without the sweep: nothing stands in for AWS's own list of tags here."""
    return subprocess.run(
        [sys.executable, "-m", "ops", "drift", "dev", "--without-sweep", *arguments],
        cwd=shell.checkout,
        env=dict(shell.environment),
        capture_output=True,
        text=True,
        check=False,
    )


def first(things: list[Thing], token: str) -> Thing:
    return next(thing for thing in things if thing.token == token)


def by_hand(shell: SimulatedShell) -> tuple[Thing, Thing]:
    """Change one thing, delete another, scale a pool; the first two are returned."""
    with World(shell.root / "world.sqlite").transaction() as view:
        things = view.everything()
        group, alarm, nodes = first(things, GROUP), first(things, ALARM), first(things, NODES)
        shorter = {"retentionInDays": 1}
        view.put(replace(group, inputs={**group.inputs, **shorter}, outputs={**group.outputs, **shorter}))
        view.remove(alarm)
        scaled = {"scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2}}
        view.put(replace(nodes, inputs={**nodes.inputs, **scaled}, outputs={**nodes.outputs, **scaled}))
    return group, alarm


def test_what_somebody_changed_is_found_and_what_scales_by_itself_is_not(tmp_path: Path) -> None:
    shell = open_shell(tmp_path / "shell", IRELAND)
    succeeds(shell, "up", "--yes", "--skip-preview")
    clean = drift(shell)
    assert clean.returncode == ExitCode.CLEAN, clean.stdout + clean.stderr
    before = shell.state()

    group, alarm = by_hand(shell)
    found = drift(shell, "--json")

    assert found.returncode == ExitCode.FINDINGS, found.stdout + found.stderr
    document = json.loads(found.stdout)
    assert {(one["urn"], one["gone"], *one["paths"]) for one in document["changes"]} == {
        (group.urn, False, "retentionInDays"),
        (alarm.urn, True),
    }
    assert [one["paths"] for one in document["noise"]] == [["scalingConfig.desiredSize"]]
    assert shell.state()["resources"] == before["resources"], "it has changed the state"
