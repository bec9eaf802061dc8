"""The ordinary Pulumi CLI in a simulated shell; without a CLI on the PATH this tier is skipped, visibly."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator import shell
from simulator.world import Thing, World
from tests.support.shipped_stacks import shipped_project

NO_CLI = "no Pulumi CLI on the PATH: install one to run the program under the real engine"
PLAIN = ("--non-interactive", "--color", "never")

STACK_FILE = """\
config:
  pulumi:disable-default-providers: ["*"]
  teranode-infra:account: "111122223333"
  teranode-infra:owner: devops@example.org
  teranode-infra:tier: testing
  teranode-infra:chain: regtest
  teranode-infra:release: v0.14.4
  teranode-infra:home: eu-west-1
  teranode-infra:access: {{ deployRole: arn:aws:iam::111122223333:role/deploy, \
adminRole: arn:aws:iam::111122223333:role/admin, apiCidrs: [198.51.100.0/24] }}
  teranode-infra:regions: {{ {regions} }}
  teranode-infra:miners: {{ miner-1: {{ region: eu-west-1 }} }}
"""
IRELAND = "eu-west-1: { cidr: 10.96.0.0/16 }"
VIRGINIA = "us-east-1: { cidr: 10.97.0.0/16 }"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests, and skip them where they cannot run."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.skipif(shutil.which("pulumi") is None, reason=NO_CLI))


@dataclass(frozen=True)
class SimulatedShell:
    """A prepared shell of one stack called ``dev``."""

    root: Path
    environment: Mapping[str, str]

    def pulumi(self, *arguments: str, faults: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the CLI and wait for its end."""
        more = {"TERANODE_SIM_FAULTS": str(faults)} if faults else {}
        return subprocess.run(
            ["pulumi", *arguments, *PLAIN],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            check=False,
        )

    def steps(self) -> dict[str, list[str]]:
        """What the next ``up`` would do: URNs by operation."""
        shown = self.pulumi("preview", "--json")
        assert shown.returncode == 0, shown.stdout + shown.stderr
        found: dict[str, list[str]] = {}
        for step in json.loads(shown.stdout)["steps"]:
            found.setdefault(step["op"], []).append(step["urn"])
        return found

    def write_stack_file(self, *regions: str, stores: str = "", **values: str) -> None:
        """Write the stack file of ``dev`` into the working copy, keeping the salt of its state.

        ``stores`` are further lines of it; ``values`` replace what stands behind their keys.
        """
        path = self.root / "project" / "Pulumi.dev.yaml"
        salt = [line for line in path.read_text().splitlines() if "encryptionsalt" in line] if path.exists() else []
        text = STACK_FILE.format(regions=", ".join(regions)) + stores
        for old, new in values.items():
            text = text.replace(f"{old}: ", f"{old}: {new} #")
        path.write_text("\n".join([text, *salt]), encoding="utf-8")

    @property
    def checkout(self) -> Path:
        """The project that the shell was prepared from."""
        return self.root / "checkout"

    def world(self) -> list[Thing]:
        """All that exists in the simulated account."""
        with World(self.root / "world.sqlite").transaction() as view:
            return view.everything()

    def state(self) -> dict[str, Any]:
        """The stack as the engine exports it."""
        return json.loads(self.pulumi("stack", "export").stdout)["deployment"]


def open_shell(root: Path, *regions: str, stores: str = "") -> SimulatedShell:
    """Prepare a shell in ``root`` with an empty stack ``dev`` of these regions."""
    checkout = shipped_project(root / "checkout")
    environment = shell.merged(shell.prepare(root, checkout), os.environ)
    opened = SimulatedShell(root, environment)
    opened.write_stack_file(*regions, stores=stores)
    created = opened.pulumi("stack", "init", "dev")
    assert created.returncode == 0, created.stderr
    return opened


def succeeds(shell: SimulatedShell, *arguments: str) -> str:
    """Run a command of the CLI that must succeed, and return what it printed."""
    done = shell.pulumi(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
