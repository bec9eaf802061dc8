"""That the failure of one region leaves the others deployable (R3)."""

from collections.abc import Iterable, Iterator

from . import tokens
from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import CLUSTER, ROUTE


def _regional(graph: Graph) -> Iterable[Resource]:
    return (
        resource
        for resource in graph.of_package("aws", "kubernetes")
        if resource.type not in tokens.MESH_TYPES
        and not resource.type.startswith(tokens.GLOBAL_PREFIXES)
        and not (resource.type == ROUTE and resource.inputs.has("vpcPeeringConnectionId"))
    )


@rule(
    "R3",
    title="No region waits for another: the mesh, the workspace of metrics and addresses of peers aside",
    reason="The failure of one region must leave the others deployable.",
    source="project",
    remedy="Pass the region its own resource, or make the shared one global.",
    on=_regional,
)
def regions_independent(graph: Graph, resource: Resource) -> Iterator[Problem]:
    own = _home_region(graph, resource)
    waits_for = _elsewhere(graph, own, graph.closure(resource) - _of_workspaces(graph))
    if waits_for and (declared := _addresses_of_peers(graph)):
        waits_for &= graph.closure_without(resource, declared)
    for urn in sorted(waits_for):
        needed = graph.by_urn[urn]
        yield Problem(f"waits for {needed.name} of {_home_region(graph, needed)}, lies in {own}")


def _elsewhere(graph: Graph, own: str, urns: frozenset[str]) -> frozenset[str]:
    """Those of other regions than ``own``; none if it is not known where that is."""
    found = {urn: graph.by_urn[urn] for urn in urns if urn in graph.by_urn}
    return frozenset(
        urn
        for urn, needed in found.items()
        if own
        and needed.custom
        and not needed.type.startswith(tokens.GLOBAL_PREFIXES)
        and _home_region(graph, needed) not in ("", own)
    )


def _addresses_of_peers(graph: Graph) -> frozenset[tuple[str, str]]:
    """By which settings of nodes need public addresses of miners, each as who needs and what is needed.

    On a public chain Teranode refuses peers at private addresses, so a miner must be told where the others answer in
    the internet. Such an address is allocated by one call, and waits for nothing in its region.
    """
    addresses = {
        address.urn
        for address in graph.of_type(tokens.EIP)
        if tokens.PUBLIC_ADDRESS in address.urn.split("::")[-2].split("$") and _stands_alone(graph, address)
    }
    return frozenset(
        (settings.urn, urn)
        for settings in graph.of_type(tokens.CONFIG_MAP)
        for urn in settings.property_dependencies.get("data", ())
        if urn in addresses
    )


def _stands_alone(graph: Graph, resource: Resource) -> bool:
    return not any(
        needed.custom and not needed.type.startswith("pulumi:providers:")
        for urn in graph.closure(resource)
        if (needed := graph.by_urn.get(urn)) is not None
    )


def _of_workspaces(graph: Graph) -> frozenset[str]:
    """The places in which the metrics of all regions meet, with their keys and logs."""
    workspaces = graph.of_type(tokens.METRICS_WORKSPACE)
    return frozenset().union(*({workspace.urn} | graph.closure(workspace) for workspace in workspaces))


def _home_region(graph: Graph, resource: Resource) -> str:
    if resource.type.startswith("kubernetes:"):
        provider = graph.by_urn.get(resource.provider)
        clusters = graph.needed(provider, CLUSTER) if provider else ()
        return graph.region_of(clusters[0]) if clusters else ""
    return graph.region_of(resource)


RULES: tuple[Rule, ...] = (regions_independent,)
