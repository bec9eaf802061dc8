"""The commands ``ops backup`` and its like, and ``restore``. What they do is imported when they run."""

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")]
State = Annotated[
    Path | None,
    typer.Option(
        "--state", metavar="FILE", help="Read what `pulumi stack export` wrote, instead of asking the pulumi CLI."
    ),
]
Context = Annotated[
    list[str] | None,
    typer.Option(
        "--context", metavar="REGION=CONTEXT", help="Use this context of the kubeconfig for a region. Repeatable."
    ),
]
Miners = Annotated[
    list[str] | None, typer.Option("--miner", metavar="MINER", help="Only this miner. Repeatable; else all of them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")]


def backup(
    stack: Stack,
    *,
    miner: Miners = None,
    profile: Profile = None,
    state: State = None,
    context: Context = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Back up miners, one after the other: each is stopped, its databases, UTXO store and files are copied, it starts.

    The services start again whatever happens: also when a step fails or the command is interrupted. A miner that its
    stack file stops stays stopped. The parts of a backup are of one moment, and are restored together.
    """
    from ops.backup_command import Choice, run_backup  # noqa: PLC0415

    choice = Choice(stack, tuple(miner or ()), profile, state, tuple(context or ()))
    raise typer.Exit(run_backup(choice, dry_run=dry_run, yes=yes, as_json=as_json))


def backup_list(
    stack: Stack,
    *,
    miner: Miners = None,
    profile: Profile = None,
    state: State = None,
    as_json: AsJson = False,
) -> None:
    """Show the backups that are recorded, the oldest first."""
    from ops.backup_command import Choice, run_backup_list  # noqa: PLC0415

    raise typer.Exit(run_backup_list(Choice(stack, tuple(miner or ()), profile, state, ()), as_json=as_json))


def backup_remove(
    stack: Stack,
    *,
    keep: Annotated[int, typer.Option("--keep", metavar="NUMBER", min=1, help="So many of each miner stay.")],
    miner: Miners = None,
    profile: Profile = None,
    state: State = None,
    context: Context = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without, only which ones would go is shown.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove old backups: from the miner's files, from the bucket, the backup of its file system, and the manifest.

    What unfinished backups have left on the files and in the bucket goes too; without --yes only the latter is seen.
    Without --yes it only shows which. The miners run on. If it is interrupted, repeat it.
    """
    from ops.backup_command import Choice, run_backup_remove  # noqa: PLC0415

    choice = Choice(stack, tuple(miner or ()), profile, state, tuple(context or ()))
    raise typer.Exit(run_backup_remove(choice, keep=keep, yes=yes, as_json=as_json))


def restore(
    stack: Stack,
    *,
    miner: Annotated[str, typer.Option("--miner", metavar="MINER", help="The miner, which must be stopped.")],
    source: Annotated[str, typer.Option("--from", metavar="ID", help="A backup of it, as `backup-list` shows it.")],
    replace_data: Annotated[
        bool, typer.Option("--replace-data", help="Delete what the miner has. Else a miner with data is refused.")
    ] = False,
    accept_release: Annotated[
        bool, typer.Option("--accept-release", help="Another release wrote the backup, and this one can read it.")
    ] = False,
    profile: Profile = None,
    state: State = None,
    context: Context = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without, only what would be done is shown.")] = False,
    as_json: AsJson = False,
) -> None:
    """Restore a backup of a miner that its stack file stops: databases, UTXO store and files, checked and counted.

    Without --yes it only shows what it would do. If it is interrupted, repeat it before the miner is started.
    """
    from ops.backup_command import Choice, run_restore  # noqa: PLC0415

    choice = Choice(stack, (miner,), profile, state, tuple(context or ()))
    raise typer.Exit(
        run_restore(choice, source, replace_data=replace_data, accept_release=accept_release, yes=yes, as_json=as_json)
    )
