"""The commands ``ops pull-request``. What they do is imported when they run, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer

from ops.exit_codes import PULL_REQUEST_HELP as EXIT_CODES
from ops.exit_codes import PULL_REQUEST_POST_HELP, PULL_REQUEST_PRICES_HELP, REDACT_HELP

app = typer.Typer(help="What a pull request changes in the environments.", no_args_is_help=True)


@app.command("comment", epilog=EXIT_CODES)
def comment(
    *,
    baselines: Annotated[
        Path,
        typer.Option(
            metavar="DIR", help="Folder with STACK.json for each stack: `pulumi stack export`, or what `redact` wrote."
        ),
    ],
    markdown: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the comment.")],
    stack: Annotated[
        list[str] | None, typer.Option("--stack", metavar="STACK", help="Only this stack. Repeatable.")
    ] = None,
    asked: Annotated[
        bool,
        typer.Option(
            help="Every stack was asked for its state: one without a file is not new but unread, as STACK.missing says."
        ),
    ] = False,
    full_result: Annotated[
        str, typer.Option(metavar="URL", help="Where the whole result can be read; linked in the comment.")
    ] = "",
    products: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write which products of AWS the stacks use, for `prices`.")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(metavar="FILE", help="What `prices` wrote. Without it: quantities alone.")
    ] = None,
) -> None:
    """Compare every stack of the project with its recorded state, and write what changes as one comment.

    Runs in this process against the simulated cloud: no credential, no CLI, no network.
    """
    from ops.pull_request_commands import run_comment  # noqa: PLC0415

    raise typer.Exit(
        run_comment(
            baselines=baselines,
            markdown=markdown,
            only=stack or [],
            asked=asked,
            full_result=full_result,
            products=products,
            prices=prices,
        )
    )


@app.command("prices", epilog=PULL_REQUEST_PRICES_HELP)
def prices(
    products: Annotated[Path, typer.Argument(metavar="FILE", help="What `comment --products` wrote.")],
    *,
    to: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the prices, for `comment --prices`.")],
    profile: Annotated[str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration.")] = None,
) -> None:
    """Ask AWS's price list what products cost, with credentials of any account that may call pricing:GetProducts.

    Evaluates nothing: whoever may use credentials need not run the code of the pull request. If AWS cannot be asked,
    the file says why, and so does the comment.
    """
    from ops.prices_command import run_prices  # noqa: PLC0415

    raise typer.Exit(run_prices(products, to=to, profile=profile))


@app.command("post", epilog=PULL_REQUEST_POST_HELP)
def post(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The comment, as `comment` wrote it.")],
    *,
    repository: Annotated[str, typer.Option(metavar="OWNER/NAME", envvar="GITHUB_REPOSITORY")],
    number: Annotated[int, typer.Option(min=1, help="Of the pull request.")],
    head: Annotated[str, typer.Option(metavar="SHA", help="The commit that was evaluated.")],
    api: Annotated[str, typer.Option(metavar="URL", envvar="GITHUB_API_URL")] = "https://api.github.com",
) -> None:
    """Write the comment on a pull request, or edit the one that is there. The token is read from GITHUB_TOKEN."""
    from ops.pull_request_commands import run_post  # noqa: PLC0415

    raise typer.Exit(run_post(file, repository=repository, number=number, head=head, api=api))


@app.command("redact", epilog=REDACT_HELP)
def redact(
    export: Annotated[Path, typer.Argument(metavar="EXPORT", help="What `pulumi stack export` wrote.")],
    *,
    to: Annotated[Path, typer.Option(metavar="FILE", help="Where to write what anybody may see.")],
) -> None:
    """Seal everything in a recorded state that is or could be a secret, so that forks can be compared with it."""
    from ops.pull_request_commands import run_redact  # noqa: PLC0415

    raise typer.Exit(run_redact(export, to=to))
