"""What ``ops promote`` does."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from ops.attest.content import content, refuse_other_content
from ops.commands import confirmed
from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.files import write_file
from ops.preview import read_baseline
from ops.promote.approval import (
    PromotionError,
    approval,
    read_approval,
    refuse_a_difference,
    refuse_unlisted_losses,
)
from ops.promote.grounds import Grounds, proved, refuse_another_commit
from ops.promote.providers import refuse_all, refuse_losses, steps, unforeseen
from ops.promote.run import planned, promote
from ops.pulumi_cli import PulumiCli, working_directory
from ops.render.console import page, progress
from ops.render.promote import print_end, print_promotion, print_unforeseen
from ops.stacks import PROJECT_DIR, find_stack, project_stacks
from simulator.graph import load_deployment


@faults_reported
def run_promote(
    stack: str,
    attestation: Path,
    grounds: Grounds,
    *,
    approved: Path | None,
    dry_run: bool,
    preview: Path | None,
    state: Path | None,
) -> ExitCode:
    """Release to ``stack`` what ``attestation`` proves; with ``dry_run`` only show what that means."""
    directory = working_directory(PROJECT_DIR)
    found = find_stack(stack, directory)
    if found.path.parent.resolve() != directory.resolve():
        raise PromotionError(
            f"{found.path}: the pulumi CLI reads Pulumi.{found.name}.yaml in {directory}, not this file"
        )
    attested = proved(attestation, grounds, directory)
    refuse_another_commit(found, attested, directory)
    with progress(f"evaluating {grounds.source} as it was attested"):
        made = content(find_stack(grounds.source, directory), directory)
    refuse_other_content(attested, made, str(attestation))
    cli = None if state else PulumiCli.find(found.name, directory)
    with progress(f"comparing {found.name} on {attested.release} with its state"):
        recorded = load_deployment(cli.export(), f"stack {found.name}") if cli else read_baseline(state or Path())
        siblings = [other for other in project_stacks(directory) if other.name != found.name]
        promotion = planned(found, attested.release, recorded, siblings)
    with page() as output:
        print_promotion(output, promotion, attested)
    refuse_unlisted_losses(promotion.comparison, recorded, datetime.now(UTC).date())
    now = approval(found.name, attested, promotion.comparison)
    if approved is not None:
        refuse_a_difference(read_approval(approved), now)
    if preview is not None:
        write_file(preview, now.text())
    if dry_run or cli is None:
        return ExitCode.CLEAN
    with progress(f"asking the providers what {attested.release} does to {found.name}"):
        by_providers = steps(cli, found, attested.release)
    foreseen = now.actions if approved is None else {**now.actions, **read_approval(approved).actions}
    others = unforeseen(by_providers, foreseen)
    refuse_losses(others, recorded)
    if approved is not None:
        refuse_all(others)
    with page() as output:
        print_unforeseen(output, others)
    if approved is None and not confirmed(f"Promote {attested.release} to {found.name}?"):
        raise PromotionError("not confirmed: nothing was changed")
    outcome = promote(promotion, cli, tell=lambda what: print(f"\n{what}", file=sys.stderr))  # noqa: T201
    with page() as output:
        print_end(output, promotion, outcome)
    return ExitCode.CLEAN if outcome is not None and outcome.complete else ExitCode.FINDINGS
