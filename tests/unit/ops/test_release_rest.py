"""`ops release --rest`: what was merged comes first, and a release is not to blame for it."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import commands
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.release.stack_file import current_release, with_release
from ops.stacks import PROJECT_DIR
from simulator.graph import Graph
from simulator.values import JSON
from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi
from tests.support.proof import NEW, OLD
from tests.support.stacks import evaluated
from tests.unit.ops.test_promote import one_of, planned_by, step
from tests.unit.ops.test_release import END, synthetic, update
from tests.unit.simulator.deployments import deployment, resource, urn

ALL = f"up --yes --skip-preview --suppress-outputs {END}"
LEFT = f"preview --expect-no-changes --suppress-outputs {END}"
ZONE = urn("aws:route53/zone:Zone", "zone")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Testing, whose file names the new release already, as after the commit of a release."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(PROJECT_DIR / "Pulumi.testing.yaml", folder)
    file = folder / "Pulumi.testing.yaml"
    file.write_text(with_release(file, NEW))
    merged(monkeypatch, synthetic("v1"), synthetic("v2"))
    return folder


@pytest.fixture
def cli(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    found = fake_pulumi.install(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    found.answer("stack export", stdout=json.dumps(evaluated("testing").deployment))
    return found


def merged(monkeypatch: pytest.MonkeyPatch, before: Graph, after: Graph) -> None:
    """What there is, and what there will be: instead of an evaluation."""
    monkeypatch.setattr(commands, "planned", planned_by({"before": before, "after": after}))


def goes_well(cli: FakePulumi, *steps: dict[str, JSON]) -> None:
    cli.answer("preview --json", stdout=json.dumps({"steps": steps}))
    cli.answer("up ")
    cli.answer("preview")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["release", "testing", NEW, "--rest", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def done(cli: FakePulumi) -> list[str]:
    return [line for line in cli.command_lines if line.startswith(("up", "preview --expect"))]


def test_what_was_merged_is_applied_first_and_the_release_is_complete(
    cli: FakePulumi, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(monkeypatch, synthetic("v1"), synthetic("v2", zone="b"))
    goes_well(cli)
    code, stdout, stderr = run("--yes")

    assert code == ExitCode.CLEAN, stderr
    assert done(cli) == [ALL, update("miner-1"), update("miner-2"), LEFT]
    assert "besides the release" in stdout
    assert current_release(project / "Pulumi.testing.yaml") == NEW


def test_what_the_providers_add_to_the_evaluation_is_applied_first_too(cli: FakePulumi) -> None:
    goes_well(cli, step(ZONE, "update"))

    assert run("--yes")[0] == ExitCode.CLEAN
    assert done(cli) == [ALL, update("miner-1"), update("miner-2"), LEFT]


def test_with_nothing_merged_it_is_a_release_and_no_more(cli: FakePulumi) -> None:
    goes_well(cli)

    assert run("--yes")[0] == ExitCode.CLEAN
    assert done(cli) == [update("miner-1"), update("miner-2"), LEFT]


def test_what_was_merged_and_fails_keeps_the_release_from_being_tried(cli: FakePulumi, project: Path) -> None:
    cli.answer("preview --json", stdout=json.dumps({"steps": [step(ZONE, "update")]}))
    cli.answer("up ", code=255)
    code, stdout, _ = run("--yes")

    assert (code, done(cli)) == (ExitCode.FINDINGS, [ALL])
    assert "Stopped before the release began" in stdout
    assert current_release(project / "Pulumi.testing.yaml") == OLD, "it was applied on the release that runs"


def test_a_loss_that_the_providers_alone_see_is_refused(cli: FakePulumi, project: Path) -> None:
    goes_well(cli, step(one_of("testing", "aws:s3/bucket:Bucket"), "replace"))
    code, _, stderr = run("--yes")

    assert (code, done(cli)) == (ExitCode.USAGE, [])
    assert "the providers would replace" in stderr
    assert current_release(project / "Pulumi.testing.yaml") == NEW, "untouched"


def test_a_loss_that_the_evaluation_sees_is_refused(cli: FakePulumi, monkeypatch: pytest.MonkeyPatch) -> None:
    merged(monkeypatch, Graph(deployment(resource("aws:s3/bucket:Bucket", "bucket"))), Graph(deployment()))
    goes_well(cli)
    code, _, stderr = run("--yes")

    assert (code, done(cli)) == (ExitCode.USAGE, [])
    assert "what is to leave is announced first" in stderr


def test_without_a_yes_or_dry_nothing_is_applied(cli: FakePulumi) -> None:
    goes_well(cli, step(ZONE, "update"))

    assert run("--dry-run")[0] == ExitCode.CLEAN
    assert run()[0] == ExitCode.USAGE
    assert run("--only-write")[0] == ExitCode.USAGE
    assert done(cli) == []
