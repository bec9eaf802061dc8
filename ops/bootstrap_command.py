"""What ``ops bootstrap`` does."""

import json
import sys
from collections.abc import Callable

from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.bootstrap.run import all_steps, refuse_a_role_for_nobody
from ops.bootstrap.steps import Finding, look, make
from ops.bootstrap.target import BootstrapError, Target, Trust
from ops.commands import confirmed
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.pulumi_cli import working_directory
from ops.render.bootstrap import bootstrap_document, print_findings, print_next
from ops.render.console import page, progress
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack


@faults_reported
def run_bootstrap(
    stack: str, trust: Callable[[str], Trust], *, profile: str | None, check: bool, yes: bool, as_json: bool
) -> ExitCode:
    """Make what the environment of ``stack`` needs in its account; with ``check`` only say what is missing.

    ``trust`` says who may take the roles, from the name of the environment.
    """
    target = _target(stack, trust)
    aws = Aws.of(profile)
    with faults_worded():
        with progress(f"asking whose credentials these are, for {target.name}") as status:
            refuse_other_accounts(aws, target.name, target.account, target.home)
            steps = all_steps(aws, target)
            findings = look(steps, status.update)
        complete = all(finding.drift is None for finding in findings)
        if not check and not complete:
            refuse_a_role_for_nobody(target, findings)
            _show(target, findings, as_json=False, stderr=as_json)
            if not yes and not confirmed(f"Make what is missing in account {target.account}?"):
                raise BootstrapError("not confirmed: nothing was done")
            with progress("making") as status:
                make(findings, status.update)
                findings = look(steps, status.update)
            complete = all(finding.drift is None for finding in findings)
    _show(target, findings, as_json=as_json, stderr=False)
    if complete and not as_json:
        with page() as output:
            print_next(output, target)
    return ExitCode.CLEAN if complete else ExitCode.FINDINGS


def _target(stack: str, trust: Callable[[str], Trust]) -> Target:
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    environment = settings_of(found, directory)
    return Target(environment, trust(found.name))


def _show(target: Target, findings: list[Finding], *, as_json: bool, stderr: bool) -> None:
    if as_json:
        print(json.dumps(bootstrap_document(target, findings), indent=2))  # noqa: T201
    elif stderr:
        missing = ", ".join(finding.step.name for finding in findings if finding.drift is not None)
        print(f"missing or different: {missing}", file=sys.stderr)  # noqa: T201
    else:
        with page() as output:
            print_findings(output, target, findings)
