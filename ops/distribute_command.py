"""What ``ops distribute`` does."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.settings.fields import is_release
from ops.aws.session import Aws, faults_worded
from ops.distribution.crane import Crane
from ops.distribution.images import DistributionError, UnfinishedError
from ops.distribution.run import distribute, places_of_testers, plan
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.outputs import read_outputs
from ops.pulumi_cli import working_directory
from ops.render.console import page, progress
from ops.render.distribution import distribution_document, print_distribution
from ops.stack_settings import settings_of
from ops.stacks import PROJECT_DIR, find_stack


@faults_reported
def run_distribute(
    stack: str,
    version: str,
    *,
    images: Sequence[str],
    binaries: Path | None,
    state: Path | None,
    profile: str | None,
    dry_run: bool,
    as_json: bool,
) -> ExitCode:
    """Copy ``version`` to where the testers of ``stack`` read; with ``dry_run`` only say what would be copied."""
    if not is_release(version):
        raise DistributionError(f"{version!r} is no release: write v0.15.0, or v0.15.0@sha256:<digest>")
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    environment = settings_of(found, directory)
    testers = environment.testers or ()
    unfinished: UnfinishedError | None = None
    with faults_worded(), progress(f"looking at {version} and at what testers of {found.name} have") as status:
        places = places_of_testers(Aws.of(profile), environment)
        outputs = read_outputs(found.name, directory, state)
        wanted = plan(places, outputs.distribution, version, images, binaries)
        if not dry_run:
            try:
                distribute(places, wanted, Crane.find, status.update)
            except UnfinishedError as error:
                unfinished = error
    if unfinished is not None:
        print(unfinished, file=sys.stderr)  # noqa: T201
        return ExitCode.FINDINGS
    if as_json:
        print(json.dumps(distribution_document(found.name, wanted, testers), indent=2))  # noqa: T201
    else:
        with page() as output:
            print_distribution(output, wanted, testers, done=not dry_run)
    return ExitCode.CLEAN
