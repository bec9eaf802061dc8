"""What ``ops destroy`` does."""

import json
import sys
import time

from ops.aws.session import Aws
from ops.destroy.environment import carry_out, prepare, refuse_to_begin
from ops.destroy.plan import DestroyRefusedError
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.pulumi_cli import PulumiCli, working_directory
from ops.render.console import page, progress
from ops.render.destroy import destroy_document, plan_document, print_destroyed, print_plan
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack


@faults_reported
def run_destroy(stack: str, *, profile: str | None, yes: bool, as_json: bool) -> ExitCode:
    """Show what goes with ``stack``; with ``yes`` destroy it and show what is left."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    if found.path.parent.resolve() != directory.resolve():
        raise DestroyRefusedError(f"{found.path}: the CLI reads Pulumi.{found.name}.yaml in {directory}, not this file")
    environment = settings_of(found, directory)
    aws = Aws.of(profile)
    with progress(f"reading what there is of {found.name}"):
        refuse_to_begin(found, environment, aws)
        made = prepare(found, environment, aws, PulumiCli.find(found.name, directory, profile=profile))
    if not yes:
        if as_json:
            print(json.dumps(plan_document(found.name, made.plan), indent=2))  # noqa: T201
        else:
            with page() as output:
                print_plan(output, found.name, made.plan)
        return ExitCode.CLEAN
    done = carry_out(made, wait=time.sleep, tell=_tell)
    if as_json:
        print(json.dumps(destroy_document(done), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_destroyed(output, done)
    return done.exit_code


def _tell(what: str) -> None:
    print(f"\n{what}", file=sys.stderr)  # noqa: T201
