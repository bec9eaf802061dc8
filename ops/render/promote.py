"""A promotion: on what grounds, and what it does."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from ops.attest.attestation import Attestation
from ops.promote.providers import Step
from ops.promote.run import Promotion
from ops.release.roll import Outcome
from ops.render.changes import changes
from ops.render.release import print_outcome, print_plan
from ops.render.text import count


def print_promotion(output: Console, promotion: Promotion, attestation: Attestation) -> None:
    """Print what was proved where, everything that changes, and the order of the release."""
    result = attestation.verification
    output.print(
        f"proved in {attestation.stack} at commit {attestation.commit}: {len(result.checks)} checks held at "
        f"{result.time:%Y-%m-%d %H:%M} UTC",
        soft_wrap=True,
    )
    print_whole(output, promotion)


def print_whole(output: Console, promotion: Promotion) -> None:
    """Print everything that changes, and in which order."""
    release = promotion.release
    output.print(
        Text.assemble((release.stack.name, "bold"), f"  from {promotion.before} to {release.version}"), soft_wrap=True
    )
    output.print()
    output.print(changes(promotion.comparison, full=True))
    output.print()
    if promotion.rest:
        output.print(f"First, on {promotion.before}: {count(len(promotion.rest), 'change')} besides the release.")
    print_plan(output, promotion.release)


def print_unforeseen(output: Console, found: Sequence[Step]) -> None:
    """Print what the providers delete or replace and the evaluation did not foresee."""
    for one in found:
        output.print(Text.assemble(("the providers also ", "yellow"), f"{one.loss} {one.name}"))


def print_end(output: Console, promotion: Promotion, outcome: Outcome | None) -> None:
    """Print what the release came to; without an outcome, what to do after a stop before it began."""
    if outcome is not None:
        print_outcome(output, promotion.release, outcome)
        return
    output.print(
        f"Stopped before the release began: {promotion.release.stack.name} still runs {promotion.before}. The pulumi "
        "CLI says why, above. What is done stays; repeat the command.",
        soft_wrap=True,
    )
