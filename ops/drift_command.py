"""What ``ops drift`` does."""

import json
from datetime import UTC, datetime

from ops.aws.account import refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.drift.noise import read_noise
from ops.drift.refresh import read_refresh
from ops.drift.sweep import Sweep, regions_of, sweep
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.pulumi_cli import PulumiCli, working_directory
from ops.render.console import page, progress
from ops.render.drift import Drift, drift_document, print_drift
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack


@faults_reported
def run_drift(stack: str, *, profile: str | None, without_sweep: bool, as_json: bool) -> ExitCode:
    """Compare what there is with the state of ``stack`` and print the difference, as JSON if ``as_json``."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    environment = settings_of(found, directory)
    noise = read_noise(datetime.now(UTC).date())
    cli = PulumiCli.find(found.name, directory, profile=profile)
    with progress(f"asking the providers what there is of {found.name}") as status:
        aws = None if without_sweep else Aws.of(profile)
        if aws is not None:
            with faults_worded():
                refuse_other_accounts(aws, found.name, environment.account, environment.home)
        refreshed = read_refresh(cli.refresh_preview(), noise)
        status.update(f"asking AWS for everything with the tags of {found.name}")
        regions = tuple(sorted({*environment.regions, *regions_of(refreshed.known)}))
        swept: Sweep | None = None
        if aws is not None:
            swept = sweep(aws, environment.name, regions, refreshed.known, noise)
    drift = Drift(found.name, refreshed, swept, noise.expired)
    if as_json:
        print(json.dumps(drift_document(drift), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_drift(output, drift)
    return drift.exit_code
