"""Modelled durations and critical paths."""

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ops.render.text import clock, duration, kind
from simulator.chain import applies_to, unavoidable_s
from simulator.graph import Graph
from simulator.schedule import Schedule

_ALIKE_S = 1.0
"""Regions whose ends differ by less are one line."""

_BRIEF_S = 10
"""Steps of a chain that take less are shown in full only."""


def durations(graph: Graph, up: Schedule, destroy: Schedule, *, full: bool) -> RenderableType:
    """Totals of both operations, ``up`` by region where regions differ, and the chain that decides.

    With ``full`` the chain of every region and of ``destroy`` too, down to the shortest step.
    """
    totals = Text.assemble(
        "up ", (duration(up.total_s), "bold"), "   destroy ", (duration(destroy.total_s), "bold"), *_by_region(up)
    )
    parts: list[RenderableType] = [totals, *_against_unavoidable(graph, up)]
    for region in up.by_region() if full else (None,):
        parts += [_heading("up", region), Padding(_chain(graph, up, region, full=full), (0, 0, 0, 2))]
    if full:
        parts += [_heading("destroy", None), Padding(_chain(graph, destroy, None, full=True), (0, 0, 0, 2))]
    return Group(*parts)


def _by_region(up: Schedule) -> list[tuple[str, str] | str]:
    ends = up.by_region()
    if len(ends) < 2:  # noqa: PLR2004 (one region is the total)
        return []
    if max(ends.values()) - min(ends.values()) < _ALIKE_S:
        return [(f"   the same in all {len(ends)} regions", "dim")]
    return [("   up by region: ", "dim"), ", ".join(f"{region} {duration(end)}" for region, end in ends.items())]


def _against_unavoidable(graph: Graph, up: Schedule) -> list[Text]:
    """How much longer ``up`` takes than AWS alone imposes, for stacks that hold a cluster with nodes."""
    types = {node.type for node in graph.nodes.values()}
    if not applies_to(types):
        return []
    chain_s = unavoidable_s(types)
    return [
        Text(f"up is {up.total_s / chain_s:.2f} times the longest unavoidable chain, {duration(chain_s)}", style="dim")
    ]


def _heading(operation: str, region: str | None) -> Text:
    return Text(f"critical path of {operation}" + (f" in {region}" if region else ""), style="dim")


def _chain(graph: Graph, schedule: Schedule, region: str | None, *, full: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(justify="right", style="bold")
    table.add_column(justify="right", style="dim")
    table.add_column()
    table.add_column(style="cyan")
    for step in schedule.critical_path(region):
        if step.duration_s > (0 if full else _BRIEF_S):
            node = graph.nodes[step.urn]
            table.add_row(clock(step.finish_s), f"+{round(step.duration_s)} s", node.name, kind(node.type))
    return table
