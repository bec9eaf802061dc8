"""The commands ``ops env``. What they do is imported when they run, so that help is instant."""

from typing import Annotated

import typer

from ops.exit_codes import ENVIRONMENT_HELP as EXIT_CODES
from ops.exit_codes import EXPIRE_HELP, REST_HELP

Stack = Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")]

app = typer.Typer(help="The environments of the project: one stack file each.", no_args_is_help=True)


@app.command("new", epilog=EXIT_CODES)
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Of the environment, and of its stack.")],
    *,
    source: Annotated[str, typer.Option("--from", metavar="STACK", help="The stack that it shall be like.")],
    regions: Annotated[
        str | None, typer.Option("--regions", metavar="A,B", help="Its regions instead of those of STACK.")
    ] = None,
    miners: Annotated[
        int | None, typer.Option("--miners", min=1, help="So many miners, in the regions by turns; else as STACK has.")
    ] = None,
    ttl: Annotated[
        str | None,
        typer.Option("--ttl", metavar="48h", help="After so many hours (48h) or days (3d) it may be destroyed."),
    ] = None,
) -> None:
    """Write the stack file of another environment of the tier testing. Creates nothing in any account.

    Its networks are free in all stack files of the project. Roles and permissions boundary that end in the name of
    STACK end in NAME. An existing file stays as it is.
    """
    from ops.environment_commands import run_env_new  # noqa: PLC0415

    raise typer.Exit(run_env_new(name, source=source, regions=regions, miners=miners, ttl=ttl))


@app.command("list", epilog=EXIT_CODES)
def list_(*, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False) -> None:
    """Show all environments: tier, release, regions, miners, and when they may be destroyed."""
    from ops.environment_commands import run_env_list  # noqa: PLC0415

    raise typer.Exit(run_env_list(as_json=as_json))


@app.command("sleep", epilog=REST_HELP)
def sleep(
    stack: Stack, *, profile: Profile = None, dry_run: DryRun = False, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Stop all that an environment computes: miners, then nodes, then databases. Data stays.

    Writes asleep into its stack file, so that no update wakes it. Refused on the tier mainnet, for the stack testing,
    and with storage pools, whose disks go with their nodes. Can be interrupted and repeated.
    """
    from ops.environments.power import Power  # noqa: PLC0415
    from ops.rest_commands import run_rest  # noqa: PLC0415

    raise typer.Exit(run_rest(stack, Power.OFF, profile=profile, dry_run=dry_run, yes=yes, as_json=as_json))


@app.command("wake", epilog=REST_HELP)
def wake(
    stack: Stack, *, profile: Profile = None, dry_run: DryRun = False, yes: Yes = False, as_json: AsJson = False
) -> None:
    """Start what `sleep` stopped: databases, then nodes, then miners, whose services it waits for."""
    from ops.environments.power import Power  # noqa: PLC0415
    from ops.rest_commands import run_rest  # noqa: PLC0415

    raise typer.Exit(run_rest(stack, Power.ON, profile=profile, dry_run=dry_run, yes=yes, as_json=as_json))


@app.command("expire", epilog=EXPIRE_HELP)
def expire(
    stack: Annotated[
        str | None, typer.Argument(metavar="STACK", help="Only this one, which must be past its end.")
    ] = None,
    *,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration, for the pulumi CLI too.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Destroy them, with all data, and remove their stacks.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the environments that are past their end (key expires), and with --yes destroy them.

    One after the other, each as `ops destroy` does it, to the proof that nothing is left; then its stack goes. One that
    fails keeps none of the others. Never one of the tier mainnet or with a lock in its state, nor in another account
    than its stack file names. Can be interrupted and repeated.
    """
    from ops.rest_commands import run_expire  # noqa: PLC0415

    raise typer.Exit(run_expire(stack, profile=profile, yes=yes, as_json=as_json))
