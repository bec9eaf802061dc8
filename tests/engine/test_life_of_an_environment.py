"""One environment from its first ``up`` to its end, under the real engine.

One test, because each station needs the one before: split up, every station would pay for all those before it.
"""

from pathlib import Path

from tests.engine.conftest import IRELAND, VIRGINIA, open_shell, succeeds
from tests.support.shipped_stacks import SHIPPED_FILES
from tests.support.stacks import ROOT


def test_an_environment_comes_up_changes_grows_and_is_destroyed_to_nothing(tmp_path: Path) -> None:
    shell = open_shell(tmp_path, IRELAND)

    first_up = succeeds(shell, "up", "--yes", "--skip-preview")
    warnings = {line.split("warning: ", 1)[1] for line in first_up.splitlines() if "warning: " in line}
    assert all("is not known offline" in warning for warning in warnings), "the engine itself warns of something"
    succeeds(shell, "preview", "--expect-no-changes", "--policy-pack", "policies")
    succeeds(shell, "refresh", "--yes", "--skip-preview", "--expect-no-changes")

    shell.write_stack_file(IRELAND, release="v0.15.0")
    gone = [urn for step, urns in shell.steps().items() if step not in {"same", "create", "update"} for urn in urns]
    assert {urn.rsplit("::", 1)[-1] for urn in gone} == {"miner-1-release-gate-job"}, "a new release replaces more"

    shell.write_stack_file(IRELAND, VIRGINIA)
    assert set(shell.steps()) == {"same", "create"}, "a new region changes what exists"
    succeeds(shell, "up", "--yes", "--skip-preview")

    succeeds(shell, "destroy", "--yes", "--skip-preview")
    assert [f"{thing.token} {thing.id}" for thing in shell.world()] == []

    files = {path.name: path.read_bytes() for path in shell.checkout.glob("Pulumi*.yaml")}
    assert set(files) == SHIPPED_FILES
    assert files == {name: (ROOT / name).read_bytes() for name in files}, "the CLI rewrote files of the project"
