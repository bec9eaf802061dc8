"""What ``ops drift-issue`` does."""

import json
import sys
from pathlib import Path

from ops.drift.document import DriftDocumentError, Verdict, read_document
from ops.drift.issue import RIGHT, tell
from ops.errors import UsageError
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.github.client import Repository
from ops.pulumi_cli import working_directory
from ops.render.console import page, progress
from ops.stacks import PROJECT_DIR, find_stack


@faults_reported
def run_drift_issue(stack: str, *, file: Path, repository: str, run: str, api: str, as_json: bool) -> ExitCode:
    """Open, edit or close the issue of ``stack`` as the result in ``file`` asks; without one, say that it failed."""
    name = find_stack(stack, working_directory(PROJECT_DIR)).name
    if run and not run.startswith("https://"):
        raise UsageError(f"--run {run}: an address that begins with https://")
    where = Repository.of(repository, right=RIGHT, api=api)
    try:
        found = read_document(file, name)
    except DriftDocumentError as error:
        found = None
        print(f"{error}: counts as a look that failed", file=sys.stderr)  # noqa: T201
    with progress(f"looking for the issue of {name}"):
        told = tell(where, name, found, run)
    verdict = Verdict.FAILED if found is None else found.verdict
    if as_json:
        document = {"format": 1, "stack": name, "verdict": verdict, "issue": told.fate, "url": told.url or None}
        print(json.dumps(document, indent=2))  # noqa: T201
    else:
        with page() as output:
            output.print(f"{name} {verdict}: issue {told.fate}  {told.url}".rstrip(), soft_wrap=True)
    return ExitCode.CLEAN
