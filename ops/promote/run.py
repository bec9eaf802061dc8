"""What a promotion changes, and doing it: first what the commit changes besides the release, then miner by miner."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ops.outputs import recorded_outputs
from ops.preview import Preview, preview
from ops.promote.approval import PromotionError
from ops.pulumi_cli import InterruptedRunError, PulumiCli
from ops.release.plan import ReleasePlan, plan
from ops.release.roll import Outcome, roll
from ops.release.stack_file import with_release, write
from ops.stacks import StackFile
from simulator.compare import Comparison
from simulator.graph import Deployment


@dataclass(frozen=True, slots=True)
class Promotion:
    """What it does to a stack.

    - `comparison`: of its recorded state with the commit on the new release.
    - `before`: the release that it runs.
    - `rest`: URNs of what changes without being part of the release.
    """

    release: ReleasePlan
    comparison: Comparison
    before: str
    rest: tuple[str, ...]

    def with_rest(self, urns: Iterable[str]) -> "Promotion":
        """The same with what else of these is no part of the release: what the providers add to the evaluation."""
        moved = {urn for step in self.release.steps for urn in step.targets}
        return replace(self, rest=tuple(sorted({*self.rest, *urns} - moved)))


def planned(stack: StackFile, version: str, recorded: Deployment, siblings: Sequence[StackFile]) -> Promotion:
    """What it changes; writes nothing.

    Raises:
        PromotionError: a policy is broken.
        OutputsError, ReleaseError, BaselineError, pulumi.RunError, SimulatorError: it cannot be evaluated or compared.
    """
    before = recorded_outputs(stack.name, recorded, f"the state of {stack.name}").release
    result = _evaluated(stack, version, recorded, siblings)
    if result.comparison is None:
        raise AssertionError("compared with nothing although there is a recorded state")
    if not result.policies.clean:
        found = [f"{finding.rule}: {finding.message}" for finding in result.policies.findings]
        found += [f"{item.rule}: cannot be decided ({item.cause})" for item in result.policies.undecided]
        raise PromotionError(f"policies are broken: {'; '.join(found)}. `ops preview {stack.name}` has the remedies")
    release = plan(stack, version)
    moved = {urn for step in release.steps for urn in step.targets}
    rest = tuple(change.urn for change in result.comparison.changed if change.urn not in moved)
    return Promotion(release=release, comparison=result.comparison, before=before, rest=rest)


def promote(promotion: Promotion, cli: PulumiCli, tell: Callable[[str], object]) -> Outcome | None:
    """Do it; None if it stopped before the release began. What is done stays, and it can be repeated.

    What the commit changes besides the release comes first and on the release that runs: so miners change their
    release one after the other, however much else there is to do.
    """
    path, version = promotion.release.stack.path, promotion.release.version
    if promotion.rest:
        write(path, with_release(path, promotion.before))
        tell(f"{len(promotion.rest)} changes besides the release")
        try:
            done = cli.update_all() == 0
        except InterruptedRunError:
            done = False
        if not done:
            return None
    write(path, with_release(path, version))
    return roll(promotion.release, cli, tell)


def _evaluated(stack: StackFile, version: str, recorded: Deployment, siblings: Sequence[StackFile]) -> Preview:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / stack.path.name
        file.write_text(with_release(stack.path, version), encoding="utf-8")
        return preview(StackFile(stack.name, file), recorded, siblings)
