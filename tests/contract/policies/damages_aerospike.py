"""Damages of UTXO stores."""

from collections.abc import Callable

from tests.contract.policies.aerospike import CONFIGURATION
from tests.contract.policies.names import (
    AEROSPIKE,
    AEROSPIKE_BACKUP,
    AEROSPIKE_BACKUP_SERVICE,
    BUDGET,
    CONFIG_MAP,
    NETWORK_POLICY,
    NODES,
    RELEASE,
    STATEFUL_SET,
)
from tests.contract.policies.stack import Damage, Json, ModelStack, drop, edit, plant

_CONFIG = "spec.aerospikeConfig"
_NAMESPACE = f"{_CONFIG}.namespaces.0"
_RACKS = "spec.rackConfig.racks"
_STORAGE = "spec.storage"
_ROUTINE = "spec.config.backup-routines.daily"
_KEPT_CLAIMS = "spec.persistentVolumeClaimRetentionPolicy"


def _racks(change: Callable[[list[dict[str, Json]]], Json]) -> Damage:
    def damage(stack: ModelStack) -> None:
        inputs = stack.first(AEROSPIKE)["inputs"]
        racks = inputs["spec"]["rackConfig"]["racks"]  # type: ignore[index,call-overload]
        edit(AEROSPIKE, _RACKS, change(racks))(stack)  # type: ignore[arg-type]

    return damage


def _two_racks(stack: ModelStack) -> None:
    _racks(lambda racks: list(racks[:2]))(stack)
    edit(AEROSPIKE, "spec.size", 4)(stack)


def _one_rack(stack: ModelStack) -> None:
    _racks(lambda racks: list(racks[:1]))(stack)


def _configured(old: str, new: str) -> Damage:
    return edit(CONFIG_MAP, "data", {"aerospike.conf": CONFIGURATION.replace(old, new)}, name="store-files")


def _opened(source: Json, *, port: int | None = 3000) -> Damage:
    rule: dict[str, Json] = {"from": source, "ports": [{"port": port}] if port else None}
    spec: Json = {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [rule]}
    return plant(
        NETWORK_POLICY,
        {"metadata": {"name": "more", "namespace": "racks"}, "spec": spec},
        provider="eu-west-1-kubernetes",
    )


def _community_on_storage(stack: ModelStack) -> None:
    edit(STATEFUL_SET, "spec.template.spec.nodeSelector", {"teranode.io/storage": "utxo"})(stack)


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "AER-1": (
        edit(AEROSPIKE, f"{_CONFIG}.security", None),
        edit(AEROSPIKE, "spec.aerospikeAccessControl.users.0.roles", ["sys-admin"]),
        edit(AEROSPIKE, "spec.aerospikeAccessControl.users.1.secretName", None),
        edit(AEROSPIKE, "spec.aerospikeAccessControl", None),
    ),
    "AER-2": (
        edit(AEROSPIKE, f"{_CONFIG}.network.fabric", {"port": 3001}),
        edit(AEROSPIKE, f"{_CONFIG}.network.heartbeat.tls-port", None),
        edit(AEROSPIKE, f"{_CONFIG}.network.heartbeat.port", 3002),
    ),
    "AER-2-CLIENTS": (
        edit(AEROSPIKE, f"{_CONFIG}.network.service.port", 3000),
        edit(AEROSPIKE, f"{_CONFIG}.network.service", {}),
        edit(AEROSPIKE, "spec.operatorClientCert", None),
    ),
    "AER-2-CLOSED": (
        drop(NETWORK_POLICY, name="racks-deny-all"),
        drop(NETWORK_POLICY, name="servers-deny-all"),
        edit(NETWORK_POLICY, "spec.policyTypes", ["Egress"], name="racks-deny-all"),
        edit(NETWORK_POLICY, "spec.podSelector", {"matchLabels": {"app": "other"}}, name="servers-deny-all"),
        _opened([]),
        _opened([{"namespaceSelector": {}}]),
        _opened([{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}], port=None),
        _opened([{"ipBlock": {"cidr": "10.0.0.0/8"}}]),
        drop(RELEASE, name="operator"),
    ),
    "AER-3": (
        edit(AEROSPIKE, f"{_NAMESPACE}.strong-consistency", value=True),
        edit(AEROSPIKE, f"{_NAMESPACE}.storage-engine", {"type": "memory"}),
        edit(AEROSPIKE, f"{_NAMESPACE}.replication-factor", 1),
        edit(AEROSPIKE, f"{_NAMESPACE}.replication-factor", 4),
        edit(AEROSPIKE, f"{_CONFIG}.namespaces", []),
        _configured("replication-factor 2", "replication-factor 1"),
        _configured("replication-factor 2", "replication-factor 2\n    strong-consistency true"),
        _configured("storage-engine device", "storage-engine memory"),
        drop(CONFIG_MAP, name="store-files"),
        edit(STATEFUL_SET, "spec.replicas", 1),
    ),
    "AER-4": (
        _racks(lambda racks: [{**rack, "zone": "eu-west-1a"} for rack in racks]),
        _racks(lambda racks: [{**rack, "zone": f"{rack['zone']}-z"} for rack in racks]),
        _racks(lambda racks: [{**rack, "aerospikeConfig": {"namespaces": [{"name": "utxo"}]}} for rack in racks]),
        _racks(lambda _: None),
        _one_rack,
        edit(AEROSPIKE, "spec.size", 4),
        edit(AEROSPIKE, "spec.rackConfig.namespaces", []),
        edit(AEROSPIKE, f"{_NAMESPACE}.replication-factor", 4),
    ),
    "AER-5": (
        edit(AEROSPIKE, "spec.maxUnavailable", 2),
        edit(AEROSPIKE, "spec.disablePDB", value=True),
        edit(RELEASE, "values.safePodEviction.enable", value=False, name="operator"),
        drop(RELEASE, name="operator"),
        drop(BUDGET),
        edit(BUDGET, "spec.maxUnavailable", 2),
        edit(BUDGET, "spec.selector.matchLabels", {"app.kubernetes.io/name": "other"}),
    ),
    "AER-6": (
        edit(AEROSPIKE, "spec.podSpec.multiPodPerHost", value=True),
        edit(AEROSPIKE, "spec.podSpec.multiPodPerHost", None),
        edit(AEROSPIKE, "spec.podSpec.hostNetwork", value=True),
        edit(STATEFUL_SET, "spec.template.spec.affinity", None),
        edit(STATEFUL_SET, "spec.template.spec.hostNetwork", value=True),
    ),
    "AER-7": (
        edit(AEROSPIKE, f"{_STORAGE}.blockVolumePolicy.cascadeDelete", value=True),
        edit(AEROSPIKE, f"{_STORAGE}.filesystemVolumePolicy.cascadeDelete", value=True),
        edit(AEROSPIKE, f"{_STORAGE}.volumes.0.cascadeDelete", value=True),
        edit(AEROSPIKE, f"{_STORAGE}.deleteLocalStorageOnRestart", value=True),
        edit(AEROSPIKE, f"{_STORAGE}.deleteLocalStorageOnPodRecovery", value=True),
        edit(AEROSPIKE, f"{_STORAGE}.localStorageClasses", []),
        edit(AEROSPIKE, f"{_STORAGE}.localStorageClasses", ["gp3"]),
        edit(AEROSPIKE, f"{_STORAGE}.volumes.0.source.persistentVolume.storageClass", "unheard-of"),
        edit(STATEFUL_SET, f"{_KEPT_CLAIMS}.whenDeleted", "Delete"),
        edit(STATEFUL_SET, f"{_KEPT_CLAIMS}.whenScaled", "Delete"),
        edit(STATEFUL_SET, "spec.volumeClaimTemplates.0.spec.storageClassName", "unheard-of"),
        drop(RELEASE, name="local"),
    ),
    "AER-8": (
        edit(AEROSPIKE, "spec.image", "docker.io/aerospike/aerospike-server:8.1.2.0"),
        edit(AEROSPIKE, f"{_CONFIG}.service.feature-key-file", None),
        edit(AEROSPIKE, f"{_CONFIG}.service.feature-key-file", "/opt/features.conf"),
        edit(AEROSPIKE, f"{_STORAGE}.volumes.1.source", {"configMap": {"name": "licence"}}),
    ),
    "AER-9": (
        drop(AEROSPIKE_BACKUP),
        drop(AEROSPIKE_BACKUP_SERVICE),
        edit(AEROSPIKE_BACKUP, f"{_ROUTINE}.interval-cron", None),
        edit(AEROSPIKE_BACKUP, f"{_ROUTINE}.namespaces", ["other"]),
        edit(AEROSPIKE_BACKUP, f"{_ROUTINE}.source-cluster", "other"),
        edit(AEROSPIKE_BACKUP, "spec.config.aerospike-cluster.source.seed-nodes.0.host-name", "other.racks.svc"),
        edit(AEROSPIKE_BACKUP_SERVICE, "spec.config.storage.bucket", {"local-storage": {"path": "/backups"}}),
    ),
    "NOD-6": (
        edit(NODES, "scalingConfig", {"minSize": 1, "maxSize": 1, "desiredSize": 1}, name="storage-b"),
        edit(AEROSPIKE, "spec.size", 6),
        _community_on_storage,
    ),
    "R10-AER": (_two_racks, _one_rack, edit(AEROSPIKE, f"{_NAMESPACE}.replication-factor", 3), _racks(lambda _: [])),
}

TESTING_DAMAGES: dict[str, tuple[Damage, ...]] = {
    "AER-1": (edit(AEROSPIKE, f"{_CONFIG}.security", None),),
    "AER-2-CLOSED": (_opened([]),),
    "AER-3": (edit(AEROSPIKE, f"{_NAMESPACE}.replication-factor", 4),),
    "AER-4": (edit(AEROSPIKE, "spec.size", 4),),
    "AER-5": (edit(AEROSPIKE, "spec.maxUnavailable", 2),),
    "AER-7": (edit(AEROSPIKE, f"{_STORAGE}.localStorageClasses", []),),
    "AER-8": (edit(AEROSPIKE, f"{_CONFIG}.service.feature-key-file", None),),
    "NOD-6": (edit(AEROSPIKE, "spec.size", 9),),
}

TOLERATED_ON_TESTING: dict[str, Damage] = {
    "AER-2": edit(AEROSPIKE, f"{_CONFIG}.network.fabric", {"port": 3001}),
    "AER-3": edit(AEROSPIKE, f"{_NAMESPACE}.replication-factor", 1),
    "AER-4": _one_rack,
    "AER-6": edit(AEROSPIKE, "spec.podSpec.multiPodPerHost", value=True),
    "AER-7": edit(AEROSPIKE, f"{_STORAGE}.blockVolumePolicy.cascadeDelete", value=True),
    "AER-9": drop(AEROSPIKE_BACKUP),
    "NOD-6": edit(AEROSPIKE, "spec.size", 6),
    "R10-AER": _two_racks,
}

TOLERATED_ON_MAINNET: dict[str, Damage] = {
    "AER-2-CLOSED": _opened([{"podSelector": {}}]),
    "AER-8": edit(AEROSPIKE, "spec.image", "docker.io/aerospike/aerospike-server-federal:8.1.2.0"),
}
