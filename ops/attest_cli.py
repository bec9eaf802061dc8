"""The commands ``ops attest``. What they do is imported when they run, so that help is instant."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from ops.exit_codes import ATTEST_HELP as EXIT_CODES
from ops.exit_codes import ATTEST_READ_HELP

app = typer.Typer(help="What was proved of a release in an environment, signed by its key.", no_args_is_help=True)

Stack = Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project, or the path of a stack file.")]
Profile = Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")]
TRUSTED = "origin/main"
"""As a clone knows the branch that everything is reviewed for."""

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


@app.command("list", epilog=ATTEST_READ_HELP)
def list_(stack: Stack, *, profile: Profile = None, as_json: AsJson = False) -> None:
    """Show the attestations of a stack, the newest first."""
    from ops.attest_command import run_list  # noqa: PLC0415

    raise typer.Exit(run_list(stack, profile=profile, as_json=as_json))


@app.command("fetch", epilog=ATTEST_READ_HELP)
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


@app.command("check", epilog=EXIT_CODES)
def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `ops attest fetch` wrote.")],
    *,
    source: Annotated[str, typer.Option("--from", metavar="STACK", help="The stack in which it was proved.")],
    trusted: Annotated[
        str, typer.Option(metavar="REF", help="The branch whose keys count, and that has the commit.")
    ] = TRUSTED,
    max_age_days: Annotated[int, typer.Option(min=1, help="How long ago it may have been verified.")] = 30,
    as_json: AsJson = False,
) -> None:
    """Prove an attestation before its commit is checked out: by the keys of the branch that everybody reviews.

    Refuses another signature, a commit that this branch does not contain, another stack, an old verification and a
    release without a digest. What it says of the commit is compared by `ops promote`, which has that checked out.
    """
    from ops.attest_command import run_check  # noqa: PLC0415
    from ops.promote.grounds import Grounds  # noqa: PLC0415

    grounds = Grounds(source=source, max_age=timedelta(days=max_age_days), trusted=trusted)
    raise typer.Exit(run_check(file, grounds, as_json=as_json))


@app.command("key", epilog=ATTEST_READ_HELP)
def key(stack: Stack, *, profile: Profile = None, as_json: AsJson = False) -> None:
    """Print the public key of a stack's attestations, to be committed as docs/attestation-keys/STACK.pem.

    By it, as the branch main has it, `ops promote` knows them, without access to the account that they come from.
    """
    from ops.attest_command import run_key  # noqa: PLC0415

    raise typer.Exit(run_key(stack, profile=profile, as_json=as_json))
