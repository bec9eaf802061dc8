"""Object storage of a region: one bucket per purpose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.bucket_access import BucketRef
from components.bucket_readers import bucket_statements, key_uses
from components.keys import DataKey, DataKeyArgs
from components.placement import Placement
from components.protection import Protection

REPLACED_VERSION_DAYS = 30
"""Days in which an overwritten or deleted object can be brought back."""

_ABANDONED_UPLOAD_DAYS = 7
# S3 takes a transition to infrequent access after 30 days at the earliest.
_INFREQUENT_ACCESS_DAYS = 30


class Purpose(StrEnum):
    """What a bucket is for; also the `data-class` of its objects."""

    ARCHIVE = "archive"
    BACKUPS = "backups"
    LOGS = "logs"
    COPIES = "copies"
    RELEASES = "releases"


REGIONAL = (Purpose.ARCHIVE, Purpose.BACKUPS, Purpose.LOGS)
"""What a region has; copies lie in a region that has nothing else."""

_LOCKED = (Purpose.BACKUPS, Purpose.COPIES)

# A catching-up peer reads old blocks at any age, so the archive's class bills no retrieval and answers at once; a
# backup is read after an accident. Logs are many small objects, for which a transition costs more than it saves.
# Copies are written into their class at once.
_COLD_CLASSES: Mapping[Purpose, tuple[str, ...]] = MappingProxyType(
    {Purpose.ARCHIVE: ("INTELLIGENT_TIERING",), Purpose.BACKUPS: ("STANDARD_IA",)}
)


@dataclass(frozen=True, kw_only=True)
class ObjectsArgs:
    """Arguments of `Objects`.

    - `log_retention_days`: the age at which access logs are deleted.
    - `purposes`: of the buckets to make. Load balancers deliver into the logs of a region that has an archive.
    - `copy_retention_days`: the age at which copies are deleted.
    - `key_class`: what the key is called, once in a region.
    - `readers`: accounts that may read releases, and nothing else.
    """

    placement: Placement
    log_retention_days: int
    protection: Protection
    purposes: tuple[Purpose, ...] = REGIONAL
    copy_retention_days: int = 0
    key_class: str = "objects"
    readers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if Purpose.LOGS not in self.purposes:
            raise ValueError("every bucket's requests are recorded: a bucket for logs is needed")
        if (Purpose.COPIES in self.purposes) != (self.copy_retention_days > 0):
            raise ValueError("a bucket of copies, and no other, has an age at which copies are deleted")


class Objects(Component):
    """The region's buckets for archive, backups and logs, with the key of their objects.

    Each is versioned and encrypted, takes TLS requests only, belongs to the account alone (no access control lists, no
    public access), and records its requests in the logs bucket. Where the environment protects its data, buckets are
    protected and retained, and a backup cannot be deleted for `Protection.object_lock_days`.

    The logs bucket is encrypted by S3's own key: the services that deliver access logs (S3 itself, load balancers)
    write to no bucket with a customer-managed one. It records no requests of its own, which would never end.
    Nothing current expires but logs and copies: whoever writes a backup decides which is the last one worth keeping.
    That one's deletion is not copied, so a copy goes by its age.
    Where backups are locked, their buckets outlive their region, closed and encrypted as before.
    """

    TOKEN = "teranode:objects:Objects"

    buckets: Mapping[Purpose, BucketRef]

    def __init__(self, name: str, args: ObjectsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(
                placement=args.placement,
                data_class=args.key_class,
                protection=args.protection,
                uses=key_uses(args.placement, args.readers),
            ),
            opts=self._child(),
        )
        buckets = {purpose: self._bucket(purpose) for purpose in args.purposes}
        logged = [bucket for purpose, bucket in buckets.items() if purpose is not Purpose.LOGS]
        policies: dict[Purpose, aws.s3.BucketPolicy] = {}
        history: dict[Purpose, tuple[pulumi.Resource, ...]] = {}
        for purpose, bucket in buckets.items():
            logs = purpose is Purpose.LOGS
            delivery = [self._log_delivery(bucket, logged)] if logs else []
            if logs and Purpose.ARCHIVE in args.purposes:
                delivery.extend(self._balancer_logs(bucket))
            if purpose is Purpose.RELEASES:
                delivery.extend(bucket_statements(args.placement, bucket.arn, args.readers))
            self._encryption(purpose, bucket, None if logs else key)
            policies[purpose] = self._closed_to_strangers(purpose, bucket, delivery)
            history[purpose] = self._versions(purpose, bucket)
        for purpose in (one for one in args.purposes if one is not Purpose.LOGS):
            aws.s3.BucketLogging(
                f"{name}-logging-{purpose}",
                bucket=buckets[purpose].bucket,
                target_bucket=buckets[Purpose.LOGS].bucket,
                target_prefix=f"s3/{purpose}/",
                opts=self._child(depends_on=[policies[Purpose.LOGS]]),
            )
        self.buckets = {
            purpose: BucketRef(
                name=bucket.bucket,
                arn=bucket.arn,
                key_arn=None if purpose is Purpose.LOGS else key.arn,
                ready=(policies[purpose],),
                history=history[purpose],
            )
            for purpose, bucket in buckets.items()
        }
        self.register_outputs({"buckets": {str(purpose): bucket.bucket for purpose, bucket in buckets.items()}})

    def _bucket(self, purpose: Purpose) -> aws.s3.Bucket:
        protection = self._args.protection
        return aws.s3.Bucket(
            f"{self._label}-bucket-{purpose}",
            force_destroy=protection.force_destroy and not self._outlives_region(purpose),
            tags={"Name": f"{self._args.placement.environment}-{purpose}", "data-class": str(purpose)},
            opts=self._child(
                protect=protection.protect, retain_on_delete=protection.protect or self._outlives_region(purpose)
            ),
        )

    def _outlives_region(self, purpose: Purpose) -> bool:
        """Whether the bucket stays in AWS when all else of a region is deleted: locked objects cannot be."""
        return purpose in _LOCKED and self._args.protection.object_lock_days > 0

    def _stays(self, purpose: Purpose) -> bool | None:
        """What a bucket is closed, encrypted and versioned by stays as long as the bucket does."""
        return self._outlives_region(purpose) or None

    def _encryption(self, purpose: Purpose, bucket: aws.s3.Bucket, key: DataKey | None) -> None:
        by_default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256" if key is None else "aws:kms", kms_master_key_id=None if key is None else key.arn
        )
        rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
            apply_server_side_encryption_by_default=by_default, bucket_key_enabled=None if key is None else True
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{self._label}-bucket-encryption-{purpose}",
            bucket=bucket.bucket,
            rules=[rule],
            opts=self._child(retain_on_delete=self._stays(purpose)),
        )

    def _closed_to_strangers(
        self, purpose: Purpose, bucket: aws.s3.Bucket, statements: Sequence[iam.Statement]
    ) -> aws.s3.BucketPolicy:
        ownership = aws.s3.BucketOwnershipControls(
            f"{self._label}-ownership-{purpose}",
            bucket=bucket.bucket,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            opts=self._child(retain_on_delete=self._stays(purpose)),
        )
        block = aws.s3.BucketPublicAccessBlock(
            f"{self._label}-public-access-block-{purpose}",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=self._child(retain_on_delete=self._stays(purpose)),
        )
        tls_only: iam.Statement = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket.arn, pulumi.Output.concat(bucket.arn, "/*")],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return aws.s3.BucketPolicy(
            f"{self._label}-bucket-policy-{purpose}",
            bucket=bucket.bucket,
            policy=iam.document_output(tls_only, *statements),
            # S3 refuses changes of one bucket's access that overlap in time.
            opts=self._child(depends_on=[ownership, block], retain_on_delete=self._stays(purpose)),
        )

    def _log_delivery(self, logs: aws.s3.Bucket, sources: Sequence[aws.s3.Bucket]) -> iam.Statement:
        return {
            "Sid": "AccessLogsOfOwnBuckets",
            "Effect": "Allow",
            "Principal": {"Service": "logging.s3.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": [pulumi.Output.concat(logs.arn, "/s3/*")],
            "Condition": {
                "ArnEquals": {"aws:SourceArn": [source.arn for source in sources]},
                "StringEquals": {"aws:SourceAccount": self._args.placement.account},
            },
        }

    def _balancer_logs(self, logs: aws.s3.Bucket) -> tuple[iam.Statement, iam.Statement]:
        """Network load balancers of this region deliver into a folder of theirs, and those of no other account.

        They deliver as CloudWatch Logs does, by a service principal that asks for the bucket's owner first; the
        principal of application load balancers is another.
        """
        placement = self._args.placement
        sources = {"aws:SourceArn": placement.arn("logs", "*")}
        own = {"aws:SourceAccount": placement.account}
        deliverer = {"Service": "delivery.logs.amazonaws.com"}
        look_up: iam.Statement = {
            "Sid": "OwnerOfAccessLogsOfLoadBalancers",
            "Effect": "Allow",
            "Principal": deliverer,
            "Action": "s3:GetBucketAcl",
            "Resource": [logs.arn],
            "Condition": {"ArnLike": sources, "StringEquals": own},
        }
        deliver: iam.Statement = {
            "Sid": "AccessLogsOfOwnLoadBalancers",
            "Effect": "Allow",
            "Principal": deliverer,
            "Action": "s3:PutObject",
            "Resource": [pulumi.Output.concat(logs.arn, f"/load-balancers/AWSLogs/{placement.account}/*")],
            "Condition": {"ArnLike": sources, "StringEquals": {**own, "s3:x-amz-acl": "bucket-owner-full-control"}},
        }
        return look_up, deliver

    def _versions(self, purpose: Purpose, bucket: aws.s3.Bucket) -> tuple[pulumi.Resource, ...]:
        versioning = aws.s3.BucketVersioning(
            f"{self._label}-versioning-{purpose}",
            bucket=bucket.bucket,
            versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
            opts=self._child(retain_on_delete=self._stays(purpose)),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{self._label}-lifecycle-{purpose}",
            bucket=bucket.bucket,
            rules=[_lifecycle(purpose, self._args)],
            opts=self._child(depends_on=[versioning], retain_on_delete=self._stays(purpose)),
        )
        if not self._outlives_region(purpose):
            return (versioning,)
        # Not by `object_lock_enabled` of the bucket, of which a change replaces it: a versioned bucket takes a lock at
        # any time. Governance, not compliance: who holds a right that no role here has can lift it.
        retention = aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
            mode="GOVERNANCE", days=self._args.protection.object_lock_days
        )
        lock = aws.s3.BucketObjectLockConfiguration(
            f"{self._label}-object-lock-{purpose}",
            bucket=bucket.bucket,
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(default_retention=retention),
            opts=self._child(depends_on=[versioning], retain_on_delete=self._stays(purpose)),
        )
        return versioning, lock


def _lifecycle(purpose: Purpose, args: ObjectsArgs) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    days = {Purpose.LOGS: args.log_retention_days, Purpose.COPIES: args.copy_retention_days}.get(purpose)
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id=str(purpose),
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        # S3 takes one of the two, and clears delete markers by itself where objects expire by age.
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(
            days=days, expired_object_delete_marker=None if days else True
        ),
        transitions=[
            aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
                days=_INFREQUENT_ACCESS_DAYS, storage_class=storage_class
            )
            for storage_class in _COLD_CLASSES.get(purpose, ())
        ],
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=REPLACED_VERSION_DAYS
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=_ABANDONED_UPLOAD_DAYS
        ),
    )
