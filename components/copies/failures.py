"""The `CopyFailures` component, and the alarm on backups that nobody makes."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms import Comparison, Silence, Told, Watch, message_of, rule_of
from components.base import Component
from components.bucket_access import BucketRef
from components.placement import Placement

_DAY_SECONDS = 86_400

_BACKUP_ENDS = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
_COPY_ENDS = ("FAILED", "PARTIAL")
"""How a job ends that has not done its work (AWS Backup API, `BackupJob` and `CopyJob`)."""


@dataclass(frozen=True, kw_only=True)
class CopyFailuresArgs:
    """Arguments of `CopyFailures`.

    - `vault`: physical name of the vault from which recovery points are copied.
    - `backups`: the bucket whose objects S3 copies, and counts what it copies.
    - `topic_arn`, `topic_ready`: what is told, and what lets S3 and EventBridge publish to it.
    """

    placement: Placement
    vault: str
    backups: BucketRef
    topic_arn: pulumi.Input[str]
    topic_ready: pulumi.Resource


class CopyFailures(Component):
    """Tells of backups and copies that AWS Backup did not bring to their end, and of objects that S3 did not copy.

    AWS Backup sends its events by best effort and says why a job failed; that no job is made at all it says by
    silence, which `backups_made` watches. S3 tells the topic itself, in its own form and without a link to the runbook:
    it sends no such event to EventBridge. When the notification is set, S3 sends one message to try it.

    A bucket has one notification configuration: this one.
    """

    TOKEN = "teranode:copies:CopyFailures"

    def __init__(self, name: str, args: CopyFailuresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        for what, told in _failures(args).items():
            rule = aws.cloudwatch.EventRule(f"{name}-{what}-rule", rule_of(told, args.placement), opts=self._child())
            message = message_of(told, args.placement, rule, args.topic_arn)
            aws.cloudwatch.EventTarget(f"{name}-{what}-target", message, opts=self._child())
        aws.s3.BucketNotification(
            f"{name}-replication",
            bucket=args.backups.name,
            topics=[
                aws.s3.BucketNotificationTopicArgs(
                    id="replication",
                    topic_arn=args.topic_arn,
                    events=["s3:Replication:OperationFailedReplication"],
                )
            ],
            opts=self._child(depends_on=[args.topic_ready]),
        )
        self.register_outputs({})


def backups_made(vault: pulumi.Input[str]) -> Watch:
    """No job of two days has ended well: the plan selects nothing, or was deleted, or its role lost its rights.

    Two days, so that one that failed, which is told of at once, is not told of twice.
    """
    return Watch(
        name="backups-made",
        section="BackupsMissing",
        namespace="AWS/Backup",
        metric="NumberOfBackupJobsCompleted",
        dimensions={"BackupVaultName": vault},
        statistic="Sum",
        comparison=Comparison.BELOW,
        threshold=1,
        periods=2,
        period_seconds=_DAY_SECONDS,
        silence=Silence.BROKEN,
        description="AWS Backup has made no recovery point for two days, so that none is copied either.",
    )


def _failures(args: CopyFailuresArgs) -> dict[str, Told]:
    """By the name of what failed: each job names the vault that it writes to, or copies from, in a way of its own."""
    vault = args.placement.arn("backup", f"backup-vault:{args.vault}")
    return {
        "backups": _told(
            "Backup", "the backup of <resource>", {"state": list(_BACKUP_ENDS), "backupVaultName": [args.vault]}
        ),
        "copies": _told(
            "Copy",
            "the copy of a recovery point of <resource> to another region",
            {"state": list(_COPY_ENDS), "sourceBackupVaultArn": [vault]},
        ),
    }


def _told(kind: str, what: str, detail: Mapping[str, list[str]]) -> Told:
    return Told(
        description=f"{kind} jobs of databases and file systems that have not done their work",
        purpose=f"failed-{kind.lower()}-jobs",
        section="BackupFailed",
        pattern={"source": ["aws.backup"], "detail-type": [f"{kind} Job State Change"], "detail": detail},
        paths={"state": "$.detail.state", "resource": "$.detail.resourceArn", "why": "$.detail.statusMessage"},
        says=f"{what} ended as <state>: <why>.",
    )
