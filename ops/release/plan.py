"""What a release changes, miner by miner, read from two evaluations of the program that differ in nothing else."""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ops.outputs import StackOutputs, checked_outputs
from ops.release.stack_file import ReleaseError, current_release, with_release
from ops.stacks import PROJECT_DIR, StackFile
from simulator.compare import Action, ResourceChange, compare
from simulator.graph import Graph
from simulator.simulate import Simulation, simulate

MINER = "teranode:miner:Miner"
"""Type of the component that holds all that a miner shares with nobody."""

_PATCH = re.compile(r"v(?P<major>\d+)\.(?P<minor>\d+)\.(?P<patch>\d+)")


@dataclass(frozen=True, slots=True)
class MinerStep:
    """One miner's part of a release: what is updated or replaced, causes first."""

    miner: str
    changes: tuple[ResourceChange, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """URNs, for a targeted update."""
        return tuple(change.urn for change in self.changes)


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """A release of one stack. ``before`` is what its file named until now."""

    stack: StackFile
    before: str
    version: str
    steps: tuple[MinerStep, ...]
    outputs: StackOutputs
    """Of the stack on the new release, as the simulated cloud has them: for names, not for ids."""


def plan(stack: StackFile, version: str) -> ReleasePlan:
    """What setting the release of ``stack`` to ``version`` changes. Writes nothing.

    It does not matter which release the file names now: a release that stopped half-way has the same plan.

    Raises:
        ReleaseError: the file names no release, or more than miners would change.
        pulumi.RunError: the settings refuse the version.
        SimulatorError: the stack cannot be evaluated.
    """
    before = current_release(stack.path)
    old = _evaluated(stack, before if before != version else _another(version))
    new = _evaluated(stack, version, old)
    after = Graph(new.deployment)
    changed = compare(Graph(old.deployment), after).changed
    return ReleasePlan(
        stack=stack,
        before=before,
        version=version,
        steps=steps(changed, after),
        outputs=checked_outputs(new.exports, str(stack.path)),
    )


def steps(changed: Iterable[ResourceChange], graph: Graph) -> tuple[MinerStep, ...]:
    """The changes by miner, miners by name.

    Raises:
        ReleaseError: something changes that belongs to no miner, or comes or goes.
    """
    by_miner: dict[str, list[ResourceChange]] = {}
    strange: list[ResourceChange] = []
    for change in changed:
        miner = _miner_of(change.urn, graph)
        if miner is None or change.action not in (Action.UPDATE, Action.REPLACE):
            strange.append(change)
        else:
            by_miner.setdefault(miner, []).append(change)
    if strange:
        raise ReleaseError(
            "this is more than a release, which updates or replaces what belongs to a miner. It would also "
            + "; ".join(f"{change.action} {change.name}" for change in strange)
            + ". Apply it with pulumi up, which shows all of it"
        )
    order = {urn: place for place, urn in enumerate(graph.in_order())}
    return tuple(
        MinerStep(miner, tuple(sorted(found, key=lambda change: order[change.urn])))
        for miner, found in sorted(by_miner.items())
    )


def _miner_of(urn: str, graph: Graph) -> str | None:
    node = graph.nodes.get(urn)
    while node is not None and node.type != MINER:
        node = graph.nodes.get(node.parent)
    return node.name if node else None


def _evaluated(stack: StackFile, version: str, baseline: Simulation | None = None) -> Simulation:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"Pulumi.{stack.name}.yaml"
        file.write_text(with_release(stack.path, version), encoding="utf-8")
        return simulate(file, baseline=baseline.deployment if baseline else None, project_dir=PROJECT_DIR)


def _another(version: str) -> str:
    """A release that differs in its last number, and in nothing else of its form."""
    return _PATCH.sub(lambda found: f"v{found['major']}.{found['minor']}.{int(found['patch']) + 1}", version, count=1)
