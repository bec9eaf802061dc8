"""Faults of a command: what a person reads instead of a traceback, and the exit code that a script reads."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import pulumi

from ops.errors import UsageError
from ops.exit_codes import ExitCode
from ops.outputs import OutputsError
from ops.preview import BaselineError
from ops.pulumi_cli import PulumiCliError
from ops.quantities.model import QuantityError
from ops.release.stack_file import ReleaseError
from ops.stacks import UnknownStackError
from simulator.errors import SetupError, SimulatorError

P = ParamSpec("P")


class OutputFileError(UsageError):
    """A file that was asked for cannot be written."""


_USAGE_ERRORS = (
    UsageError,
    UnknownStackError,
    BaselineError,
    OutputsError,
    PulumiCliError,
    ReleaseError,
    SetupError,
    QuantityError,
    pulumi.RunError,
)


def faults_reported(command: Callable[P, int]) -> Callable[P, int]:
    """Print on standard error what is wrong with settings, files or program, instead of a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs)
        except _USAGE_ERRORS as error:
            fault, code = error, ExitCode.USAGE
        except SimulatorError as error:
            fault, code = error, ExitCode.FINDINGS
        print(str(fault).rstrip(), file=sys.stderr)  # noqa: T201
        return code

    return run
