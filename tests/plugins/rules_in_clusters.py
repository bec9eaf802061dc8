"""Rule → a call that breaks it, and one that passes: what runs inside a cluster."""

from typing import Any

from simulator.rules import tokens as t
from simulator.world import Thing
from tests.plugins.world_builder import Ask, create, delete, thing

STRIMZI = thing(
    t.RELEASE,
    "strimzi/strimzi",
    {
        "name": "strimzi",
        "namespace": "strimzi",
        "chart": "strimzi-kafka-operator",
        "version": "1.0.0",
        "skipCrds": True,
    },
)
SECRETS_OPERATOR = thing(t.RELEASE, "e/e", {"name": "e", "namespace": "e", "chart": "external-secrets"})


def named(token: str, name: str, namespace: str = "kafka", labels: dict[str, str] | None = None, **spec: Any) -> Thing:
    """An object of a namespace that exists."""
    metadata = {"name": name, "namespace": namespace, "labels": labels or {}}
    return thing(token, f"{namespace}/{name}", {"metadata": metadata, "spec": spec})


def space(name: str, level: str = "privileged") -> Thing:
    """A namespace that enforces a level of Pod Security."""
    labels = {"pod-security.kubernetes.io/enforce": level}
    return thing(t.NAMESPACE, name, {"metadata": {"name": name, "labels": labels}})


def definitions(chart: str) -> Thing:
    """The Job that has applied a chart's definitions."""
    return named(t.JOB, "definitions", labels={"teranode-infra/definitions": chart})


POOL = named(t.KAFKA_NODE_POOL, "brokers", labels={"strimzi.io/cluster": "kafka"})
TOPIC = named(t.KAFKA_TOPIC, "blocks", labels={"strimzi.io/cluster": "kafka"})
OTHER_TOPIC = named(t.KAFKA_TOPIC, "blocks", labels={"strimzi.io/cluster": "other"})
KAFKA = named(t.KAFKA, "kafka")
METADATA: dict[str, Any] = {"name": "kafka", "namespace": "kafka"}

SAFE_CONTAINER: dict[str, Any] = {
    "name": "c",
    "securityContext": {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    },
    "resources": {"limits": {"memory": "1Gi"}},
}


def job(container: dict[str, Any]) -> dict[str, Any]:
    """A Job of one container."""
    return {"metadata": METADATA, "spec": {"template": {"spec": {"containers": [container]}}}}


VOLUME = thing(
    t.PERSISTENT_VOLUME,
    "files",
    {
        "metadata": {"name": "files"},
        "spec": {
            "capacity": {"storage": "1200Gi"},
            "accessModes": ["ReadWriteMany"],
            "claimRef": {"namespace": "miner-1", "name": "cluster-storage"},
        },
    },
)


def claim(name: str = "cluster-storage", size: str = "1200Gi") -> dict[str, Any]:
    """A claim of miner-1 for the volume ``files``."""
    spec = {"volumeName": "files", "accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": size}}}
    return {"metadata": {"name": name, "namespace": "miner-1"}, "spec": spec}


CLAIM = thing(t.PERSISTENT_VOLUME_CLAIM, "miner-1/cluster-storage", claim())
SYNCED: dict[str, Any] = {"metadata": METADATA, "spec": {"secretStoreRef": {"name": "aws"}}}

NODE_OF_MINER_1: dict[str, Any] = {
    "metadata": {"name": "teranode", "namespace": "miner-1"},
    "spec": {
        "configMapName": "teranode-settings",
        "envFrom": [{"secretRef": {"name": "teranode-operator-secrets"}}],
        "sharedStorage": {"storageVolume": "files"},
    },
}
SETTINGS = named(t.CONFIG_MAP, "teranode-settings", "miner-1")
TERANODE_SECRET = named(t.EXTERNAL_SECRET, "teranode-operator-secrets", "miner-1")


def teranode_operator(watched: str) -> dict[str, Any]:
    """A release of Teranode's operator."""
    values = {"deployment": {"env": {"watch_namespace": watched}}}
    return {"name": "t", "namespace": "t", "chart": "oci://r.example/teranode-operator", "values": values}


ENDS_AT_ONCE: dict[str, Any] = {
    "name": "teranode",
    "namespace": "miner-1",
    "annotations": {"pulumi.com/deletionPropagationPolicy": "background"},
}
WATCHING = thing(t.RELEASE, "t/t", teranode_operator("miner-1,miner-2"))

CASES: dict[str, tuple[Ask, Ask]] = {
    "release-namespace-exists": (
        create(t.RELEASE, name="strimzi", namespace="strimzi"),
        create(t.RELEASE, space("strimzi"), name="strimzi", namespace="strimzi"),
    ),
    "release-name": (
        create(t.RELEASE, STRIMZI, name="strimzi", namespace="strimzi"),
        create(t.RELEASE, STRIMZI, name="strimzi", namespace="kafka"),
    ),
    "release-name-pattern": (create(t.RELEASE, name="x" * 54), create(t.RELEASE, name="x" * 53)),
    "namespace-holds-objects": (delete(space("kafka"), KAFKA), delete(space("miner-1"), KAFKA)),
    "custom-resource-definition": (
        create(t.KAFKA, STRIMZI, metadata=METADATA),
        create(t.KAFKA, definitions("strimzi-kafka-operator"), metadata=METADATA),
    ),
    "custom-resource-operator": (
        create(t.KAFKA, SECRETS_OPERATOR, metadata=METADATA),
        create(t.KAFKA, STRIMZI, metadata=METADATA),
    ),
    "release-serves-custom-resources": (delete(STRIMZI, KAFKA), delete(STRIMZI, named(t.SECRET_STORE, "aws"))),
    "kafka-has-nodes": (create(t.KAFKA, metadata=METADATA), create(t.KAFKA, POOL, metadata=METADATA)),
    "kafka-topics-first": (delete(KAFKA, TOPIC), delete(KAFKA, OTHER_TOPIC)),
    "external-secret-store": (
        create(t.EXTERNAL_SECRET, named(t.SECRET_STORE, "aws", "miner-1"), **SYNCED),
        create(t.EXTERNAL_SECRET, named(t.SECRET_STORE, "aws"), **SYNCED),
    ),
    "pod-security": (
        create(t.JOB, space("kafka", "restricted"), **job({"name": "c"})),
        create(t.JOB, space("kafka", "restricted"), **job(SAFE_CONTAINER)),
    ),
    "pod-quota": (
        create(t.JOB, named(t.RESOURCE_QUOTA, "q", hard={"limits.memory": "8Gi"}), **job({"name": "c"})),
        create(t.JOB, named(t.RESOURCE_QUOTA, "q", hard={"limits.memory": "8Gi"}), **job(SAFE_CONTAINER)),
    ),
    "claim-volume-exists": (
        create(t.PERSISTENT_VOLUME_CLAIM, **claim()),
        create(t.PERSISTENT_VOLUME_CLAIM, VOLUME, **claim()),
    ),
    "claim-volume-reserved": (
        create(t.PERSISTENT_VOLUME_CLAIM, VOLUME, **claim("other")),
        create(t.PERSISTENT_VOLUME_CLAIM, VOLUME, **claim()),
    ),
    "claim-volume-fits": (
        create(t.PERSISTENT_VOLUME_CLAIM, VOLUME, **claim(size="2Ti")),
        create(t.PERSISTENT_VOLUME_CLAIM, VOLUME, **claim()),
    ),
    "teranode-watched-namespaces": (
        create(t.RELEASE, space("miner-1"), space("miner-2"), **teranode_operator("miner-1, miner-2")),
        create(t.RELEASE, space("miner-1"), space("miner-2"), **teranode_operator("miner-1,miner-2")),
    ),
    "teranode-cluster-watched": (
        create(t.TERANODE, WATCHING, metadata={"name": "teranode", "namespace": "miner-3"}),
        create(t.TERANODE, WATCHING, **NODE_OF_MINER_1),
    ),
    "teranode-cluster-alone": (
        create(t.TERANODE, named(t.TERANODE, "other", "miner-1"), **NODE_OF_MINER_1),
        create(t.TERANODE, named(t.TERANODE, "teranode", "miner-2"), **NODE_OF_MINER_1),
    ),
    "teranode-settings-exist": (
        create(t.TERANODE, SETTINGS, **NODE_OF_MINER_1),
        create(t.TERANODE, SETTINGS, TERANODE_SECRET, **NODE_OF_MINER_1),
    ),
    "teranode-storage-fits": (
        create(t.TERANODE, **NODE_OF_MINER_1),
        create(t.TERANODE, VOLUME, **NODE_OF_MINER_1),
    ),
    "teranode-cluster-ends": (
        delete(named(t.TERANODE, "teranode", "miner-1")),
        delete(thing(t.TERANODE, "miner-1/teranode", {"metadata": ENDS_AT_ONCE})),
    ),
    "volume-bound": (delete(VOLUME, CLAIM), delete(VOLUME)),
}
