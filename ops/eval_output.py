"""Output that a shell evaluates, and what it must be when the command fails."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from typer.core import TyperCommand


@contextmanager
def failing_eval() -> Iterator[None]:
    """On any failure print ``false``, so that ``eval "$(command)"`` fails too.

    The ``eval`` of no text at all succeeds, and what comes next would run in the shell as it is, on the real cloud.
    """
    try:
        yield
    except typer.Exit:
        raise
    except BaseException:
        print("false")  # noqa: T201
        raise


class EvaluatedCommand(TyperCommand):
    """A command whose output a shell evaluates: wrong options make the ``eval`` fail as well."""

    # Typer does not export the context that it vendors.
    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Parse as usual."""
        with failing_eval():
            return super().parse_args(ctx, args)
