"""A deployment as a graph: what waits for what, what lies in what, and in which region.

Reads the form of ``pulumi stack export``, whether it came from a real or a simulated stack.
"""

import heapq
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from simulator.errors import SimulatorError
from simulator.record import PROVIDER_PREFIX
from simulator.values import JSON

Deployment = Mapping[str, JSON]
"""The whole file, with ``version`` and ``deployment``, or its inner part alone."""


class DeploymentFormatError(SimulatorError):
    """The data is not a deployment in the form of ``pulumi stack export``."""


@dataclass(frozen=True, slots=True)
class Node:
    """One resource of a deployment."""

    urn: str
    type: str
    custom: bool
    id: str
    parent: str
    """URN; empty for the stack."""
    provider: str
    """URN of the provider resource; empty for components and providers."""
    inputs: Mapping[str, JSON]
    outputs: Mapping[str, JSON]
    dependencies: tuple[str, ...]
    property_dependencies: Mapping[str, tuple[str, ...]]
    protect: bool
    retain_on_delete: bool
    deleted_with: str
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]

    @property
    def is_provider(self) -> bool:
        """Whether the resource configures access to a cloud or cluster."""
        return self.type.startswith(PROVIDER_PREFIX)


class Graph:
    """The resources of one deployment and how they hang together."""

    def __init__(self, deployment: Deployment) -> None:
        """Read ``deployment``.

        Raises:
            DeploymentFormatError: it is not in the form of ``pulumi stack export``.
        """
        self.nodes: Mapping[str, Node] = {node.urn: node for node in map(_node, states(deployment))}

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """URNs directly below each parent, in the order of the deployment."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for node in self.nodes.values():
            found[node.parent].append(node.urn)
        return {parent: tuple(urns) for parent, urns in found.items()}

    @cached_property
    def prerequisites(self) -> Mapping[str, frozenset[str]]:
        """For each custom resource, the custom resources that must exist before it.

        These are its dependencies, its provider and a parent that is itself a custom resource (its URN is known only
        once it exists). A component orders nothing as a parent; as a dependency it stands for everything below it.
        """
        return {node.urn: frozenset(self._awaited(node)) - {node.urn} for node in self.nodes.values() if node.custom}

    @cached_property
    def regions(self) -> Mapping[str, str]:
        """Region of each custom resource that has one: the region of its provider."""
        of_provider = {node.urn: self._provider_region(node) for node in self.nodes.values() if node.is_provider}
        placed = {node.urn: of_provider.get(node.provider or node.urn, "") for node in self.nodes.values()}
        return {urn: region for urn, region in placed.items() if region}

    def below(self, urn: str) -> Iterator[str]:
        """Every resource below ``urn``, depth first."""
        for child in self.children.get(urn, ()):
            yield child
            yield from self.below(child)

    def in_order(self) -> list[str]:
        """Every URN, custom resources after those they wait for; components first, as they wait for nothing.

        Raises:
            DeploymentFormatError: the dependencies form a cycle.
        """
        components = [node.urn for node in self.nodes.values() if not node.custom]
        return components + in_order(self.prerequisites)

    def _awaited(self, node: Node) -> Iterator[str]:
        named = {*node.dependencies, *(urn for urns in node.property_dependencies.values() for urn in urns)}
        for urn in named | {node.provider}:
            if urn in self.nodes:
                yield from self._custom(urn)
        if node.parent in self.nodes and self.nodes[node.parent].custom:
            yield node.parent

    def _custom(self, urn: str) -> Sequence[str]:
        return (urn,) if self.nodes[urn].custom else self._custom_below[urn]

    @cached_property
    def _custom_below(self) -> Mapping[str, tuple[str, ...]]:
        return {
            node.urn: tuple(urn for urn in self.below(node.urn) if self.nodes[urn].custom)
            for node in self.nodes.values()
            if not node.custom
        }

    def _provider_region(self, provider: Node) -> str:
        """The region that an AWS provider names; for a cluster's provider, the region in the cluster's ARN."""
        region = provider.inputs.get("region")
        if isinstance(region, str):
            return region
        arn = str(provider.inputs.get("clusterIdentifier", "")).split(":")
        if arn[0] == "arn" and len(arn) > len(("arn", "partition", "service", "region")):
            return arn[3]
        used = {self.nodes[urn].provider for urn in provider.dependencies if urn in self.nodes}
        regions = {str(self.nodes[urn].inputs.get("region", "")) for urn in used if urn in self.nodes}
        return next(iter(regions)) if len(regions) == 1 else ""


def in_order(awaited: Mapping[str, Collection[str]]) -> list[str]:
    """Every key of ``awaited`` after those it waits for, and otherwise sorted, so that two runs agree.

    Kahn's algorithm with a heap.

    Raises:
        DeploymentFormatError: they form a cycle.
    """
    open_counts = {urn: len(others) for urn, others in awaited.items()}
    dependants = reverse(awaited)
    ready = sorted(urn for urn, count in open_counts.items() if count == 0)
    order: list[str] = []
    while ready:
        urn = heapq.heappop(ready)
        order.append(urn)
        for dependant in dependants[urn]:
            open_counts[dependant] -= 1
            if open_counts[dependant] == 0:
                heapq.heappush(ready, dependant)
    if len(order) < len(open_counts):
        stuck = sorted(urn for urn, count in open_counts.items() if count > 0)
        raise DeploymentFormatError(f"the dependencies of these resources form a cycle: {', '.join(stuck[:5])}")
    return order


def reverse(awaited: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The same edges the other way: for each key, what waits for it."""
    dependants: dict[str, list[str]] = {urn: [] for urn in awaited}
    for urn, others in awaited.items():
        for other in others:
            dependants[other].append(urn)
    return dependants


def load_deployment(text: str, source: str) -> Deployment:
    """Read the JSON text of a deployment; ``source`` names it in errors.

    Raises:
        DeploymentFormatError: it is not JSON or not a deployment.
    """
    try:
        data = json.loads(text)
    except ValueError as error:
        raise DeploymentFormatError(f"{source}: not JSON ({error})") from error
    try:
        states(data)
    except DeploymentFormatError as error:
        raise DeploymentFormatError(f"{source}: {error}") from error
    return data


# What every resource of an export has; other listings of resources, such as that of `preview --json`, do not.
_ROW = {"urn", "custom"}


def states(deployment: object) -> Sequence[Mapping[str, JSON]]:
    """The resources of a deployment as written, without those that are already replaced and await their deletion.

    Raises:
        DeploymentFormatError: it is not in the form of ``pulumi stack export``, whole or its inner part alone.
    """
    inner = deployment.get("deployment", deployment) if isinstance(deployment, Mapping) else None
    # A stack that was never updated has a deployment without resources; anything else without them is another document.
    known = isinstance(inner, Mapping) and (inner is not deployment or "resources" in inner)
    resources = inner.get("resources", []) if isinstance(inner, Mapping) and known else None
    if not isinstance(resources, list) or not all(
        isinstance(item, Mapping) and item.keys() >= _ROW for item in resources
    ):
        raise DeploymentFormatError("not a deployment; write one with `pulumi stack export` or `preview --state`")
    return [item for item in resources if not item.get("delete")]


def _node(resource: Mapping[str, JSON]) -> Node:
    property_dependencies = _mapping(resource.get("propertyDependencies"))
    urn = str(resource["urn"])
    return Node(
        urn=urn,
        type=str(resource.get("type") or urn.split("::")[2].rsplit("$", 1)[-1]),
        custom=bool(resource.get("custom")),
        id=str(resource.get("id") or ""),
        parent=str(resource.get("parent") or ""),
        provider=str(resource.get("provider") or "").rpartition("::")[0],
        inputs=_mapping(resource.get("inputs")),
        outputs=_mapping(resource.get("outputs")),
        dependencies=_strings(resource.get("dependencies")),
        property_dependencies={key: _strings(urns) for key, urns in property_dependencies.items()},
        protect=bool(resource.get("protect")),
        retain_on_delete=bool(resource.get("retainOnDelete")),
        deleted_with=str(resource.get("deletedWith") or ""),
        ignore_changes=_strings(resource.get("ignoreChanges")),
        replace_on_changes=_strings(resource.get("replaceOnChanges")),
        aliases=_strings(resource.get("aliases")),
    )


def _mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, Mapping) else {}


def _strings(value: JSON) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()
