"""What a pull request changes in the environments, as the text of one comment on GitHub."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ops.github.client import LONGEST
from ops.github.markdown import code, folded, table, words
from ops.prices.book import NO_PRICES, PriceBook
from ops.pull_request.change import StackChange
from ops.pull_request.costs import cost_cell, quantities_part
from ops.pull_request.diagram import diagram
from ops.render.text import count, duration, short_type
from simulator.compare import Action, ResourceChange

MARKER = "<!-- teranode-infra: what this pull request changes -->"
"""By it the comment is found again, to be edited in place."""

_ACTIONS = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE)
_FINDINGS_SHOWN = 10
_CAUSES_SHOWN = 3
_NAMES_SHOWN = 20
_NO_REGION = "no region: components, random values"
_CUT = "\n\n_The rest is too long for a comment: see the full result._\n"


def comment(
    changes: Sequence[StackChange],
    failures: Sequence[tuple[str, str]],
    full_result: str = "",
    book: PriceBook = NO_PRICES,
) -> str:
    """The comment on these stacks.

    :param failures: stacks that could not be evaluated, each with why.
    :param book: prices of what they use; without them it tells quantities alone.
    :param full_result: address of the whole result, which the comment is a part of; empty if there is none.
    """
    affected = [change for change in changes if change.affected or not change.harmless]
    parts = [MARKER, "## What this pull request changes", _summary(changes, failures, book)]
    parts += [_failure(name, why) for name, why in failures]
    parts += [_unread(change) for change in affected if change.unread]
    # What is refused and what may lose data come before everything else, whichever stack they are in.
    parts += [_refused(change) for change in affected if change.preview.refusals]
    parts += [_danger(change) for change in affected if change.dangerous]
    for change in affected:
        parts += _details(change, book)
    parts.append(_footer(full_result))
    return _limited("\n\n".join(parts) + "\n")


def _summary(changes: Sequence[StackChange], failures: Sequence[tuple[str, str]], book: PriceBook) -> str:
    rows = [
        [
            code(change.name) + (" **not compared**" if change.unread else ""),
            *(str(change.comparison.counts[action]) for action in _ACTIONS),
            str(change.comparison.counts[Action.SAME]),
            _policies(change),
            _duration(change),
            *([] if book.unavailable else [cost_cell(change, book)]),
        ]
        for change in changes
    ]
    headings = ["stack", *(str(action) for action in _ACTIONS), "same", "policies", "modelled duration"]
    if not book.unavailable:
        headings.append("USD a month")
    rows += [
        [code(name), *["?"] * (len(_ACTIONS) + 1), "not evaluated", *["?"] * (len(headings) - 7)]
        for name, _ in failures
    ]
    return table(headings, rows, numbers_from=1)


def _duration(change: StackChange) -> str:
    if not change.affected:
        return "nothing to do"
    # The model times no updates in place: "0 s" would be taken for a promise.
    return duration(change.duration_s) if change.duration_s else "updates in place"


def _policies(change: StackChange) -> str:
    report = change.preview.policies
    if report.clean:
        return "clean"
    undecided = f", {len(report.undecided)} undecided" if report.undecided else ""
    return f"**{count(len(report.findings), 'finding')}**{undecided}"


def _failure(name: str, why: str) -> str:
    lines = "\n".join(f"> {words(line)}<br>" for line in why.strip().splitlines())
    return f"> [!CAUTION]\n> **{code(name)} cannot be evaluated**<br>\n{lines}"


def _unread(change: StackChange) -> str:
    return (
        f"> [!WARNING]\n> **{code(change.name)} is not compared with what there is**: {words(change.unread)}. The "
        "numbers are of all of it, as if it were new; what an update would replace or delete is not known."
    )


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


def _details(change: StackChange, book: PriceBook) -> Iterator[str]:
    yield f"### {code(change.name)}"
    if change.before is None and not change.unread:
        yield "Nothing is recorded of this stack: all of it would be new."
    if change.affected:
        yield _by_region(change)
        yield f"```mermaid\n{diagram(change)}\n```"
    yield from _findings(change)
    if change.quantities:
        yield quantities_part(change, book)
    listed = [item for item in change.comparison.changed if item.action is not Action.CREATE]
    if listed:
        title = f"What exists and changes: {count(len(listed), 'resource')}"
        yield folded(title, table(["action", "because of", "resources"], _grouped(change, listed)))


def _grouped(change: StackChange, listed: Sequence[ResourceChange]) -> Iterator[list[str]]:
    """One row for all that change in the same way from the same cause."""
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for item in listed:
        groups[str(item.action), _causes(change, item)].append(code(item.name))
    for (action, causes), names in groups.items():
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        number = f"{len(names)}: " if len(names) > 1 else ""
        yield [action, causes, f"{number}{', '.join(names[:_NAMES_SHOWN])}{more}"]


def _by_region(change: StackChange) -> str:
    rows = [
        [code(region) if region else _NO_REGION, *(str(counts[action]) for action in _ACTIONS)]
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
