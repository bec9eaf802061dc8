"""`.github/commit.sh`, by which workflows commit to main: with git itself, and somebody who pushes at the same time."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.stacks import ROOT

SCRIPT = ROOT / ".github" / "commit.sh"
AUTHOR = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *AUTHOR, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


@dataclass(frozen=True)
class Hub:
    """A repository, a checkout of its main branch as jobs have it, and the clone of somebody else."""

    bare: Path
    job: Path
    other: Path

    def commit(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(SCRIPT), "Release v2", *command],
            cwd=self.job,
            env={
                **os.environ,
                "TOKEN": "secret",
                "GITHUB_SERVER_URL": "https://github.example",
                "GITHUB_REPOSITORY": "hub.git",
                "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": f"url.file://{self.bare.parent}/.insteadOf",
                "GIT_CONFIG_VALUE_0": "https://x-access-token:secret@github.example/",
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def says(self, name: str) -> str:
        return git(self.bare, "show", f"main:{name}").strip()

    @property
    def messages(self) -> Sequence[str]:
        return git(self.bare, "log", "--format=%s", "main").splitlines()


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    bare, other = tmp_path / "hub.git", tmp_path / "other"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch", "main", str(bare))
    git(tmp_path, "clone", "--quiet", str(bare), str(other))
    git(other, "checkout", "--quiet", "-B", "main")
    for name in ("stack", "theirs"):
        (other / name).write_text("v1\n")
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "--message", "first")
    git(other, "push", "--quiet", "origin", "main")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{bare}", str(tmp_path / "job"))
    return Hub(bare, tmp_path / "job", other)


RELEASE = "echo v2 > stack"


def while_others_push(hub: Hub, times: int) -> str:
    """The same release, and so often somebody who was faster."""
    push = "git -c user.name=o -c user.email=o@x commit --quiet --all --message theirs && git push --quiet origin main"
    return (
        f'{RELEASE}; n=$(cat "{hub.bare}/n" 2> /dev/null || true); [ "${{#n}}" = {times} ] && exit 0; '
        f'printf x >> "{hub.bare}/n"; cd "{hub.other}"; git pull --quiet; printf x >> theirs; {push}'
    )


def test_a_change_is_committed_and_pushed(hub: Hub) -> None:
    done = hub.commit("bash", "-ec", RELEASE)

    assert done.returncode == 0, done.stderr
    assert (hub.says("stack"), hub.messages) == ("v2", ["Release v2", "first"])
    assert git(hub.job, "rev-parse", "HEAD") == git(hub.bare, "rev-parse", "main"), "from here it is rolled out"


@pytest.mark.parametrize("times", [1, 4])
def test_who_loses_the_race_starts_again_from_what_the_other_pushed(hub: Hub, times: int) -> None:
    done = hub.commit("bash", "-ec", while_others_push(hub, times))

    assert done.returncode == 0, done.stderr
    assert hub.says("stack") == "v2"
    assert hub.says("theirs").endswith("x" * times)
    assert hub.messages == ["Release v2", *["theirs"] * times, "first"]


def test_what_never_gets_through_is_a_failure_that_says_what_is_not_done(hub: Hub) -> None:
    done = hub.commit("bash", "-ec", while_others_push(hub, 99))

    assert done.returncode == 1
    assert '"Release v2" is not done' in done.stderr
    assert hub.says("stack") == "v1"
    assert "secret" not in done.stderr


def test_where_the_other_changed_the_same_line_the_release_is_what_main_says_in_the_end(hub: Hub) -> None:
    (hub.other / "stack").write_text("v1.1\n")
    git(hub.other, "commit", "--quiet", "--all", "--message", "theirs")
    git(hub.other, "push", "--quiet", "origin", "main")

    assert hub.commit("bash", "-ec", RELEASE).returncode == 0
    assert (hub.says("stack"), hub.messages) == ("v2", ["Release v2", "theirs", "first"])


def test_what_main_says_already_is_no_commit(hub: Hub) -> None:
    assert hub.commit("true").returncode == 0
    assert hub.messages == ["first"]


def test_a_change_that_fails_pushes_nothing(hub: Hub) -> None:
    assert hub.commit("bash", "-ec", f"{RELEASE}; exit 2").returncode == 2
    assert hub.messages == ["first"]


def test_stack_files_are_removed_beside_what_another_pushed(hub: Hub, tmp_path: Path) -> None:
    """As `expire` does it; a file that is gone already stops nothing."""
    (tmp_path / "files").write_text("stack\nPulumi.gone.yaml\n")
    done = hub.commit("git", "rm", "--quiet", "--ignore-unmatch", f"--pathspec-from-file={tmp_path / 'files'}")

    assert done.returncode == 0, done.stderr
    assert git(hub.bare, "ls-tree", "--name-only", "main").split() == ["theirs"]
