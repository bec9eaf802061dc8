"""Postgres on Aurora."""

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.postgres.args import AuroraStorage, Database, DatabaseContext, PostgresArgs
from components.postgres.settings import ADMIN_NAME, PARAMETERS, TAGS, database_settings, server_settings, timeouts
from components.watched import WatchedDatabase

_ENGINE = "aurora-postgresql"
_STORAGE_TYPE = {AuroraStorage.STANDARD: "aurora", AuroraStorage.IO_OPTIMIZED: "aurora-iopt1"}
_MEMBERS = ("primary", "standby")
"""Who is the writer before the first failover; afterwards the cluster endpoint follows the writer, not the name."""


class Aurora(Component):
    """An Aurora cluster with one instance, or with a standby in another zone.

    The cluster's own zones are left to Aurora, which always takes three. The zone of an instance is chosen when it is
    made and kept: a zone that joins the region later moves no instance.
    """

    TOKEN = "teranode:postgres:Aurora"

    database: Database

    def __init__(
        self, name: str, args: PostgresArgs, context: DatabaseContext, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self._context = context
        cluster = self._cluster()
        instances = self._instances(cluster)
        self.database = Database(
            host=cluster.endpoint,
            port=cluster.port,
            secret_arn=cluster.master_user_secrets.apply(lambda secrets: secrets[0].secret_arn or ""),
            ready=(cluster, *instances),
            watched=WatchedDatabase(
                servers={member: instance.identifier for member, instance in zip(_MEMBERS, instances, strict=False)},
                cluster=cluster.cluster_identifier,
                storage_gib=None,
                burstable=args.burstable,
            ),
        )
        self.register_outputs({"clusterArn": cluster.arn})

    def _cluster(self) -> aws.rds.Cluster:
        args, context, protection = self._args, self._context, self._args.protection
        family = f"{_ENGINE}{args.major_version}"
        parameters = aws.rds.ClusterParameterGroup(
            # A new major brings a family, and with it a group beside the old one, which the upgrade still needs.
            f"{self._logical_name}-cluster-parameters-{family}",
            family=family,
            description=f"Cluster parameters of {args.placement.environment}",
            parameters=[
                aws.rds.ClusterParameterGroupParameterArgs(name=key, value=value) for key, value in PARAMETERS.items()
            ],
            tags={"Name": context.identifier},
            opts=self._child(),
        )
        return aws.rds.Cluster(
            f"{self._logical_name}-cluster",
            cluster_identifier=context.identifier,
            engine=_ENGINE,
            **database_settings(args, context),
            db_cluster_parameter_group_name=parameters.name,
            storage_type=_STORAGE_TYPE[args.aurora_storage],
            master_username=ADMIN_NAME,
            enabled_cloudwatch_logs_exports=["postgresql"],
            preferred_backup_window=args.backup_window,
            preferred_maintenance_window=args.maintenance_window,
            tags={"Name": context.identifier, **TAGS},
            opts=self._child(
                depends_on=context.prerequisites,
                protect=protection.protect,
                retain_on_delete=protection.protect,
                custom_timeouts=timeouts(),
            ),
        )

    def _instances(self, cluster: aws.rds.Cluster) -> list[aws.rds.ClusterInstance]:
        args, context, protection = self._args, self._context, self._args.protection
        family = f"{_ENGINE}{args.major_version}"
        parameters = aws.rds.ParameterGroup(
            f"{self._logical_name}-instance-parameters-{family}",
            family=family,
            description=f"Instance parameters of {args.placement.environment}",
            parameters=[
                aws.rds.ParameterGroupParameterArgs(name=key, value=value)
                for key, value in PARAMETERS.items()
                if key != "rds.force_ssl"  # exists for the cluster as a whole only
            ],
            tags={"Name": context.identifier},
            opts=self._child(),
        )
        members = _MEMBERS if args.standby else _MEMBERS[:1]
        return [
            aws.rds.ClusterInstance(
                f"{self._logical_name}-instance-{member}",
                identifier=f"{context.identifier}-{member}",
                cluster_identifier=cluster.id,
                engine=aws.rds.EngineType.AURORA_POSTGRESQL,
                engine_version=args.engine_version,
                **server_settings(args, context),
                availability_zone=zone,
                db_subnet_group_name=context.subnet_group_name,
                db_parameter_group_name=parameters.name,
                promotion_tier=tier,
                apply_immediately=False,
                copy_tags_to_snapshot=True,
                preferred_maintenance_window=args.maintenance_window,
                tags={"Name": f"{context.identifier}-{member}", **TAGS},
                opts=self._child(
                    depends_on=context.prerequisites,
                    protect=protection.protect,
                    retain_on_delete=protection.protect,
                    ignore_changes=["availabilityZone"],
                    custom_timeouts=timeouts(),
                ),
            )
            for tier, (member, zone) in enumerate(zip(members, sorted(args.network.data_subnet_ids), strict=False))
        ]
