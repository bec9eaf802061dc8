"""The engine itself dies in the middle of an `up`, and docs/runbooks/locked-state.md is followed."""

import json
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path

from ops.preflight.checks import Verdict
from ops.preflight.pending import pending_checks
from simulator.world import World
from tests.engine.conftest import IRELAND, PLAIN, SimulatedShell, open_shell, succeeds

VPC = "aws:ec2/vpc:Vpc"
CLUSTER = "aws:eks/cluster:Cluster"
AS_SLOW_AS_AWS = "1"
SECONDS_FOR_A_CLUSTER = "0.01"


def up_until_there_is(token: str, shell: SimulatedShell, speed: str) -> None:
    """Kill the engine, and nothing but the engine, while AWS makes the first thing of this type."""
    command = ["pulumi", "up", "--yes", "--skip-preview", *PLAIN]
    environment = {**shell.environment, "TERANODE_SIM_SPEED": speed}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        seen = (any(thing.token == token for thing in shell.world()) for _ in engine.stdout)
        assert any(seen), f"the update ended without any {token}"
        engine.kill()


def unlock(shell: SimulatedShell) -> None:
    locked = shell.pulumi("up", "--yes", "--skip-preview")
    assert locked.returncode != 0
    assert "the stack is currently locked by 1 lock(s)" in locked.stdout + locked.stderr
    succeeds(shell, "cancel", "--yes")


def commands(shell: SimulatedShell) -> dict[str, str]:
    """By URN, what preflight would have somebody run about what broke off."""
    checks = pending_checks("dev", {"version": 3, "deployment": shell.state()})
    return {check.subject: check.command for check in checks if check.verdict is Verdict.FAILS}


def ids(shell: SimulatedShell) -> Mapping[str, str]:
    return {thing.urn: thing.id for thing in shell.world()}


def recorded(shell: SimulatedShell) -> set[str]:
    return {row["urn"] for row in shell.state()["resources"]}


def tell_how_the_cluster_was_made(shell: SimulatedShell) -> None:
    """What docs/runbooks/lost-state.md has jq do after the import of a cluster."""
    file = shell.root / "imported.json"
    succeeds(shell, "stack", "export", "--file", str(file))
    document = json.loads(file.read_text())
    [cluster] = [row for row in document["deployment"]["resources"] if row["type"] == CLUSTER]
    for properties in (cluster["inputs"], cluster["outputs"]):
        properties["bootstrapSelfManagedAddons"] = False
        properties["accessConfig"]["bootstrapClusterCreatorAdminPermissions"] = False
    file.write_text(json.dumps(document), encoding="utf-8")
    succeeds(shell, "stack", "import", "--file", str(file))


def test_an_up_whose_engine_was_killed_goes_on_after_the_steps_of_the_runbook(tmp_path: Path) -> None:
    shell = open_shell(tmp_path, IRELAND)
    up_until_there_is(CLUSTER, shell, SECONDS_FOR_A_CLUSTER)
    unlock(shell)

    named, existing = commands(shell), ids(shell)
    strays = set(existing) - recorded(shell)
    assert strays
    assert strays <= set(named), "preflight does not name what no state knows"
    for urn in strays:
        _, *words = shlex.split(named[urn].replace("<id>", existing[urn]))
        succeeds(shell, *words, "--yes", "--skip-preview")
    succeeds(shell, "refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert commands(shell) == {}
    tell_how_the_cluster_was_made(shell)
    assert set(shell.steps()) <= {"same", "create", "update"}, "what was imported would be replaced"
    succeeds(shell, "up", "--yes", "--skip-preview")

    with World(shell.root / "world.sqlite").transaction() as view:
        assert {urn for urn in recorded(shell) if view.creations(urn) > 1} == set()
    assert set(ids(shell)) <= recorded(shell)
    assert [row["urn"] for row in shell.state()["resources"] if row.get("protect")] == []


def test_the_import_that_a_refresh_offers_forgets_the_creation(tmp_path: Path) -> None:
    """Of the engine, not of this project: when this fails, the runbook can have the shorter way back."""
    shell = open_shell(tmp_path, IRELAND)
    up_until_there_is(VPC, shell, AS_SLOW_AS_AWS)
    unlock(shell)
    [vpc] = [thing for thing in shell.world() if thing.token == VPC]
    assert vpc.urn in commands(shell)

    offered = [f"--import-pending-creates={word}" for word in (vpc.urn, vpc.id)]
    succeeds(shell, "refresh", "--yes", "--skip-preview", *offered)

    assert vpc.urn not in commands(shell)
    assert vpc.urn not in recorded(shell)
