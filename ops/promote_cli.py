"""The command ``ops promote``. What it does is imported when it runs, so that help is instant."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from ops.attest_cli import TRUSTED


def promote(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="The stack that gets the release.")],
    *,
    source: Annotated[str, typer.Option("--from", metavar="STACK", help="The stack in which it was proved.")],
    attestation: Annotated[Path, typer.Option(metavar="FILE", help="What `ops attest fetch` wrote.")],
    approved: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Do this, which --preview wrote and somebody approved; else it asks."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    preview: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --dry-run: write what would be done, to be approved.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --dry-run: what `pulumi stack export` wrote, without a CLI."),
    ] = None,
    trusted: Annotated[
        str, typer.Option(metavar="REF", help="The branch whose keys count, and that has the commit.")
    ] = TRUSTED,
    max_age_days: Annotated[int, typer.Option(min=1, help="How long ago it may have been verified.")] = 30,
) -> None:
    """Release to a stack what was proved in another: the same commit and the same image, as it was approved.

    Refuses an attestation that is not signed by the key in docs/attestation-keys of the trusted branch, is of a commit
    that this branch does not contain or says something else than that commit makes; another commit in the work tree;
    and every deletion or replacement of what holds data unless the stack announced it (decommission). Then it goes on
    as `ops release` does.
    To roll back, promote the attestation before.
    """
    from ops.promote.grounds import Grounds  # noqa: PLC0415
    from ops.promote_command import run_promote  # noqa: PLC0415

    if not dry_run and (preview or state):
        raise typer.BadParameter("--preview and --state need --dry-run")
    grounds = Grounds(source=source, max_age=timedelta(days=max_age_days), trusted=trusted)
    raise typer.Exit(
        run_promote(stack, attestation, grounds, approved=approved, dry_run=dry_run, preview=preview, state=state)
    )
