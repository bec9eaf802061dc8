"""What a command needs to copy a store of the enterprise edition with a miner's other stores, and to restore it."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.aerospike.args import NAME, SetAccess
from components.base import Component
from components.bucket_access import BucketRef, read_write_policy
from components.namespace import NamespaceRef
from components.placement import Placement
from components.pod_identity import PodRole, PodRoleArgs

SETS_ACCOUNT = f"{NAME}-sets"
SETS_LABELS: Mapping[str, str] = {"app.kubernetes.io/name": SETS_ACCOUNT}
"""Of the Jobs' pods, which call S3."""


def sets_prefix(miner: str) -> str:
    """Where a miner's copies lie in the bucket of backups: not where their manifests are, which no pod writes."""
    return f"sets/{miner}"


@dataclass(frozen=True, kw_only=True)
class StoreSetsArgs:
    """Arguments of `StoreSets`.

    - `cluster_name` is the physical name of the Kubernetes cluster, `cluster` the output that waits for it.
    - `bucket`: the region's, for backups.
    - `reader_secret`, `writer_secret`: Secrets with the passwords of the users `backup` and `restore`.
    """

    placement: Placement
    cluster_name: str
    cluster: pulumi.Input[str]
    namespace: NamespaceRef
    bucket: BucketRef
    reader_secret: pulumi.Output[str]
    writer_secret: pulumi.Output[str]


class StoreSets(Component):
    """The account that Jobs of `ops backup` and `ops restore` run as, with a role that reaches its prefix alone.

    No pod runs as it but theirs, which the command makes and removes; the same goes for the user `restore`, who may
    empty the store.
    """

    TOKEN = "teranode:aerospike:StoreSets"

    access: SetAccess

    def __init__(self, name: str, args: StoreSetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        namespace, prefix = args.namespace, sets_prefix(args.namespace.name)
        PodRole(
            f"{name}-identity",
            PodRoleArgs(
                placement=args.placement,
                cluster_name=args.cluster_name,
                cluster=args.cluster,
                namespace=namespace.name,
                service_account=SETS_ACCOUNT,
                description=f"Copies of {namespace.name}'s Aerospike that belong to a backup of all its stores",
                policy=read_write_policy(args.placement, args.bucket, prefix, asks_for_bucket=True),
            ),
            opts=self._child(),
        )
        kubernetes.core.v1.ServiceAccount(
            f"{name}-account",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=SETS_ACCOUNT, namespace=namespace.name),
            automount_service_account_token=False,
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        self.access = SetAccess(
            service_account=SETS_ACCOUNT, reader_secret=args.reader_secret, writer_secret=args.writer_secret
        )
        self.register_outputs({})
