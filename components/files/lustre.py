"""A file system of FSx for Lustre."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.files.args import LustreContext, VolumeSource
from components.watched import WatchedLustre

DRIVER = "fsx.csi.aws.com"
VERSION = "2.15"
"""Server version. Clients one line older or newer work with it; it can be raised in place and never lowered."""

_MOUNT_OPTIONS = ("flock",)
"""Locks hold on all nodes, not on one: Teranode's block persister relies on it. Exclusive creation and rename are
decided by Lustre's metadata server and need no option."""


class Lustre(Component):
    """A persistent Lustre file system on SSD, in the data subnet of one zone.

    The zone is chosen when it is made and kept: a zone that joins the region later moves no files. It lies in one
    zone because Lustre does; nodes of other zones can mount it, at the price of traffic between zones, and lose it
    with its zone. Persistent means that FSx keeps two copies of each block within the zone and replaces broken
    servers.

    Zone, key, security group and copying tags to backups are create-only; capacity and throughput grow in place.
    Creation is not ready in minutes: seven for 1.2 TiB, twelve and more for large ones, hence the timeouts.
    """

    TOKEN = "teranode:files:Lustre"

    file_system_id: pulumi.Output[str]
    source: VolumeSource
    watched: WatchedLustre

    def __init__(self, name: str, args: LustreContext, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        label, protection = f"{args.placement.environment}-{name}", args.protection
        zones = sorted(args.data_subnet_ids)
        subnet_ids = [args.data_subnet_ids[zone] for zone in zones]
        file_system = aws.fsx.LustreFileSystem(
            f"{name}-file-system",
            deployment_type="PERSISTENT_2",
            file_system_type_version=VERSION,
            storage_type="SSD",
            storage_capacity=args.size.capacity_gib,
            per_unit_storage_throughput=args.size.throughput_mbps_per_tib,
            data_compression_type="LZ4",
            subnet_ids=subnet_ids[0],
            security_group_ids=[args.security_group_id],
            kms_key_id=args.key_arn,
            automatic_backup_retention_days=args.backup_retention_days,
            daily_automatic_backup_start_time=args.backup_time if args.backup_retention_days else None,
            copy_tags_to_backups=True,
            skip_final_backup=not protection.final_snapshots,
            final_backup_tags={**args.placement.tags, "Name": f"{label}-final"} if protection.final_snapshots else None,
            weekly_maintenance_start_time=args.maintenance_time,
            log_configuration=aws.fsx.LustreFileSystemLogConfigurationArgs(
                level="WARN_ERROR", destination=args.log_group_arn
            ),
            tags={"Name": label, "data-class": "files"},
            opts=self._child(
                depends_on=args.prerequisites,
                protect=protection.protect,
                retain_on_delete=protection.protect,
                ignore_changes=["subnetIds"],
                custom_timeouts=pulumi.CustomTimeouts(create="30m", update="60m", delete="30m"),
            ),
        )
        self.file_system_id = file_system.id
        self.source = VolumeSource(
            driver=DRIVER,
            handle=file_system.id,
            attributes={"dnsname": file_system.dns_name, "mountname": file_system.mount_name},
            mount_options=_MOUNT_OPTIONS,
            capacity_gib=args.size.capacity_gib,
            ready=(file_system,),
            zone=pulumi.Output.all(file_system.subnet_ids, *subnet_ids).apply(lambda ids: _zone_of(ids, zones)),
        )
        self.watched = WatchedLustre(file_system_id=file_system.id, capacity_gib=args.size.capacity_gib)
        self.register_outputs({"fileSystemArn": file_system.arn})


def _zone_of(ids: Sequence[str], zones: Sequence[str]) -> str:
    """The zone of the first id among the subnets that follow it, in the order of `zones`."""
    own, *subnets = ids
    return dict(zip(subnets, zones, strict=True))[own]
