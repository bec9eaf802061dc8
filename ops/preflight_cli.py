"""The command ``ops preflight``. What it does is imported when it runs, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer


def preflight(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project, or the path of a stack file.")],
    *,
    state: Annotated[
        Path | None,
        typer.Option(
            "--state", metavar="FILE", help="Read what `pulumi stack export` wrote, instead of asking the pulumi CLI."
        ),
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Show what holds too.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Check before an update that account, quotas, zones, versions, secrets, rights and images hold it.

    Asks AWS, in all regions at the same time, and registries, about what the program registers when it is evaluated.
    Changes nothing, and refuses credentials of another account. What could not be asked is unknown, never well.
    """
    from ops.preflight_command import run_preflight  # noqa: PLC0415

    raise typer.Exit(run_preflight(stack, state=state, profile=profile, full=full, as_json=as_json))
