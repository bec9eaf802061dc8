"""The commands of ``python -m ops``. What they do is imported when they run, so that help is instant."""

from pathlib import Path
from typing import Annotated

import typer

from ops.attest_cli import app as attest_app
from ops.backup_cli import backup, backup_list, backup_remove, restore
from ops.bootstrap_cli import bootstrap
from ops.destroy_cli import destroy
from ops.distribute_cli import distribute
from ops.drift_cli import drift, drift_issue
from ops.environment_cli import app as environment_app
from ops.eval_output import EvaluatedCommand
from ops.exit_codes import BACKUP_HELP as BACKUP_EXIT_CODES
from ops.exit_codes import BACKUP_LIST_HELP as BACKUP_LIST_EXIT_CODES
from ops.exit_codes import BACKUP_REMOVE_HELP as BACKUP_REMOVE_EXIT_CODES
from ops.exit_codes import BOOTSTRAP_HELP as BOOTSTRAP_EXIT_CODES
from ops.exit_codes import DESTROY_HELP as DESTROY_EXIT_CODES
from ops.exit_codes import DISTRIBUTE_HELP as DISTRIBUTE_EXIT_CODES
from ops.exit_codes import DRIFT_HELP as DRIFT_EXIT_CODES
from ops.exit_codes import DRIFT_ISSUE_HELP as DRIFT_ISSUE_EXIT_CODES
from ops.exit_codes import FIRST_UP_HELP as FIRST_UP_EXIT_CODES
from ops.exit_codes import HELP as EXIT_CODES
from ops.exit_codes import PREFLIGHT_HELP as PREFLIGHT_EXIT_CODES
from ops.exit_codes import PREVIEW_HELP as PREVIEW_EXIT_CODES
from ops.exit_codes import PROMOTE_HELP as PROMOTE_EXIT_CODES
from ops.exit_codes import RELEASE_HELP as RELEASE_EXIT_CODES
from ops.exit_codes import RESTORE_HELP as RESTORE_EXIT_CODES
from ops.exit_codes import ROTATE_HELP as ROTATE_EXIT_CODES
from ops.exit_codes import SIMULATOR_ENV_HELP as SIMULATOR_ENV_EXIT_CODES
from ops.exit_codes import STATUS_HELP as STATUS_EXIT_CODES
from ops.exit_codes import TUNNEL_HELP as TUNNEL_EXIT_CODES
from ops.exit_codes import VERIFY_HELP as VERIFY_EXIT_CODES
from ops.help_text import join_lines
from ops.preflight_cli import preflight
from ops.promote_cli import promote
from ops.pull_request_cli import app as pull_request_app
from ops.report_cli import report
from ops.rotate_cli import rotate
from ops.tunnel_cli import first_up, tunnel

app = typer.Typer(
    help="Operate Teranode environments.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
simulator_app = typer.Typer(help="The simulated cloud, for the ordinary pulumi CLI.", no_args_is_help=True)
app.add_typer(simulator_app, name="simulator")
app.add_typer(environment_app, name="env")
app.add_typer(pull_request_app, name="pull-request")
app.add_typer(attest_app, name="attest")
app.command(epilog=BOOTSTRAP_EXIT_CODES)(bootstrap)
app.command(epilog=EXIT_CODES)(report)
app.command(epilog=PREFLIGHT_EXIT_CODES)(preflight)
app.command("first-up", epilog=FIRST_UP_EXIT_CODES)(first_up)
app.command(epilog=TUNNEL_EXIT_CODES)(tunnel)
app.command(epilog=DRIFT_EXIT_CODES)(drift)
app.command("drift-issue", epilog=DRIFT_ISSUE_EXIT_CODES)(drift_issue)
app.command(epilog=PROMOTE_EXIT_CODES)(promote)
app.command(epilog=DISTRIBUTE_EXIT_CODES)(distribute)
app.command(epilog=DESTROY_EXIT_CODES)(destroy)
app.command(epilog=ROTATE_EXIT_CODES)(rotate)
app.command(epilog=BACKUP_EXIT_CODES)(backup)
app.command("backup-list", epilog=BACKUP_LIST_EXIT_CODES)(backup_list)
app.command("backup-remove", epilog=BACKUP_REMOVE_EXIT_CODES)(backup_remove)
app.command(epilog=RESTORE_EXIT_CODES)(restore)

Stack = Annotated[
    str,
    typer.Argument(
        metavar="STACK", help="A stack of the project, or the path of a stack file: Pulumi.STACK.yaml, in any folder."
    ),
]
State = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write the simulated deployment, in the form of `pulumi stack export`."),
]
Baseline = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Compare with what --state wrote, or `pulumi stack export` of a real stack."),
]
RecordedState = Annotated[
    Path | None,
    typer.Option(
        "--state", metavar="FILE", help="Read what `pulumi stack export` wrote, instead of asking the pulumi CLI."
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Show every resource, change and critical path.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead: see docs/preview-json.md.")]


@app.callback()
def root() -> None:
    """Operate Teranode environments."""


@app.command(epilog=PREVIEW_EXIT_CODES)
def preview(
    stack: Stack, *, state: State = None, baseline: Baseline = None, full: Full = False, as_json: AsJson = False
) -> None:
    """Evaluate a stack against the simulated cloud: in this process, without account or CLI, changing nothing.

    Shows resources, modelled duration, policy findings and, with a baseline, what would change.

    The project's other stacks are evaluated too, for the rules that hold all stacks side by side.
    """
    from ops.commands import run_preview  # noqa: PLC0415

    raise typer.Exit(run_preview(stack, state=state, baseline=baseline, full=full, as_json=as_json))


@app.command(epilog=EXIT_CODES)
def picture(
    stack: Stack, *, svg: Annotated[Path, typer.Option("--svg", metavar="FILE", help="Where to write the picture.")]
) -> None:
    """Draw a stack as SVG from the resources that the program registers."""
    from ops.commands import run_picture  # noqa: PLC0415

    raise typer.Exit(run_picture(stack, svg))


@app.command(epilog=EXIT_CODES)
def quantities(
    stack: Stack,
    *,
    prices: Annotated[
        bool, typer.Option("--prices", help="Ask AWS's price list as well, with credentials of any account.")
    ] = False,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="Profile of the AWS configuration, for --prices.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Count what a stack uses in a month, from the resources that the program registers: hours, GiB, requests.

    With --prices also what that costs on demand in USD, by region and area: list prices without taxes, discounts and
    free tiers. What the list has no single price for is named, never guessed. Traffic and data that grows by itself
    depend on use and are not counted.
    """
    from ops.quantities_command import run_quantities  # noqa: PLC0415

    raise typer.Exit(run_quantities(stack, prices=prices, profile=profile, as_json=as_json))


@app.command(epilog=STATUS_EXIT_CODES)
def status(
    stack: Stack,
    *,
    state: RecordedState = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Show the miners of a stack and how to reach them: release, peer IDs, kubeconfig and port-forward commands.

    Reads the outputs of the stack: what the last update wrote, not what is there now. For that there is `verify`.
    """
    from ops.commands import run_status  # noqa: PLC0415

    raise typer.Exit(run_status(stack, state=state, as_json=as_json))


@app.command(epilog=VERIFY_EXIT_CODES)
def verify(
    stack: Stack,
    *,
    state: RecordedState = None,
    context: Annotated[
        list[str] | None,
        typer.Option(
            "--context",
            metavar="REGION=CONTEXT",
            help="Use this context of the kubeconfig for a region, not the one that the stack's kubeconfig command "
            "makes. Repeatable.",
        ),
    ] = None,
    interval_seconds: Annotated[
        float, typer.Option(min=0, help="How long to wait between two looks at a node's height.")
    ] = 60,
    max_tip_distance: Annotated[
        int,
        typer.Option(min=0, max=999, help="So many blocks may tips differ, or lie on a branch of their own."),
    ] = 2,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document instead: see docs/operations.md.")
    ] = False,
) -> None:
    """Check that a running environment is what its stack says. Changes nothing.

    Of every miner: all services available on the image of the release, its node running, connected with the other
    miners, its height moving, its tip theirs, and its private endpoints closed to the machine that runs this.

    Reads the Kubernetes API through the kubeconfig, and the nodes through its port-forward.
    """
    from ops.commands import run_verify  # noqa: PLC0415
    from ops.verify.judge import Bounds  # noqa: PLC0415

    bounds = Bounds(max_tip_distance=max_tip_distance, interval_s=interval_seconds)
    raise typer.Exit(run_verify(stack, state=state, contexts=context or [], bounds=bounds, as_json=as_json))


@app.command(epilog=RELEASE_EXIT_CODES)
def release(
    stack: Stack,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Of Teranode: v0.15.0, or v0.15.0@sha256:…")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
    only_write: Annotated[
        bool, typer.Option("--only-write", help="Set it in the stack file, to be committed, and roll nothing out.")
    ] = False,
    rest: Annotated[
        bool, typer.Option("--rest", help="Before it apply what else the stack is to change, on the release that runs.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Release a version of Teranode: set it in the stack file, then update one miner at a time.

    The update of a miner waits until its services run the version. At the first that fails it stops. Interrupt it, and
    repeat it, whenever you like: what is done stays as it is. At the end a preview of the stack must show nothing; with
    --rest it does so also where something was merged and not applied yet. That deletes and replaces nothing that holds
    data, unless the stack announced it.
    """
    from ops.commands import run_release  # noqa: PLC0415

    if rest and only_write:
        raise typer.BadParameter("--rest and --only-write: the one applies, the other does not")
    raise typer.Exit(run_release(stack, version, dry_run=dry_run, only_write=only_write, rest=rest, yes=yes))


@simulator_app.command("env", cls=EvaluatedCommand, epilog=SIMULATOR_ENV_EXIT_CODES)
def simulator_env(
    *,
    directory: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Keep plugins, state and the working copy here instead of in a new temporary one."
        ),
    ] = None,
) -> None:
    """Print the settings of a POSIX shell in which the pulumi CLI works on the simulated cloud.

    Use it as: eval "$(.venv/bin/python -m ops simulator env)" && pulumi stack init testing

    If it fails, so does the eval, and the shell stays as it is: on your own pulumi set-up, which is never touched.
    """
    from ops.commands import run_simulator_env  # noqa: PLC0415

    raise typer.Exit(run_simulator_env(directory))


join_lines(app)
