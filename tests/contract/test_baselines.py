"""What `baselines` does with a stack that cannot be read: the others keep their comment, which names it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi
from tests.support.stacks import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"
STATE = json.dumps({"version": 3, "deployment": {"resources": []}})
LISTED = json.dumps([{"name": "organization/teranode-infra/dev"}])


@pytest.fixture
def pulumi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    """Beside all other programs; and this project's commands where a job has them."""
    path = os.environ["PATH"]
    made = fake_pulumi.install(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("PATH", f"{made.folder}:{path}")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return made


def export(folder: Path, *, logged_in: bool = True) -> tuple[int, dict[str, str]]:
    """The step's exit code, and the files that become the artefact."""
    steps = yaml.safe_load((WORKFLOWS / "baselines.yml").read_text())["jobs"]["export"]["steps"]
    (step,) = (one for one in steps if one.get("name") == "Export and redact")
    environment = {"STACK": "dev", "LOGGED_IN": str(logged_in).lower(), "RUNNER_TEMP": str(folder)}
    done = subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    redacted = folder / "redacted"
    return done.returncode, {file.name: file.read_text().strip() for file in redacted.iterdir()}


def exported(pulumi: FakePulumi, folder: Path, state: str) -> None:
    """`pulumi stack export --file` writes; the synthetic one only prints."""
    pulumi.answer("stack ls", stdout=LISTED)
    pulumi.answer("stack export")
    (folder / "export.json").write_text(state)


def test_a_state_is_redacted_and_published(pulumi: FakePulumi, tmp_path: Path) -> None:
    exported(pulumi, tmp_path, STATE)
    code, files = export(tmp_path)

    assert (code, list(files)) == (0, ["dev.json"])
    assert not (tmp_path / "export.json").exists()


def test_without_credentials_or_a_stack_or_a_state_it_says_so_and_ends_well(pulumi: FakePulumi, tmp_path: Path) -> None:
    assert export(tmp_path, logged_in=False) == (
        0,
        {"dev.missing": "its preview role could not be taken, or its state not be found: has ops bootstrap made them?"},
    )
    assert pulumi.calls == []

    pulumi.answer("stack ls", stdout="[]", once=True)
    assert export(tmp_path) == (0, {"dev.missing": "there is no such stack yet (pulumi stack init)"})

    pulumi.answer("stack ls", stdout=LISTED)
    pulumi.answer("stack export", stderr="error: no key\n", code=255)
    assert export(tmp_path) == (0, {"dev.missing": "its state cannot be read"})


def test_what_cannot_be_redacted_is_not_published_and_fails(pulumi: FakePulumi, tmp_path: Path) -> None:
    exported(pulumi, tmp_path, "no state")
    code, files = export(tmp_path)

    assert (code != 0, files) == (True, {})


def test_one_stack_that_fails_takes_the_comment_from_nobody() -> None:
    baselines, preview, comment = (
        yaml.safe_load((WORKFLOWS / f"{name}.yml").read_text())["jobs"]
        for name in ("baselines", "preview", "preview-comment")
    )
    export = baselines["export"]
    assert export["strategy"]["fail-fast"] is False
    (state,) = (step for step in export["steps"] if step.get("id") == "state")
    assert state["continue-on-error"] is True

    assert preview["evaluate"]["if"] == "${{ !cancelled() }}"
    assert "needs.baselines.result == 'success'" not in json.dumps(preview)
    assert json.dumps(preview).count("--asked") == 2
    assert "conclusion == 'success'" not in comment["comment"]["if"]
