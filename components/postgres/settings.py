"""What Aurora and a single RDS instance are told alike, by the levels at which RDS takes it."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components.postgres.args import DatabaseContext, PostgresArgs

PORT = 5432
ADMIN_NAME = "teranode_admin"
"""Neither a name that attackers try first (`postgres`) nor one that RDS keeps to itself (`admin`, `rdsadmin`)."""

PARAMETERS: Mapping[str, str] = {
    "rds.force_ssl": "1",
    "log_statement": "ddl",
    "log_min_duration_statement": "1000",
}
"""TLS for everybody; changed structures and statements slower than a second are logged.

Both families know all three. `log_statement` stops at `ddl`, since `all` would log the values of every insert."""

TAGS: Mapping[str, str] = {"data-class": "postgres"}

_MONITORING_INTERVAL_SECONDS = 60
_INSIGHTS_RETENTION_DAYS = 7
"""What Database Insights keeps in its standard mode; the advanced mode keeps 15 months, for money."""

_NO_EXTENDED_SUPPORT = "open-source-rds-extended-support-disabled"
"""At the end of standard support AWS upgrades instead of charging for each vCPU-hour."""


class DatabaseSettings(TypedDict):
    """Inputs that `rds.Cluster` and `rds.Instance` have in common: what holds the data."""

    engine_version: str
    engine_lifecycle_support: str
    allow_major_version_upgrade: bool
    apply_immediately: bool
    port: int
    db_subnet_group_name: pulumi.Input[str]
    vpc_security_group_ids: Sequence[pulumi.Input[str]]
    storage_encrypted: bool
    kms_key_id: pulumi.Input[str]
    manage_master_user_password: bool
    master_user_secret_kms_key_id: pulumi.Input[str]
    iam_database_authentication_enabled: bool
    database_insights_mode: str
    backup_retention_period: int
    copy_tags_to_snapshot: bool
    delete_automated_backups: bool
    deletion_protection: bool
    skip_final_snapshot: bool
    final_snapshot_identifier: str | None


class ServerSettings(TypedDict):
    """Inputs that `rds.ClusterInstance` and `rds.Instance` have in common: what answers."""

    instance_class: str
    publicly_accessible: bool
    auto_minor_version_upgrade: bool
    monitoring_interval: int
    monitoring_role_arn: pulumi.Input[str]
    performance_insights_enabled: bool
    performance_insights_kms_key_id: pulumi.Input[str]
    performance_insights_retention_period: int


def database_settings(args: PostgresArgs, context: DatabaseContext) -> DatabaseSettings:
    """Version, access, encryption, backups and the cloud's own lock."""
    keeps = args.protection.final_snapshots
    return {
        "engine_version": args.engine_version,
        "engine_lifecycle_support": _NO_EXTENDED_SUPPORT,
        "allow_major_version_upgrade": False,
        "apply_immediately": False,
        "port": PORT,
        "db_subnet_group_name": context.subnet_group_name,
        "vpc_security_group_ids": [context.security_group_id],
        "storage_encrypted": True,
        "kms_key_id": context.key_arn,
        "manage_master_user_password": True,
        "master_user_secret_kms_key_id": context.key_arn,
        "iam_database_authentication_enabled": True,
        "database_insights_mode": "standard",
        "backup_retention_period": args.backup_retention_days,
        "copy_tags_to_snapshot": True,
        "delete_automated_backups": not keeps,
        "deletion_protection": args.protection.deletion_protection,
        "skip_final_snapshot": not keeps,
        "final_snapshot_identifier": f"{context.identifier}-final" if keeps else None,
    }


def server_settings(args: PostgresArgs, context: DatabaseContext) -> ServerSettings:
    """Size, seclusion and monitoring."""
    return {
        "instance_class": args.instance_class,
        "publicly_accessible": False,
        # A minor is a pin of infra/versions.py: upgraded by AWS, every update would try to go back.
        "auto_minor_version_upgrade": False,
        "monitoring_interval": _MONITORING_INTERVAL_SECONDS,
        "monitoring_role_arn": context.monitoring_role_arn,
        "performance_insights_enabled": True,
        "performance_insights_kms_key_id": context.key_arn,
        "performance_insights_retention_period": _INSIGHTS_RETENTION_DAYS,
    }


def timeouts() -> pulumi.CustomTimeouts:
    """Half an hour is usual for a database with a standby; a change may wait for a backup first."""
    return pulumi.CustomTimeouts(create="60m", update="120m", delete="60m")
