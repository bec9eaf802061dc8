"""A model region's UTXO stores: racks of the enterprise edition with their backups, and servers of the community's."""

from collections.abc import Mapping

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Json, Row
from tests.contract.policies.workloads import pod_template

NAMESPACE = "kubernetes.io/metadata.name"
_STORAGE: Row = {"teranode.io/storage": "utxo"}


def build_aerospike(region: RegionBuilder) -> None:
    """Register both editions with all that they refer to."""
    _local_disks(region)
    _networks(region, "racks")
    _networks(region, "servers")
    _racks(region)
    _backups(region)
    _community(region)


def _object(
    region: RegionBuilder,
    token: str,
    name: str,
    inputs: Mapping[str, Json],
    *,
    after: tuple[str, ...] = (),
    locked: bool = False,
) -> None:
    region.stack.add(
        f"kubernetes:{token}",
        f"{region.name}-{name}",
        inputs,
        provider=f"{region.name}-kubernetes",
        after=[f"{region.name}-{other}" for other in after],
        protect=locked,
        retainOnDelete=locked,
    )


def _local_disks(region: RegionBuilder) -> None:
    inputs: Row = {
        "chart": "local-static-provisioner",
        "version": "2.8.0",
        "namespace": "local-disks",
        "repositoryOpts": {"repo": "https://kubernetes-sigs.github.io/sig-storage-local-static-provisioner"},
        "values": {"classes": [{"name": "local-nvme"}]},
    }
    _object(region, "helm.sh/v3:Release", "local-disks", inputs)


def _networks(region: RegionBuilder, namespace: str) -> None:
    def policy(name: str, spec: Row) -> None:
        metadata: Row = {"name": name, "namespace": namespace}
        inputs: Row = {"metadata": metadata, "spec": spec}
        _object(region, "networking.k8s.io/v1:NetworkPolicy", f"{namespace}-{name}", inputs)

    def way_in(origin: str, *ports: int) -> Row:
        peers: Json = [{"namespaceSelector": {"matchLabels": {NAMESPACE: origin}}}]
        opened: list[Json] = [{"port": port, "protocol": "TCP"} for port in ports]
        rules: Row = {"from": peers, **({"ports": opened} if opened else {})}
        return {"podSelector": {}, "policyTypes": ["Ingress"], "ingress": [rules]}

    policy("deny-all", {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})
    policy("own-pods", way_in(namespace))
    policy("operator", way_in("aerospike-operator", 3000))
    policy("metrics", way_in("monitoring", 9145))


def _racks(region: RegionBuilder) -> None:
    secure: Row = {"tls-name": "store.racks", "tls-port": 3011}
    racks: list[Json] = [
        {"id": number, "zone": f"{region.name}{zone}", "revision": "utxo", "podSpec": {"nodeSelector": _STORAGE}}
        for number, zone in enumerate("abc", 1)
    ]
    volumes: list[Json] = [
        {
            "name": "utxo-0",
            "source": {"persistentVolume": {"storageClass": "local-nvme", "volumeMode": "Block", "size": "1000Gi"}},
            "aerospike": {"path": "/dev/utxo-0"},
        },
        {
            "name": "licence",
            "source": {"secret": {"secretName": "licence"}},
            "aerospike": {"path": "/etc/aerospike/licence"},
        },
    ]
    spec: Row = {
        "size": 3,
        "image": f"docker.io/aerospike/aerospike-server-enterprise:8.1.2.0@sha256:{'a' * 64}",
        "maxUnavailable": 1,
        "disablePDB": False,
        "operatorClientCert": {"secretCertSource": {"secretName": "operator"}},
        "aerospikeAccessControl": {
            "users": [
                {"name": "admin", "secretName": "admin", "roles": ["sys-admin", "user-admin"]},
                {"name": "teranode", "secretName": "teranode", "roles": ["read-write-udf"]},
            ]
        },
        "aerospikeConfig": {
            "security": {},
            "service": {"feature-key-file": "/etc/aerospike/licence/features.conf"},
            "network": {
                "service": {"tls-name": "store.racks", "tls-port": 4333},
                "heartbeat": dict(secure),
                "fabric": dict(secure),
            },
            "namespaces": [
                {
                    "name": "utxo",
                    "replication-factor": 2,
                    "storage-engine": {"type": "device", "devices": ["/dev/utxo-0"]},
                }
            ],
        },
        "rackConfig": {"namespaces": ["utxo"], "racks": racks},
        "podSpec": {"multiPodPerHost": False},
        "storage": {
            "blockVolumePolicy": {"cascadeDelete": False},
            "filesystemVolumePolicy": {"cascadeDelete": False},
            "localStorageClasses": ["local-nvme"],
            "deleteLocalStorageOnRestart": False,
            "volumes": volumes,
        },
    }
    metadata: Row = {"name": "store", "namespace": "racks"}
    _object(
        region,
        "asdb.aerospike.com/v1:AerospikeCluster",
        "racks",
        {"metadata": metadata, "spec": spec},
        locked=True,
    )


def _backups(region: RegionBuilder) -> None:
    metadata: Row = {"name": "backups", "namespace": "racks"}
    storage: Row = {"bucket": {"s3-storage": {"bucket": "model-backups", "s3-region": region.name}}}
    _object(
        region,
        "asdb.aerospike.com/v1beta1:AerospikeBackupService",
        "backup-service",
        {"metadata": metadata, "spec": {"config": {"storage": storage}}},
    )
    config: Row = {
        "aerospike-cluster": {"source": {"seed-nodes": [{"host-name": "store.racks.svc.cluster.local", "port": 3000}]}},
        "backup-routines": {
            "daily": {
                "source-cluster": "source",
                "interval-cron": "0 0 2 * * *",
                "namespaces": ["utxo"],
                "storage": "bucket",
            }
        },
    }
    _object(
        region,
        "asdb.aerospike.com/v1beta1:AerospikeBackup",
        "backup",
        {"metadata": metadata, "spec": {"backupService": dict(metadata), "config": config}},
    )


CONFIGURATION = """\
namespace utxo {
    replication-factor 2
    storage-engine device {
        file /var/lib/aerospike/utxo.dat
    }
}
"""


def _community(region: RegionBuilder) -> None:
    labels: Row = {"app.kubernetes.io/name": "aerospike"}
    metadata: Row = {"name": "store", "namespace": "servers", "labels": labels}
    _object(region, "core/v1:ConfigMap", "store-files", {"data": {"aerospike.conf": CONFIGURATION}})
    _object(
        region,
        "policy/v1:PodDisruptionBudget",
        "store-budget",
        {"metadata": metadata, "spec": {"maxUnavailable": 1, "selector": {"matchLabels": dict(labels)}}},
    )
    apart: Row = {"labelSelector": {"matchLabels": dict(labels)}, "topologyKey": "kubernetes.io/hostname"}
    template = pod_template(labels)
    pod = template["spec"]
    assert isinstance(pod, dict)
    pod["affinity"] = {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [apart]}}
    _object(
        region,
        "apps/v1:StatefulSet",
        "store",
        {
            "metadata": metadata,
            "spec": {
                "replicas": 3,
                "persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
                "template": template,
                "volumeClaimTemplates": [{"metadata": {"name": "work"}, "spec": {"storageClassName": "gp3"}}],
            },
        },
        after=("store-files",),
        locked=True,
    )
