"""What one region sends to the place of copies."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam, naming
from components.alarms import MetricAlarms, MetricAlarmsArgs
from components.base import Component
from components.bucket_access import BucketRef
from components.copies.failures import CopyFailures, CopyFailuresArgs, backups_made
from components.copies.site import CopySiteRef
from components.copies.vault import Vault, VaultArgs
from components.placement import Placement
from components.protection import Protection

_KEPT_HERE_DAYS = 7
"""In the region itself, which has backups of its own by RDS, FSx and EFS: what AWS Backup makes here is there to be
copied, and to be restored from where the copy failed."""

_SCHEDULE = "cron(0 7 * * ? *)"
"""UTC, an hour and more after the windows of RDS and FSx for their own backups and maintenance: a backup that meets
them waits, or is skipped (AWS Backup developer guide, "Considerations for Amazon RDS" and "for Amazon FSx")."""

_START_MINUTES, _COMPLETE_MINUTES = 60, 24 * 60
"""A copy of terabytes across regions takes hours; one that takes longer than a day never catches up."""

_REPLICA_CLASS = "STANDARD_IA"


@dataclass(frozen=True, kw_only=True)
class RegionCopiesArgs:
    """Arguments of `RegionCopies`.

    - `resources`: ARN patterns of the databases and file systems to copy, of which only those of this environment are.
    - `backups`: the region's bucket with the backups of UTXO stores.
    - `topic_arn`: is told of what was not backed up or not copied; `topic_ready` is after what lets S3 publish there.
    """

    placement: Placement
    site: CopySiteRef
    resources: tuple[str, ...]
    backups: BucketRef
    topic_arn: pulumi.Input[str]
    topic_ready: pulumi.Resource
    protection: Protection

    def __post_init__(self) -> None:
        if self.site.region == self.placement.region:
            raise ValueError(f"copies of {self.placement.region} would lie in {self.site.region} itself")


class RegionCopies(Component):
    """Daily recovery points of the region's databases and file systems, copied to another region, as its bucket is.

    AWS Backup does it for databases and files: Aurora's automated backups cannot be replicated (those of a single RDS
    instance can), a global database would be a second running one, and FSx copies backups on demand only. It takes all
    that carries the environment's tag, so that another miner's file system changes nothing here.

    S3 copies objects as they are written, with the lock that each carries; deletions it does not copy.
    Nothing in the region waits for any of it.
    """

    TOKEN = "teranode:copies:RegionCopies"

    def __init__(self, name: str, args: RegionCopiesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        vault_name = self._recovery_points()
        self._replication()
        MetricAlarms(
            f"{name}-alarms",
            MetricAlarmsArgs(placement=args.placement, topic_arn=args.topic_arn, watches=(backups_made(vault_name),)),
            opts=self._child(),
        )
        CopyFailures(
            f"{name}-failures",
            CopyFailuresArgs(
                placement=args.placement,
                vault=naming.vault(args.placement.environment, "backups"),
                backups=args.backups,
                topic_arn=args.topic_arn,
                topic_ready=args.topic_ready,
            ),
            opts=self._child(),
        )
        self.register_outputs({})

    def _recovery_points(self) -> pulumi.Output[str]:
        args, placement = self._args, self._args.placement
        vault = Vault(
            f"{self._label}-vault",
            VaultArgs(
                placement=placement,
                name=naming.vault(placement.environment, "backups"),
                least_retention_days=min(_KEPT_HERE_DAYS, args.protection.object_lock_days),
                protection=args.protection,
            ),
            opts=self._child(),
        )
        copy = aws.backup.PlanRuleCopyActionArgs(
            destination_vault_arn=args.site.vault_arn,
            lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(delete_after=args.site.retention_days),
        )
        plan = aws.backup.Plan(
            f"{self._label}-plan",
            name=naming.vault(placement.environment, "backups"),
            rules=[
                aws.backup.PlanRuleArgs(
                    rule_name="daily",
                    target_vault_name=vault.name,
                    schedule=_SCHEDULE,
                    start_window=_START_MINUTES,
                    completion_window=_COMPLETE_MINUTES,
                    lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=_KEPT_HERE_DAYS),
                    # Who may delete or copy a recovery point is decided by its tags.
                    recovery_point_tags=dict(placement.tags),
                    copy_actions=[copy],
                )
            ],
            tags={"Name": naming.vault(placement.environment, "backups")},
            opts=self._child(depends_on=[*vault.ready, *args.site.vault_ready]),
        )
        role, rights = self._backup_role()
        aws.backup.Selection(
            f"{self._label}-selection",
            plan_id=plan.id,
            iam_role_arn=role.arn,
            resources=list(args.resources),
            conditions=[
                aws.backup.SelectionConditionArgs(
                    string_equals=[
                        aws.backup.SelectionConditionStringEqualArgs(
                            key="aws:ResourceTag/environment", value=placement.environment
                        )
                    ]
                )
            ],
            opts=self._child(depends_on=[rights]),
        )
        return vault.name

    def _backup_role(self) -> tuple[aws.iam.Role, pulumi.Resource]:
        placement = self._args.placement
        role = aws.iam.Role(
            f"{self._label}-backup-role",
            path=placement.iam_path,
            permissions_boundary=placement.permissions_boundary,
            description="Makes recovery points of databases and file systems, and copies them to another region",
            assume_role_policy=iam.service_trust(
                "backup.amazonaws.com", {"StringEquals": {"aws:SourceAccount": placement.account}}
            ),
            opts=self._child(),
        )
        rights = aws.iam.RolePolicyAttachment(
            f"{self._label}-backup-role-policy",
            role=role.name,
            policy_arn=placement.aws_managed_policy("service-role/AWSBackupServiceRolePolicyForBackup"),
            opts=self._child(),
        )
        return role, rights

    def _replication(self) -> None:
        args, copies = self._args, self._args.site.bucket
        if copies.key_arn is None:
            raise AssertionError("the bucket of copies has a key of its own")
        role = aws.iam.Role(
            f"{self._label}-replication-role",
            path=args.placement.iam_path,
            permissions_boundary=args.placement.permissions_boundary,
            description="Copies backups to the bucket of another region",
            assume_role_policy=iam.service_trust(
                "s3.amazonaws.com", {"StringEquals": {"aws:SourceAccount": args.placement.account}}
            ),
            opts=self._child(),
        )
        rights = aws.iam.RolePolicy(
            f"{self._label}-replication-policy",
            role=role.name,
            policy=iam.document_output(*_replication_rights(args.placement, args.backups, copies, args.site.region)),
            opts=self._child(),
        )
        kms_too = aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(status="Enabled")
        aws.s3.BucketReplicationConfig(
            f"{self._label}-replication",
            bucket=args.backups.name,
            role=role.arn,
            rules=[
                aws.s3.BucketReplicationConfigRuleArgs(
                    id="backups",
                    status="Enabled",
                    filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
                    delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                        status="Disabled"
                    ),
                    source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
                        sse_kms_encrypted_objects=kms_too
                    ),
                    destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(
                        bucket=copies.arn,
                        storage_class=_REPLICA_CLASS,
                        encryption_configuration=aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                            replica_kms_key_id=copies.key_arn
                        ),
                        # Without metrics S3 tells of no failure.
                        metrics=aws.s3.BucketReplicationConfigRuleDestinationMetricsArgs(status="Enabled"),
                    ),
                )
            ],
            opts=self._child(depends_on=[rights, *args.backups.history, *copies.history]),
        )


def _replication_rights(
    placement: Placement, source: BucketRef, copies: BucketRef, copy_region: str
) -> tuple[iam.Statement, ...]:
    """What S3 needs to copy locked and encrypted objects; nothing to delete them: a copy outlives what it is of.

    Source: S3 user guide, "Setting up permissions for live replication" and "Replicating encrypted objects".
    """
    if source.key_arn is None or copies.key_arn is None:
        raise ValueError("both buckets have keys of their own")
    return (
        {
            "Sid": "ReadConfiguration",
            "Effect": "Allow",
            "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"],
            "Resource": source.arn,
        },
        {
            "Sid": "ReadVersions",
            "Effect": "Allow",
            "Action": [
                "s3:GetObjectLegalHold",
                "s3:GetObjectRetention",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            "Resource": pulumi.Output.concat(source.arn, "/*"),
        },
        {
            "Sid": "WriteCopies",
            "Effect": "Allow",
            "Action": ["s3:ReplicateObject", "s3:ReplicateTags"],
            "Resource": pulumi.Output.concat(copies.arn, "/*"),
        },
        _key_through_s3("Unseal", ["kms:Decrypt"], source.key_arn, placement.region),
        _key_through_s3("Seal", ["kms:Encrypt", "kms:GenerateDataKey"], copies.key_arn, copy_region),
    )


def _key_through_s3(sid: str, actions: list[str], key_arn: pulumi.Output[str], region: str) -> iam.Statement:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Action": actions,
        "Resource": key_arn,
        "Condition": {"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com"}},
    }
