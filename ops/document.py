"""The preview as one JSON document for machines, described in docs/preview-json.md.

Fields are added without a word; one that goes, or means something else, raises FORMAT.
"""

from typing import TypedDict

from ops.fleet import Siblings
from ops.miners import miners
from ops.preview import Preview
from ops.render.text import short_type
from policies.rules.evaluation import Finding, Report
from simulator.compare import Comparison, ResourceChange
from simulator.graph import Graph
from simulator.schedule import Schedule

FORMAT = 2


class Resource(TypedDict):
    """One custom resource."""

    urn: str
    type: str
    name: str
    region: str | None
    protect: bool
    retainOnDelete: bool


class MinerServices(TypedDict):
    """One miner, the image of its services, and these by their keys in the `Cluster` resource."""

    name: str
    region: str
    image: str
    services: list[str]


class PathStep(TypedDict):
    """One step of a critical path; seconds from the start of the operation."""

    urn: str
    startSeconds: float
    finishSeconds: float


class Duration(TypedDict):
    """Modelled seconds of one operation."""

    seconds: float
    byRegion: dict[str, float]
    criticalPath: list[PathStep]


class PolicyFinding(TypedDict):
    """One breach of a rule; ``waivedUntil`` and ``reason`` are null unless a waiver accepts it."""

    rule: str
    urn: str
    path: str
    message: str
    remedy: str
    waivedUntil: str | None
    reason: str | None


class UndecidedRule(TypedDict):
    """A rule that could not be decided for a resource."""

    rule: str
    urn: str
    path: str
    cause: str


class IdleWaiver(TypedDict):
    """A waiver in force that accepted nothing here."""

    rule: str
    resource: str
    until: str
    reason: str


class SideBySide(TypedDict):
    """The project's other stacks: names of those compared with, and by name why the others were not."""

    evaluated: list[str]
    notEvaluated: dict[str, str]


class Policies(TypedDict):
    """What the policies say."""

    clean: bool
    findings: list[PolicyFinding]
    waived: list[PolicyFinding]
    undecided: list[UndecidedRule]
    idleWaivers: list[IdleWaiver]
    otherStacks: SideBySide


class InputChange(TypedDict):
    """One changed input."""

    path: str
    replaces: bool
    reason: str


class ChangedResource(TypedDict):
    """What happens to one resource; unchanged ones are only counted."""

    urn: str
    type: str
    action: str
    losesState: bool
    loss: str
    protected: bool
    retained: bool
    causedBy: list[str]
    changes: list[InputChange]


class Changes(TypedDict):
    """What an update would do."""

    counts: dict[str, int]
    resources: list[ChangedResource]


class RefusedUpdate(TypedDict):
    """One reason not to make the update from the baseline."""

    rule: str
    subject: str
    what: str
    cause: str
    remedy: str
    urns: list[str]


class Document(TypedDict):
    """The whole document; ``changes`` is null without a baseline."""

    format: int
    stack: str
    stackFile: str
    clean: bool
    resources: list[Resource]
    countsByType: dict[str, int]
    miners: list[MinerServices]
    up: Duration
    destroy: Duration
    policies: Policies
    changes: Changes | None
    refusals: list[RefusedUpdate]
    log: list[str]


def document(preview: Preview) -> Document:
    """Everything in ``preview`` that does not differ between two runs of the same program."""
    resources = _resources(preview.graph)
    types = sorted(short_type(resource["type"]) for resource in resources)
    return {
        "format": FORMAT,
        "stack": preview.stack.name,
        "stackFile": str(preview.stack.path),
        "clean": preview.exit_code == 0,
        "resources": resources,
        "countsByType": {name: types.count(name) for name in dict.fromkeys(types)},
        "miners": [
            {"name": miner.name, "region": miner.region, "image": miner.image, "services": list(miner.services)}
            for miner in miners(preview.graph)
        ],
        "up": _duration(preview.up),
        "destroy": _duration(preview.destroy),
        "policies": _policies(preview.policies, preview.siblings),
        "changes": _changes(preview.comparison) if preview.comparison else None,
        "refusals": [
            {
                "rule": one.rule,
                "subject": one.subject,
                "what": one.what,
                "cause": one.cause,
                "remedy": one.remedy,
                "urns": list(one.urns),
            }
            for one in preview.refusals
        ],
        "log": list(preview.log),
    }


def _resources(graph: Graph) -> list[Resource]:
    return [
        {
            "urn": node.urn,
            "type": node.type,
            "name": node.name,
            "region": graph.regions.get(node.urn),
            "protect": node.protect,
            "retainOnDelete": node.retain_on_delete,
        }
        for node in graph.nodes.values()
        if node.custom
    ]


def _duration(schedule: Schedule) -> Duration:
    return {
        "seconds": schedule.total_s,
        "byRegion": schedule.by_region(),
        "criticalPath": [
            {"urn": step.urn, "startSeconds": step.start_s, "finishSeconds": step.finish_s}
            for step in schedule.critical_path()
        ],
    }


def _policies(report: Report, siblings: Siblings) -> Policies:
    return {
        "clean": report.clean,
        "findings": [_finding(finding) for finding in report.findings],
        "waived": [
            _finding(waived.finding, until=waived.waiver.until.isoformat(), reason=waived.waiver.reason)
            for waived in report.waived
        ],
        "undecided": [
            {"rule": item.rule, "urn": item.urn, "path": item.path, "cause": item.cause} for item in report.undecided
        ],
        "idleWaivers": [
            {"rule": item.rule, "resource": item.resource, "until": item.until.isoformat(), "reason": item.reason}
            for item in report.idle_waivers
        ],
        "otherStacks": {"evaluated": sorted(siblings.graphs), "notEvaluated": dict(siblings.not_evaluated)},
    }


def _finding(finding: Finding, *, until: str | None = None, reason: str | None = None) -> PolicyFinding:
    return {
        "rule": finding.rule,
        "urn": finding.urn,
        "path": finding.path,
        "message": finding.message,
        "remedy": finding.remedy,
        "waivedUntil": until,
        "reason": reason,
    }


def _changes(comparison: Comparison) -> Changes:
    return {
        "counts": {action.value: number for action, number in comparison.counts.items()},
        "resources": [_changed(resource) for resource in comparison.changed],
    }


def _changed(resource: ResourceChange) -> ChangedResource:
    return {
        "urn": resource.urn,
        "type": resource.type,
        "action": resource.action.value,
        "losesState": resource.loses_state,
        "loss": resource.loss,
        "protected": resource.protected,
        "retained": resource.retained,
        "causedBy": list(resource.caused_by),
        "changes": [
            {"path": change.path, "replaces": change.replaces, "reason": change.reason} for change in resource.changes
        ],
    }
