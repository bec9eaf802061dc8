"""A project's folder under git, with the stack files of this one and a synthetic pulumi executable beside git."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import fake_pulumi
from tests.support.fake_pulumi import FakePulumi
from tests.support.stacks import ROOT

_AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class GitProject:
    """The folder, and the executable on the PATH."""

    folder: Path
    pulumi: FakePulumi
    _git: str

    def git(self, *arguments: str) -> str:
        command = [self._git, *_AUTHOR, *arguments]
        return subprocess.run(command, cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, message: str = "change", *, reviewed: bool = True) -> str:
        """All that there is, and the id of the commit; if it was reviewed, ``origin/main`` has it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        if reviewed:
            self.git("update-ref", "refs/remotes/origin/main", "HEAD")
        return self.git("rev-parse", "HEAD")

    def history(self, commit: str, *, end: str, **changed: object) -> None:
        """What the executable says of the last update; git's keys as the CLI writes them."""
        environment: Mapping[str, str] = {"git.head": commit, "git.dirty": "false"}
        entry = {"kind": "update", "result": "succeeded", "endTime": end, "environment": environment, **changed}
        self.pulumi.answer("stack history", stdout=json.dumps([entry]))


def git_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> GitProject:
    """A first commit with the stack files of both tiers and the locked packages."""
    git = shutil.which("git")
    assert git, "git is needed to work on this project at all"
    pulumi = fake_pulumi.install(folder / "bin", monkeypatch)
    (folder / "bin" / "git").symlink_to(git)
    project = folder / "project"
    project.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.testing.yaml", "Pulumi.mainnet.yaml", "requirements.txt"):
        shutil.copy(ROOT / name, project)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / "no-git-configuration"))
    made = GitProject(project, pulumi, git)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit()
    return made
