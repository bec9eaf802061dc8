"""The resources of a stack as a tree by region and component, and counted by type."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.columns import Columns
from rich.text import Text
from rich.tree import Tree

from ops.render.text import count, kind, short_type, tally
from simulator.graph import Graph, Node
from simulator.record import STACK_TYPE

_KINDS_IN_SUMMARY = 4
_COLLAPSED_DEPTH = 2
"""Levels of components below a region that the collapsed tree opens."""

ACROSS_REGIONS = "across regions"


def resource_tree(graph: Graph, *, full: bool) -> Tree:
    """All resources; collapsed to components and numbers unless ``full``.

    Regions that look alike down to the last resource are shown once.
    """
    top = [node for node in graph.nodes.values() if _is_top(graph, node)]
    by_region: dict[str, list[Node]] = {}
    for node in top:
        by_region.setdefault(_region(graph, node), []).append(node)
    number = sum(1 for node in graph.nodes.values() if node.custom)
    tree = Tree(Text(count(number, "resource"), style="bold"), guide_style="dim")
    regions = sorted(by_region, key=lambda name: (name == ACROSS_REGIONS, name))
    for region, *twins in [[name] for name in regions] if full else _alike(graph, by_region, regions):
        branch = tree.add(_region_label(graph, region, by_region[region]))
        for node in _unwrapped(graph, region, by_region[region]):
            _add(branch, graph, node, _COLLAPSED_DEPTH, full=full)
        if twins:
            label = Text.assemble((", ".join(twins), "bold cyan"))
            tree.add(label.append(f"  the same components and resources as {region}", "dim"))
    return tree


def _alike(graph: Graph, by_region: Mapping[str, list[Node]], regions: Iterable[str]) -> list[list[str]]:
    """``regions`` in groups of equal shape, each in the place of its first."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for region in regions:
        groups.setdefault(tuple(_shape(graph, node, region) for node in by_region[region]), []).append(region)
    return list(groups.values())


def type_counts(graph: Graph) -> Columns:
    """Number of resources of each type, in as many columns as fit."""
    counted = Counter(short_type(node.type) for node in graph.nodes.values() if node.custom)
    lines = [Text.assemble((f"{number:4} ", "bold"), name) for name, number in sorted(counted.items())]
    return Columns(lines, padding=(0, 3), column_first=True)


def _is_top(graph: Graph, node: Node) -> bool:
    parent = graph.nodes.get(node.parent)
    return node.type != STACK_TYPE and (parent is None or parent.type == STACK_TYPE)


def _with_below(graph: Graph, node: Node) -> list[Node]:
    return [node, *(graph.nodes[urn] for urn in graph.below(node.urn))]


def _region(graph: Graph, node: Node) -> str:
    regions = {graph.regions.get(item.urn, "") for item in _with_below(graph, node) if item.custom}
    return regions.pop() or ACROSS_REGIONS if len(regions) == 1 else ACROSS_REGIONS


def _unwrapped(graph: Graph, region: str, nodes: Iterable[Node]) -> Iterable[Node]:
    """``nodes``, a component that is the region itself replaced by what it is made of."""
    for node in nodes:
        if node.name == region and not node.custom:
            yield from (graph.nodes[urn] for urn in graph.children.get(node.urn, ()))
        else:
            yield node


def _shape(graph: Graph, node: Node, region: str) -> tuple[object, ...]:
    """Types and names, the region cut out of them, so that equal regions have equal shapes."""
    below = tuple(_shape(graph, graph.nodes[urn], region) for urn in graph.children.get(node.urn, ()))
    return (node.type, node.name.replace(region, ""), below)


def _region_label(graph: Graph, region: str, nodes: Iterable[Node]) -> Text:
    number = sum(item.custom for node in nodes for item in _with_below(graph, node))
    return Text.assemble((region, "bold cyan"), (f"  {count(number, 'resource')}", "dim"))


def _add(branch: Tree, graph: Graph, node: Node, depth: int, *, full: bool) -> None:
    """Add ``node`` and what is below it, opening ``depth`` levels of components unless ``full``."""
    children = [graph.nodes[urn] for urn in graph.children.get(node.urn, ())]
    if not children:
        branch.add(_resource_label(node))
        return
    opened = full or (depth > 1 and any(not child.custom for child in children))
    inner = branch.add(_component_label(graph, node, summary=not opened, full=full))
    if not opened:
        return
    for child in children:
        if full or not child.custom:
            _add(inner, graph, child, depth - 1, full=full)
    own = [child.type for child in children if child.custom]
    if own and not full:
        inner.add(Text(tally(own, _KINDS_IN_SUMMARY)))


def _component_label(graph: Graph, node: Node, *, summary: bool, full: bool) -> Text:
    below = [item for item in _with_below(graph, node) if item.custom]
    parent = graph.nodes.get(node.parent)
    name = node.name if full or parent is None else node.name.removeprefix(f"{parent.name}-")
    label = Text.assemble((name, "bold"), (f"  {kind(node.type)}", "cyan"), (f"  {len(below)}", "dim"))
    if summary:
        label.append(f": {tally((item.type for item in below), _KINDS_IN_SUMMARY)}")
    return label


def _resource_label(node: Node) -> Text:
    label = Text.assemble(node.name, (f"  {short_type(node.type)}", "dim"))
    if node.protect:
        label.append("  protected", style="yellow")
    if node.retain_on_delete:
        label.append("  retained", style="yellow")
    return label
