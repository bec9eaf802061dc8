"""What the CLI prints as JSON has the form that `ops` reads: a project of one output, in a file backend."""

import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ops.drift.noise import read_noise
from ops.drift.refresh import read_refresh
from ops.pulumi_cli import Change, PulumiCli, PulumiCliError

PROJECT = """\
name: answers
runtime: {{ name: python, options: {{ virtualenv: {prefix} }} }}
"""
PROGRAM = """\
import pulumi
pulumi.export("miners", {"miner-1": {"region": "eu-west-1"}})
pulumi.export("token", pulumi.Output.secret("hunter2"))
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PulumiCli:
    """An empty stack `dev` of a project that is one commit."""
    project, backend = tmp_path / "project", tmp_path / "backend"
    for folder in (project, backend):
        folder.mkdir()
    for name, value in {
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_BACKEND_URL": f"file://{backend}",
        "PULUMI_CONFIG_PASSPHRASE": "not-a-secret",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "GIT_CONFIG_GLOBAL": str(tmp_path / "no-git-configuration"),
    }.items():
        monkeypatch.setenv(name, value)
    (project / "Pulumi.yaml").write_text(PROJECT.format(prefix=sys.prefix))
    (project / "__main__.py").write_text(PROGRAM)
    found = PulumiCli.find("dev", project)
    subprocess.run([found.executable, "stack", "init", "dev", "--non-interactive"], cwd=project, check=True)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "--message", "One")
    return found


def git(project: Path, *arguments: str) -> str:
    program = shutil.which("git")
    assert program
    done = subprocess.run([program, *arguments], cwd=project, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def last(cli: PulumiCli) -> Change:
    found = cli.last_change()
    assert found is not None
    return found


def test_history_outputs_stacks_and_refreshes_are_read_as_the_cli_prints_them(cli: PulumiCli) -> None:
    commit = git(cli.project_dir, "rev-parse", "HEAD")
    assert cli.last_change() is None
    assert cli.exists()

    assert cli.update_all() == 0
    assert (last(cli).kind, last(cli).result, last(cli).commit) == ("update", "succeeded", commit)
    assert last(cli).end_time is not None
    assert cli.outputs() == {"miners": {"miner-1": {"region": "eu-west-1"}}, "token": "[secret]"}

    refreshed = read_refresh(cli.refresh_preview(), read_noise(date(2026, 12, 1)))
    assert (refreshed.changes, refreshed.noise) == ((), ())
    assert last(cli).kind == "update", "a look is no part of the history"

    (cli.project_dir / "__main__.py").write_text("raise RuntimeError\n")
    assert cli.update_all() != 0
    assert (last(cli).kind, last(cli).result, last(cli).commit) == ("update", "failed", None)
    git(cli.project_dir, "checkout", "--", ".")

    assert cli.destroy() == 0
    assert (last(cli).kind, last(cli).result, last(cli).commit) == ("destroy", "succeeded", commit)
    assert cli.remove() == 0
    assert not cli.exists()
    with pytest.raises(PulumiCliError, match="no stack named 'dev' found"):
        cli.last_change()
