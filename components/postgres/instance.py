"""Postgres on one RDS instance."""

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.postgres.args import Database, DatabaseContext, PostgresArgs
from components.postgres.settings import ADMIN_NAME, PARAMETERS, TAGS, database_settings, server_settings, timeouts
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
            **database_settings(args, context),
            **server_settings(args, context),
            multi_az=args.standby,
            parameter_group_name=parameters.name,
            storage_type="gp3",
            allocated_storage=args.storage_gib,
            max_allocated_storage=args.storage_gib * _STORAGE_GROWTH,
            username=ADMIN_NAME,
            enabled_cloudwatch_logs_exports=["postgresql", "upgrade"],
            backup_window=args.backup_window,
            maintenance_window=args.maintenance_window,
            tags={"Name": context.identifier, **TAGS},
            opts=self._child(
                depends_on=context.prerequisites,
                protect=protection.protect,
                retain_on_delete=protection.protect,
                custom_timeouts=timeouts(),
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
