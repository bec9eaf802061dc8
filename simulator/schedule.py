"""How long ``up`` and ``destroy`` of a deployment take by the model, and which chain of resources decides it.

The engine is taken to work on everything that is ready at once (``--parallel`` has no low limit), so that what is left
is what the graph and AWS impose. A model, not a promise: the latencies are middle values.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.graph import Deployment, Graph, in_order, reverse
from simulator.latencies import latency

Operation = Literal["up", "destroy"]


@dataclass(frozen=True, slots=True)
class Step:
    """One creation or deletion."""

    urn: str
    start_s: float
    finish_s: float
    after: str | None
    """URN of the step that this one waited for last; None if it could start at once."""

    @property
    def duration_s(self) -> float:
        """Seconds from start to finish."""
        return self.finish_s - self.start_s


@dataclass(frozen=True, slots=True)
class Schedule:
    """Start and finish of every custom resource, in seconds from the start of the operation."""

    operation: Operation
    steps: Mapping[str, Step]
    regions: Mapping[str, str]
    """Region by URN, for those that have one."""

    @property
    def total_s(self) -> float:
        """Seconds until the last step is done."""
        return max((step.finish_s for step in self.steps.values()), default=0.0)

    def critical_path(self, region: str | None = None) -> tuple[Step, ...]:
        """The chain that ends last, in order of time; with ``region`` the chain whose last step lies there."""
        ends = [step for urn, step in self.steps.items() if region is None or self.regions.get(urn) == region]
        if not ends:
            return ()
        chain = [max(ends, key=lambda step: (step.finish_s, step.urn))]
        while chain[-1].after is not None:
            chain.append(self.steps[chain[-1].after])
        return tuple(reversed(chain))

    def by_region(self) -> dict[str, float]:
        """Seconds until the last step in each region is done, sorted by region."""
        finish: dict[str, float] = {}
        for urn, step in self.steps.items():
            if region := self.regions.get(urn):
                finish[region] = max(finish.get(region, 0.0), step.finish_s)
        return dict(sorted(finish.items()))


def schedule(
    deployment: Deployment | Graph, operation: Operation = "up", *, only: Collection[str] | None = None
) -> Schedule:
    """Model one operation on an empty account (``up``) or on all that stands (``destroy``).

    ``destroy`` deletes a resource once everything that needs it is gone; what is retained, or vanishes with another
    resource, takes no time. With ``only``, URNs, nothing else takes time: it stands already, or stays.

    Raises:
        UnknownLatencyError: a type has no known latency.
        DeploymentFormatError: the dependencies of the deployment form a cycle.
    """
    graph = deployment if isinstance(deployment, Graph) else Graph(deployment)
    awaited: Mapping[str, Collection[str]] = graph.prerequisites
    if operation == "destroy":
        awaited = reverse(graph.prerequisites)
    steps: dict[str, Step] = {}
    for urn in in_order(awaited):
        last = max((steps[other] for other in awaited[urn]), key=lambda step: (step.finish_s, step.urn), default=None)
        start = last.finish_s if last else 0.0
        takes_s = _duration_s(graph, urn, operation) if only is None or urn in only else 0.0
        steps[urn] = Step(urn, start, start + takes_s, last.urn if last else None)
    return Schedule(operation, steps, graph.regions)


def _duration_s(graph: Graph, urn: str, operation: Operation) -> float:
    node = graph.nodes[urn]
    if operation == "up":
        return latency(node.type).create_s
    return 0.0 if node.retain_on_delete or node.deleted_with else latency(node.type).delete_s
