"""What ``ops report`` does."""

import json
from datetime import date
from pathlib import Path

from ops.exit_codes import ExitCode
from ops.faults import OutputFileError, faults_reported
from ops.preview import preview
from ops.render.console import page, progress
from ops.report import render
from ops.stacks import find_stack, project_stacks


@faults_reported
def run_report(stack: str, html: Path, *, as_of: date | None, as_json: bool) -> ExitCode:
    """Write the page on ``stack`` to ``html``; findings are on the page, not in the exit code."""
    found = find_stack(stack)
    siblings = [other for other in project_stacks() if other.name != found.name]
    with progress(f"evaluating {found.name}, and {len(siblings)} more to hold beside it"):
        result = preview(found, siblings=siblings, as_of=as_of)
        written = render(result, as_of=as_of).encode()
    try:
        html.write_bytes(written)
    except OSError as error:
        raise OutputFileError(f"{html}: cannot be written ({error.strerror})") from error
    if as_json:
        document = {
            "format": 1,
            "stack": found.name,
            "file": str(html),
            "bytes": len(written),
            "resources": sum(node.custom for node in result.graph.nodes.values()),
            "clean": result.policies.clean,
        }
        print(json.dumps(document, indent=2))  # noqa: T201
    else:
        with page() as output:
            output.print(f"{html}: {len(written) / 1024:.0f} KiB, complete in itself", soft_wrap=True)
    return ExitCode.CLEAN
