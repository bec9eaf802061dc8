"""`ops release` with the ordinary CLI and the real engine, in a simulated account."""

import json
import subprocess
import sys
from pathlib import Path

from ops.attest.attestation import resources
from ops.attest.content import content
from ops.exit_codes import ExitCode
from ops.release.stack_file import current_release
from ops.stacks import StackFile
from tests.engine.conftest import IRELAND, SimulatedShell, open_shell

CLUSTER = "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster"
MINERS = "{ miner-1: { region: eu-west-1 }, miner-2: { region: eu-west-1 } }"


def release(
    shell: SimulatedShell, version: str, faults: Path | None = None, *options: str
) -> subprocess.CompletedProcess[str]:
    more = {"TERANODE_SIM_FAULTS": str(faults)} if faults else {}
    return subprocess.run(
        [sys.executable, "-m", "ops", "release", "dev", version, "--yes", *options],
        cwd=shell.checkout,
        env={**shell.environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def images(shell: SimulatedShell) -> dict[str, str]:
    """The tag of each miner's `Cluster`, as the engine recorded it."""
    found = [row for row in shell.state()["resources"] if row["type"] == CLUSTER]
    return {row["inputs"]["metadata"]["namespace"]: row["inputs"]["spec"]["image"].rpartition(":")[2] for row in found}


def outputs(shell: SimulatedShell) -> dict[str, object]:
    return json.loads(shell.pulumi("stack", "output", "--json").stdout)


def test_a_release_stops_at_the_gate_that_fails_and_goes_on_from_there(tmp_path: Path) -> None:
    shell = open_shell(tmp_path / "shell", IRELAND)
    shell.write_stack_file(IRELAND, miners=MINERS)
    created = shell.pulumi("up", "--yes", "--skip-preview")
    assert created.returncode == 0, created.stdout + created.stderr
    faults = tmp_path / "faults.yaml"
    faults.write_text(
        "faults: [{type: 'kubernetes:batch/v1:Job', name: miner-1-release-gate-job, nth: 1, operation: create, "
        "error: {code: BackoffLimitExceeded, message: validator does not run the release}}]",
        encoding="utf-8",
    )

    stopped = release(shell, "v0.15.0", faults)
    assert stopped.returncode == ExitCode.FINDINGS, stopped.stdout + stopped.stderr
    assert "Stopped at miner-1" in stopped.stdout
    assert "Not touched: miner-2" in stopped.stdout
    assert "validator does not run the release" in stopped.stderr
    assert images(shell) == {"miner-1": "v0.15.0", "miner-2": "v0.14.4"}

    repeated = release(shell, "v0.15.0", faults)
    assert repeated.returncode == ExitCode.CLEAN, repeated.stdout + repeated.stderr
    assert images(shell) == {"miner-1": "v0.15.0", "miner-2": "v0.15.0"}
    assert current_release(tmp_path / "shell" / "project" / "Pulumi.dev.yaml") == "v0.15.0"
    assert outputs(shell)["release"] == "v0.15.0"

    # What was merged meanwhile is applied before the next release, and the state is then all that the program makes.
    file = tmp_path / "shell" / "project" / "Pulumi.dev.yaml"
    file.write_text(file.read_text().replace("198.51.100.0/24", "198.51.101.0/24"))
    whole = release(shell, "v0.15.1", None, "--rest")
    assert whole.returncode == ExitCode.CLEAN, whole.stdout + whole.stderr
    assert "besides the release" in whole.stdout
    assert images(shell) == {"miner-1": "v0.15.1", "miner-2": "v0.15.1"}
    made = content(StackFile("dev", file), shell.checkout)
    state = resources({"version": 3, "deployment": shell.state()})
    kinds = {*made.resources, *state}
    assert {kind: (made.resources[kind], state[kind]) for kind in kinds if made.resources[kind] != state[kind]} == {}
    assert made.release == "v0.15.1"
