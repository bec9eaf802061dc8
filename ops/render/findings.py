"""Policy findings, waivers and what could not be decided."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from ops.render.text import count
from policies.rules.evaluation import Finding, Report, Waived
from policies.rules.waivers import Waiver

_SHOWN_PER_RULE = 3


def findings(report: Report, *, full: bool) -> RenderableType:
    """One line of numbers, then every finding with its remedy and every waiver with its last day and reason."""
    colour = "bold green" if report.clean else "bold red"
    parts: list[RenderableType] = [
        Text.assemble(
            (count(len(report.findings), "finding"), colour),
            f"  {count(len(report.waived), 'waiver')} in use",
            f"  {len(report.undecided)} undecided",
            (f"  {count(len(report.checked), 'rule')} for tier {report.tier}", "dim"),
        )
    ]
    for group in _by_rule(report.findings):
        parts += _group(group, full=full)
    for item in report.undecided:
        text = Text.assemble((f"  {item.rule} ", "yellow"), _name(item.urn), f" {item.path}: undecided, {item.cause}")
        parts.append(text)
    parts += _waivers(report.waived)
    if full and report.idle_rules:
        parts.append(Text(f"  nothing to look at for {', '.join(report.idle_rules)}", style="dim"))
    return Group(*parts)


def _by_rule(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    for _, group in groupby(findings, key=lambda finding: finding.rule):
        yield list(group)


def _group(group: Sequence[Finding], *, full: bool) -> Iterator[RenderableType]:
    """The findings of one rule: where and what, then once what to do about it."""
    for finding in group if full else group[:_SHOWN_PER_RULE]:
        where = " ".join(part for part in (_name(finding.urn), finding.path) if part)
        label = (f"{where}: " if where else "", "bold")
        yield Text.assemble((f"  {finding.rule} ", "bold red"), label, finding.message)
    if not full and len(group) > _SHOWN_PER_RULE:
        yield Text(f"    {len(group) - _SHOWN_PER_RULE} more, shown with --full", style="dim")
    yield Padding(Text(group[0].remedy, style="dim"), (0, 0, 0, 4))


def _waivers(waived: Sequence[Waived]) -> Iterator[RenderableType]:
    """Each waiver once, with everything that it accepts."""
    accepted: dict[Waiver, list[str]] = {}
    for item in waived:
        accepted.setdefault(item.waiver, []).append(_name(item.finding.urn))
    for waiver, names in accepted.items():
        label = f"waived until {waiver.until} for {', '.join(sorted(set(names)))}"
        yield Text.assemble((f"  {waiver.rule} ", "yellow"), label)
        yield Padding(Text(waiver.reason, style="dim"), (0, 0, 0, 4))


def _name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]
