"""Run rules over a graph and say what was found, what was accepted, and what could not be decided."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .catalogue import ALL_RULES
from .decommission import LOCKS, Owners, announced
from .graph import Graph, Resource
from .rule import Rule
from .values import UndecidedError
from .waivers import WAIVERS, Waiver

EXPIRED_WAIVER = "WAIVER"
OVERDUE = "DECOMMISSION"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A breach of a rule by a resource. ``path`` is empty where the breach is an option or something absent."""

    rule: str
    urn: str
    path: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A breach that a waiver accepts today."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True, order=True)
class Undecided:
    """A rule that could not be decided for a resource, because ``path`` cannot be read."""

    rule: str
    urn: str
    path: str
    cause: str


@dataclass(frozen=True, slots=True)
class Report:
    """Result of an evaluation.

    :param checked: number of resources that each applicable rule looked at; zero means that it proved nothing.
    :param outside_tier: ids of rules that do not apply to this stack's tier.
    :param idle_waivers: waivers in force that accepted nothing here.
    """

    tier: str
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    undecided: tuple[Undecided, ...]
    checked: Mapping[str, int]
    outside_tier: tuple[str, ...]
    idle_waivers: tuple[Waiver, ...]

    @property
    def clean(self) -> bool:
        """Whether every rule was decided and none was broken without a waiver."""
        return not self.findings and not self.undecided

    @property
    def idle_rules(self) -> tuple[str, ...]:
        """Ids of rules that apply to the tier but found nothing to look at."""
        return tuple(rule for rule, count in self.checked.items() if not count)


def evaluate(
    graph: Graph, *, today: date, rules: Iterable[Rule] = ALL_RULES, waivers: Sequence[Waiver] = WAIVERS
) -> Report:
    """Run ``rules`` over ``graph``.

    :param today: the day on which waivers are judged.
    """
    findings: list[Finding] = []
    undecided: list[Undecided] = []
    checked: dict[str, int] = {}
    outside: list[str] = []
    for rule in rules:
        if graph.tier not in rule.tiers:
            outside.append(rule.id)
            continue
        checked.setdefault(rule.id, 0)
        for resource in rule.subjects(graph):
            checked[rule.id] += 1
            for outcome in _outcomes(rule, graph, resource):
                if isinstance(outcome, Finding):
                    findings.append(outcome)
                else:
                    undecided.append(outcome)
    lifted, findings = _lifted(graph, findings, today)
    waived, open_findings = _apply(waivers, findings, today)
    used = {id(item.waiver) for item in waived}
    return Report(
        tier=graph.tier,
        findings=tuple(sorted([*open_findings, *_expired(waivers, today), *_overdue(graph, today)])),
        waived=(*waived, *lifted),
        undecided=tuple(sorted(set(undecided))),
        checked=dict(sorted(checked.items())),
        outside_tier=tuple(sorted(outside)),
        idle_waivers=tuple(item for item in waivers if id(item) not in used and not item.expired(today)),
    )


def _outcomes(rule: Rule, graph: Graph, resource: Resource) -> Iterator[Finding | Undecided]:
    try:
        for problem in rule.check(graph, resource):
            yield Finding(rule.id, problem.urn or resource.urn, problem.path, problem.message, rule.remedy)
    except UndecidedError as error:
        yield Undecided(rule.id, resource.urn, error.path, error.cause)


def _apply(waivers: Sequence[Waiver], findings: Iterable[Finding], today: date) -> tuple[list[Waived], list[Finding]]:
    waived: list[Waived] = []
    remaining: list[Finding] = []
    for finding in sorted(set(findings)):
        waiver = next(
            (item for item in waivers if item.covers(finding.rule, finding.urn, finding.message, today)), None
        )
        if waiver is None:
            remaining.append(finding)
        else:
            waived.append(Waived(finding, waiver))
    return waived, remaining


def _lifted(graph: Graph, findings: Iterable[Finding], today: date) -> tuple[list[Waived], list[Finding]]:
    """Apart: open locks of what is announced to leave, as waivers that end with the announcement."""
    owners = Owners(graph)
    lifted: list[Waived] = []
    remaining: list[Finding] = []
    for finding in sorted(set(findings)):
        is_lock = (finding.rule, finding.path) in LOCKS and finding.urn in graph.by_urn
        leaving = owners.leaving(graph.by_urn[finding.urn]) if is_lock else None
        if leaving is None or today > leaving.last_day:
            remaining.append(finding)
        else:
            reason = f"{leaving.part} {leaving.subject} leaves on {leaving.day} or later: {leaving.reason}"
            waiver = Waiver(
                rule=finding.rule, resource=finding.urn, reason=reason, since=date.min, until=leaving.last_day
            )
            lifted.append(Waived(finding, waiver))
    return lifted, remaining


def _overdue(graph: Graph, today: date) -> Iterator[Finding]:
    for leaving in announced(graph):
        if today > leaving.last_day:
            yield Finding(
                OVERDUE,
                "",
                "",
                f"the locks of {leaving.part} {leaving.subject} are open, and it was to leave on {leaving.day}",
                "Remove it now, or take its entry out of decommission so that it is locked again.",
            )


def _expired(waivers: Iterable[Waiver], today: date) -> Iterator[Finding]:
    for waiver in waivers:
        if waiver.expired(today):
            yield Finding(
                EXPIRED_WAIVER,
                "",
                "",
                f"the waiver of {waiver.rule} for {waiver.resource} ended on {waiver.until}",
                "Meet the rule and remove the waiver from policies/rules/waivers.py, or renew it with a new reason.",
            )
