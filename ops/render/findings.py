"""Policy findings, waivers and what could not be decided."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ops.fleet import Siblings
from ops.render.text import count, prose
from policies.rules.evaluation import Finding, Report
from policies.rules.waivers import Waiver

_SHOWN_PER_RULE = 3


def findings(report: Report, siblings: Siblings, *, full: bool) -> RenderableType:
    """One line of numbers, then every finding with its remedy and every waiver with what it accepts and why."""
    colour = "bold green" if report.clean else "bold red"
    parts: list[RenderableType] = [
        Text.assemble(
            (count(len(report.findings), "finding"), colour),
            f"  {count(len(report.waived), 'finding')} waived",
            f"  {len(report.undecided)} undecided",
            (f"  {count(len(report.checked), 'rule')} for tier {report.tier}{_beside(siblings)}", "dim"),
        )
    ]
    for group in _by_rule(report.findings):
        parts += _group(group, full=full)
    for item in report.undecided:
        text = Text.assemble((f"  {item.rule} ", "yellow"), _name(item.urn), f" {item.path}: undecided, {item.cause}")
        parts.append(text)
    parts += _waivers(report, full=full)
    for name, cause in siblings.not_evaluated.items():
        parts.append(Text.assemble((f"  {name} ", "yellow"), f"not held beside this stack: {cause}"))
    if full and report.idle_rules:
        parts.append(Text(f"  nothing to look at for {', '.join(report.idle_rules)}", style="dim"))
    return Group(*parts)


def _beside(siblings: Siblings) -> str:
    return f", beside {', '.join(sorted(siblings.graphs))}" if siblings.graphs else ""


def _by_rule(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    for _, group in groupby(findings, key=lambda finding: finding.rule):
        yield list(group)


def _group(group: Sequence[Finding], *, full: bool) -> Iterator[RenderableType]:
    """The findings of one rule: where and what, then once what to do about it."""
    for finding in _shown(group, full=full):
        yield Text.assemble((f"  {finding.rule} ", "bold red"), _where_and_what(finding))
    yield from _not_shown(group, full=full)
    yield Padding(Text("\n".join(prose(group[0].remedy)), style="dim"), (0, 0, 0, 4))


def _waivers(report: Report, *, full: bool) -> Iterator[RenderableType]:
    """Each waiver once, with everything that it accepts; those that accept nothing here only in full."""
    accepted: dict[Waiver, list[Finding]] = {waiver: [] for waiver in report.idle_waivers}
    for item in report.waived:
        accepted.setdefault(item.waiver, []).append(item.finding)
    for waiver, group in sorted(accepted.items(), key=lambda entry: (not entry[1], entry[0].rule, entry[0].resource)):
        if not group and not full:
            continue
        used = count(len(group), "finding") if group else f"idle: waives nothing here (for {waiver.resource})"
        yield Text.assemble((f"  {waiver.rule} ", "yellow"), f"waived until {waiver.until}: {used}")
        for finding in _shown(group, full=full):
            yield Padding(_where_and_what(finding), (0, 0, 0, 4))
        yield from _not_shown(group, full=full)
        yield Padding(Text("\n".join(prose(waiver.reason)), style="dim"), (0, 0, 0, 4))
    if report.idle_waivers and not full:
        idle = ", ".join(sorted({waiver.rule for waiver in report.idle_waivers}))
        yield Text(f"  waivers with nothing to waive here, shown with --full: {idle}", style="dim")


def _where_and_what(finding: Finding) -> Text:
    where = " ".join(part for part in (_name(finding.urn), finding.path) if part)
    return Text.assemble((f"{where}: " if where else "", "bold"), finding.message)


def _shown(group: Sequence[Finding], *, full: bool) -> Sequence[Finding]:
    return group if full else group[:_SHOWN_PER_RULE]


def _not_shown(group: Sequence[Finding], *, full: bool) -> Iterator[Text]:
    if not full and len(group) > _SHOWN_PER_RULE:
        yield Text(f"    {len(group) - _SHOWN_PER_RULE} more, shown with --full", style="dim")


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
