"""Postgres on one RDS instance."""

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.postgres.args import (
    ADMIN_NAME,
    INSIGHTS_RETENTION_DAYS,
    MONITORING_INTERVAL_SECONDS,
    NO_EXTENDED_SUPPORT,
    PARAMETERS,
    PORT,
    Database,
    DatabaseContext,
    PostgresArgs,
)
from components.watched import WatchedDatabase

_ENGINE = "postgres"
_STORAGE_GROWTH = 4
"""RDS may grow the disk to this multiple of what was asked for: a full disk stops Teranode."""


class RdsInstance(Component):
    """An RDS instance with a gp3 disk that grows, and a standby in another zone where one is asked for.

    A disk never shrinks: a smaller `storage_gib` than what RDS grew it to is ignored by the provider.
    """

    TOKEN = "teranode:postgres:RdsInstance"

    database: Database

    def __init__(
        self, name: str, args: PostgresArgs, context: DatabaseContext, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        protection = args.protection
        family = f"{_ENGINE}{args.major_version}"
        parameters = aws.rds.ParameterGroup(
            # A new major brings a family, and with it a group beside the old one, which the upgrade still needs.
            f"{name}-parameters-{family}",
            family=family,
            description=f"Parameters of {args.placement.environment}",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(name=key, value=value) for key, value in PARAMETERS.items()
            ],
            tags={"Name": context.identifier},
            opts=self._child(),
        )
        instance = aws.rds.Instance(
            f"{name}-instance",
            identifier=context.identifier,
            engine=_ENGINE,
            engine_version=args.engine_version,
            engine_lifecycle_support=NO_EXTENDED_SUPPORT,
            # A minor is a pin of infra/versions.py: upgraded by AWS, every update would try to go back.
            auto_minor_version_upgrade=False,
            allow_major_version_upgrade=False,
            apply_immediately=False,
            instance_class=args.instance_class,
            multi_az=args.standby,
            port=PORT,
            db_subnet_group_name=context.subnet_group_name,
            vpc_security_group_ids=[context.security_group_id],
            publicly_accessible=False,
            parameter_group_name=parameters.name,
            storage_type="gp3",
            allocated_storage=args.storage_gib,
            max_allocated_storage=args.storage_gib * _STORAGE_GROWTH,
            storage_encrypted=True,
            kms_key_id=context.key_arn,
            username=ADMIN_NAME,
            manage_master_user_password=True,
            master_user_secret_kms_key_id=context.key_arn,
            iam_database_authentication_enabled=True,
            enabled_cloudwatch_logs_exports=["postgresql", "upgrade"],
            monitoring_interval=MONITORING_INTERVAL_SECONDS,
            monitoring_role_arn=context.monitoring_role_arn,
            database_insights_mode="standard",
            performance_insights_enabled=True,
            performance_insights_kms_key_id=context.key_arn,
            performance_insights_retention_period=INSIGHTS_RETENTION_DAYS,
            backup_retention_period=args.backup_retention_days,
            backup_window=args.backup_window,
            maintenance_window=args.maintenance_window,
            copy_tags_to_snapshot=True,
            delete_automated_backups=not protection.final_snapshots,
            deletion_protection=protection.deletion_protection,
            skip_final_snapshot=not protection.final_snapshots,
            final_snapshot_identifier=context.final_snapshot if protection.final_snapshots else None,
            tags={"Name": context.identifier, "data-class": "postgres"},
            opts=self._child(
                depends_on=context.prerequisites,
                protect=protection.protect,
                retain_on_delete=protection.protect,
                custom_timeouts=pulumi.CustomTimeouts(create="60m", update="120m", delete="60m"),
            ),
        )
        self.database = Database(
            host=instance.address,
            port=instance.port,
            secret_arn=instance.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn or ""),
            ready=(instance,),
            watched=WatchedDatabase(
                servers={"instance": instance.identifier},
                cluster=None,
                storage_gib=args.storage_gib,
                burstable=args.burstable,
            ),
        )
        self.register_outputs({"instanceArn": instance.arn})
