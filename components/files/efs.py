"""A file system of EFS."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection

_COLD_AFTER = "AFTER_30_DAYS"


@dataclass(frozen=True, kw_only=True)
class EfsArgs:
    """Arguments of `Efs`; `backed_up` lets AWS Backup copy it daily into the account's default vault."""

    placement: Placement
    network: NetworkRef
    security_group_id: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    backed_up: bool
    protection: Protection


class Efs(Component):
    """A regional EFS file system with a mount target in each zone, reached through access points only.

    Throughput is elastic: it follows the load and is billed by what is read and written, without credits that run out.
    The file system policy refuses clients without TLS, mounts of the root directory, and what does not come through a
    mount target; root's rights over the whole are given to nobody.

    Encryption and key are create-only. A zone that joins the region adds a mount target and changes nothing else.
    """

    TOKEN = "teranode:files:Efs"

    file_system_id: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: EfsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        protection = args.protection
        file_system = aws.efs.FileSystem(
            f"{name}-file-system",
            encrypted=True,
            kms_key_id=args.key_arn,
            performance_mode="generalPurpose",
            throughput_mode="elastic",
            lifecycle_policies=[
                aws.efs.FileSystemLifecyclePolicyArgs(transition_to_ia=_COLD_AFTER),
                aws.efs.FileSystemLifecyclePolicyArgs(transition_to_primary_storage_class="AFTER_1_ACCESS"),
            ],
            tags={"Name": f"{args.placement.environment}-files", "data-class": "files"},
            opts=self._child(protect=protection.protect, retain_on_delete=protection.protect),
        )
        aws.efs.BackupPolicy(
            f"{name}-backup-policy",
            file_system_id=file_system.id,
            backup_policy=aws.efs.BackupPolicyBackupPolicyArgs(status="ENABLED" if args.backed_up else "DISABLED"),
            opts=self._child(),
        )
        policy = aws.efs.FileSystemPolicy(
            f"{name}-file-system-policy",
            file_system_id=file_system.id,
            policy=iam.document_output(*_statements(file_system.arn)),
            opts=self._child(),
        )
        targets = [
            aws.efs.MountTarget(
                f"{name}-mount-target-{zone}",
                file_system_id=file_system.id,
                subnet_id=args.network.data_subnet_ids[zone],
                security_groups=[args.security_group_id],
                opts=self._child(),
            )
            for zone in sorted(args.network.data_subnet_ids)
        ]
        self.file_system_id = file_system.id
        self.ready = (*targets, policy)
        self.register_outputs({"fileSystemArn": file_system.arn})


def _statements(arn: pulumi.Output[str]) -> tuple[iam.Statement, iam.Statement, iam.Statement]:
    everybody = {"AWS": "*"}
    return (
        {
            "Sid": "MountThroughTargets",
            "Effect": "Allow",
            "Principal": everybody,
            "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
            "Resource": arn,
            "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
        },
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": everybody,
            "Action": "*",
            "Resource": arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "AccessPointsOnly",
            "Effect": "Deny",
            "Principal": everybody,
            "Action": "elasticfilesystem:Client*",
            "Resource": arn,
            "Condition": {"Null": {"elasticfilesystem:AccessPointArn": "true"}},
        },
    )
