"""Records of a VPC's traffic."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.placement import Placement


@dataclass(frozen=True, kw_only=True)
class FlowLogsArgs:
    """Arguments of `FlowLogs`; `retention_days` is a value that CloudWatch Logs accepts."""

    placement: Placement
    vpc_id: pulumi.Input[str]
    retention_days: int
    key_arn: pulumi.Input[str]


class FlowLogs(Component):
    """Flow log of all traffic of a VPC, in an encrypted log group, once a minute.

    Any change of a flow log replaces it; the log group and what it holds stay.
    """

    TOKEN = "teranode:network:FlowLogs"

    def __init__(self, name: str, args: FlowLogsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        group = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            retention_in_days=args.retention_days,
            kms_key_id=args.key_arn,
            tags={"data-class": "logs"},
            opts=self._child(),
        )
        role = aws.iam.Role(
            f"{name}-role",
            path=args.placement.iam_path,
            permissions_boundary=args.placement.permissions_boundary,
            description="Delivers VPC flow logs to CloudWatch Logs",
            assume_role_policy=iam.service_trust(
                "vpc-flow-logs.amazonaws.com",
                {
                    "StringEquals": {"aws:SourceAccount": args.placement.account},
                    "ArnLike": {"aws:SourceArn": args.placement.arn("ec2", "vpc-flow-log/*")},
                },
            ),
            opts=self._child(),
        )
        policy = aws.iam.RolePolicy(
            f"{name}-role-policy",
            role=role.name,
            policy=iam.document_output(
                {
                    "Effect": "Allow",
                    "Action": ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                    "Resource": [group.arn, group.arn.apply(lambda arn: f"{arn}:*")],
                },
                # The service lists groups before it writes to one (VPC user guide, "Publish flow logs").
                {
                    "Effect": "Allow",
                    "Action": "logs:DescribeLogGroups",
                    "Resource": [args.placement.arn("logs", "log-group:*")],
                },
            ),
            opts=self._child(),
        )
        aws.ec2.FlowLog(
            f"{name}-flow-log",
            vpc_id=args.vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            max_aggregation_interval=60,
            opts=self._child(depends_on=[policy]),
        )
        self.register_outputs({})
