"""The command ``ops destroy``. What it does is imported when it runs, so that help is instant."""

from typing import Annotated

import typer


def destroy(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project.")],
    *,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration, for the pulumi CLI too.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Destroy it. Without this it is only shown.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Destroy an environment of the tier testing to nothing, and prove that nothing is left.

    Without --yes it shows what goes, in which order, and what stays. With it: `pulumi destroy`, then what AWS and
    Kubernetes left behind (network interfaces, target groups, volumes, log groups, security groups) by its tags, and
    again while that gets further. Interrupt it, and repeat it, whenever you like.
    """
    from ops.destroy_command import run_destroy  # noqa: PLC0415

    raise typer.Exit(run_destroy(stack, profile=profile, yes=yes, as_json=as_json))
