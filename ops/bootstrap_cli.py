"""The command ``ops bootstrap``. What it does is imported when it runs, so that help is instant."""

from typing import Annotated

import typer


def bootstrap(
    stack: Annotated[str, typer.Argument(metavar="ENV", help="A stack of the project, or the path of a stack file.")],
    *,
    repository: Annotated[
        str | None,
        typer.Option(
            metavar="OWNER/NAME", help="GitHub repository whose jobs deploy; since July 2026 OWNER@ID/NAME@ID."
        ),
    ] = None,
    github_environment: Annotated[
        str | None,
        typer.Option("--github-environment", metavar="NAME", help="Of the repository; else as ENV is named."),
    ] = None,
    branch: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Jobs on it may deploy. Repeatable. Else main.")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Jobs on such tags may deploy. Repeatable. Else v*.")
    ] = None,
    principal: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ARN", help="Holders of such roles of the account may deploy; * is a pattern. Repeatable."
        ),
    ] = None,
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say what is missing or different; change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/first-up.md.")
    ] = False,
) -> None:
    """Make what must be in an account before the first update: state, key, roles, settings of the account.

    Looks at everything first, shows what is missing and asks. Refuses credentials of another account than ENV's.
    Deletes nothing; interrupt it and repeat it whenever you like. At the end it prints how Pulumi gets to the state.
    """
    from ops.bootstrap.target import Trust  # noqa: PLC0415
    from ops.bootstrap_command import run_bootstrap  # noqa: PLC0415

    raise typer.Exit(
        run_bootstrap(
            stack,
            lambda name: Trust(
                repository=repository,
                github_environment=name if github_environment is None else github_environment,
                refs=(
                    *(f"refs/heads/{one}" for one in branch or ["main"]),
                    *(f"refs/tags/{one}" for one in tag or ["v*"]),
                ),
                principals=tuple(principal or ()),
            ),
            profile=profile,
            check=check,
            yes=yes,
            as_json=as_json,
        )
    )
