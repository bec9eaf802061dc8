"""The commands ``ops first-up`` and ``ops tunnel``. What they do is imported when they run, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer

Profile = Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")]


def first_up(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")],
    *,
    profile: Profile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the steps, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Update without asking.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Update an environment for the first time, in the steps that it takes.

    Where the Kubernetes API is public or restricted that is one `pulumi up`. Where it is private, everything outside of
    Kubernetes comes first; then tunnels are opened through the access hosts, and the rest follows. It is safe to
    repeat, and with tunnels open it does what any later update needs as well.
    """
    from ops.tunnel_command import run_first_up  # noqa: PLC0415

    raise typer.Exit(run_first_up(stack, profile=profile, dry_run=dry_run, yes=yes, as_json=as_json))


def tunnel(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")],
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMMAND", help="After --: run this while the tunnels are open."),
    ] = None,
    *,
    profile: Profile = None,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read what `pulumi stack export` wrote, instead of asking the pulumi CLI."),
    ] = None,
) -> None:
    """Open the tunnels to the private Kubernetes APIs of a stack, and run a command with them.

    For example: ops tunnel mainnet -- pulumi up --stack mainnet --policy-pack policies. They close when it ends.
    Without a command they stay open until Ctrl-C. A tunnel that breaks meanwhile is opened again.
    """
    from ops.tunnel_command import run_tunnel  # noqa: PLC0415

    raise typer.Exit(run_tunnel(stack, command or [], profile=profile, state=state))
