"""What a pull request changes in the environments, as the text of one comment on GitHub."""

from collections.abc import Iterator, Sequence

from ops.github.client import LONGEST
from ops.github.markdown import code, folded, table, words
from ops.pull_request.change import QuantityChange, StackChange
from ops.pull_request.diagram import diagram
from ops.render.text import count, duration, short_type
from simulator.compare import Action, ResourceChange

MARKER = "<!-- teranode-infra: what this pull request changes -->"
"""By it the comment is found again, to be edited in place."""

_ACTIONS = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE)
_FINDINGS_SHOWN = 10
_CAUSES_SHOWN = 3
_LISTED = 100
_CUT = "\n\n_The rest is too long for a comment: see the full result._\n"


def comment(changes: Sequence[StackChange], failures: Sequence[tuple[str, str]], full_result: str = "") -> str:
    """The comment on these stacks.

    :param failures: stacks that could not be evaluated, each with why.
    :param full_result: address of the whole result, which the comment is a part of; empty if there is none.
    """
    affected = [change for change in changes if change.affected or not change.harmless]
    parts = [MARKER, "## What this pull request changes", _summary(changes, failures)]
    parts += [_failure(name, why) for name, why in failures]
    # What is refused and what may lose data come before everything else, whichever stack they are in.
    parts += [_refused(change) for change in affected if change.preview.refusals]
    parts += [_danger(change) for change in affected if change.dangerous]
    for change in affected:
        parts += _details(change)
    parts.append(_footer(full_result))
    return _limited("\n\n".join(parts) + "\n")


def _summary(changes: Sequence[StackChange], failures: Sequence[tuple[str, str]]) -> str:
    rows = [
        [
            code(change.name),
            *(str(change.comparison.counts[action]) for action in _ACTIONS),
            str(change.comparison.counts[Action.SAME]),
            _policies(change),
            duration(change.duration_s) if change.affected else "nothing to do",
        ]
        for change in changes
    ]
    rows += [[code(name), *["?"] * (len(_ACTIONS) + 1), "not evaluated", "?"] for name, _ in failures]
    headings = ["stack", *(str(action) for action in _ACTIONS), "same", "policies", "modelled duration"]
    return table(headings, rows, numbers_from=1)


def _policies(change: StackChange) -> str:
    report = change.preview.policies
    if report.clean:
        return "clean"
    undecided = f", {len(report.undecided)} undecided" if report.undecided else ""
    return f"**{count(len(report.findings), 'finding')}**{undecided}"


def _failure(name: str, why: str) -> str:
    lines = "\n".join(f"> {words(line)}<br>" for line in why.strip().splitlines())
    return f"> [!CAUTION]\n> **{code(name)} cannot be evaluated**<br>\n{lines}"


def _refused(change: StackChange) -> str:
    refusals = change.preview.refusals
    rows = [
        [code(one.rule), words(one.subject), words(one.what), code(one.cause), words(one.remedy)] for one in refusals
    ]
    reasons = count(len(refusals), "reason")
    title = f"> [!CAUTION]\n> **{code(change.name)}: this update must not be made, for {reasons}.**"
    return f"{title}\n\n{table(['rule', 'of', 'what would happen', 'because of', 'instead'], rows)}"


def _danger(change: StackChange) -> str:
    rows = [
        [
            f"**{item.action}**",
            f"{code(item.name)}<br>{words(short_type(item.type))}",
            words(item.loss) if item.loses_state else "",
            _causes(change, item),
            "protected: the engine refuses" if item.protected else "**none**",
        ]
        for item in change.dangerous
    ]
    title = (
        f"> [!CAUTION]\n> **{code(change.name)}: {count(len(rows), 'resource')} that hold data, an identity or a lock "
        "would be replaced or deleted.**"
    )
    return f"{title}\n\n{table(['action', 'resource', 'loses', 'because of', 'lock'], rows)}"


def _causes(change: StackChange, item: ResourceChange) -> str:
    if item.action is Action.DELETE and not item.caused_by:
        return "no longer in the program"
    causes = change.causes(item)
    shown = "<br>".join(code(cause) for cause in causes[:_CAUSES_SHOWN])
    return f"{shown}<br>{len(causes) - _CAUSES_SHOWN} more" if len(causes) > _CAUSES_SHOWN else shown


def _details(change: StackChange) -> Iterator[str]:
    yield f"### {code(change.name)}"
    if change.before is None:
        yield "Nothing is recorded of this stack: all of it would be new."
    if change.affected:
        yield _by_region(change)
        yield f"```mermaid\n{diagram(change)}\n```"
    yield from _findings(change)
    if change.quantities:
        rows = [_quantity(item) for item in change.quantities]
        headings = ["area", "what", "unit", "before", "after", "difference"]
        yield folded(
            f"Quantities in a month: {len(rows)} differ", table(headings, rows, numbers_from=3) + "\n\nNo prices."
        )
    listed = [item for item in change.comparison.changed if item.action is not Action.CREATE]
    if listed:
        rows = [[str(item.action), code(item.name), _causes(change, item)] for item in listed]
        yield folded(
            f"Everything that exists and changes: {len(rows)}", table(["action", "resource", "because of"], rows)
        )


def _by_region(change: StackChange) -> str:
    rows = [
        [code(region) if region else "no region", *(str(counts[action]) for action in _ACTIONS)]
        for region, counts in change.by_region().items()
    ]
    return table(["region", *(str(action) for action in _ACTIONS)], rows, numbers_from=1)


def _findings(change: StackChange) -> Iterator[str]:
    report = change.preview.policies
    rows = [
        [
            code(item.rule),
            code(item.urn.rsplit("::", 1)[-1]),
            f"{code(item.path)} {words(item.message)}",
            words(item.remedy),
        ]
        for item in report.findings[:_FINDINGS_SHOWN]
    ]
    rows += [
        [code(item.rule), code(item.urn.rsplit("::", 1)[-1]), f"{code(item.path)} undecided: {words(item.cause)}", ""]
        for item in report.undecided[:_FINDINGS_SHOWN]
    ]
    if rows:
        more = len(report.findings) + len(report.undecided) - len(rows)
        yield table(["rule", "resource", "finding", "remedy"], rows) + (f"\n\n{more} more." if more else "")


def _quantity(item: QuantityChange) -> list[str]:
    difference = item.after - item.before
    return [
        words(item.area),
        words(item.what),
        words(item.unit),
        f"{item.before:,.0f}",
        f"{item.after:,.0f}",
        f"{difference:+,.0f}",
    ]


def _footer(full_result: str) -> str:
    link = f" [Full result]({full_result})." if full_result else ""
    return (
        "<sub>Compared with the recorded state, in the simulated cloud. The duration counts what is made, replaced and "
        f"deleted; updates in place and releases of charts take time as well.{link}</sub>"
    )


def _limited(text: str) -> str:
    """``text``, or the parts from its beginning that GitHub takes."""
    if len(text) <= LONGEST:
        return text
    kept: list[str] = []
    room = LONGEST - len(_CUT)
    for part in text.split("\n\n"):
        room -= len(part) + 2
        if room < 0:
            break
        kept.append(part)
    # A part that opens by a click consists of several: none is left open.
    joined = "\n\n".join(kept)
    if joined.count("<details>") > joined.count("</details>"):
        joined = joined[: joined.rindex("<details>")].rstrip()
    return joined + _CUT
