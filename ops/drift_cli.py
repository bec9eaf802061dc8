"""The commands ``ops drift`` and ``drift-issue``. What they do is imported when they run, so that help is instant."""

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
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Find what in an environment is no more as its state says, and what of it the state never knew. Changes nothing.

    Asks the providers through `pulumi refresh --preview-only`, and AWS for everything with the environment's tags.
    Differences in ops/drift/known_noise.yaml are counted, not reported.
    """
    from ops.drift_command import run_drift  # noqa: PLC0415

    raise typer.Exit(run_drift(stack, profile=profile, without_sweep=without_sweep, as_json=as_json))


def drift_issue(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")],
    *,
    file: Annotated[Path, typer.Option(metavar="FILE", help="What `ops drift STACK --json` printed.")],
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY")],
    run: Annotated[str, typer.Option(metavar="URL", help="Of the run that looked; linked in the issue.")] = "",
    api: Annotated[str, typer.Option(metavar="URL", envvar="GITHUB_API_URL")] = "https://api.github.com",
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Open, edit or close the one issue of a stack by what `ops drift` found. The token is read from GITHUB_TOKEN.

    Without a whole result of that stack in FILE the issue says that the look failed; only a whole look that found
    nothing closes it, with a comment. Repeat it whenever you like.
    """
    from ops.drift_issue_command import run_drift_issue  # noqa: PLC0415

    raise typer.Exit(run_drift_issue(stack, file=file, repository=repository, run=run, api=api, as_json=as_json))
