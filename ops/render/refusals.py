"""Why an update must not be made."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ops.guard import Refusal


def refused(refusals: Sequence[Refusal]) -> RenderableType:
    """Each refusal with what would happen, the input that causes it, and the remedy."""
    parts: list[RenderableType] = []
    for refusal in refusals:
        parts.append(Text.assemble((f"{refusal.rule}  {refusal.subject}  ", "bold red"), refusal.what))
        parts.append(Padding(Text(f"cause: {refusal.cause}"), (0, 0, 0, 4)))
        parts.append(Padding(Text(f"fix:   {refusal.remedy}", style="dim"), (0, 0, 0, 4)))
    return Group(*parts)
