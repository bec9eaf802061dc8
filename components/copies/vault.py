"""A vault of AWS Backup."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.keys import DataKey, DataKeyArgs
from components.placement import Placement
from components.protection import Protection


@dataclass(frozen=True, kw_only=True)
class VaultArgs:
    """Arguments of `Vault`.

    - `name`: physical, and fixed: what a deployer may touch is limited by it.
    - `least_retention_days`: a recovery point cannot be deleted before; 0 is no lock.
    """

    placement: Placement
    name: str
    least_retention_days: int
    protection: Protection


class Vault(Component):
    """A vault with a key of its own, whose recovery points nobody deletes early.

    The lock is one of governance, as that of buckets is: who has a right that no role of an environment has can lift
    it. A lock of compliance could be lifted by nobody at all, AWS included: a retention of 350 days where 35 were
    meant would be paid to its end. A locked vault outlives its region, as it cannot be emptied.
    """

    TOKEN = "teranode:copies:Vault"

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: VaultArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        protection, locked = args.protection, args.least_retention_days > 0
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(placement=args.placement, data_class="backups", protection=protection),
            opts=self._child(),
        )
        vault = aws.backup.Vault(
            f"{name}-vault",
            name=args.name,
            kms_key_arn=key.arn,
            force_destroy=protection.force_destroy and not locked,
            tags={"Name": args.name, "data-class": "backups"},
            opts=self._child(protect=protection.protect, retain_on_delete=protection.protect or locked),
        )
        self.name, self.arn, self.ready = vault.name, vault.arn, (vault,)
        if locked:
            lock = aws.backup.VaultLockConfiguration(
                f"{name}-lock",
                backup_vault_name=vault.name,
                min_retention_days=args.least_retention_days,
                # A vault has one lock: the end of the old one, after the new one was set, would end both.
                opts=self._child(delete_before_replace=True, retain_on_delete=True),
            )
            self.ready = (vault, lock)
        self.register_outputs({"arn": vault.arn})
