"""What a pull request does to one stack, as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ops.preview import Preview
from ops.quantities.count import quantities
from ops.quantities.model import Kind
from simulator.compare import Action, Comparison, ResourceChange
from simulator.graph import Graph
from simulator.schedule import schedule


@dataclass(frozen=True, slots=True)
class QuantityChange:
    """How much of one kind a region uses in a month, before and after."""

    region: str
    kind: Kind
    before: float
    after: float

    @property
    def differs(self) -> bool:
        """Whether there will be more or less of it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class StackChange:
    """One stack before and after.

    - `before`: what is recorded; None of a stack that does not exist yet, or whose state could not be read.
    - `comparison`: what an update does; everything is created where nothing is recorded.
    - `duration_s`: of that update by the model; updates in place are counted as taking no time.
    - `used`: all quantities of a month, those that stay the same too.
    - `unread`: why there is no state to compare with, although there may be one.
    """

    preview: Preview
    before: Graph | None
    comparison: Comparison
    duration_s: float
    used: tuple[QuantityChange, ...]
    unread: str = ""

    @property
    def name(self) -> str:
        """The stack's name."""
        return self.preview.stack.name

    @property
    def affected(self) -> bool:
        """Whether an update would do anything."""
        return bool(self.comparison.changed)

    @property
    def quantities(self) -> tuple[QuantityChange, ...]:
        """The quantities that differ."""
        return tuple(one for one in self.used if one.differs)

    @property
    def harmless(self) -> bool:
        """Whether nothing is refused, in danger, against a policy, undecided or unknown."""
        return not self.unread and not self.preview.refusals and not self.dangerous and self.preview.policies.clean

    @property
    def dangerous(self) -> tuple[ResourceChange, ...]:
        """What would be replaced or deleted although it holds data or an identity, or is locked."""
        return tuple(item for item in self.comparison.changed if item.loses_state or item.refused)

    def by_region(self) -> Mapping[str, Mapping[Action, int]]:
        """Numbers by region and action, regions by name; what has no region stands under an empty one."""
        found: dict[str, dict[Action, int]] = {}
        for item in self.comparison.changed:
            counts = found.setdefault(self._region(item), dict.fromkeys(Action, 0))
            counts[item.action] += 1
        return dict(sorted(found.items()))

    def causes(self, item: ResourceChange) -> tuple[str, ...]:
        """The inputs at which a change began: ``path`` of its own, ``name: path`` of a resource that it follows."""
        if not item.caused_by:
            return tuple(change.path for change in item.forced_by or item.changes)
        changed = {one.urn: one for one in self.comparison.changed}
        return tuple(dict.fromkeys(_roots(item, changed, set())))

    def _region(self, item: ResourceChange) -> str:
        graphs = (self.preview.graph, self.before) if self.before else (self.preview.graph,)
        return next((graph.regions[item.urn] for graph in graphs if item.urn in graph.regions), "")


def stack_change(preview: Preview, before: Graph | None, comparison: Comparison, *, unread: str = "") -> StackChange:
    """What ``preview`` changes of what is recorded as ``before``, by ``comparison``; ``unread`` as in `StackChange`."""
    return StackChange(
        preview=preview,
        before=before,
        comparison=comparison,
        duration_s=_duration_s(preview.graph, before, comparison),
        used=tuple(_used(preview.graph, before)),
        unread=unread,
    )


def _roots(item: ResourceChange, changed: Mapping[str, ResourceChange], seen: set[str]) -> Iterator[str]:
    seen.add(item.urn)
    followed = [changed[urn] for urn in item.caused_by if urn in changed and urn not in seen]
    for cause in followed:
        yield from _roots(cause, changed, seen)
    if not item.caused_by:
        for change in item.forced_by or item.changes:
            yield f"{item.name}: {change.path}"


def _duration_s(after: Graph, before: Graph | None, comparison: Comparison) -> float:
    """The engine creates and replaces first, and deletes at the end what nothing needs any more."""
    made = {item.urn for item in (*comparison.of(Action.CREATE), *comparison.of(Action.REPLACE))}
    creating_s = schedule(after, "up", only=made).total_s
    if before is None:
        return creating_s
    gone = {item.urn for item in (*comparison.of(Action.DELETE), *comparison.of(Action.REPLACE))}
    return creating_s + schedule(before, "destroy", only=gone).total_s


def _used(after: Graph, before: Graph | None) -> Iterator[QuantityChange]:
    old = _amounts(before) if before else {}
    new = _amounts(after)
    for region, kind in sorted({**old, **new}, key=lambda key: (key[0], key[1].area, key[1].what, key[1].unit)):
        yield QuantityChange(region, kind, old.get((region, kind), 0.0), new.get((region, kind), 0.0))


def _amounts(graph: Graph) -> Mapping[tuple[str, Kind], float]:
    return {(one.region, one.kind): one.amount for one in quantities(graph)}
