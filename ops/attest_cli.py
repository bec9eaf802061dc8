"""The commands ``ops attest``. What they do is imported when they run, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer

from ops.exit_codes import ATTEST_HELP as EXIT_CODES

app = typer.Typer(help="What was proved of a release in an environment, signed by its key.", no_args_is_help=True)

Stack = Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project, or the path of a stack file.")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead: see docs/promotion.md.")]


@app.command("sign", epilog=EXIT_CODES)
def sign(
    stack: Stack,
    *,
    verification: Annotated[Path, typer.Option(metavar="FILE", help="What `ops verify STACK --json` printed.")],
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Attest that this commit and its release were applied to a stack and found to work; sign it and keep it.

    Refuses a verification that does not hold, is of another stack or release or older than the last update, and a work
    tree that is not the commit from which that update ran.
    """
    from ops.attest_command import run_sign  # noqa: PLC0415

    raise typer.Exit(run_sign(stack, verification, profile=profile, as_json=as_json))


@app.command("list", epilog=EXIT_CODES)
def list_(stack: Stack, *, profile: Profile = None, as_json: AsJson = False) -> None:
    """Show the attestations of a stack, the newest first."""
    from ops.attest_command import run_list  # noqa: PLC0415

    raise typer.Exit(run_list(stack, profile=profile, as_json=as_json))


@app.command("fetch", epilog=EXIT_CODES)
def fetch(
    stack: Stack,
    *,
    to: Annotated[Path, typer.Option(metavar="FILE", help="Where to write it.")],
    commit: Annotated[str | None, typer.Option(metavar="SHA", help="Of this commit; else the newest.")] = None,
    profile: Profile = None,
    as_json: AsJson = False,
) -> None:
    """Write an attestation to a file, for `ops promote`, which needs no access to the account that it comes from."""
    from ops.attest_command import run_fetch  # noqa: PLC0415

    raise typer.Exit(run_fetch(stack, to=to, commit=commit, profile=profile, as_json=as_json))


@app.command("key", epilog=EXIT_CODES)
def key(stack: Stack, *, profile: Profile = None, as_json: AsJson = False) -> None:
    """Print the public key of a stack's attestations, to be committed as docs/attestation-keys/STACK.pem.

    By it `ops promote` knows them, without access to the account that they come from.
    """
    from ops.attest_command import run_key  # noqa: PLC0415

    raise typer.Exit(run_key(stack, profile=profile, as_json=as_json))
