"""KMS keys, one per region and class of data."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam, naming
from components.base import Component
from components.placement import Placement
from components.protection import Protection

_GRANT_USE = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"]


def logs_use(placement: Placement) -> iam.Statement:
    """CloudWatch Logs of this region may use the key, for log groups of this account only."""
    return {
        "Sid": "CloudWatchLogs",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{placement.region}.amazonaws.com"},
        "Action": _GRANT_USE,
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": placement.arn("logs", "log-group:*")}},
    }


def autoscaling_uses(placement: Placement) -> tuple[iam.Statement, iam.Statement]:
    """EC2 Auto Scaling may start nodes whose volumes the key encrypts.

    Its service-linked role must exist before the key is made: KMS refuses a policy that names an unknown role.
    """
    role = placement.global_arn("iam", "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling")
    principal = {"AWS": role}
    return (
        {
            "Sid": "AutoScalingUsesVolumes",
            "Effect": "Allow",
            "Principal": principal,
            "Action": _GRANT_USE,
            "Resource": "*",
        },
        {
            "Sid": "AutoScalingAttachesVolumes",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    )


@dataclass(frozen=True, kw_only=True)
class DataKeyArgs:
    """Arguments of `DataKey`.

    - `data_class`: what the key encrypts, for example `logs`; part of the alias.
    - `uses`: statements beside the account's own; a key that is used through IAM roles alone needs none.
    """

    placement: Placement
    data_class: str
    protection: Protection
    uses: tuple[iam.Statement, ...] = ()


class DataKey(Component):
    """A customer-managed KMS key with yearly rotation and an alias, for one class of data in one region.

    Creates `aws.kms.Key` and `aws.kms.Alias`. Nothing that a stack file can say replaces the key. Where the
    environment protects its data the key is protected and retained: a lost key is lost data. It stays in AWS even when
    what it encrypts may go, because snapshots and backups do not."""

    TOKEN = "teranode:keys:DataKey"

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: DataKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        key = aws.kms.Key(
            f"{name}-key",
            description=f"{args.data_class} of {args.placement.environment} in {args.placement.region}",
            policy=iam.key_policy(args.placement, *args.uses),
            enable_key_rotation=True,
            deletion_window_in_days=args.protection.kms_deletion_window_days,
            tags={"Name": f"{args.placement.environment}-{args.data_class}", "data-class": args.data_class},
            opts=self._child(
                protect=args.protection.protect,
                retain_on_delete=args.protection.protect or args.protection.keeps_backups,
            ),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=naming.key_alias(args.placement.environment, args.data_class),
            target_key_id=key.key_id,
            opts=self._child(),
        )
        self.arn = key.arn
        self.register_outputs({"arn": self.arn})
