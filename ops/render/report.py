"""A preview on the page, section by section."""

from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.text import Text

from ops.miners import miners
from ops.preview import Preview
from ops.render.changes import changes
from ops.render.duration import durations
from ops.render.findings import findings
from ops.render.inventory import resource_tree, type_counts
from ops.render.miners import miner_list
from ops.render.refusals import refused
from ops.render.text import count, prose


def print_preview(console: Console, preview: Preview, *, full: bool) -> None:
    """Print ``preview``: a screen or so, or with ``full`` all that is known."""
    console.print(_header(preview))
    for title, body in _sections(preview, full=full):
        console.print()
        console.print(Text(title, style="bold underline"))
        console.print(Padding(body, (0, 0, 0, 2)))
    if preview.log:
        console.print()
        console.print(Text("Messages of the program", style="bold underline"))
    for line in (line for message in preview.log for line in prose(message)):
        console.print(f"  {line}", soft_wrap=True)


def _header(preview: Preview) -> Text:
    regions = preview.up.by_region()
    resources = sum(1 for node in preview.graph.nodes.values() if node.custom)
    groups = len(preview.graph.nodes) - resources
    return Text.assemble(
        (preview.stack.name, "bold"),
        f"  {preview.policies.tier} tier, {count(len(regions), 'region')}, "
        f"{count(resources, 'resource')} in {count(groups, 'component')}",
        (f"  {preview.stack.path}, evaluated in {preview.evaluation_s:.1f} s against the simulated cloud", "dim"),
    )


def _sections(preview: Preview, *, full: bool) -> Iterator[tuple[str, RenderableType]]:
    if preview.refusals:
        yield "Refused", refused(preview.refusals)
    if preview.comparison is not None:
        yield "Changes against the baseline", changes(preview.comparison, full=full)
    if found := miners(preview.graph):
        yield "Miners", miner_list(found)
    yield "Resources", resource_tree(preview.graph, full=full)
    yield "Resources by type", type_counts(preview.graph, full=full)
    yield "Modelled duration", durations(preview.graph, preview.up, preview.destroy, full=full)
    yield "Policies", findings(preview.policies, preview.siblings, full=full)
