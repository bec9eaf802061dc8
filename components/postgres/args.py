"""What a Postgres is asked for, and what its two kinds have in common."""

from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedDatabase


class PostgresProfile(StrEnum):
    """Which AWS service runs the database."""

    AURORA = "aurora"  # storage over three zones, a standby that takes over within a minute
    RDS = "rds"  # one instance with its own disk: the cheapest that is still managed


class AuroraStorage(StrEnum):
    """How Aurora's storage is paid for; changes in place, back to `STANDARD` at any time."""

    STANDARD = "standard"  # by request
    IO_OPTIMIZED = "ioOptimized"  # dearer instances and storage, requests free: pays from a quarter of the bill on


@dataclass(frozen=True, kw_only=True)
class PostgresArgs:
    """Arguments of `Postgres`.

    - `client_security_group_id`: the only source of connections, the cluster's nodes and their pods.
    - `engine_version`: `<major>.<minor>`; the major decides the parameter families.
    - `standby`: a second instance in another zone takes over when the first is lost.
    - `storage_gib`: of `RDS` only, and grows by itself up to four times; `aurora_storage`: of `AURORA` only.
    - `backup_retention_days`: 1 to 35.
    - `backup_window` (`hh:mm-hh:mm`) and `maintenance_window` (`ddd:hh:mm-ddd:hh:mm`) are UTC and must not overlap.
    - `log_retention_days`, `log_key_arn`: of the exported server logs.
    """

    placement: Placement
    network: NetworkRef
    client_security_group_id: pulumi.Input[str]
    profile: PostgresProfile
    engine_version: str
    instance_class: str
    standby: bool
    storage_gib: int
    backup_retention_days: int
    backup_window: str
    maintenance_window: str
    log_retention_days: int
    log_key_arn: pulumi.Input[str]
    protection: Protection
    aurora_storage: AuroraStorage = AuroraStorage.STANDARD

    def __post_init__(self) -> None:
        if len(self.network.data_subnet_ids) < 2:  # noqa: PLR2004 (what a subnet group needs)
            raise ValueError("a database needs data subnets in at least two zones")
        major, _, minor = self.engine_version.partition(".")
        if not (major.isdecimal() and minor.isdecimal()):
            raise ValueError(f"engine version {self.engine_version!r} is not of the form <major>.<minor>")

    @property
    def burstable(self) -> bool:
        """Whether the class lives on CPU credits: the families T."""
        return self.instance_class.startswith("db.t")

    @property
    def major_version(self) -> str:
        """The part of the version that names parameter families."""
        return self.engine_version.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class DatabaseContext:
    """What either kind of database is made with, once its surroundings exist.

    - `identifier`: physical name, fixed because log groups and final snapshots contain it.
    - `prerequisites`: what must be there first: log groups, rights of the monitoring role.
    """

    identifier: str
    subnet_group_name: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    key_arn: pulumi.Output[str]
    monitoring_role_arn: pulumi.Output[str]
    prerequisites: tuple[pulumi.Resource, ...]


@dataclass(frozen=True, kw_only=True)
class Database:
    """A database that was made: where it answers, who made its credentials, and what to wait for and watch."""

    host: pulumi.Output[str]
    port: pulumi.Output[int]
    secret_arn: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]
    watched: WatchedDatabase
