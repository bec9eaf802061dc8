"""What ``ops env sleep``, ``wake`` and ``expire`` do."""

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ops.aws.session import Aws
from ops.commands import confirmed
from ops.environments.expire import Hands, destroy_due, document, due, only
from ops.environments.listing import rows
from ops.environments.power import Power
from ops.environments.sleep import SleepError, carry_out, plan, refuse_to_begin
from ops.errors import UsageError
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.pulumi_cli import InterruptedRunError, PulumiCli, working_directory
from ops.render.console import page, progress
from ops.render.rest import print_done, print_expired, print_plan, rest_document
from ops.stacks import PROJECT_DIR, StackFile, find_stack, project_stacks

_WITHOUT_CLI = ". Without it --dry-run shows what would be done"


@faults_reported
def run_rest(stack: str, power: Power, *, profile: str | None, dry_run: bool, yes: bool, as_json: bool) -> ExitCode:
    """Put ``stack`` to sleep or wake it; with ``dry_run`` only show what that means."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    _refuse_elsewhere(found, directory)
    cli = None if dry_run else PulumiCli.find(found.name, directory, _WITHOUT_CLI, profile=profile)
    with progress(f"evaluating {found.name}"):
        rest = plan(found, directory, power)
    if not as_json:
        with page() as output:
            print_plan(output, rest)
    if cli is None:
        return _told(json.dumps(rest_document(rest, done=False), indent=2) if as_json else "")
    word = "Put to sleep" if power is Power.OFF else "Wake"
    if not yes and not confirmed(f"{word} {found.name} in account {rest.environment.account}?"):
        raise SleepError("not confirmed: nothing was done")
    aws = Aws.of(profile)
    try:
        refuse_to_begin(rest, aws, cli, _tell)
    except InterruptedRunError:
        raise SleepError("interrupted: nothing was done") from None
    if problem := _problem(lambda: carry_out(rest, aws, cli, wait=time.sleep, tell=_tell)):
        _tell(problem)
    if as_json:
        _told(json.dumps(rest_document(rest, done=not problem), indent=2))
    if problem:
        return ExitCode.FINDINGS
    if as_json:
        return ExitCode.CLEAN
    with page() as output:
        print_done(output, rest, datetime.now(UTC))
    return ExitCode.CLEAN


@faults_reported
def run_expire(stack: str | None, *, profile: str | None, yes: bool, as_json: bool) -> ExitCode:
    """Show the environments that are past their end, or one of them; with ``yes`` destroy them."""
    directory = working_directory(PROJECT_DIR)
    now = datetime.now(UTC)
    with progress("reading the stack files"):
        found = rows(project_stacks(directory), directory)
    if stack is not None:
        found = only(found, _own_stack(stack, directory), now)
    if yes and due(found, now):
        hands = Hands(Aws.of(profile), lambda name: PulumiCli.find(name, directory, profile=profile), time.sleep, _tell)
        done = destroy_due(found, now, hands)
    else:
        done = due(found, now)
    if as_json:
        print(json.dumps(document(done), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_expired(output, done)
    refused = [row for row in found if row.environment is None]
    for row in refused:
        _tell(f"{row.stack.name} was not judged, its settings are refused: {row.problem}")
    return ExitCode.FINDINGS if refused or any(one.is_open for one in done) else ExitCode.CLEAN


def _own_stack(stack: str, directory: Path) -> str:
    found = find_stack(stack, directory)
    _refuse_elsewhere(found, directory)
    return found.name


def _refuse_elsewhere(found: StackFile, directory: Path) -> None:
    if found.path.parent.resolve() != directory.resolve():
        raise SleepError(f"{found.path}: the pulumi CLI reads Pulumi.{found.name}.yaml in {directory}, not this file")


def _problem(work: Callable[[], None]) -> str:
    """What stopped the work half-way; empty if nothing did."""
    try:
        work()
    except (KeyboardInterrupt, InterruptedRunError):
        return "interrupted: what is done stays, and the command can be repeated"
    except UsageError as error:
        return str(error)
    return ""


def _tell(what: str) -> None:
    print(what, file=sys.stderr)  # noqa: T201


def _told(text: str) -> ExitCode:
    if text:
        print(text)  # noqa: T201
    return ExitCode.CLEAN
