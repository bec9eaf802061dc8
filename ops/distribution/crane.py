"""`crane` (go-containerregistry) copies images between registries, with every manifest that an index names."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ops.distribution.images import DistributionError, UnfinishedError

_INSTALL = (
    "crane is not on the PATH: install it (`go install github.com/google/go-containerregistry/cmd/crane@latest`, or "
    "`brew install crane`), then repeat the command"
)


@dataclass(frozen=True, slots=True)
class Crane:
    """The executable, and a folder with the logins that it uses and no others."""

    executable: str
    logins: Path

    @classmethod
    def find(cls) -> str:
        """Where the executable is.

        Raises:
            DistributionError: nowhere.
        """
        found = shutil.which("crane")
        if found is None:
            raise DistributionError(_INSTALL)
        return found

    def copy(self, source: str, target: str) -> None:
        """Copy by digest.

        Raises:
            UnfinishedError: it did not come to its end.
        """
        done = subprocess.run(  # noqa: S603 (no shell, and both are names that were read as images)
            [self.executable, "copy", source, target],
            env={**os.environ, "DOCKER_CONFIG": str(self.logins)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = done.stderr.strip().splitlines()[-1:] or ["nothing"]
            raise UnfinishedError(
                f"crane stopped with code {done.returncode} while it copied {target}, and said: {said[0]}\n"
                "Repeat the command: what has arrived is not sent again"
            )


@contextmanager
def logged_in(executable: str, logins: Mapping[str, str]) -> Iterator[Crane]:
    """Hand `logins` to crane in a file that this user alone can read and that goes with the block.

    A command line would show them to every user of the machine.
    """
    with TemporaryDirectory(prefix="teranode-infra-") as folder:
        config = Path(folder) / "config.json"
        config.touch(mode=0o600)
        config.write_text(json.dumps({"auths": {host: {"auth": login} for host, login in logins.items()}}))
        yield Crane(executable, Path(folder))
