"""The tables of the page: what there is, what the policies say, what is used in a month."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ops.fleet import Siblings
from ops.quantities.model import HOURS_PER_MONTH, Quantity
from ops.render.text import count, short_type
from ops.report.facts import is_stateful, lock_of
from ops.report.markup import Html, element, joined, row_heading, scrolling, table
from policies.rules.evaluation import Finding, Report, Waived
from policies.rules.waivers import Waiver
from simulator.graph import Graph, Node
from simulator.stateful import loss

_ELSEWHERE = "no region"


def inventory(graph: Graph) -> Html:
    """Every type of resource with its number in each region, and what guards those that hold data."""
    nodes = [node for node in graph.nodes.values() if node.custom]
    regions = sorted(
        {graph.regions.get(node.urn, _ELSEWHERE) for node in nodes}, key=lambda name: (name == _ELSEWHERE, name)
    )
    of_type: dict[str, list[Node]] = {}
    for node in sorted(nodes, key=lambda node: short_type(node.type)):
        of_type.setdefault(short_type(node.type), []).append(node)
    headings = ("type", *regions, "all", "locks of what holds data")
    numbers = frozenset(range(1, len(headings) - 1))
    head = element("tr", *(_heading(name, at in numbers) for at, name in enumerate(headings)))
    bodies = [
        element(
            "tbody",
            _group_row(group, len(headings)),
            *(_type_row(graph, of_type[name], name, regions) for name in names),
        )
        for group, names in groupby(of_type, key=_group)
    ]
    totals = Counter(graph.regions.get(node.urn, _ELSEWHERE) for node in nodes)
    sums = [element("td", _number(totals[region]), class_="number") for region in regions]
    foot = element("tr", row_heading("all"), *sums, element("td", _number(len(nodes)), class_="number"), element("td"))
    caption = "Resources by type and region"
    grid = element("table", element("caption", caption), element("thead", head), *bodies, element("tfoot", foot))
    return scrolling(caption, grid)


def _heading(name: str, number: bool) -> Html:  # noqa: FBT001
    return element("th", name, scope="col", class_="number" if number else None)


def _group(short: str) -> str:
    """The service that a type belongs to: ``aws ec2``, ``kubernetes``."""
    package, module, _ = [*short.split(":"), ""][:3]
    return f"{package} {module}" if package == "aws" else package


def _group_row(group: str, width: int) -> Html:
    return element("tr", element("th", group, scope="rowgroup", colspan=width), class_="group")


def _type_row(graph: Graph, nodes: Sequence[Node], name: str, regions: Sequence[str]) -> Html:
    counted = Counter(graph.regions.get(node.urn, _ELSEWHERE) for node in nodes)
    cells = [element("td", _number(counted[region]), class_="number") for region in regions]
    short = name.split(":", 2)[-1] if name.startswith("aws:") else name.partition(":")[2]
    total = element("td", _number(len(nodes)), class_="number")
    return element("tr", row_heading(short), *cells, total, element("td", _locks(nodes)))


def _locks(nodes: Sequence[Node]) -> str:
    """``3 of 5 protected, 3 of 5 retained``, and where there is none what a mistake would cost."""
    stateful = [node for node in nodes if is_stateful(node)]
    if not stateful:
        return ""
    found = Counter(lock for node in stateful for lock in lock_of(node).split(", ") if lock)
    words = [
        f"{found[lock]} of {len(stateful)} {lock}" for lock in ("protected", "retained", "locked by AWS") if found[lock]
    ]
    return ", ".join(words) or f"none: would lose {loss(stateful[0])}"


def _number(number: int) -> str:
    return f"{number:,}" if number else ""


def policies(report: Report, siblings: Siblings) -> Html:
    """The verdict, then findings, what was accepted and until when, and what could not be decided."""
    beside = f", beside {', '.join(sorted(siblings.graphs))}" if siblings.graphs else ""
    verdict = (
        f"{count(len(report.findings), 'finding')}, {len(report.waived)} waived, {len(report.undecided)} undecided, by "
        f"{count(len(report.checked), 'rule')} for tier {report.tier}{beside}."
    )
    parts = [element("p", element("strong", verdict), class_="clean" if report.clean else "broken")]
    parts += [
        element("p", f"{name} was not held beside this stack: {why}") for name, why in siblings.not_evaluated.items()
    ]
    if report.findings:
        parts += [element("h3", "Findings"), *_findings(report.findings)]
    if report.undecided:
        rows = [(item.rule, _name(item.urn), item.path, item.cause) for item in report.undecided]
        parts.append(table("Undecided", ("rule", "resource", "path", "cause"), rows))
    if report.waived:
        parts += [element("h3", "Waived"), *_waived(report.waived)]
    if report.idle_waivers:
        idle = ", ".join(sorted({waiver.rule for waiver in report.idle_waivers}))
        parts.append(element("p", f"Waivers with nothing to waive here: {idle}.", class_="muted"))
    if report.idle_rules:
        parts.append(
            element("p", f"Rules with nothing to look at here: {', '.join(report.idle_rules)}.", class_="muted")
        )
    return joined(parts)


def _findings(findings: Iterable[Finding]) -> Iterator[Html]:
    for rule, group in groupby(findings, key=lambda finding: finding.rule):
        found = list(group)
        summary = element("summary", element("b", rule), f" {count(len(found), 'finding')}: {found[0].message}")
        yield element("details", summary, element("p", found[0].remedy), _where(found), open=True)


def _waived(waived: Iterable[Waived]) -> Iterator[Html]:
    accepted: dict[Waiver, list[Finding]] = {}
    for item in waived:
        accepted.setdefault(item.waiver, []).append(item.finding)
    for waiver, found in sorted(accepted.items(), key=lambda entry: (entry[0].rule, entry[0].resource)):
        summary = element(
            "summary",
            element("b", waiver.rule),
            f" {count(len(found), 'finding')} until ",
            element("time", waiver.until.isoformat(), datetime=waiver.until.isoformat()),
        )
        yield element("details", summary, element("p", waiver.reason), _where(found))


def _where(findings: Iterable[Finding]) -> Html:
    items = [
        element("li", element("code", " ".join(part for part in (_name(one.urn), one.path) if part)), " ", one.message)
        for one in findings
    ]
    return element("ul", *items)


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def quantities_section(counted: Sequence[Quantity]) -> Html:
    """What is there all the time, in a month."""
    rows = [
        (
            quantity.what,
            quantity.area,
            f"{quantity.amount:,.0f}",
            f"{quantity.most:,.0f}" if quantity.most > quantity.amount else "",
            quantity.unit,
        )
        for quantity in counted
    ]
    caption = f"Used in a month of {HOURS_PER_MONTH} hours"
    shown = table(caption, ("what", "area", "per month", "at most", "unit"), rows, numbers=frozenset({2, 3}))
    left_out = (
        "Not counted: traffic, requests of applications, and data that grows by itself. No prices: they are AWS's."
    )
    return joined((shown, element("p", left_out, class_="muted")))
