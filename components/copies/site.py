"""The place in another region where copies of an environment's backups lie."""

from dataclasses import dataclass

import pulumi

from components import naming
from components.base import Component
from components.bucket_access import BucketRef
from components.copies.vault import Vault, VaultArgs
from components.objects import Objects, ObjectsArgs, Purpose
from components.placement import Placement
from components.protection import Protection


@dataclass(frozen=True, kw_only=True)
class CopySiteArgs:
    """Arguments of `CopySite`; `placement` is that of the copy region, `retention_days` the age of the oldest copy."""

    placement: Placement
    retention_days: int
    log_retention_days: int
    protection: Protection


@dataclass(frozen=True, kw_only=True)
class CopySiteRef:
    """What a region needs to know to send its backups there.

    - `region`: of the copies.
    - `vault_arn`: takes recovery points of databases and file systems, once `vault_ready` exist.
    - `bucket`: takes objects.
    """

    region: str
    retention_days: int
    vault_arn: pulumi.Output[str]
    vault_ready: tuple[pulumi.Resource, ...]
    bucket: BucketRef


class CopySite(Component):
    """A locked vault and a locked bucket, with keys of this region, for the backups of an environment's other regions.

    It stands in a region where the environment has nothing else: what takes a region away takes no copy along. It knows
    of no region that sends to it, so that another one changes nothing here. A copy goes when it is `retention_days`
    old, whatever becomes of the original: deletions are not copied.
    """

    TOKEN = "teranode:copies:CopySite"

    ref: CopySiteRef

    def __init__(self, name: str, args: CopySiteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        placement, protection = args.placement, args.protection
        vault = Vault(
            f"{name}-vault",
            VaultArgs(
                placement=placement,
                name=naming.vault(placement.environment, "copies"),
                least_retention_days=protection.object_lock_days,
                protection=protection,
            ),
            opts=self._child(),
        )
        objects = Objects(
            f"{name}-objects",
            ObjectsArgs(
                placement=placement,
                log_retention_days=args.log_retention_days,
                protection=protection,
                purposes=(Purpose.COPIES, Purpose.LOGS),
                copy_retention_days=args.retention_days,
            ),
            opts=self._child(),
        )
        self.ref = CopySiteRef(
            region=placement.region,
            retention_days=args.retention_days,
            vault_arn=vault.arn,
            vault_ready=vault.ready,
            bucket=objects.buckets[Purpose.COPIES],
        )
        self.register_outputs({"vaultArn": vault.arn, "bucket": self.ref.bucket.name})
