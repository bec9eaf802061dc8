"""What shared files are asked for, and what they tell those who mount them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi

from components import lustre_sizes
from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedEfs, WatchedLustre

EFS_NOMINAL_GIB = 1_200
"""What a volume on EFS says it holds. EFS grows by itself; Kubernetes only compares the number with the claim's."""


class FilesProfile(StrEnum):
    """Which AWS service holds the files."""

    LUSTRE = "lustre"  # what Teranode is built for in production; one zone, and at least 1.2 TiB
    EFS = "efs"  # NFS over all zones, billed by what is stored: small environments


@dataclass(frozen=True, kw_only=True)
class LustreSize:
    """How large and fast a Lustre file system is; both can be raised in place, the capacity never lowered."""

    capacity_gib: int
    throughput_mbps_per_tib: int

    def __post_init__(self) -> None:
        if not lustre_sizes.is_sold(self.capacity_gib):
            raise ValueError(
                f"{self.capacity_gib} GiB: {lustre_sizes.SMALLEST_GIB}, or a multiple of {lustre_sizes.STEP_GIB}"
            )
        if self.throughput_mbps_per_tib not in lustre_sizes.THROUGHPUTS_MBPS_PER_TIB:
            choices = ", ".join(map(str, lustre_sizes.THROUGHPUTS_MBPS_PER_TIB))
            raise ValueError(f"{self.throughput_mbps_per_tib} MB/s per TiB: one of {choices}")


@dataclass(frozen=True, kw_only=True)
class FilesArgs:
    """Arguments of `SharedFiles`.

    - `client_security_group_id`: the only source of mounts, the cluster's nodes.
    - `lustre`: size of each Lustre file system; needed by that profile, unused by `EFS`.
    - `per_miner`: each miner has a Lustre file system of its own; otherwise the region has one for all.
    - `backup_retention_days`: 0 to 90 days of automatic backups of Lustre; EFS is backed up daily unless it is 0, and
      kept as AWS Backup's default plan says (35 days).
    - `backup_time` (`hh:mm`) and `maintenance_time` (`d:hh:mm`, Monday is 1) are UTC.
    - `log_retention_days`, `log_key_arn`: of what Lustre logs.
    """

    placement: Placement
    network: NetworkRef
    client_security_group_id: pulumi.Input[str]
    profile: FilesProfile
    lustre: LustreSize | None
    per_miner: bool
    backup_retention_days: int
    backup_time: str
    maintenance_time: str
    log_retention_days: int
    log_key_arn: pulumi.Input[str]
    protection: Protection

    def __post_init__(self) -> None:
        if self.profile is FilesProfile.LUSTRE and self.lustre is None:
            raise ValueError("the profile lustre needs a size")
        if not self.network.data_subnet_ids:
            raise ValueError("shared files need a data subnet")


@dataclass(frozen=True, kw_only=True)
class LustreContext:
    """What every Lustre file system of a region is made with, whoever it belongs to.

    - `prerequisites`: FSx checks at creation that Lustre's traffic is let through, so the rules come first.
    """

    placement: Placement
    data_subnet_ids: Mapping[str, pulumi.Output[str]]
    security_group_id: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    log_group_arn: pulumi.Output[str]
    size: LustreSize
    backup_retention_days: int
    backup_time: str
    maintenance_time: str
    protection: Protection
    prerequisites: tuple[pulumi.Resource, ...]


@dataclass(frozen=True, kw_only=True)
class VolumeSource:
    """A mountable file system in the words of a CSI driver.

    - `zone`: where it is, for what can choose to run near it; None where every zone is as near.
    - `ready`: what must exist before a mount can succeed.
    """

    driver: str
    handle: pulumi.Output[str]
    attributes: Mapping[str, pulumi.Input[str]]
    mount_options: tuple[str, ...]
    capacity_gib: int
    ready: tuple[pulumi.Resource, ...]
    zone: pulumi.Output[str] | None = None


@dataclass(frozen=True, kw_only=True)
class SharedFilesRef:
    """A region's shared files as its miners see them: exactly one of the three ways to a volume is given.

    - `lustre`: each miner makes its own file system with this.
    - `shared`: all miners mount this one.
    - `efs_id`: each miner makes an access point of this file system; it mounts once `efs_ready` exist.
    - `watched`: the file system that they share, None where each has one of its own.
    """

    lustre: LustreContext | None = None
    shared: VolumeSource | None = None
    efs_id: pulumi.Output[str] | None = None
    efs_ready: tuple[pulumi.Resource, ...] = field(default=())
    watched: WatchedLustre | WatchedEfs | None = None


@dataclass(frozen=True, kw_only=True)
class VolumeRef:
    """A miner's volume as its workloads see it.

    - `name`: of the PersistentVolume, which admits one claim only.
    - `capacity_gib`: what that claim must ask for.
    - `directory`: below the mount, what belongs to this miner; empty where the whole mount does.
    - `zone`: where the files are, see `VolumeSource`.
    - `watched`: the miner's own file system, None where it shares the region's.
    """

    name: pulumi.Output[str]
    capacity_gib: int
    directory: str
    zone: pulumi.Output[str] | None
    ready: tuple[pulumi.Resource, ...]
    watched: WatchedLustre | None
