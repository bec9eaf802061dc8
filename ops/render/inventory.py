"""The resources of a stack as a tree by region and component, and counted by type."""

from collections import Counter
from collections.abc import Iterable, Mapping

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from ops.render.text import count, kind, short_type, tally
from simulator.graph import Graph, Node
from simulator.record import STACK_TYPE

_KINDS_IN_SUMMARY = 2
_TYPES_SHOWN = 6

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
            _add(branch, graph, node, full=full)
        for twin in twins:
            named = [node.name for node in by_region[twin] if not node.custom and node.name != twin]
            beside = f", with {', '.join(named)}" if named else ""
            label = Text.assemble((twin, "bold cyan"), (f"  the same components and resources as {region}", "dim"))
            tree.add(label.append(beside, "dim"))
    return tree


def _alike(graph: Graph, by_region: Mapping[str, list[Node]], regions: Iterable[str]) -> list[list[str]]:
    """``regions`` in groups of equal shape, each in the place of its first."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for region in regions:
        shape = tuple(_shape(graph, node, (region, node.name)) for node in by_region[region])
        groups.setdefault(shape, []).append(region)
    return list(groups.values())


def type_counts(graph: Graph, *, full: bool) -> RenderableType:
    """Number of resources of each type, in as many columns as fit; the most frequent types unless ``full``."""
    counted = Counter(short_type(node.type) for node in graph.nodes.values() if node.custom)
    shown = counted.most_common(None if full else _TYPES_SHOWN)
    lines = [Text.assemble((f"{number:4} ", "bold"), name) for name, number in sorted(shown)]
    columns = Columns(lines, padding=(0, 3), column_first=True)
    hidden = len(counted) - len(shown)
    if not hidden:
        return columns
    number = counted.total() - sum(number for _, number in shown)
    return Group(
        columns, Text(f"{number:4} resources of {count(hidden, 'other type')}, shown with --full", style="dim")
    )


def _is_top(graph: Graph, node: Node) -> bool:
    parent = graph.nodes.get(node.parent)
    return node.type != STACK_TYPE and (parent is None or parent.type == STACK_TYPE)


def _with_below(graph: Graph, node: Node) -> list[Node]:
    return [node, *(graph.nodes[urn] for urn in graph.below(node.urn))]


def _region(graph: Graph, node: Node) -> str:
    # What is inside a cluster, and generated values, have no region of their own.
    regions = {graph.regions.get(item.urn, "") for item in _with_below(graph, node) if item.custom} - {""}
    return regions.pop() if len(regions) == 1 else ACROSS_REGIONS


def _unwrapped(graph: Graph, region: str, nodes: Iterable[Node]) -> Iterable[Node]:
    """``nodes``, a component that is the region itself replaced by what it is made of."""
    for node in nodes:
        if node.name == region and not node.custom:
            yield from (graph.nodes[urn] for urn in graph.children.get(node.urn, ()))
        else:
            yield node


def _shape(graph: Graph, node: Node, own: tuple[str, ...]) -> tuple[object, ...]:
    """Types and names, those of the region and of its miners cut out, so that equal regions have equal shapes."""
    below = tuple(_shape(graph, graph.nodes[urn], own) for urn in graph.children.get(node.urn, ()))
    name = node.name
    for part in own:
        name = name.replace(part, "")
    return (node.type, name, below)


def _region_label(graph: Graph, region: str, nodes: Iterable[Node]) -> Text:
    number = sum(item.custom for node in nodes for item in _with_below(graph, node))
    return Text.assemble((region, "bold cyan"), (f"  {count(number, 'resource')}", "dim"))


def _add(branch: Tree, graph: Graph, node: Node, *, full: bool) -> None:
    """Add ``node``, and what is below it: all of it where ``full``, else in one line with it."""
    children = [graph.nodes[urn] for urn in graph.children.get(node.urn, ())]
    if not children:
        branch.add(_resource_label(node))
        return
    inner = branch.add(_component_label(graph, node, full=full))
    if full:
        for child in children:
            _add(inner, graph, child, full=full)


def _component_label(graph: Graph, node: Node, *, full: bool) -> Text:
    below = [item for item in _with_below(graph, node) if item.custom]
    parent = graph.nodes.get(node.parent)
    name = node.name if full or parent is None else node.name.removeprefix(f"{parent.name}-")
    label = Text.assemble((name, "bold"), (f"  {kind(node.type)}", "cyan"), (f"  {len(below)}", "dim"))
    if not full:
        label.append(f": {tally((item.type for item in below), _KINDS_IN_SUMMARY)}")
    return label


def _resource_label(node: Node) -> Text:
    label = Text.assemble(node.name, (f"  {short_type(node.type)}", "dim"))
    if node.protect:
        label.append("  protected", style="yellow")
    if node.retain_on_delete:
        label.append("  retained", style="yellow")
    return label
