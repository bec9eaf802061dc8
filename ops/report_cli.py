"""The command ``ops report``. What it does is imported when it runs, so that help is instant."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer


def report(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project, or the path of a stack file.")],
    *,
    html: Annotated[Path, typer.Option("--html", metavar="FILE", help="Where to write the page.")],
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Judge waivers on this day, and name it on the page. Else today, and the page names no day.",
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document about the page.")] = False,
) -> None:
    """Write one page on an environment: drawn, scheduled, counted and judged, from what the program registers.

    The file is all of it: it loads nothing, works without scripts, on a phone, in the dark and printed.
    """
    from ops.report_command import run_report  # noqa: PLC0415

    raise typer.Exit(run_report(stack, html, as_of=as_of.date() if as_of else None, as_json=as_json))
