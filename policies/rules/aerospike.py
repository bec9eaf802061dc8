"""How Aerospike's servers keep records, and keep copies of them apart (AER-3 to AER-6, NOD-6, R10-AER)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .nodes import storage_groups
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import AEROSPIKE, CLUSTER, POD_DISRUPTION_BUDGET
from .utxo_stores import namespaces, neighbours, operators, racks, size, stores, stores_on, zones_of

_HOSTNAME = "kubernetes.io/hostname"
_MAINNET_COPIES = 2


@rule(
    "AER-3",
    title="Records are kept on disk, available, in two copies on mainnet and in no more than there are servers",
    reason="Coins must not be lost; strong consistency refuses the deletes of Teranode's pruner.",
    source="AKO validate.go, Aerospike documentation of consistency; project",
    remedy="Leave the namespace to components/aerospike/config.py; raise utxoStore.replicationFactor or the servers.",
    on=stores,
    guards_data=True,
)
def records_kept(graph: Graph, store: Resource) -> Iterator[Problem]:
    found = namespaces(graph, store)
    if not found:
        yield Problem("the store has no namespace")
    for namespace in found:
        if namespace.strong:
            yield Problem("strong consistency is on: no Teranode release with durable deletes is proven")
        if not namespace.on_disk:
            yield Problem("records are not on a device")
        if not 1 <= namespace.copies <= size(store):
            yield Problem(f"{namespace.copies} copies on {size(store)} servers")
        if graph.strict and namespace.copies < _MAINNET_COPIES:
            yield Problem(f"{namespace.copies} copy, mainnet needs {_MAINNET_COPIES}")


@rule(
    "AER-4",
    title="A rack lies in each zone, alike and equally large; on mainnet there are enough to hold every copy apart",
    reason="The loss of a zone is to be survived, and racks in one zone are lost together.",
    source="AKO webhook, Aerospike documentation of racks",
    remedy="Give the storage pool more zones; leave racks to components/aerospike/cluster_spec.py.",
    on=(AEROSPIKE,),
    guards_data=True,
)
def racks_apart(graph: Graph, store: Resource) -> Iterator[Problem]:
    found, path = racks(store), "spec.rackConfig.racks"
    zones = [rack.text("zone") for rack in found]
    copies = max((namespace.copies for namespace in namespaces(graph, store)), default=1)
    if len(set(zones)) != len(zones):
        yield Problem(f"racks share a zone: {sorted(zones)}", path)
    if not found or size(store) % len(found):
        yield Problem(f"{size(store)} servers are not spread equally over {len(found)} racks", "spec.size")
    elsewhere = sorted(set(zones) - _zones_of_cluster(graph, store))
    if elsewhere:
        yield Problem(f"no subnet of the cluster is in {', '.join(elsewhere)}", path)
    if graph.strict and len(found) < max(2, copies):
        yield Problem(f"{len(found)} racks for {copies} copies", path)
    aware = store.inputs.strings("spec.rackConfig.namespaces")
    for namespace in namespaces(graph, store):
        if namespace.name not in aware:
            yield Problem(f"the namespace {namespace.name} knows no racks", "spec.rackConfig.namespaces")
    for rack in found:
        if rack.has("aerospikeConfig.namespaces"):
            yield Problem("the rack has namespaces of its own", f"{rack.path}.aerospikeConfig.namespaces")


def _zones_of_cluster(graph: Graph, store: Resource) -> set[str]:
    provider = graph.by_urn.get(store.provider)
    clusters = graph.needed(provider, CLUSTER) if provider else ()
    return {zone for cluster in clusters for zone in zones_of(graph, cluster, "vpcConfig.subnetIds")}


@rule(
    "AER-5",
    title="Maintenance takes fewer servers at once than there are copies, and asks before it takes one",
    reason="With all copies of a record away, the record is away.",
    source="AKO webhook and its documentation of node maintenance",
    remedy="Keep maxUnavailable below the replication factor, the PDB, and safePodEviction of the operator's chart.",
    on=stores,
    guards_data=True,
)
def maintained_safely(graph: Graph, store: Resource) -> Iterator[Problem]:
    copies = min((namespace.copies for namespace in namespaces(graph, store)), default=1)
    for path, away in _may_be_away(graph, store):
        # With one copy a server's restart takes it away, however many may be away.
        if away >= max(copies, 2):
            yield Problem(f"{away:g} servers may be away, of {copies} copies", path)
    if store.type != AEROSPIKE:
        if not _budgets(graph, store):
            yield Problem("no PodDisruptionBudget holds drains back")
        return
    if store.inputs.flag("spec.disablePDB"):
        yield Problem("no PodDisruptionBudget holds drains back", "spec.disablePDB")
    if not any(release.inputs.flag("values.safePodEviction.enable") for release in operators(graph, store)):
        yield Problem("the operator is not asked before a server's pod is evicted")


def _may_be_away(graph: Graph, store: Resource) -> Iterator[tuple[str, float]]:
    if store.type == AEROSPIKE:
        yield "spec.maxUnavailable", store.inputs.number("spec.maxUnavailable", 1)
    else:
        for budget in _budgets(graph, store):
            yield "", budget.inputs.number("spec.maxUnavailable", size(store))


def _budgets(graph: Graph, store: Resource) -> tuple[Resource, ...]:
    labels = store.inputs.view("spec.template.metadata.labels").raw.items()
    return tuple(
        budget
        for budget in neighbours(graph, store, POD_DISRUPTION_BUDGET)
        if budget.inputs.view("spec.selector.matchLabels").raw.items() <= labels
    )


@rule(
    "AER-6",
    title="Every server of a store runs on a node of its own, behind the network of pods",
    reason="Copies on one node fail together; the node's network has no NetworkPolicy.",
    source="AKO webhook",
    remedy="Set multiPodPerHost to false, or an anti-affinity by host name; leave hostNetwork out.",
    on=stores,
    tiers=MAINNET_ONLY,
)
def nodes_not_shared(_graph: Graph, store: Resource) -> Iterator[Problem]:
    if store.type == AEROSPIKE:
        shared = store.inputs.flag("spec.podSpec.multiPodPerHost", default=True)
        network = "spec.podSpec.hostNetwork"
    else:
        required = "spec.template.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"
        shared = all(term.text("topologyKey") != _HOSTNAME for term in store.inputs.views(required))
        network = "spec.template.spec.hostNetwork"
    if shared:
        yield Problem("two servers may run on one node")
    if store.inputs.flag(network):
        yield Problem("servers use the node's network", network)


@rule(
    "NOD-6",
    title="A storage pool has a node in each zone for every server there, and on mainnet one to spare",
    reason="The server of a lost node needs another one, with disks, in the same zone.",
    source="project",
    remedy="Raise the pool's nodesPerZone.",
    on=storage_groups,
    guards_data=True,
)
def nodes_for_servers(graph: Graph, group: Resource) -> Iterator[Problem]:
    tenants = list(stores_on(graph, group))
    if not tenants:
        return
    servers = sum(count for _, count in tenants)
    spare = len(zones_of(graph, group, "subnetIds")) if graph.strict else 0
    nodes = group.inputs.number("scalingConfig.desiredSize")
    if nodes < servers + spare:
        names = ", ".join(sorted(store.name for store, _ in tenants))
        yield Problem(
            f"{nodes:g} nodes for {servers} servers and {spare} to spare: {names}", "scalingConfig.desiredSize"
        )


@rule(
    "R10-AER",
    title="After the loss of any zone, Aerospike has racks for every copy, and a server for each",
    reason="Zones fail; the copies that went with one are made anew in the racks that remain.",
    source="controls R10",
    remedy="Give the storage pool one zone more than there are copies.",
    on=(AEROSPIKE,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def records_survive_zone(graph: Graph, store: Resource) -> Iterator[Problem]:
    path = "spec.rackConfig.racks"
    zones = [rack.text("zone") for rack in racks(store)]
    for namespace in namespaces(graph, store):
        if not zones:
            yield Problem(f"{namespace.copies} copies have no racks", path)
        for zone in sorted(set(zones)):
            remaining = sum(other != zone for other in zones)
            if remaining < namespace.copies:
                yield Problem(
                    f"without {zone}, {namespace.copies} copies have {remaining} racks", "spec.rackConfig.racks"
                )


RULES: tuple[Rule, ...] = (
    records_kept,
    racks_apart,
    maintained_safely,
    nodes_not_shared,
    nodes_for_servers,
    records_survive_zone,
)
