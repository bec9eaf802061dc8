"""The `Postgres` component."""

import pulumi
import pulumi_aws as aws

from components import iam, naming
from components.base import Component
from components.keys import DataKey, DataKeyArgs
from components.postgres.args import DatabaseContext, PostgresArgs, PostgresProfile
from components.postgres.aurora import Aurora
from components.postgres.instance import RdsInstance
from components.postgres.settings import PORT
from components.store_security_group import StoreSecurityGroup, StoreSecurityGroupArgs
from components.stores import StoreEndpoint
from components.watched import WatchedDatabase

_LOG_GROUPS = {
    PostgresProfile.AURORA: ("cluster", ("postgresql",)),
    PostgresProfile.RDS: ("instance", ("postgresql", "upgrade")),
}
"""Kind of database in the names of its log groups, and the logs that it exports (RDS user guide, "PostgreSQL logs")."""


class Postgres(Component):
    """A region's Postgres server, reachable from the cluster's nodes alone.

    Creates its key, subnet group, security group, monitoring role, log groups and, by profile, `Aurora` or
    `RdsInstance`. RDS makes the administrator's password and keeps it in Secrets Manager; it never enters the program.

    It needs the network and the identity of the nodes' security group, so it is created beside the control plane and
    not after it. Another profile is another, empty database; nothing else that a stack file can say replaces it.

    `endpoint` is what other components take, `watched` what its alarms do.
    """

    TOKEN = "teranode:postgres:Postgres"

    endpoint: StoreEndpoint
    watched: WatchedDatabase

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        identifier = naming.database(args.placement.environment)
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(placement=args.placement, data_class="postgres", protection=args.protection),
            opts=self._child(),
        )
        subnet_group = aws.rds.SubnetGroup(
            f"{name}-subnet-group",
            description=f"Data subnets of {args.placement.environment}",
            subnet_ids=[args.network.data_subnet_ids[zone] for zone in sorted(args.network.data_subnet_ids)],
            tags={"Name": identifier},
            opts=self._child(),
        )
        access = StoreSecurityGroup(
            f"{name}-access",
            StoreSecurityGroupArgs(
                vpc_id=args.network.vpc_id,
                environment=args.placement.environment,
                store="Postgres",
                tag_name=identifier,
                client_security_group_id=args.client_security_group_id,
                ports=((PORT, PORT),),
            ),
            opts=self._child(),
        )
        monitoring_role, monitoring_rights = self._monitoring_role(identifier)
        context = DatabaseContext(
            identifier=identifier,
            subnet_group_name=subnet_group.name,
            security_group_id=access.group_id,
            key_arn=key.arn,
            monitoring_role_arn=monitoring_role.arn,
            prerequisites=(*self._log_groups(identifier), monitoring_rights),
        )
        kind = Aurora if args.profile is PostgresProfile.AURORA else RdsInstance
        database = kind(f"{name}-{args.profile}", args, context, opts=self._child()).database
        self.endpoint = StoreEndpoint(
            scheme="postgres",
            host=database.host,
            port=database.port,
            secret_arn=database.secret_arn,
            secret_key_arn=key.arn,
            ready=(*database.ready, *access.openings),
        )
        self.watched = database.watched
        self.register_outputs({"host": database.host, "port": database.port})

    def _monitoring_role(self, identifier: str) -> tuple[aws.iam.Role, pulumi.Resource]:
        placement = self._args.placement
        role = aws.iam.Role(
            f"{self._logical_name}-monitoring-role",
            path=placement.iam_path,
            permissions_boundary=placement.permissions_boundary,
            description="Delivers the operating system's metrics of Postgres to CloudWatch Logs",
            assume_role_policy=iam.service_trust(
                "monitoring.rds.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": placement.account},
                    "ArnLike": {"aws:SourceArn": placement.arn("rds", f"db:{identifier}*")},
                },
            ),
            opts=self._child(),
        )
        rights = aws.iam.RolePolicyAttachment(
            f"{self._logical_name}-monitoring-role-policy",
            role=role.name,
            policy_arn=placement.aws_managed_policy("service-role/AmazonRDSEnhancedMonitoringRole"),
            opts=self._child(),
        )
        return role, rights

    def _log_groups(self, identifier: str) -> tuple[aws.cloudwatch.LogGroup, ...]:
        """Groups that RDS would otherwise make itself, without key and expiry."""
        kind, logs = _LOG_GROUPS[self._args.profile]
        return tuple(
            aws.cloudwatch.LogGroup(
                f"{self._logical_name}-log-group-{log}",
                name=f"/aws/rds/{kind}/{identifier}/{log}",
                retention_in_days=self._args.log_retention_days,
                kms_key_id=self._args.log_key_arn,
                tags={"data-class": "logs"},
                opts=self._child(),
            )
            for log in logs
        )
