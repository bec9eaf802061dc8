"""`ops status`: the outputs of a stack, from a recorded state or from the CLI (here a synthetic one)."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from ops.stacks import PROJECT_DIR
from simulator import simulate
from simulator.values import JSON
from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi
from tests.support.stacks import ROOT, evaluated, stack_file


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["status", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    return fake_pulumi.install(tmp_path / "bin", monkeypatch)


def exported(folder: Path, stack: str) -> str:
    file = folder / "state.json"
    file.write_text(json.dumps(evaluated(stack).deployment))
    return str(file)


def test_a_recorded_state_shows_every_miner_and_how_to_reach_it(tmp_path: Path) -> None:
    code, stdout, _ = run("testing", "--state", exported(tmp_path, "testing"))
    miners = evaluated("testing").exports["miners"]

    assert code == ExitCode.CLEAN
    assert isinstance(miners, dict)
    for name, miner in miners.items():
        assert isinstance(miner, dict)
        [row] = [line for line in stdout.splitlines() if line.startswith(f"{name} ")]
        assert str(miner["region"]) in row
        assert str(miner["peerId"]) in row
        assert f"  {name}  {miner['rpcCommand']}" in stdout.splitlines()


def test_a_private_region_shows_its_tunnel(tmp_path: Path) -> None:
    _, stdout, _ = run("mainnet", "--state", exported(tmp_path, "mainnet"))

    assert "aws ssm start-session" in stdout


def test_an_address_that_never_confirmed_is_said_where_one_is_told_of_alarms(tmp_path: Path) -> None:
    _, private, _ = run("mainnet", "--state", exported(tmp_path, "mainnet"))
    _, shared, _ = run("testing", "--state", exported(tmp_path, "testing"))

    assert "Nobody is told of alarms of eu-west-1" in private
    assert "Nobody is told" not in shared


def test_it_shows_who_outside_may_read_what(tmp_path: Path) -> None:
    path = stack_file(tmp_path, "mainnet", "mainnet", distribution={"testers": ["555566667777"]})
    file = tmp_path / "state.json"
    file.write_text(json.dumps(simulate(path, project_dir=ROOT).deployment))
    _, stdout, _ = run("mainnet", "--state", str(file))

    assert "To read for the accounts 555566667777" in stdout
    assert "  teranode  444455556666.dkr.ecr.eu-west-1.amazonaws.com/mainnet/teranode" in stdout
    assert "  binaries  s3://distribution-objects-bucket-releases-" in stdout


def test_json_is_the_outputs_of_a_stated_format(tmp_path: Path) -> None:
    _, stdout, _ = run("testing", "--state", exported(tmp_path, "testing"), "--json")
    document = json.loads(stdout)

    assert (document["format"], document["stack"], document["release"]) == (1, "testing", "v0.14.4")
    assert document["miners"]["miner-1"]["namespace"] == "miner-1"


def test_without_a_state_the_cli_is_asked_in_the_project(cli: FakePulumi) -> None:
    cli.answer("stack output", stdout=json.dumps(dict(evaluated("testing").exports)))
    code, stdout, _ = run("testing")

    assert code == ExitCode.CLEAN
    assert "miner-3" in stdout
    assert cli.command_lines == ["stack output --json --stack testing --non-interactive --color never"]
    assert cli.calls[0]["folder"] == str(PROJECT_DIR)


def test_without_a_cli_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, stdout, stderr = run("testing")

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "no pulumi CLI on the PATH" in stderr
    assert "--state" in stderr


def test_what_the_cli_says_is_passed_on(cli: FakePulumi) -> None:
    cli.answer("stack output", stderr="error: no stack named 'testing' found\n", code=255)
    code, _, stderr = run("testing")

    assert code == ExitCode.USAGE
    assert "no stack named 'testing' found" in stderr
    assert "pulumi login" in stderr


def test_a_stack_that_never_finished_an_update_is_said(cli: FakePulumi) -> None:
    cli.answer("stack output", stdout="{}")
    code, _, stderr = run("testing")

    assert code == ExitCode.USAGE
    assert "has no outputs" in stderr


def test_outputs_of_an_older_version_are_named(cli: FakePulumi) -> None:
    outputs: dict[str, JSON] = {**evaluated("testing").exports, "miners": {"miner-1": {"peerId": "x"}}}
    cli.answer("stack output", stdout=json.dumps(outputs))
    code, _, stderr = run("testing")

    assert code == ExitCode.USAGE
    assert "miners.miner-1.namespace" in stderr
    assert "pulumi up" in stderr


def test_the_state_of_another_stack_is_refused(tmp_path: Path) -> None:
    code, _, stderr = run("mainnet", "--state", exported(tmp_path, "testing"))

    assert code == ExitCode.USAGE
    assert "is of stack 'testing', not of 'mainnet'" in stderr


@pytest.mark.parametrize("content", ["not json", "[]", '{"version": 3, "deployment": {}}'])
def test_a_file_that_holds_no_stack_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    code, _, stderr = run("testing", "--state", str(file))

    assert code == ExitCode.USAGE
    assert str(file) in stderr
