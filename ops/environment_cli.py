"""The commands ``ops env``. What they do is imported when they run, so that help is instant."""

from typing import Annotated

import typer

from ops.exit_codes import ENVIRONMENT_HELP as EXIT_CODES

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
