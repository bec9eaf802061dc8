"""A picture of a change that GitHub draws in a comment: regions with their miners, and what happens to each."""

import re
from collections.abc import Iterator, Mapping

from ops.miners import Miner, miners
from ops.pull_request.change import StackChange
from simulator.compare import Action
from simulator.graph import Graph

_UNSAFE = re.compile(r"[^A-Za-z0-9 ./+~-]")
_CLASSES = (
    "classDef new stroke:#1a7f37,stroke-width:3px",
    "classDef changed stroke:#9a6700,stroke-width:2px",
    "classDef gone stroke:#cf222e,stroke-width:3px,stroke-dasharray:4",
    "classDef same stroke:#8c959f",
)
"""Strokes alone, in colours that show on light and dark; the words say the same."""


def diagram(change: StackChange) -> str:
    """The stack after the change, as a mermaid flowchart; what goes is still in it."""
    after, before = _by_name(change.preview.graph), _by_name(change.before) if change.before else {}
    counts = change.by_region()
    regions = sorted({one.region for one in (*after.values(), *before.values())} | {name for name in counts if name})
    lines = ["flowchart LR"]
    for place, region in enumerate(regions):
        lines.append(f'  subgraph r{place}["{_text(region)}{_counted(counts.get(region, {}))}"]')
        drawn = list(_miners(region, after, before, change)) or [f'e{place}["no miner"]:::same']
        lines += [f"    {line}" for line in drawn]
        lines.append("  end")
    return "\n".join([*lines, *(f"  {line}" for line in _CLASSES)])


def _by_name(graph: Graph) -> Mapping[str, Miner]:
    return {one.name: one for one in miners(graph)}


def _miners(region: str, after: Mapping[str, Miner], before: Mapping[str, Miner], change: StackChange) -> Iterator[str]:
    touched = {item.name for item in change.comparison.changed}
    names = sorted({*after, *before})
    for place, name in enumerate(names):
        old, new = before.get(name), after.get(name)
        if new is not None and new.region == region:
            moved = old is None or old.region != region
            kind = "new" if moved else "changed" if any(one.startswith(f"{name}-") for one in touched) else "same"
            services = f"{len(new.services)} services" if new.services else "stopped"
            said = "" if kind == "same" else f", {kind}"
            yield f'm{place}["{_text(name)}<br/>{services}{said}"]:::{kind}'
        elif old is not None and old.region == region:
            yield f'o{place}["{_text(name)}<br/>goes"]:::gone'


def _counted(counts: Mapping[Action, int]) -> str:
    signs = ((Action.CREATE, "+"), (Action.UPDATE, "~"), (Action.REPLACE, "+-"), (Action.DELETE, "-"))
    said = [f"{sign}{counts[action]}" for action, sign in signs if counts.get(action)]
    return f" {' '.join(said)}" if said else ""


def _text(name: str) -> str:
    """A name of whoever wrote the stack file, without anything that mermaid reads as its own."""
    return _UNSAFE.sub("", name)
