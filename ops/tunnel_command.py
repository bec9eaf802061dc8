"""What ``ops first-up`` and ``ops tunnel`` do."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.outputs import read_outputs
from ops.pulumi_cli import PulumiCli, cli_environment, working_directory
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack
from ops.tunnel.first_up import FirstUpError, Hands, Step, carry_out, steps
from ops.tunnel.session import CliSession
from ops.tunnel.tunnels import PAUSE_SECONDS, Door, TunnelError, doors, opened, refuse_without_aws_cli


@faults_reported
def run_first_up(stack: str, *, profile: str | None, dry_run: bool, yes: bool, as_json: bool) -> ExitCode:
    """Show the steps of the first update of ``stack``, and unless ``dry_run`` take them."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    if found.path.parent.resolve() != directory.resolve():
        raise FirstUpError(f"{found.path}: the CLI reads Pulumi.{found.name}.yaml in {directory}, not this file")
    environment = settings_of(found, directory)
    planned = steps(environment)
    if dry_run:
        return _shown(found.name, planned, (), dry_run=True, as_json=as_json)
    if not yes and not sys.stdin.isatty():
        raise FirstUpError("there is no terminal at which pulumi could ask: say --yes. Nothing was done")
    cli = PulumiCli.find(found.name, directory, profile=profile)
    if Step.TUNNELS in planned:
        refuse_without_aws_cli()
    with faults_worded():
        refuse_other_accounts(Aws.of(profile), found.name, environment.account, environment.home)
    hands = Hands(cli, lambda: read_outputs(found.name, directory, None), _tunnels(profile), _tell)
    done = carry_out(planned, hands, ask=not yes)
    _shown(found.name, planned, done, dry_run=False, as_json=as_json)
    return ExitCode.CLEAN if done == planned else ExitCode.FINDINGS


@faults_reported
def run_tunnel(stack: str, command: Sequence[str], *, profile: str | None, state: Path | None) -> int:
    """Open the tunnels of ``stack``; run ``command`` with them and return its exit code, or wait for an interrupt."""
    directory = working_directory(PROJECT_DIR)
    name = find_stack(stack, directory).name
    found = doors(read_outputs(name, directory, state))
    if not found:
        raise TunnelError(f"{name}: no region is private, so its Kubernetes APIs answer without a tunnel")
    refuse_without_aws_cli()
    with _tunnels(profile)(found):
        if not command:
            _tell("Ctrl-C closes them.")
            return _until_interrupted()
        try:
            return subprocess.call(command, env=cli_environment(profile))  # noqa: S603 (the person's own command)
        except FileNotFoundError:
            raise TunnelError(f"{command[0]}: there is no such command") from None


def _until_interrupted() -> ExitCode:
    try:
        signal.pause()
    except KeyboardInterrupt:
        _tell("")
    return ExitCode.CLEAN


def _tunnels(profile: str | None) -> Callable[[Sequence[Door]], AbstractContextManager[None]]:
    environment = cli_environment(profile)
    return lambda found: opened(
        found, lambda command: CliSession(command, environment), lambda: time.sleep(PAUSE_SECONDS), _tell
    )


def _shown(stack: str, planned: Sequence[Step], done: Sequence[Step], *, dry_run: bool, as_json: bool) -> ExitCode:
    if as_json:
        rows = [{"step": step.name.lower(), "does": str(step), "done": step in done} for step in planned]
        print(json.dumps({"format": 1, "stack": stack, "dryRun": dry_run, "steps": rows}, indent=2))  # noqa: T201
        return ExitCode.CLEAN
    for number, step in enumerate(planned, 1):
        state = "would be done" if dry_run else "done" if step in done else "not done"
        print(f"{number}. {step}: {state}")  # noqa: T201
    return ExitCode.CLEAN


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)  # noqa: T201
