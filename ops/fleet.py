"""The rules that need more than one deployment: the project's other stacks, or this stack's state before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ops.stacks import PROJECT_DIR, StackFile
from policies.rules.evaluation import Finding, Report, Undecided
from policies.rules.fleet import FLEET_RULES, evaluate_fleet, lost_nodes, lost_protection
from policies.rules.graph import Graph
from policies.rules.nodes import storage_groups
from policies.rules.values import UndecidedError
from simulator.graph import Deployment, states
from simulator.simulate import simulate

LOST_PROTECTION, LOST_NODES = "R5", "R11"


@dataclass(frozen=True, slots=True)
class Siblings:
    """The project's other stacks."""

    graphs: Mapping[str, Graph]
    """By name, those that could be evaluated."""
    not_evaluated: Mapping[str, str]
    """The first line of what was wrong, by name."""


def evaluate_siblings(stacks: Iterable[StackFile]) -> Siblings:
    """Evaluate the project's other stacks. One that fails is no fault of the stack that is previewed, only noted."""
    graphs: dict[str, Graph] = {}
    failures: dict[str, str] = {}
    for stack in stacks:
        try:
            graphs[stack.name] = policy_graph(simulate(stack.path, project_dir=PROJECT_DIR).deployment)
        except Exception as error:  # noqa: BLE001 (a program may fail in any way, and then passes its own error)
            failures[stack.name] = str(error).strip().partition("\n")[0] or type(error).__name__
    return Siblings(graphs, failures)


def policy_graph(deployment: Deployment) -> Graph:
    """A deployment, whole or its inner part alone, as policies see it."""
    return Graph.from_deployment({"deployment": {"resources": states(deployment)}})


def with_fleet_rules(report: Report, stack: str, graph: Graph, siblings: Siblings) -> Report:
    """``report`` on ``stack``, and what the rules over all stacks find in it and its siblings side by side."""
    stacks = {**siblings.graphs, stack: graph}
    rules = [rule.id for rule in FLEET_RULES]
    try:
        found = _added(report, evaluate_fleet(stacks))
    except UndecidedError as error:
        undecided = (Undecided(rule, "", error.path, error.cause) for rule in rules)
        found = replace(report, undecided=tuple(sorted({*report.undecided, *undecided})))
    return _counted(found, dict.fromkeys(rules, len(siblings.graphs)))


def with_losses(report: Report, before: Graph, after: Graph) -> Report:
    """``report``, and what ``after`` no longer protects of what ``before`` did, or takes from under its stores.

    Where ``before`` is guarded, both are reasons to refuse the update (:mod:`ops.guard`) and are told there.
    """
    checked = {
        LOST_PROTECTION: sum(resource.protect for resource in before.resources),
        LOST_NODES: sum(1 for _ in storage_groups(before)),
    }
    found = () if before.strict else (*lost_protection(before, after), *lost_nodes(before, after))
    return _counted(_added(report, found), checked)


def _added(report: Report, findings: Iterable[Finding]) -> Report:
    return replace(report, findings=tuple(sorted({*report.findings, *findings})))


def _counted(report: Report, numbers: Mapping[str, int]) -> Report:
    return replace(report, checked=dict(sorted({**report.checked, **numbers}.items())))
