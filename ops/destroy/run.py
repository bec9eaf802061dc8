"""The destruction itself: the CLI, then what it cannot know of, and again, as long as a round gets further."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ops.destroy.leftovers import Leftover
from ops.pulumi_cli import InterruptedRunError
from simulator.graph import Graph, Node, load_deployment

_ROUNDS = 4
"""So often can something left behind hold up something else: interfaces, their groups, the network."""


class Stack(Protocol):
    """The part of the CLI that is needed."""

    def destroy(self) -> int:
        """Delete everything that can be deleted; 0 if nothing is left."""
        ...

    def export(self) -> str:
        """The state."""
        ...


Sweep = Callable[[str, frozenset[str]], Sequence[tuple[Leftover, str]]]
"""Removes what is left in a region and not in the state; of each why it still stands, or nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far it came: what the state still has, what was swept away, what could not be, and whether it was stopped."""

    left: Graph
    removed: tuple[Leftover, ...]
    refused: tuple[tuple[Leftover, str], ...]
    interrupted: bool = False

    @property
    def resources(self) -> list[Node]:
        """What the state still has, without components and providers."""
        return cloud_resources(self.left)

    @property
    def blocking(self) -> list[Node]:
        """What holds everything else up: nothing that is left needs it, and still it is there."""
        needed = {urn for others in self.left.prerequisites.values() for urn in others}
        return [node for node in self.resources if node.urn not in needed]


def destroy(stack: Stack, regions: Iterable[str], sweep: Sweep, tell: Callable[[str], object]) -> Outcome:
    """Delete, sweep the regions that are drained, and go on while that helps.

    Nothing is swept from a region whose state still has pods or nodes: what looks free there may be on its way.
    """
    removed: list[Leftover] = []
    refused: list[tuple[Leftover, str]] = []
    left = read_state(stack)
    for number in range(1, _ROUNDS + 1):
        if left.nodes:
            tell(f"pulumi destroy, round {number}")
            try:
                stack.destroy()
            except InterruptedRunError:
                return Outcome(read_state(stack), tuple(removed), (), interrupted=True)
            left = read_state(stack)
        known = known_of(left)
        swept = [one for region in regions if is_drained(left, region) for one in sweep(region, known)]
        gone = [one for one, why in swept if not why]
        removed += gone
        refused = [(one, why) for one, why in swept if why]
        if not gone:
            break
    return Outcome(left, tuple(removed), tuple(refused))


def is_drained(graph: Graph, region: str) -> bool:
    """Whether nothing runs in a region that could still make or use what a sweep finds."""
    running = ("kubernetes:", "aws:eks/")
    return not any(
        node.type.startswith(running) and graph.regions.get(node.urn) == region for node in cloud_resources(graph)
    )


def read_state(stack: Stack) -> Graph:
    """The state as a graph."""
    return Graph(load_deployment(stack.export(), "pulumi stack export"))


def cloud_resources(graph: Graph) -> list[Node]:
    """What lies in a cloud or cluster: not components, not providers."""
    return [node for node in graph.nodes.values() if node.custom and not node.is_provider]


def known_of(graph: Graph) -> frozenset[str]:
    """The ids and ARNs of everything in a state."""
    found = {node.id for node in graph.nodes.values()}
    found |= {str(node.outputs[key]) for node in graph.nodes.values() for key in ("arn", "id") if key in node.outputs}
    return frozenset(found - {""})
