"""What ``ops env`` does."""

import json
from datetime import UTC, datetime

from ops.environments.listing import document, rows
from ops.environments.new import Wish, draft, lifetime, save
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.pulumi_cli import working_directory
from ops.render.console import page, progress
from ops.render.environments import print_list, print_new
from ops.stacks import PROJECT_DIR, find_stack, project_stacks


@faults_reported
def run_env_new(name: str, *, source: str, regions: str | None, miners: int | None, ttl: str | None) -> ExitCode:
    """Write the stack file of the environment ``name``, like that of the stack ``source``."""
    directory = working_directory(PROJECT_DIR)
    wish = Wish(
        name=name,
        regions=None if regions is None else tuple(region.strip() for region in regions.split(",")),
        miners=miners,
        expires=None if ttl is None else datetime.now(UTC) + lifetime(ttl),
    )
    made = draft(wish, find_stack(source, directory), directory)
    save(made)
    with page() as output:
        print_new(output, made)
    return ExitCode.CLEAN


@faults_reported
def run_env_list(*, as_json: bool) -> ExitCode:
    """Show what all stack files of the project say."""
    directory = working_directory(PROJECT_DIR)
    now = datetime.now(UTC)
    with progress("reading the stack files"):
        found = rows(project_stacks(directory), directory)
    if as_json:
        print(json.dumps(document(found, now), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_list(output, found, now)
    return ExitCode.CLEAN if all(row.environment for row in found) else ExitCode.FINDINGS
