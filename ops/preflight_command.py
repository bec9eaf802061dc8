"""What ``ops preflight`` does."""

import json
from pathlib import Path

from infra.settings import Environment
from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.preflight.checks import exit_code
from ops.preflight.needs import Evaluated
from ops.preflight.permissions import Deployer
from ops.preflight.reading import Trouble
from ops.preflight.registry import Registries
from ops.preflight.run import NOT_CHECKED, Plan, preflight
from ops.preview import read_baseline
from ops.pulumi_cli import PulumiCli, PulumiCliError, working_directory
from ops.render.console import page, progress
from ops.render.preflight import preflight_document, print_preflight
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, StackFile, find_stack
from simulator.graph import Deployment, DeploymentFormatError, load_deployment
from simulator.simulate import simulate

_NO_STACK = "no stack named"
"""What the CLI says of a stack that was never made."""


@faults_reported
def run_preflight(stack: str, *, state: Path | None, profile: str | None, full: bool, as_json: bool) -> ExitCode:
    """Check what must hold before an update of ``stack``, and print it, as JSON if ``as_json``."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    environment = settings_of(found, directory)
    aws = Aws.of(profile)
    with progress(f"asking whose credentials these are, for {found.name}") as status:
        with faults_worded():
            refuse_other_accounts(aws, found.name, environment.account, environment.home)
        status.update(f"evaluating {found.name}")
        evaluated = Evaluated(simulate(found.path, project_dir=PROJECT_DIR).deployment)
        status.update(f"reading the state of {found.name}")
        plan = Plan(evaluated, _deployer(environment), _recorded(found, directory, state, profile))
        checks = preflight(plan, aws, Registries(), status.update)
    if as_json:
        print(json.dumps(preflight_document(found.name, checks, NOT_CHECKED), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_preflight(output, found.name, checks, NOT_CHECKED, full=full)
    return exit_code(checks)


def _deployer(environment: Environment) -> Deployer:
    return Deployer(
        arn=environment.access.deploy_role,
        account=environment.account,
        environment=environment.name,
        home=environment.home,
    )


def _recorded(
    stack: StackFile, directory: Path, state: Path | None, profile: str | None
) -> Deployment | Trouble | None:
    """What the state says; None where there is no stack yet."""
    if state is not None:
        return read_baseline(state)
    try:
        otherwise = ", or name with --state what it exported elsewhere"
        text = PulumiCli.find(stack.name, directory, otherwise, profile=profile).export()
        return load_deployment(text, f"stack {stack.name}")
    except PulumiCliError as error:
        return None if _NO_STACK in str(error) else Trouble(str(error).partition("\n")[0])
    except DeploymentFormatError as error:
        return Trouble(str(error))
