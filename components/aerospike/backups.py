"""Backups of the enterprise edition, by its maker's service, in the region's bucket."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.aerospike.args import BACKUP, UtxoStore
from components.aerospike.cluster_spec import PASSWORD_KEY
from components.base import Component
from components.bucket_access import BucketRef, read_write_policy
from components.images import ImageSource
from components.namespace import NamespaceRef
from components.placement import Placement
from components.pod_identity import PodRole, PodRoleArgs
from components.workloads import NON_ROOT_USER, Share

BACKUP_NAME = "utxo-store-backups"
BACKUP_LABELS: Mapping[str, str] = {"app.kubernetes.io/name": BACKUP_NAME}
BACKUP_PORT = 8080

_SERVICE_ACCOUNT = "aerospike-backup-service"
_API_VERSION = "asdb.aerospike.com/v1beta1"
_PASSWORD_DIRECTORY = "/etc/aerospike-backup"
_POLICY, _PLACE = "daily", "bucket"

_SCHEDULE = "0 0 2 * * *"
"""Second, minute, hour, …, in UTC: in the hour in which Postgres is copied, since one is worth little without the
other. Only whole backups: an incremental one does not know what was deleted, and a spent record that came back is an
output that can be spent twice."""
_KEPT = 14
"""Two weeks to notice damage, as long as databases keep theirs; there is no way back to a moment between two sets."""
_PARALLEL = 4
"""Partitions read at once: 440 GB within the night, with most of each server left to the miner."""
_SHARE = Share(cpu="500m", memory="2Gi", cpu_limit="4")
"""It compresses on its way, and holds the parts of as many uploads as it reads partitions."""


@dataclass(frozen=True, kw_only=True)
class StoreBackupsArgs:
    """Arguments of `StoreBackups`.

    - `cluster_name` is the physical name of the Kubernetes cluster, `cluster` the output that waits for it.
    - `bucket`: the region's, where the store gets a prefix of its own below the namespace's name.
    - `password_secret`: Secret with the password of the user `backup`; `secrets_ready` is what it needs.
    - `operator`: what objects of Aerospike's kinds depend on.
    - `node_selector`: of nodes that keep nothing.
    """

    placement: Placement
    cluster_name: str
    cluster: pulumi.Input[str]
    namespace: NamespaceRef
    images: ImageSource
    store: UtxoStore
    bucket: BucketRef
    password_secret: pulumi.Input[str]
    secrets_ready: tuple[pulumi.Resource, ...]
    operator: tuple[pulumi.Resource, ...]
    node_selector: Mapping[str, str]

    @property
    def prefix(self) -> str:
        """Where the backups lie in the bucket."""
        return f"{self.namespace.name}/utxo-store"


class StoreBackups(Component):
    """A whole backup of a store every day, compressed, of which two weeks are kept.

    Creates the backup service with a role that reaches its prefix of the bucket, and the routine that it runs. The
    bucket keeps a version of what the service removes for as long as it keeps any. Nothing waits for a backup.
    """

    TOKEN = "teranode:aerospike:StoreBackups"

    def __init__(self, name: str, args: StoreBackupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        role = PodRole(
            f"{name}-identity",
            PodRoleArgs(
                placement=args.placement,
                cluster_name=args.cluster_name,
                cluster=args.cluster,
                namespace=args.namespace.name,
                service_account=_SERVICE_ACCOUNT,
                description=f"Backups of {args.namespace.name}'s Aerospike",
                policy=read_write_policy(args.placement, args.bucket, args.prefix, asks_for_bucket=True),
            ),
            opts=self._child(),
        )
        service = self._object(
            "service",
            "AerospikeBackupService",
            self._service(),
            (self._account(), *role.ready, *args.secrets_ready),
            {"pulumi.com/waitFor": "jsonpath={.status.phase}=Completed"},
        )
        self._object("routine", "AerospikeBackup", self._routine(), (service, *args.store.endpoint.ready), {})
        self.register_outputs({})

    def _account(self) -> kubernetes.core.v1.ServiceAccount:
        """The operator makes the pods and not their account. Credentials come from the node's agent."""
        namespace = self._args.namespace
        return kubernetes.core.v1.ServiceAccount(
            f"{self._label}-account",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_SERVICE_ACCOUNT, namespace=namespace.name),
            automount_service_account_token=False,
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )

    def _object(
        self,
        role: str,
        kind: str,
        spec: dict[str, object],
        needed: tuple[pulumi.Resource, ...],
        annotations: dict[str, str],
    ) -> kubernetes.apiextensions.CustomResource:
        namespace = self._args.namespace
        return kubernetes.apiextensions.CustomResource(
            f"{self._label}-{role}",
            api_version=_API_VERSION,
            kind=kind,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=BACKUP_NAME, namespace=namespace.name, annotations=annotations or None
            ),
            spec=spec,
            opts=self._child(
                provider=namespace.provider,
                depends_on=[*namespace.ready, *self._args.operator, *needed],
                delete_before_replace=True,
            ),
        )

    def _service(self) -> dict[str, object]:
        args = self._args
        return {
            "image": args.images.reference("aerospike-backup-service"),
            "config": {
                "service": {"http": {"port": BACKUP_PORT}},
                "backup-policies": {
                    _POLICY: {
                        "parallel": _PARALLEL,
                        "retention": {"full": _KEPT},
                        "compression": {"mode": "ZSTD", "level": 3},
                        # Sealed it would leave out every record that changes while it runs: unspent outputs among them.
                        "sealed": False,
                    }
                },
                "storage": {
                    _PLACE: {
                        "s3-storage": {
                            "bucket": args.bucket.name,
                            "s3-region": args.placement.region,
                            "path": args.prefix,
                        }
                    }
                },
            },
            "podSpec": {
                "serviceAccountName": _SERVICE_ACCOUNT,
                "metadata": {"labels": dict(BACKUP_LABELS)},
                "nodeSelector": dict(args.node_selector),
                "serviceContainer": {
                    "resources": {
                        "requests": {"cpu": _SHARE.cpu, "memory": _SHARE.memory},
                        "limits": {"cpu": _SHARE.cpu_limit, "memory": _SHARE.memory},
                    },
                    "securityContext": {
                        "allowPrivilegeEscalation": False,
                        "capabilities": {"drop": ["ALL"]},
                        "readOnlyRootFilesystem": True,
                        "runAsNonRoot": True,
                        "runAsUser": NON_ROOT_USER,
                        "seccompProfile": {"type": "RuntimeDefault"},
                    },
                },
            },
            "secrets": [
                {
                    "secretName": args.password_secret,
                    "volumeMount": {"name": "password", "mountPath": _PASSWORD_DIRECTORY, "readOnly": True},
                }
            ],
        }

    def _routine(self) -> dict[str, object]:
        args = self._args
        # The operator's webhook wants names that begin like this.
        owned = f"{args.namespace.name}-{BACKUP_NAME}"
        source, endpoint = f"{owned}-store", args.store.endpoint
        return {
            "backupService": {"name": BACKUP_NAME, "namespace": args.namespace.name},
            "config": {
                "aerospike-cluster": {
                    source: {
                        "seed-nodes": [{"host-name": endpoint.host, "port": endpoint.port}],
                        "credentials": {"user": BACKUP, "password-path": f"{_PASSWORD_DIRECTORY}/{PASSWORD_KEY}"},
                    }
                },
                "backup-routines": {
                    f"{owned}-daily": {
                        "source-cluster": source,
                        "backup-policy": _POLICY,
                        "storage": _PLACE,
                        "interval-cron": _SCHEDULE,
                        "namespaces": [args.store.namespace],
                    }
                },
            },
        }
