"""UTXO stores as rules see them: Aerospike of either edition, its copies, and the nodes that its servers need."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .graph import Graph, Resource
from .nodes import storage_groups
from .tokens import AEROSPIKE, CLUSTER, CONFIG_MAP, HELM_RELEASE, STATEFUL_SET, SUBNET
from .values import Json, UndecidedError, View, is_secret, is_unknown

_NAME_LABEL, _NAME = "app.kubernetes.io/name", "aerospike"
_CONFIGURATION = "aerospike.conf"
_OPERATOR_CHART = "aerospike-kubernetes-operator"
_IN_TEXT = {
    "copies": re.compile(r"^\s*replication-factor\s+(\d+)", re.MULTILINE),
    "strong": re.compile(r"^\s*strong-consistency\s+true", re.MULTILINE),
    "on_disk": re.compile(r"^\s*storage-engine\s+device\b", re.MULTILINE),
}


@dataclass(frozen=True, slots=True)
class Namespace:
    """What a store's configuration says about one of its namespaces."""

    name: str
    copies: int
    strong: bool
    on_disk: bool


@dataclass(frozen=True, slots=True)
class Servers:
    """Servers of one store that may run on the same nodes; an empty `zone` stands for all."""

    zone: str
    count: int
    selector: Mapping[str, Json]


def community_stores(graph: Graph) -> Iterable[Resource]:
    """Stateful sets of the community edition, or what may be one: the check of an unreadable one then says so."""
    for servers in graph.of_type(STATEFUL_SET):
        try:
            if servers.inputs.view("metadata.labels").raw.get(_NAME_LABEL) == _NAME:
                yield servers
        except UndecidedError:
            yield servers


def stores(graph: Graph) -> Iterable[Resource]:
    """Stores of both editions."""
    yield from graph.of_type(AEROSPIKE)
    yield from community_stores(graph)


def place(item: Resource) -> tuple[str, str]:
    """The Kubernetes cluster, by its provider, and the namespace that an object lies in."""
    return item.provider, item.inputs.text("metadata.namespace")


def neighbours(graph: Graph, item: Resource, *types: str) -> tuple[Resource, ...]:
    """Objects of the given types in the same Kubernetes namespace."""
    return tuple(other for other in graph.of_type(*types) if place(other) == place(item))


def in_same_cluster(graph: Graph, item: Resource, *types: str) -> tuple[Resource, ...]:
    """Objects of the given types in the same Kubernetes cluster."""
    return tuple(other for other in graph.of_type(*types) if other.provider == item.provider)


def operators(graph: Graph, store: Resource) -> tuple[Resource, ...]:
    """The releases of Aerospike's operator in a store's cluster."""
    releases = in_same_cluster(graph, store, HELM_RELEASE)
    return tuple(release for release in releases if release.inputs.text("chart").endswith(_OPERATOR_CHART))


def size(store: Resource) -> int:
    """How many servers a store has."""
    return int(store.inputs.number("spec.size" if store.type == AEROSPIKE else "spec.replicas"))


def racks(store: Resource) -> tuple[View, ...]:
    """The racks of a store of the enterprise edition."""
    return store.inputs.views("spec.rackConfig.racks")


def namespaces(graph: Graph, store: Resource) -> tuple[Namespace, ...]:
    """What the configuration of a store says about its namespaces; nothing if there is none."""
    if store.type == AEROSPIKE:
        return tuple(map(_namespace, store.inputs.views("spec.aerospikeConfig.namespaces")))
    texts = (config.inputs.view("data").raw.get(_CONFIGURATION) for config in graph.needed(store, CONFIG_MAP))
    return tuple(_from_text(text) for text in texts if text is not None)


def _namespace(view: View) -> Namespace:
    engine = view.view("storage-engine")
    return Namespace(
        name=view.text("name"),
        copies=int(view.number("replication-factor", 1)),
        strong=view.flag("strong-consistency"),
        on_disk=engine.text("type") == "device" and (engine.has("devices") or engine.has("files")),
    )


def _from_text(text: Json) -> Namespace:
    if is_unknown(text) or is_secret(text) or not isinstance(text, str):
        raise UndecidedError(f"data.{_CONFIGURATION}", "unknown until the update")
    copies = _IN_TEXT["copies"].search(text)
    return Namespace(
        name="",
        copies=int(copies[1]) if copies else 1,
        strong=bool(_IN_TEXT["strong"].search(text)),
        on_disk=bool(_IN_TEXT["on_disk"].search(text)),
    )


def groups_of_servers(store: Resource) -> Sequence[Servers]:
    """The servers of a store by where they may run: by rack, or all together."""
    inputs = store.inputs
    if store.type != AEROSPIKE:
        return (Servers("", size(store), inputs.view("spec.template.spec.nodeSelector").raw),)
    everywhere, found = inputs.view("spec.podSpec.nodeSelector").raw, racks(store)
    return tuple(
        Servers(
            rack.text("zone"),
            # The operator gives what is left over to the first racks.
            size(store) // len(found) + (number < size(store) % len(found)),
            {**everywhere, **rack.view("podSpec.nodeSelector").raw},
        )
        for number, rack in enumerate(found)
    )


def zones_of(graph: Graph, resource: Resource, path: str) -> frozenset[str]:
    """The zones of the subnets that the input at ``path`` names."""
    return frozenset(subnet.inputs.text("availabilityZone") for subnet in graph.follow(resource, path, SUBNET))


def servers_on(graph: Graph, store: Resource, group: Resource) -> int:
    """How many servers of a store may come to run on the nodes of a group, at least; 0 if none may."""
    if not _one_cluster(graph, store, group):
        return 0
    zones = zones_of(graph, group, "subnetIds")
    labels = group.inputs.view("labels").raw
    return sum(
        servers.count if servers.zone else -(-servers.count // _spread(graph, group, servers) * len(zones))
        for servers in groups_of_servers(store)
        if servers.selector and servers.selector.items() <= labels.items() and servers.zone in {*zones, ""}
    )


def _spread(graph: Graph, group: Resource, servers: Servers) -> int:
    """Over how many zones servers that may run in any zone are spread."""
    return len(
        {
            zone
            for other in storage_groups(graph)
            if other.provider == group.provider and servers.selector.items() <= other.inputs.view("labels").raw.items()
            for zone in zones_of(graph, other, "subnetIds")
        }
    )


def _one_cluster(graph: Graph, store: Resource, group: Resource) -> bool:
    provider = graph.by_urn.get(store.provider)
    own = graph.needed(provider, CLUSTER) if provider else ()
    return bool(set(own) & set(graph.follow(group, "clusterName", CLUSTER)))


def stores_on(graph: Graph, group: Resource) -> Iterator[tuple[Resource, int]]:
    """The stores that may have servers on the nodes of a group, with how many."""
    for store in stores(graph):
        count = servers_on(graph, store, group)
        if count:
            yield store, count
