"""What the commands do: evaluate, write, print, and turn faults into messages and exit codes."""

import json
import shutil
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from ops.document import document
from ops.errors import UsageError
from ops.eval_output import failing_eval
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.files import write_file
from ops.outputs import OutputsError, read_outputs, with_contexts
from ops.picture import draw
from ops.preview import preview, read_baseline
from ops.promote.approval import refuse_unlisted_losses
from ops.promote.providers import refuse_losses, steps, unforeseen
from ops.promote.run import planned, promote
from ops.pulumi_cli import InterruptedRunError, PulumiCli, PulumiCliError, working_directory
from ops.release.plan import ReleasePlan, plan
from ops.release.roll import roll
from ops.release.stack_file import ReleaseError, with_release, write
from ops.render.console import page, progress
from ops.render.promote import print_end, print_unforeseen, print_whole
from ops.render.release import print_nothing_to_do, print_outcome, print_plan, print_written
from ops.render.report import print_preview
from ops.render.status import print_status
from ops.render.verify import print_verification, verification
from ops.stacks import PROJECT_DIR, StackFile, find_stack, project_stacks
from ops.verify.judge import Bounds, Verdict
from simulator.graph import Graph, load_deployment
from simulator.simulate import simulate
from simulator.stack_file import read_stack_file

_WITHOUT_CLI = ". Without it --dry-run shows what a release would do, and --only-write sets it in the stack file"


@faults_reported
def run_preview(stack: str, *, state: Path | None, baseline: Path | None, full: bool, as_json: bool) -> ExitCode:
    """Preview ``stack`` and print the result, as JSON if ``as_json``; write the deployment to ``state``."""
    found = find_stack(stack)
    recorded = read_baseline(baseline) if baseline else None
    siblings = [other for other in project_stacks() if other.name != found.name]
    with progress(f"evaluating {found.name}, and {len(siblings)} more to hold beside it"):
        result = preview(found, recorded, siblings)
    if state is not None:
        write_file(state, json.dumps(result.deployment, indent=4) + "\n")
    if as_json:
        print(json.dumps(document(result), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_preview(output, result, full=full)
    return result.exit_code


@faults_reported
def run_picture(stack: str, svg: Path) -> ExitCode:
    """Draw ``stack`` into the file ``svg``."""
    found = find_stack(stack)
    with progress(f"evaluating {found.name}"):
        deployment = simulate(found.path, project_dir=PROJECT_DIR).deployment
    write_file(svg, draw(Graph(deployment), title=found.name))
    with page() as output:
        output.print(f"{svg}  written: a picture of {found.name}, to look at in a browser", soft_wrap=True)
    return ExitCode.CLEAN


@faults_reported
def run_status(stack: str, *, state: Path | None, as_json: bool) -> ExitCode:
    """Show the miners of ``stack`` as its outputs name them, from the file ``state`` if one is given."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    with progress(f"reading the outputs of {found.name}"):
        outputs = read_outputs(found.name, directory, state)
    if as_json:
        document = {"format": 1, "stack": found.name, **outputs.model_dump(mode="json", by_alias=True)}
        print(json.dumps(document, indent=2))  # noqa: T201
    else:
        with page() as output:
            print_status(output, found.name, outputs)
    return ExitCode.CLEAN


@faults_reported
def run_verify(stack: str, *, state: Path | None, contexts: Sequence[str], bounds: Bounds, as_json: bool) -> ExitCode:
    """Check the running environment of ``stack``; ``contexts`` are of the form ``REGION=CONTEXT``."""
    from ops.verify.run import verify  # noqa: PLC0415 (needs the Kubernetes client, which takes its time)

    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    chosen, began = contexts_of(contexts), datetime.now(UTC)
    with progress(f"reading the outputs of {found.name}") as status:
        outputs = with_contexts(read_outputs(found.name, directory, state), chosen)
        checks = verify(outputs, bounds, wait=time.sleep, tell=status.update)
    if as_json:
        print(json.dumps(verification(found.name, outputs, checks, began), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_verification(output, found.name, outputs, checks)
    return ExitCode.CLEAN if all(check.verdict is Verdict.HOLDS for check in checks) else ExitCode.FINDINGS


@faults_reported
def run_release(stack: str, version: str, *, dry_run: bool, only_write: bool, rest: bool, yes: bool) -> ExitCode:
    """Set the release of ``stack`` and roll it out; with ``dry_run`` or ``only_write`` only a part of that.

    With ``rest`` all else that the stack is to change is applied before.
    """
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    if found.path.parent.resolve() != directory.resolve():
        raise ReleaseError(f"{found.path}: the pulumi CLI reads Pulumi.{found.name}.yaml in {directory}, not this file")
    if not only_write:
        _refuse_what_is_promoted(found)
    if rest:
        return _release_after_the_rest(found, version, directory, dry_run=dry_run, yes=yes)
    cli = None if dry_run or only_write else PulumiCli.find(found.name, directory, _WITHOUT_CLI)
    with progress(f"evaluating {found.name} on {version}"):
        release = plan(found, version)
    if only_write and not dry_run:
        write(found.path, with_release(found.path, version))
        with page() as output:
            print_written(output, release, promoted=_is_promoted_to(found))
        return ExitCode.CLEAN
    if release.before == version and _runs(release, directory):
        with page() as output:
            print_nothing_to_do(output, release)
        return ExitCode.CLEAN
    with page() as output:
        print_plan(output, release)
    if cli is None:
        return ExitCode.CLEAN
    if not yes and not confirmed(f"Release {version} to {found.name}?"):
        raise ReleaseError("not confirmed: nothing was changed")
    write(found.path, with_release(found.path, version))
    outcome = roll(release, cli, _tell)
    with page() as output:
        print_outcome(output, release, outcome)
    return ExitCode.CLEAN if outcome.complete else ExitCode.FINDINGS


def _release_after_the_rest(stack: StackFile, version: str, directory: Path, *, dry_run: bool, yes: bool) -> ExitCode:
    cli = PulumiCli.find(stack.name, directory, _WITHOUT_CLI)
    with progress(f"comparing {stack.name} on {version} with its state"):
        recorded = load_deployment(cli.export(), f"stack {stack.name}")
        siblings = [other for other in project_stacks(directory) if other.name != stack.name]
        promotion = planned(stack, version, recorded, siblings)
    with page() as output:
        print_whole(output, promotion)
    refuse_unlisted_losses(promotion.comparison, recorded, datetime.now(UTC).date())
    with progress(f"asking the providers what {version} does to {stack.name}"):
        by_providers = steps(cli, stack, version)
    others = unforeseen(by_providers, {change.urn: change.action.value for change in promotion.comparison.changed})
    refuse_losses(others, recorded)
    with page() as output:
        print_unforeseen(output, others)
    if dry_run:
        return ExitCode.CLEAN
    if not yes and not confirmed(f"Release {version} to {stack.name}?"):
        raise ReleaseError("not confirmed: nothing was changed")
    outcome = promote(promotion.with_rest(one.urn for one in by_providers), cli, _tell)
    with page() as output:
        print_end(output, promotion, outcome)
    return ExitCode.CLEAN if outcome is not None and outcome.complete else ExitCode.FINDINGS


def _tell(what: str) -> None:
    print(f"\n{what}", file=sys.stderr)  # noqa: T201


def _runs(release: ReleasePlan, directory: Path) -> bool:
    """Whether the release that the file names is what the stack has, as its state says, and not the file.

    The file is ahead of the state where a release stopped half-way, or was committed before it is rolled out. False
    also where there is no CLI to tell.

    Raises:
        ReleaseError: a person interrupted the preview.
    """
    try:
        return PulumiCli.find(release.stack.name, directory).nothing_left() == 0
    except InterruptedRunError as error:
        raise ReleaseError("interrupted at the preview: nothing was changed") from error
    except PulumiCliError:
        return False


def _is_promoted_to(stack: StackFile) -> bool:
    return read_stack_file(stack.path, PROJECT_DIR).config.get("teranode-infra:tier") == "mainnet"


def _refuse_what_is_promoted(stack: StackFile) -> None:
    if _is_promoted_to(stack):
        raise ReleaseError(
            f"{stack.name} is of the tier mainnet, which gets what was proved elsewhere: ops promote {stack.name} "
            "--from STACK (docs/promotion.md). Nothing was done"
        )


def confirmed(question: str) -> bool:
    """Ask the person at the terminal.

    Raises:
        UsageError: there is no terminal.
    """
    if not sys.stdin.isatty():
        raise UsageError(f"{question} There is no terminal to ask at: say --yes")
    return typer.confirm(question)


def contexts_of(options: Sequence[str]) -> dict[str, str]:
    parts = [option.partition("=") for option in options]
    for region, equals, context in parts:
        if not (region and equals and context):
            raise OutputsError(f"--context {region}{equals}{context}: must be of the form REGION=CONTEXT")
    return {region: context for region, _, context in parts}


@faults_reported
@failing_eval()
def run_simulator_env(directory: Path | None) -> ExitCode:
    """Prepare a simulated shell and print its settings."""
    from simulator.shell import prepare, render_exports  # noqa: PLC0415 (needs the plugins' libraries)

    if shutil.which("pulumi") is None:
        raise UsageError(
            "no pulumi CLI on the PATH, and this shell is for it: install 3.272 or newer "
            "(https://www.pulumi.com/docs/install/), and repeat the command"
        )
    print(render_exports(prepare(directory, PROJECT_DIR)), end="")  # noqa: T201
    return ExitCode.CLEAN
