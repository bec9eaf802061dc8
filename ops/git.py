"""What git knows of the project's folder."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ops.errors import UsageError


class GitError(UsageError):
    """There is no git, or the folder is no work tree of it."""


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The work tree that ``directory`` is part of."""

    directory: Path

    def head(self) -> str:
        """The commit that is checked out.

        Raises:
            GitError: there is none.
        """
        return self._run("rev-parse", "--verify", "HEAD").strip()

    def changed(self, *except_for: str) -> list[str]:
        """What differs from that commit or is new, except for these files of the folder and what git ignores.

        Raises:
            GitError: git cannot say.
        """
        excluded = [f":(exclude){name}" for name in except_for]
        lines = self._run("status", "--porcelain", "--no-renames", "--untracked-files=all", "--", ".", *excluded)
        return [line[3:] for line in lines.splitlines()]

    def at_head(self, name: str) -> str:
        """A file of the folder as that commit has it.

        Raises:
            GitError: it has none.
        """
        return self._run("show", f"HEAD:./{name}")

    def commit_of(self, ref: str) -> str:
        """The commit that ``ref`` names.

        Raises:
            GitError: there is no such ref here.
        """
        return self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").strip()

    def at(self, commit: str, name: str) -> str | None:
        """A file of the folder as a commit has it; None if it has none.

        Raises:
            GitError: there is no such commit here.
        """
        listed = self._run("ls-tree", "--name-only", commit, "--", name).strip()
        return self._run("show", f"{commit}:./{name}") if listed else None

    def contains(self, commit: str, other: str) -> bool:
        """Whether ``other`` is ``commit`` or came before it.

        Raises:
            GitError: git cannot say.
        """
        done = self._ask("merge-base", "--is-ancestor", other, commit)
        if done.returncode not in (0, 1):
            raise GitError(f"{self.directory}: git merge-base failed: {done.stderr.strip()}")
        return done.returncode == 0

    def _run(self, *arguments: str) -> str:
        done = self._ask(*arguments)
        if done.returncode != 0:
            raise GitError(f"{self.directory}: git {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        executable = shutil.which("git")
        if executable is None:
            raise GitError("no git on the PATH: which commit is this? Install git")
        return subprocess.run(  # noqa: S603 (the arguments are ours)
            [executable, "-c", "core.quotePath=false", *arguments],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )
