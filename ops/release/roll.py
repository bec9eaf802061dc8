"""Roll a release out: one miner after the other, up to the first that fails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ops.pulumi_cli import InterruptedRunError, PulumiCli
from ops.release.plan import MinerStep, ReleasePlan


class Reached(StrEnum):
    """How far a release came with one miner."""

    RELEASED = "released"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    UNTOUCHED = "untouched"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a release came with every miner, and whether the stack wants nothing more."""

    reached: dict[str, Reached]
    complete: bool

    @property
    def stopped_at(self) -> str | None:
        """The miner at which it stopped."""
        stops = (Reached.FAILED, Reached.INTERRUPTED)
        return next((miner for miner, reached in self.reached.items() if reached in stops), None)


def roll(plan: ReleasePlan, cli: PulumiCli, tell: Callable[[str], object]) -> Outcome:
    """Update miner by miner; the stack file must name the release already.

    The update of a miner ends with its gate, which waits until its services run the release. A miner that has it
    already is updated to no effect, so a release that stopped can be repeated.
    """
    reached = dict.fromkeys((step.miner for step in plan.steps), Reached.UNTOUCHED)
    for number, step in enumerate(plan.steps, start=1):
        tell(f"{step.miner}, {number} of {len(plan.steps)}")
        reached[step.miner] = _updated(cli, step)
        if reached[step.miner] is not Reached.RELEASED:
            return Outcome(reached, complete=False)
    tell("what is left")
    try:
        complete = cli.nothing_left() == 0
    except InterruptedRunError:
        complete = False
    return Outcome(reached, complete=complete)


def _updated(cli: PulumiCli, step: MinerStep) -> Reached:
    try:
        return Reached.RELEASED if cli.update(step.targets) == 0 else Reached.FAILED
    except InterruptedRunError:
        return Reached.INTERRUPTED


def miners(outcome: Outcome, reached: Reached) -> Sequence[str]:
    """The miners with which it came so far."""
    return [miner for miner, one in outcome.reached.items() if one is reached]
