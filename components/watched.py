"""What a store tells those who watch it: its names in CloudWatch, and the sizes by which values are judged."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, kw_only=True)
class WatchedDatabase:
    """A database as its alarms see it.

    - `servers`: identifier of each instance, by its role in the program (`instance`, `primary`, `standby`).
    - `cluster`: identifier of the Aurora cluster, None for a single instance.
    - `storage_gib`: of the disk as it was asked for, None where storage grows without a disk.
    - `burstable`: the class earns CPU credits and spends them.
    """

    servers: Mapping[str, pulumi.Input[str]]
    cluster: pulumi.Input[str] | None
    storage_gib: int | None
    burstable: bool


@dataclass(frozen=True, kw_only=True)
class WatchedLustre:
    """A Lustre file system as its alarm sees it."""

    file_system_id: pulumi.Input[str]
    capacity_gib: int


@dataclass(frozen=True, kw_only=True)
class WatchedEfs:
    """A file system of EFS as its alarm sees it."""

    file_system_id: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class WatchedBalancer:
    """A network load balancer as its alarms see it: its `arn_suffix`, and that of each target group by door."""

    balancer: pulumi.Input[str]
    groups: Mapping[str, pulumi.Input[str]]
