"""What the operator is asked for: the whole of an `AerospikeCluster`. No resources."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.aerospike import exporter
from components.aerospike.args import (
    ADMIN,
    EXPORTER,
    LABELS,
    LOCAL_CLASS,
    NETWORK_CLASS,
    RESTORE,
    TERANODE,
    WORK_CLASS,
    AerospikeArgs,
)
from components.aerospike.certificates import TLS_DIRECTORY, TLS_SECRET, tls
from components.aerospike.config import NAMESPACE, Device, ServerConfig, operator_config
from components.aerospike.sizing import GIB, MAX_DEVICE_BYTES
from components.workloads import NON_ROOT_USER, Share

LICENCE_KEY = "features.conf"
PASSWORD_KEY = "password"
"""Keys of the Secrets; the second one is the operator's contract."""

_LICENCE_DIRECTORY = "/etc/aerospike/licence"
PASSWORD_DIRECTORY = "/etc/aerospike-password"

ROLES = {
    ADMIN: ("sys-admin", "user-admin"),
    # Teranode registers a module of its own and makes its two indexes when it starts.
    TERANODE: ("read-write-udf", "udf-admin", "sindex-admin"),
    EXPORTER: ("read",),
    # What Teranode may, and to empty the store before: nothing that runs has this user's password.
    RESTORE: ("read-write", "sindex-admin", "truncate", "udf-admin"),
}


@dataclass(frozen=True, kw_only=True)
class EnterpriseArgs:
    """Arguments of `EnterpriseStore` beyond `AerospikeArgs`.

    - `licence`: Secret in the namespace with the key `LICENCE_KEY`.
    - `password_secrets`: for each user of the store, the Secret with the key `PASSWORD_KEY`.
    - `durable`: every write also goes to a network disk, so that a lost zone is read and not copied.
    - `operator`, `certificates`: what objects of their kinds depend on.
    """

    licence: pulumi.Input[str]
    password_secrets: Mapping[str, pulumi.Input[str]]
    durable: bool
    operator: tuple[pulumi.Resource, ...]
    certificates: tuple[pulumi.Resource, ...]
    secrets_ready: tuple[pulumi.Resource, ...]


def cluster_spec(args: AerospikeArgs, edition: EnterpriseArgs, metrics: pulumi.Input[str]) -> dict[str, object]:
    """The whole of an `AerospikeCluster`; `metrics` is the name of the ConfigMap with the exporter's settings."""
    return {
        "size": args.servers,
        "image": args.images.reference("aerospike-server-enterprise"),
        "maxUnavailable": 1,
        "disablePDB": False,
        "aerospikeNetworkPolicy": {"access": "pod", "alternateAccess": "pod"},
        "aerospikeAccessControl": {
            "users": [
                {
                    "name": user,
                    "secretName": edition.password_secrets[user],
                    "roles": list(ROLES.get(user, ("read",))),
                }
                for user in sorted(edition.password_secrets)
            ]
        },
        "aerospikeConfig": operator_config(
            ServerConfig(
                replication_factor=args.records.copies,
                devices=_devices(args, edition),
                feature_key_file=f"{_LICENCE_DIRECTORY}/{LICENCE_KEY}",
                tls=tls(args.namespace.name),
            )
        ),
        "rackConfig": {"namespaces": [NAMESPACE], "racks": [_rack(args, zone) for zone in _zones(args)]},
        "podSpec": _pod(args),
        "storage": {
            "blockVolumePolicy": {"cascadeDelete": False},
            "filesystemVolumePolicy": {"cascadeDelete": False},
            # Given up when the operator moves a server off a node (a blocked eviction, `k8sNodeBlockList`) and only
            # then: an ordinary restart, as each change of a password is one, goes back to its disks and records.
            "localStorageClasses": [LOCAL_CLASS],
            "deleteLocalStorageOnRestart": False,
            "deleteLocalStorageOnPodRecovery": False,
            "volumes": _volumes(args, edition, metrics),
        },
    }


def settled(args: AerospikeArgs) -> str:
    """For what to wait, as the annotation `pulumi.com/waitFor` has it.

    The phase alone would still be that of the state before an update: the operator writes what it has reached into the
    status only when all of it is done.
    """
    reached = {
        "phase": "Completed",
        "size": args.servers,
        "image": args.images.reference("aerospike-server-enterprise"),
        **{f"rackConfig.racks[{rack}].revision": args.pool for rack in range(len(_zones(args)))},
    }
    return json.dumps([f"jsonpath={{.status.{path}}}={value}" for path, value in reached.items()])


def _zones(args: AerospikeArgs) -> list[str]:
    return [zone for zone, servers in sorted(args.servers_by_zone.items()) if servers]


def _rack(args: AerospikeArgs, zone: str) -> dict[str, object]:
    tolerations = [{"key": args.tolerated_taint, "operator": "Exists", "effect": "NoSchedule"}]
    return {
        "id": rack_id(zone),
        "zone": zone,
        "revision": args.pool,
        "podSpec": {
            "nodeSelector": dict(args.node_selector),
            **({"tolerations": tolerations} if args.tolerated_taint else {}),
        },
    }


def _pod(args: AerospikeArgs) -> dict[str, object]:
    racks = len(_zones(args)) > 1 and args.records.copies > 1
    share = Share(cpu=args.cpu, memory=args.memory(survives_zone=racks), cpu_limit=args.cpu_limit)
    return {
        "multiPodPerHost": False,
        "metadata": {"labels": dict(LABELS)},
        # As root, to whom alone a container runtime gives raw disks; the image's start writes to its own folders.
        "aerospikeContainer": {"resources": _resources(share), "securityContext": _no_rights(read_only=False)},
        "aerospikeInitContainer": {
            "resources": _resources(Share(cpu="100m", memory="256Mi", cpu_limit="1")),
        },
        "sidecars": [
            {
                "name": "exporter",
                "image": args.images.reference("aerospike-exporter"),
                "command": list(exporter.COMMAND),
                "ports": [{"name": "metrics", "containerPort": exporter.EXPORTER_PORT}],
                "resources": _resources(exporter.SHARE),
                "securityContext": {**_no_rights(read_only=True), "runAsNonRoot": True, "runAsUser": NON_ROOT_USER},
            }
        ],
    }


def _devices(args: AerospikeArgs, edition: EnterpriseArgs) -> tuple[Device, ...]:
    return tuple(
        Device(path=f"/dev/utxo-{number}", shadow=f"/dev/shadow-{number}" if edition.durable else None)
        for number in range(args.machine.disks)
    )


def _volumes(args: AerospikeArgs, edition: EnterpriseArgs, metrics: pulumi.Input[str]) -> list[dict[str, object]]:
    shadow_gib = -(-min(args.machine.disk_bytes, MAX_DEVICE_BYTES) // GIB)
    volumes = [_volume("work", "/opt/aerospike", WORK_CLASS, 1, mode="Filesystem")]
    for number in range(args.machine.disks):
        disk = _volume(f"utxo-{number}", f"/dev/utxo-{number}", LOCAL_CLASS, args.local_claim_gib)
        # Of a disk that another server had, the header would name the wrong one.
        volumes.append({**disk, "initMethod": "blkdiscardWithHeaderCleanup", "wipeMethod": "blkdiscard"})
        if edition.durable:
            volumes.append(_volume(f"shadow-{number}", f"/dev/shadow-{number}", NETWORK_CLASS, shadow_gib))
    return [
        *volumes,
        {
            "name": "licence",
            "source": {"secret": {"secretName": edition.licence}},
            "aerospike": {"path": _LICENCE_DIRECTORY},
        },
        {
            "name": "tls",
            "source": {"secret": {"secretName": TLS_SECRET}},
            "aerospike": {"path": TLS_DIRECTORY},
        },
        {
            "name": "exporter",
            "source": {"configMap": {"name": metrics}},
            "sidecars": [{"containerName": "exporter", "path": exporter.CONFIG_DIRECTORY}],
        },
        {
            "name": "exporter-password",
            "source": {"secret": {"secretName": edition.password_secrets[EXPORTER]}},
            "sidecars": [{"containerName": "exporter", "path": PASSWORD_DIRECTORY}],
        },
    ]


def rack_id(zone: str) -> int:
    """A zone's own number, by its letter: it stays when other zones come and go."""
    return ord(zone[-1]) - ord("a") + 1


def _volume(name: str, path: str, storage_class: str, size_gib: int, *, mode: str = "Block") -> dict[str, object]:
    claim = {"storageClass": storage_class, "volumeMode": mode, "size": f"{size_gib}Gi"}
    return {"name": name, "source": {"persistentVolume": claim}, "aerospike": {"path": path}}


def _resources(share: Share) -> dict[str, object]:
    return {
        "requests": {"cpu": share.cpu, "memory": share.memory},
        "limits": {"cpu": share.cpu_limit, "memory": share.memory},
    }


def _no_rights(*, read_only: bool) -> dict[str, object]:
    return {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": read_only,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
