"""The modelled schedule as a tree: regions, their components, and at the ends single resources."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ops.miners import miners
from ops.report.facts import MINER
from simulator.graph import Graph, Node
from simulator.record import STACK_TYPE
from simulator.schedule import Schedule, Step

ACROSS_REGIONS = "across regions"


@dataclass(frozen=True, slots=True)
class Branch:
    """A component with what is below it, or a single resource: then it has one step and nothing below."""

    name: str
    type: str
    steps: tuple[Step, ...]
    below: tuple["Branch", ...]

    @property
    def start_s(self) -> float:
        """When its first step starts."""
        return min(step.start_s for step in self.steps)

    @property
    def finish_s(self) -> float:
        """When its last step is done."""
        return max(step.finish_s for step in self.steps)


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything that lies in one region; ``deciding`` are the steps that its end waits for."""

    region: str
    branches: tuple[Branch, ...]
    deciding: frozenset[str]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All of its steps."""
        return tuple(step for branch in self.branches for step in branch.steps)


def lanes(graph: Graph, schedule: Schedule) -> tuple[Lane, ...]:
    """One lane for each region, and one for what belongs to none or to several."""
    homes = {miner.name: miner.region for miner in miners(graph)}
    tops: dict[str, list[Branch]] = {}
    for node in graph.nodes.values():
        parent = graph.nodes.get(node.parent)
        if node.type == STACK_TYPE or (parent is not None and parent.type != STACK_TYPE):
            continue
        if branch := _branch(graph, schedule, node, prefix=""):
            # A miner has a record of its own in the home region's zone; it lives where its cluster is.
            home = homes.get(node.name, "") if node.type == MINER else ""
            tops.setdefault(home or _region(graph, branch), []).append(branch)
    whole = frozenset(step.urn for step in schedule.critical_path())
    return tuple(
        Lane(
            region,
            tuple(_by_time(_unwrapped(region, tops[region]))),
            whole if region == ACROSS_REGIONS else frozenset(step.urn for step in schedule.critical_path(region)),
        )
        for region in sorted(tops, key=lambda name: (name == ACROSS_REGIONS, name))
    )


def busy(steps: Iterable[Step]) -> Iterator[tuple[float, float]]:
    """The times in which at least one of ``steps`` is under way, one after another."""
    start, finish = 0.0, -1.0
    for step in sorted(steps, key=lambda step: (step.start_s, step.finish_s)):
        if step.start_s > finish:
            if finish > start:
                yield start, finish
            start, finish = step.start_s, step.finish_s
        else:
            finish = max(finish, step.finish_s)
    if finish > start:
        yield start, finish


def _branch(graph: Graph, schedule: Schedule, node: Node, prefix: str) -> Branch | None:
    """``node`` with all below it; None for a component without resources."""
    name = node.name.removeprefix(prefix) or node.name
    inner = f"{node.name}-"
    below = [_branch(graph, schedule, graph.nodes[urn], inner) for urn in graph.children.get(node.urn, ())]
    found = tuple(_by_time(branch for branch in below if branch))
    own = (schedule.steps[node.urn],) if node.urn in schedule.steps else ()
    steps = (*own, *(step for branch in found for step in branch.steps))
    if not steps:
        return None
    if own and found:
        found = (Branch(name, node.type, own, ()), *found)
    return Branch(name, node.type, steps, found)


def _unwrapped(region: str, branches: Iterable[Branch]) -> Iterator[Branch]:
    """``branches``, a component that is the region itself replaced by what it is made of."""
    for branch in branches:
        if branch.name == region and branch.below:
            yield from branch.below
        else:
            yield branch


def _by_time(branches: Iterable[Branch]) -> list[Branch]:
    return sorted(branches, key=lambda branch: (branch.start_s, branch.finish_s, branch.name))


def _region(graph: Graph, branch: Branch) -> str:
    # What is inside a cluster has its region, generated values have none.
    regions = {graph.regions.get(step.urn, "") for step in branch.steps} - {""}
    return regions.pop() if len(regions) == 1 else ACROSS_REGIONS
