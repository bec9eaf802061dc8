"""What would change against a baseline."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ops.render.text import count, short_type, tally
from simulator.compare import Action, Comparison, ResourceChange
from simulator.diff import Change

_STYLES = {Action.CREATE: "green", Action.UPDATE: "yellow", Action.REPLACE: "magenta", Action.DELETE: "red"}
_SIGNS = {Action.CREATE: "+", Action.UPDATE: "~", Action.REPLACE: "+-", Action.DELETE: "-"}
_PATHS_WHEN_COLLAPSED = 3
_KINDS_WHEN_COLLAPSED = 6
_CREATIONS_WHEN_COLLAPSED = 12


def changes(comparison: Comparison, *, full: bool) -> RenderableType:
    """Numbers by action, then the changed resources: lost state first and in red, each with what forces it.

    Unless ``full``, what only follows from the replacement of another resource is summed up, and many creations are.
    """
    counts = comparison.counts
    changed = comparison.changed
    if not changed:
        return Text.assemble(("no changes", "bold green"), (f"  {_unchanged(counts[Action.SAME])}", "dim"))
    summary = Text("  ").join(
        Text(
            f"{number} to {action}" if action is not Action.SAME else _unchanged(number),
            _STYLES.get(action, "dim"),
        )
        for action, number in counts.items()
        if number
    )
    summed_up = () if full else _summed_up(changed)
    hidden = {item.urn for item in summed_up}
    shown = [item for item in changed if item.urn not in hidden]
    parts: list[RenderableType] = [summary, *_warning(changed)]
    if shown:
        parts.append(_table(shown, full=full))
    return Group(*parts, *_sums(summed_up))


def _unchanged(number: int) -> str:
    """With what they count, for the header counts resources alone."""
    return f"{number} unchanged, components among them"


def _summed_up(changed: Sequence[ResourceChange]) -> tuple[ResourceChange, ...]:
    """What needs no line of its own: consequences of a replacement, and many creations."""
    creations = [item for item in changed if item.action is Action.CREATE]
    harmless = creations if len(creations) > _CREATIONS_WHEN_COLLAPSED else []
    followers = [item for item in changed if item.caused_by and not item.loses_state and not item.refused]
    return (*followers, *harmless)


def _sums(items: Sequence[ResourceChange]) -> Iterator[Text]:
    for action in (Action.REPLACE, Action.UPDATE, Action.CREATE):
        types = [item.type for item in items if item.action is action]
        if types:
            cause = "" if action is Action.CREATE else " more because of these replacements"
            text = Text(f"{_SIGNS[action]} {action}  ", _STYLES[action])
            yield text.append(f"{len(types)}{cause}: {tally(types, _KINDS_WHEN_COLLAPSED)} (--full lists them)", "dim")


def _warning(changed: Iterable[ResourceChange]) -> list[Text]:
    rows = list(changed)
    losing, refused = sum(item.loses_state for item in rows), sum(item.refused for item in rows)
    lines = (
        (losing, f"{count(losing, 'resource')} would lose data or an identity that others rely on"),
        (refused, f"{count(refused, 'resource')} protected: the engine refuses this update"),
    )
    return [Text(line, style="bold red") for number, line in lines if number]


def _table(rows: Iterable[ResourceChange], *, full: bool) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column()
    for row in rows:
        style = "bold red" if row.loses_state else _STYLES[row.action]
        name = Text.assemble((row.name, "bold red" if row.loses_state else ""), (f"  {short_type(row.type)}", "dim"))
        table.add_row(Text(f"{_SIGNS[row.action]} {row.action}", style), name)
        remarks = [remark for remark in (_protection(row), _causes(row, full=full), _loss(row)) if remark]
        if remarks:
            table.add_row("", Text("; ").join(remarks))
    return table


def _protection(row: ResourceChange) -> Text | None:
    return Text("protected: the engine refuses", "bold red") if row.refused else None


def _causes(row: ResourceChange, *, full: bool) -> Text | None:
    """The inputs that force a replacement, or those that an update changes."""
    causes = row.forced_by if row.forced_by and not full else row.changes
    if not causes:
        return None
    shown = causes if full else causes[:_PATHS_WHEN_COLLAPSED]
    text = "forced by " if row.forced_by else "changes "
    text += ", ".join(_cause(change) for change in shown)
    return Text(f"{text}, {len(causes) - len(shown)} more" if len(shown) < len(causes) else text)


def _cause(change: Change) -> str:
    """The path, with the reason where it says more than that the input is create-only."""
    return change.path if change.reason in ("", "create-only") else f"{change.path} ({change.reason})"


def _loss(row: ResourceChange) -> Text | None:
    if row.action is Action.DELETE and row.retained:
        return Text("stays in the cloud, no longer managed", "dim")
    return Text(f"loses {row.loss}", "red") if row.loses_state else None
