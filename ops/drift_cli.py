"""The command ``ops drift``. What it does is imported when it runs, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer


def drift(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project, or the path of a stack file.")],
    *,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")] = None,
    without_sweep: Annotated[
        bool, typer.Option("--without-sweep", help="Do not look for resources that the state does not know.")
    ] = False,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result as the text of an issue, drift or not.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Find what in an environment is no more as its state says, and what of it the state never knew. Changes nothing.

    Asks the providers through `pulumi refresh --preview-only`, and AWS for everything with the environment's tags.
    Differences in ops/drift/known_noise.yaml are counted, not reported.
    """
    from ops.drift_command import run_drift  # noqa: PLC0415

    raise typer.Exit(run_drift(stack, profile=profile, without_sweep=without_sweep, markdown=markdown, as_json=as_json))
