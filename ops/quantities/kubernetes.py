"""What resources of Kubernetes add to the month: volumes that they claim, and secrets that they read."""

from collections.abc import Iterator, Mapping

from ops.quantities import products
from ops.quantities.amounts import Amount, Count, fixed, gib, number, seconds, size_gib
from ops.quantities.model import HOURS_PER_MONTH, Kind
from simulator.graph import Graph, Node
from simulator.values import JSON, at

_STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass"
_GIVEN_IOPS, _GIVEN_MIB_S = 3000, 125
"""With each volume of type gp3, for nothing (EBS user guide)."""


def _stateful_set(node: Node, graph: Graph) -> Iterator[Amount]:
    replicas = number(at(node.inputs, "spec.replicas")) or 1
    templates = at(node.inputs, "spec.volumeClaimTemplates")
    for template in templates if isinstance(templates, list) else []:
        yield from _claimed(template, replicas, node, graph)


def _release(node: Node, graph: Graph) -> Iterator[Amount]:
    """Prometheus, whose claims no resource shows: its operator makes them of what the chart's values say."""
    server = at(node.inputs, "values.prometheus.prometheusSpec")
    if isinstance(server, Mapping):
        replicas = number(server.get("replicas")) or 1
        yield from _claimed(at(server, "storageSpec.volumeClaimTemplate"), replicas, node, graph)


def _claim(node: Node, graph: Graph) -> Iterator[Amount]:
    yield from _claimed(node.inputs, 1, node, graph)


def _claimed(claim: JSON, replicas: float, node: Node, graph: Graph) -> Iterator[Amount]:
    if isinstance(claim, Mapping):
        name = str(at(claim, "spec.storageClassName"))
        yield from _volumes(name, replicas, at(claim, "spec.resources.requests.storage"), node, graph)


def _kafka_pool(node: Node, graph: Graph) -> Iterator[Amount]:
    replicas = number(at(node.inputs, "spec.replicas"))
    storage = at(node.inputs, "spec.storage")
    volumes = storage.get("volumes", [storage]) if isinstance(storage, Mapping) else []
    for volume in volumes if isinstance(volumes, list) else []:
        if isinstance(volume, Mapping) and "size" in volume:
            yield from _volumes(str(volume.get("class", "gp3")), replicas, volume["size"], node, graph)


def _aerospike(node: Node, graph: Graph) -> Iterator[Amount]:
    pods = number(at(node.inputs, "spec.size"))
    volumes = at(node.inputs, "spec.storage.volumes")
    for volume in volumes if isinstance(volumes, list) else []:
        source = at(volume, "source.persistentVolume") if isinstance(volume, Mapping) else None
        if isinstance(source, Mapping):
            yield from _volumes(str(source.get("storageClass")), pods, source.get("size"), node, graph)


def _volumes(name: str, count: float, size: JSON, node: Node, graph: Graph) -> Iterator[Amount]:
    """What volumes of a class ask of EBS. Static volumes have no class, local disks are part of their node."""
    if not name.startswith("gp3"):
        return
    yield gib("volumes", f"claims of class {name}", products.volume("gp3"), count * size_gib(size))
    bought = _parameters(name, node, graph)
    if (iops := _whole(bought.get("iops")) - _GIVEN_IOPS) > 0:
        kind = Kind("volumes", f"IOPS beyond {_GIVEN_IOPS:,} a volume, class {name}", "IOPS", products.VOLUME_IOPS)
        yield fixed(kind, count * iops)
    if (throughput := _whole(bought.get("throughput")) - _GIVEN_MIB_S) > 0:
        kind = Kind(
            "volumes", f"throughput beyond {_GIVEN_MIB_S} a volume, class {name}", "MiB/s", products.VOLUME_THROUGHPUT
        )
        yield fixed(kind, count * throughput)


def _parameters(name: str, node: Node, graph: Graph) -> Mapping[str, JSON]:
    """What the region's storage class of a name buys with each volume."""
    region = graph.regions.get(node.urn)
    for other in graph.nodes.values():
        if other.type == _STORAGE_CLASS and graph.regions.get(other.urn) == region:
            parameters = other.inputs.get("parameters")
            if at(other.inputs, "metadata.name") == name and isinstance(parameters, Mapping):
                return parameters
    return {}


def _whole(value: JSON) -> int:
    return int(value) if isinstance(value, str) and value.isdecimal() else 0


def _synced_secret(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
    """External Secrets reads every named value anew in each interval; one that names none is read once."""
    interval_s = seconds(at(node.inputs, "spec.refreshInterval"))
    reads = sum(len(found) for key in ("data", "dataFrom") if isinstance(found := at(node.inputs, f"spec.{key}"), list))
    if interval_s:
        kind = Kind("requests", "Secrets Manager, by External Secrets", "requests", products.SECRET_REQUEST)
        yield fixed(kind, reads * HOURS_PER_MONTH * 3600 / interval_s)


COUNTED: Mapping[str, Count] = {
    "kubernetes:apps/v1:StatefulSet": _stateful_set,
    "kubernetes:helm.sh/v3:Release": _release,
    "kubernetes:asdb.aerospike.com/v1:AerospikeCluster": _aerospike,
    "kubernetes:core/v1:PersistentVolumeClaim": _claim,
    "kubernetes:external-secrets.io/v1:ExternalSecret": _synced_secret,
    "kubernetes:kafka.strimzi.io/v1:KafkaNodePool": _kafka_pool,
}
