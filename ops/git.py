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

    def _run(self, *arguments: str) -> str:
        executable = shutil.which("git")
        if executable is None:
            raise GitError("no git on the PATH: which commit is this? Install git")
        done = subprocess.run(  # noqa: S603 (the arguments are ours)
            [executable, "-c", "core.quotePath=false", *arguments],
            cwd=self.directory,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise GitError(f"{self.directory}: git {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout
