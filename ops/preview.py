"""Everything that a preview of a stack says, as data: evaluated, compared, scheduled and judged."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from ops.exit_codes import ExitCode
from ops.fleet import Siblings, evaluate_siblings, policy_graph, with_fleet_rules, with_losses
from ops.guard import Refusal, refusals
from ops.stacks import PROJECT_DIR, StackFile
from policies.rules.evaluation import Report, evaluate
from simulator.compare import Comparison, compare
from simulator.graph import Deployment, DeploymentFormatError, Graph, load_deployment
from simulator.schedule import Schedule, schedule
from simulator.simulate import simulate


class BaselineError(Exception):
    """The baseline cannot be compared with this stack."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The result of evaluating one stack against the simulated cloud."""

    stack: StackFile
    deployment: Deployment
    graph: Graph
    up: Schedule
    destroy: Schedule
    policies: Report
    """Of all rules: those over this stack, over all stacks side by side, and over the state before and after."""
    siblings: Siblings
    """The project's other stacks, with which it was held side by side."""
    comparison: Comparison | None
    """Against the baseline, if one was given."""
    refusals: tuple[Refusal, ...]
    """Why the update from the baseline must not be made; empty without a baseline."""
    log: tuple[str, ...]
    """What the program itself logged."""
    evaluation_s: float
    """Seconds that running the program took."""

    @property
    def exit_code(self) -> ExitCode:
        """What the command returns."""
        if self.refusals:
            return ExitCode.REFUSED
        changed = self.comparison.changed if self.comparison else ()
        harmful = any(item.loses_state or item.refused for item in changed)
        return ExitCode.CLEAN if self.policies.clean and not harmful else ExitCode.FINDINGS


def preview(
    stack: StackFile,
    baseline: Deployment | None = None,
    siblings: Iterable[StackFile] = (),
    *,
    as_of: date | None = None,
) -> Preview:
    """Evaluate ``stack``; with ``baseline`` (the form of ``pulumi stack export``) also what would change.

    ``siblings`` are the other stacks that must get along with it. ``as_of`` is the day on which waivers are judged,
    else today.

    Raises:
        StackFileError: the stack file cannot be read.
        pulumi.RunError: the program refused its settings.
        SimulationError: the simulated cloud refused what the program registers.
        BaselineError: the baseline is of another stack.
    """
    started = time.perf_counter()
    simulation = simulate(stack.path, baseline=baseline, project_dir=PROJECT_DIR)
    evaluation_s = time.perf_counter() - started

    deployment = simulation.deployment
    graph = Graph(deployment)
    comparison, refused = None, ()
    if baseline is not None:
        old = Graph(baseline)
        _check_same_stack(old, graph)
        comparison = compare(old, graph)
        refused = refusals(baseline, deployment, comparison, datetime.now(UTC).date())
    others = evaluate_siblings(siblings)
    return Preview(
        stack=stack,
        deployment=deployment,
        graph=graph,
        up=schedule(graph),
        destroy=schedule(graph, "destroy"),
        policies=_judged(stack, deployment, baseline, others, as_of or datetime.now(UTC).date()),
        siblings=others,
        comparison=comparison,
        refusals=refused,
        log=tuple(simulation.log),
        evaluation_s=evaluation_s,
    )


def _judged(
    stack: StackFile, deployment: Deployment, baseline: Deployment | None, siblings: Siblings, day: date
) -> Report:
    graph = policy_graph(deployment)
    report = evaluate(graph, today=day)
    report = with_fleet_rules(report, stack.name, graph, siblings)
    return report if baseline is None else with_losses(report, policy_graph(baseline), graph)


def read_baseline(path: Path) -> Deployment:
    """Read a file written by ``pulumi stack export`` or ``preview --state``.

    Raises:
        BaselineError: it cannot be read or is something else.
    """
    try:
        return load_deployment(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise BaselineError(f"{path}: cannot be read ({error})") from error
    except DeploymentFormatError as error:
        raise BaselineError(str(error)) from error


def _check_same_stack(old: Graph, new: Graph) -> None:
    before, after = _stack_and_project(old), _stack_and_project(new)
    if before and after and before != after:
        raise BaselineError(
            f"the baseline is of stack {before[0]!r} in project {before[1]!r}, "
            f"the preview of {after[0]!r} in {after[1]!r}: nothing in them is the same resource"
        )


def _stack_and_project(graph: Graph) -> tuple[str, str] | None:
    urn = next(iter(graph.nodes), None)
    if urn is None:
        return None
    stack, project = urn.removeprefix("urn:pulumi:").split("::")[:2]
    return stack, project
