"""What the miners of a region have in common of their files."""

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.files.args import FilesArgs, FilesProfile, LustreContext, SharedFilesRef
from components.files.efs import Efs, EfsArgs
from components.files.lustre import Lustre
from components.keys import DataKey, DataKeyArgs
from components.store_security_group import StoreSecurityGroup, StoreSecurityGroupArgs
from components.watched import WatchedEfs

_NFS_PORTS = ((2049, 2049),)
_LUSTRE_PORTS = ((988, 988), (1018, 1023))
"""Lustre's network listens on 988 and calls from 1018 to 1023, in both directions (FSx user guide, "File system
access control with Amazon VPC")."""


class SharedFiles(Component):
    """The region's part of shared files: key, security group and, where miners share one, the file system.

    With `per_miner` each miner makes a Lustre file system of its own from `ref.lustre`. Otherwise a Lustre file system
    is everybody's: the driver mounts it as a whole, so miners are parted by path, which keeps them out of each
    other's way and is no isolation. On EFS each miner has an access point, out of which it cannot climb.

    It needs the network and the nodes' security group only, so it is made beside the control plane and not after it.
    Another profile is another, empty file system.
    """

    TOKEN = "teranode:files:SharedFiles"

    ref: SharedFilesRef

    def __init__(self, name: str, args: FilesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(placement=args.placement, data_class="files", protection=args.protection),
            opts=self._child(),
        )
        lustre = args.profile is FilesProfile.LUSTRE
        access = StoreSecurityGroup(
            f"{name}-access",
            StoreSecurityGroupArgs(
                vpc_id=args.network.vpc_id,
                environment=args.placement.environment,
                store="Shared files",
                tag_name=f"{args.placement.environment}-files",
                client_security_group_id=args.client_security_group_id,
                ports=_LUSTRE_PORTS if lustre else _NFS_PORTS,
                calls_back=lustre,
            ),
            opts=self._child(),
        )
        self.ref = self._lustre(access, key) if lustre else self._efs(access, key)
        self.register_outputs({})

    def _efs(self, access: StoreSecurityGroup, key: DataKey) -> SharedFilesRef:
        args = self._args
        efs = Efs(
            f"{self._logical_name}-efs",
            EfsArgs(
                placement=args.placement,
                network=args.network,
                security_group_id=access.group_id,
                key_arn=key.arn,
                backed_up=args.backup_retention_days > 0,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        return SharedFilesRef(
            efs_id=efs.file_system_id,
            efs_ready=(*efs.ready, *access.openings),
            watched=WatchedEfs(file_system_id=efs.file_system_id),
        )

    def _lustre(self, access: StoreSecurityGroup, key: DataKey) -> SharedFilesRef:
        args = self._args
        if args.lustre is None:
            raise AssertionError("FilesArgs refuses the profile lustre without a size")
        log_group = aws.cloudwatch.LogGroup(
            f"{self._logical_name}-log-group",
            name=f"/aws/fsx/{args.placement.environment}",  # FSx writes to groups of this prefix only
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={"data-class": "logs"},
            opts=self._child(),
        )
        context = LustreContext(
            placement=args.placement,
            data_subnet_ids=args.network.data_subnet_ids,
            security_group_id=access.group_id,
            key_arn=key.arn,
            log_group_arn=log_group.arn,
            size=args.lustre,
            backup_retention_days=args.backup_retention_days,
            backup_time=args.backup_time,
            maintenance_time=args.maintenance_time,
            protection=args.protection,
            prerequisites=access.openings,
        )
        if args.per_miner:
            return SharedFilesRef(lustre=context)
        lustre = Lustre(f"{self._logical_name}-lustre", context, opts=self._child())
        return SharedFilesRef(shared=lustre.source, watched=lustre.watched)
