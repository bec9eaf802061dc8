"""What goes with a zone, read off a deployment: arithmetic on copies, majorities, gateways and replicas."""

import json
from collections import defaultdict
from collections.abc import Iterator
from math import ceil

from ops.fleet import policy_graph
from policies.rules.graph import Graph, Resource
from policies.rules.tokens import AEROSPIKE, HELM_RELEASE, NODE_GROUP, ROUTE, SUBNET
from policies.rules.utxo_stores import namespaces, racks, servers_on, zones_of
from policies.rules.values import View
from simulator.graph import Deployment
from simulator.values import texts

ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
KAFKA = "kubernetes:kafka.strimzi.io/v1:Kafka"
KAFKA_POOL = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"
ZONE_LABEL = "topology.kubernetes.io/zone"
POOL_LABEL = "teranode.io/pool"

_FOR_ITS_ZONE = {SUBNET, ASSOCIATION, NAT_GATEWAY}
"""What a network has in a zone for that zone; `_ways_out` makes sure that no other zone uses it."""


def zones(deployment: Deployment) -> list[str]:
    """Every zone that the deployment has a subnet in."""
    return sorted({one.inputs.text("availabilityZone") for one in policy_graph(deployment).of_type(SUBNET)})


def lost_with(deployment: Deployment, zone: str) -> set[str]:
    """What does not go on without `zone`, each with its arithmetic; empty where nothing is missed."""
    graph = policy_graph(deployment)
    checks = (_alone, _ways_out, _copies_of_records, _majorities_of_kafka, _operators)
    return {problem for check in checks for problem in check(graph, zone)}


def _zones_of(graph: Graph, resource: Resource) -> set[str]:
    """The zones that a resource names, itself or by its subnets."""
    subnets = {one.id: one.inputs.text("availabilityZone") for one in graph.of_type(SUBNET)}
    named = {text for _, text in texts(dict(resource.properties))}
    own = resource.inputs.text("availabilityZone")
    return {subnets[text] for text in named & subnets.keys()} | ({own} if own else set())


def _alone(graph: Graph, lost: str) -> Iterator[str]:
    """What has nothing of its kind, in its component and pool, in another zone."""
    kinds: defaultdict[str, list[Resource]] = defaultdict(list)
    for one in graph.of_package("aws"):
        if one.type not in _FOR_ITS_ZONE and _zones_of(graph, one):
            kinds[f"{one.type} {one.parent} {json.dumps(one.properties.get('labels'), sort_keys=True)}"].append(one)
    for ones in kinds.values():
        if all(_zones_of(graph, one) == {lost} for one in ones):
            yield from (f"{one.name}: nothing of its kind in another zone" for one in ones)


def _ways_out(graph: Graph, lost: str) -> Iterator[str]:
    """Subnets of other zones that reach the internet through this one."""
    for route in graph.of_type(ROUTE):
        for gateway in graph.follow(route, "natGatewayId", NAT_GATEWAY):
            for association in graph.of_type(ASSOCIATION):
                if association.inputs.text("routeTableId") != route.inputs.text("routeTableId"):
                    continue
                home = zones_of(graph, association, "subnetId")
                if zones_of(graph, gateway, "subnetId") == {lost} != home:
                    yield f"{association.name}: leaves through {lost}"


def _copies_of_records(graph: Graph, lost: str) -> Iterator[str]:
    """Stores whose other racks hold no copy of every record, are no majority, or have too few nodes."""
    for store in graph.of_type(AEROSPIKE):
        places = [rack.text("zone") for rack in racks(store)]
        left = sum(zone != lost for zone in places)
        for namespace in namespaces(graph, store):
            if left < namespace.copies:
                yield f"{store.name}: {left} racks for {namespace.copies} copies"
            if namespace.strong and 2 * left <= len(places):
                yield f"{store.name}: {left} of {len(places)} racks are no majority"
        for group in graph.of_type(NODE_GROUP):
            servers, nodes = servers_on(graph, store, group), group.inputs.number("scalingConfig.desiredSize")
            if lost not in zones_of(graph, group, "subnetIds") and servers > nodes:
                yield f"{store.name}: {nodes:g} nodes in {group.name} for {servers} servers"


def _majorities_of_kafka(graph: Graph, lost: str) -> Iterator[str]:
    """Controllers that are no majority, and fewer brokers than a write waits for."""
    for kafka in graph.of_type(KAFKA):
        waited_for = int(kafka.inputs.view("spec.kafka.config").raw["min.insync.replicas"])  # type: ignore[arg-type]
        for pool in graph.of_type(KAFKA_POOL):
            replicas = int(pool.inputs.number("spec.replicas"))
            spread = pool.inputs.view("spec.template.pod")
            places = _zones_of_nodes(graph, spread)
            gone = ceil(replicas / len(places)) if _kept_apart(spread, "DoNotSchedule") else replicas
            left = replicas - (gone if lost in places else 0)
            roles = pool.inputs.strings("spec.roles")
            if "controller" in roles and 2 * left <= replicas:
                yield f"{pool.name}: {left} of {replicas} controllers are no majority"
            if "broker" in roles and left < waited_for:
                yield f"{pool.name}: {left} brokers, and a write waits for {waited_for}"


def _zones_of_nodes(graph: Graph, pod: View) -> set[str]:
    """The zones with nodes of the pool that a pod must run on."""
    terms = pod.views("affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms")
    pools = {value for term in terms for one in term.views("matchExpressions") for value in one.strings("values")}
    return {
        zone
        for group in graph.of_type(NODE_GROUP)
        if group.inputs.view("labels").raw.get(POOL_LABEL) in pools
        for zone in zones_of(graph, group, "subnetIds")
    }


def _operators(graph: Graph, lost: str) -> Iterator[str]:
    """Charts that run one copy of what they run more copies of elsewhere, or all of them perhaps in one zone."""
    groups = [one for one in graph.of_type(NODE_GROUP) if one.inputs.view("labels").raw.get(POOL_LABEL) == "system"]
    elsewhere = {zone for group in groups for zone in zones_of(graph, group, "subnetIds")} - {lost}
    for release in graph.of_type(HELM_RELEASE):
        # A chart that has no value for it is mended after it is rendered; tests of the mender look at that.
        mended = release.inputs.has("postrender")
        for path, part in _replicated(release.inputs.view("values")):
            count = part.number("replicas") or part.number("replicaCount")
            apart = mended or _kept_apart(part, "ScheduleAnyway") or _prefers_apart(part)
            if not elsewhere or count < 2 or not apart:
                yield f"{release.name} {path}: {count:g} replicas, apart: {apart}"


def _replicated(values: View, path: str = "values") -> Iterator[tuple[str, View]]:
    for key, value in values.raw.items():
        if isinstance(value, dict) and "." not in key:
            part = View(value)
            if "replicas" in value or "replicaCount" in value:
                yield f"{path}.{key}", part
            yield from _replicated(part, f"{path}.{key}")
    if path == "values" and (values.raw.keys() & {"replicas", "replicaCount"}):
        yield path, values


def _kept_apart(pod: View, otherwise: str) -> bool:
    return any(
        rule.text("topologyKey") == ZONE_LABEL and rule.text("whenUnsatisfiable") == otherwise
        for rule in pod.views("topologySpreadConstraints")
    )


def _prefers_apart(pod: View) -> bool:
    terms = pod.views("affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution")
    return any(term.text("podAffinityTerm.topologyKey") == ZONE_LABEL for term in terms)
