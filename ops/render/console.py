"""The console: colour and progress on a terminal, plain text in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.status import Status

_PIPE_WIDTH = 160
"""Columns where there is no terminal to ask: wide enough that no table row of usual names wraps."""


def console(*, stderr: bool = False) -> Console:
    """A console that knows where it writes; NO_COLOR and FORCE_COLOR are honoured."""
    found = Console(stderr=stderr, highlight=False, emoji=False, markup=False)
    if found.is_terminal:
        return found
    return Console(stderr=stderr, highlight=False, emoji=False, markup=False, width=_PIPE_WIDTH)


@contextmanager
def page() -> Iterator[Console]:
    """A console on standard output; in a pipe, lines carry no trailing blanks."""
    output = console()
    if output.is_terminal:
        yield output
        return
    with output.capture() as captured:
        yield output
    sys.stdout.writelines(f"{line.rstrip()}\n" for line in captured.get().splitlines())


def progress(what: str) -> AbstractContextManager[Status]:
    """Show that work is under way, on a terminal only and on standard error, so that output stays clean."""
    return console(stderr=True).status(what)
