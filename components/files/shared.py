"""What the miners of a region have in common of their files."""

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.files.args import FilesArgs, FilesProfile, LustreContext, SharedFilesRef
from components.files.efs import Efs, EfsArgs
from components.files.lustre import Lustre
from components.keys import DataKey, DataKeyArgs
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
        group = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=args.network.vpc_id,
            description=f"Shared files of {args.placement.environment}",
            tags={"Name": f"{args.placement.environment}-files"},
            opts=self._child(),
        )
        openings = self._openings(group)
        self.ref = (
            self._efs(group, key, openings) if args.profile is FilesProfile.EFS else self._lustre(group, key, openings)
        )
        self.register_outputs({})

    def _efs(self, group: aws.ec2.SecurityGroup, key: DataKey, openings: list[pulumi.Resource]) -> SharedFilesRef:
        args = self._args
        efs = Efs(
            f"{self._logical_name}-efs",
            EfsArgs(
                placement=args.placement,
                network=args.network,
                security_group_id=group.id,
                key_arn=key.arn,
                backed_up=args.backup_retention_days > 0,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        return SharedFilesRef(
            efs_id=efs.file_system_id,
            efs_ready=(*efs.ready, *openings),
            watched=WatchedEfs(file_system_id=efs.file_system_id),
        )

    def _lustre(self, group: aws.ec2.SecurityGroup, key: DataKey, openings: list[pulumi.Resource]) -> SharedFilesRef:
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
            security_group_id=group.id,
            key_arn=key.arn,
            log_group_arn=log_group.arn,
            size=args.lustre,
            backup_retention_days=args.backup_retention_days,
            backup_time=args.backup_time,
            maintenance_time=args.maintenance_time,
            protection=args.protection,
            prerequisites=tuple(openings),
        )
        if args.per_miner:
            return SharedFilesRef(lustre=context)
        lustre = Lustre(f"{self._logical_name}-lustre", context, opts=self._child())
        return SharedFilesRef(shared=lustre.source, watched=lustre.watched)

    def _openings(self, group: aws.ec2.SecurityGroup) -> list[pulumi.Resource]:
        """Both halves of every way between file system and nodes; Lustre's servers also call each other and nodes."""
        nodes = self._args.client_security_group_id
        if self._args.profile is FilesProfile.EFS:
            return self._way("nodes-to-files", nodes, group.id, "Nodes mount shared files by NFS", _NFS_PORTS)
        return [
            *self._way("nodes-to-files", nodes, group.id, "Nodes mount shared files by Lustre", _LUSTRE_PORTS),
            *self._way("files-to-nodes", group.id, nodes, "Lustre servers call back their clients", _LUSTRE_PORTS),
            *self._way("files-to-files", group.id, group.id, "Lustre servers among themselves", _LUSTRE_PORTS),
        ]

    def _way(
        self,
        role: str,
        source: pulumi.Input[str],
        target: pulumi.Input[str],
        description: str,
        ports: tuple[tuple[int, int], ...],
    ) -> list[pulumi.Resource]:
        rules: list[pulumi.Resource] = []
        for first, last in ports:
            rules.append(
                aws.vpc.SecurityGroupEgressRule(
                    f"{self._logical_name}-egress-{role}-{first}",
                    security_group_id=source,
                    referenced_security_group_id=target,
                    description=description,
                    ip_protocol="tcp",
                    from_port=first,
                    to_port=last,
                    opts=self._child(),
                )
            )
            rules.append(
                aws.vpc.SecurityGroupIngressRule(
                    f"{self._logical_name}-ingress-{role}-{first}",
                    security_group_id=target,
                    referenced_security_group_id=source,
                    description=description,
                    ip_protocol="tcp",
                    from_port=first,
                    to_port=last,
                    opts=self._child(),
                )
            )
        return rules
