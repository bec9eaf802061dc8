"""A session of Systems Manager that forwards a local port, as a process of the AWS CLI."""

import os
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from typing import IO, Protocol

_LAST_WORDS_CHARACTERS = 400
_PATIENCE_SECONDS = 10


class Session(Protocol):
    """One attempt to forward a port."""

    def ended(self) -> bool:
        """Whether it forwards no more."""
        ...

    def said(self) -> str:
        """The end of what it printed."""
        ...

    def end(self) -> None:
        """Stop forwarding."""
        ...


class CliSession:
    """The AWS CLI with its Session Manager plugin, apart from the terminal: Ctrl-C is for the command that needs it."""

    def __init__(self, command: str, environment: Mapping[str, str]) -> None:
        self._printed: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `end`)
        self._process = subprocess.Popen(  # noqa: S603 (the command is an output of our own stack)
            shlex.split(command),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def ended(self) -> bool:
        return self._process.poll() is not None

    def said(self) -> str:
        self._printed.seek(0)
        return self._printed.read().decode(errors="replace").strip()[-_LAST_WORDS_CHARACTERS:]

    def end(self) -> None:
        """The plugin is a child of the CLI: both are of one group."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.ended():
                break
            os.killpg(self._process.pid, number)
            try:
                self._process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                continue
        self._printed.close()
