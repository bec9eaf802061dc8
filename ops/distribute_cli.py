"""The command ``ops distribute``. What it does is imported when it runs, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer


def distribute(
    stack: Annotated[str, typer.Argument(metavar="STACK", help="A stack of the project, or the path of a stack file.")],
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Of Teranode: v0.15.0, or v0.15.0@sha256:…")],
    *,
    images: Annotated[
        list[str] | None, typer.Option("--images", metavar="NAME", help="Only this image. Repeatable. Else all.")
    ] = None,
    binaries: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Signed binaries, each with FILE.sha256 and a signature beside it."),
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Read what `pulumi stack export` wrote, instead of asking the pulumi CLI."),
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be copied, and copy nothing.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Give a release to the stack's testers: images by digest for amd64 and arm64, and signed binaries.

    Looks at everything first. A tag or file that testers have already stays what it is: another content is refused.
    Afterwards each image is compared with its source, index and manifests. Repeat it whenever you like.
    """
    from ops.distribute_command import run_distribute  # noqa: PLC0415

    raise typer.Exit(
        run_distribute(
            stack,
            version,
            images=images or [],
            binaries=binaries,
            state=state,
            profile=profile,
            dry_run=dry_run,
            as_json=as_json,
        )
    )
