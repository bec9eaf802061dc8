"""Damages of buckets."""

from tests.contract.policies.names import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT,
    BACKUP_VAULT_LOCK,
    BUCKET,
    BUCKET_BLOCK,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOCK,
    BUCKET_LOGGING,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
    PUBLIC_BLOCK,
    REPOSITORY,
    REPOSITORY_LIFECYCLE,
    REPOSITORY_POLICY,
)
from tests.contract.policies.stack import ACCOUNT, Damage, Row, document, drop, edit, plant

_BUCKET = "arn:aws:s3:::eu-west-1-backups-id"
_TLS_ONLY: Row = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": [_BUCKET, f"{_BUCKET}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def _policy(**changes: Row | str | list[str]) -> Damage:
    statement: Row = {**_TLS_ONLY}
    for key, value in changes.items():
        statement[key] = list(value) if isinstance(value, list) else value
    return edit(BUCKET_POLICY, "policy", document(statement))


def _lifecycle(**rule: Row | str) -> Damage:
    return edit(BUCKET_LIFECYCLE, "rules", [{**rule}])


_EXPIRES: Row = {"noncurrentDays": 30}
_ABORTS: Row = {"daysAfterInitiation": 7}


def _push(who: Row | str, action: str) -> Row:
    return {"Effect": "Allow", "Principal": who, "Action": action}


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "S3-1": (
        edit(PUBLIC_BLOCK, "blockPublicPolicy", value=False),
        edit(PUBLIC_BLOCK, "ignorePublicAcls", None),
        edit(BUCKET_BLOCK, "restrictPublicBuckets", value=False),
        drop(BUCKET_BLOCK),
    ),
    "S3-2": (
        drop(BUCKET_POLICY),
        _policy(Effect="Allow"),
        _policy(Principal={"AWS": ACCOUNT}),
        _policy(Action="s3:GetObject"),
        _policy(Resource=[f"{_BUCKET}/*"]),
        _policy(Resource=[_BUCKET]),
        _policy(Condition={"Bool": {"aws:SecureTransport": "true"}}),
        _policy(
            Condition={"Bool": {"aws:SecureTransport": "false"}, "StringEquals": {"aws:PrincipalAccount": ACCOUNT}}
        ),
    ),
    "S3-3": (
        drop(BUCKET_ENCRYPTION),
        edit(BUCKET_ENCRYPTION, "rules.0.bucketKeyEnabled", value=False),
        edit(BUCKET_ENCRYPTION, "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId", None),
        edit(BUCKET_ENCRYPTION, "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", "AES256"),
        drop(BUCKET_ENCRYPTION, name="access-logs"),
        drop(BUCKET_OWNERSHIP),
        edit(BUCKET_OWNERSHIP, "rule.objectOwnership", "ObjectWriter"),
        drop(BUCKET_VERSIONING),
        edit(BUCKET_VERSIONING, "versioningConfiguration.status", "Suspended"),
        drop(BUCKET_LIFECYCLE),
        _lifecycle(status="Enabled", abortIncompleteMultipartUpload=_ABORTS),
        _lifecycle(status="Enabled", noncurrentVersionExpiration=_EXPIRES),
        _lifecycle(status="Disabled", noncurrentVersionExpiration=_EXPIRES, abortIncompleteMultipartUpload=_ABORTS),
    ),
    "IMG-2": (
        edit(REPOSITORY, "imageTagMutability", "MUTABLE"),
        edit(REPOSITORY, "imageScanningConfiguration.scanOnPush", value=False),
        edit(REPOSITORY, "encryptionConfigurations", [{"encryptionType": "AES256"}]),
        drop(REPOSITORY_LIFECYCLE),
        edit(REPOSITORY_POLICY, "policy", document(_push({"AWS": "arn:aws:iam::555566667777:root"}, "ecr:PutImage"))),
        edit(REPOSITORY_POLICY, "policy", document(_push("*", "ecr:BatchGetImage"))),
    ),
    "S3-4": (
        edit(BUCKET, "forceDestroy", value=True),
        drop(BUCKET_LOGGING),
        drop(BUCKET_LOCK),
        edit(BUCKET_LOCK, "rule", {"defaultRetention": {"mode": "GOVERNANCE", "days": 0}}),
        plant(BUCKET, {"tags": {"data-class": "archive"}}),
    ),
    "S3-4-COPY": (
        drop(BUCKET_REPLICATION),
        edit(BUCKET_REPLICATION, "rules.0.status", "Disabled"),
        edit(BUCKET_REPLICATION, "rules.0.deleteMarkerReplication.status", "Enabled"),
        edit(BUCKET_REPLICATION, "rules.0.destination.bucket", f"arn:aws:s3:eu-west-1:{ACCOUNT}:eu-west-1-copies"),
        edit(BUCKET_REPLICATION, "rules.0.destination.bucket", f"arn:aws:s3:us-east-1:{ACCOUNT}:us-east-1-backups"),
    ),
    "RDS-3-COPY": (
        drop(BACKUP_SELECTION),
        drop(BACKUP_PLAN),
        edit(BACKUP_SELECTION, "resources.0", "arn:aws:rds:*:*:snapshot:*"),
        edit(BACKUP_SELECTION, "conditions.0.stringEquals.0.value", "another"),
        edit(BACKUP_PLAN, "rules.0.copyActions", []),
        edit(BACKUP_PLAN, "rules.0.copyActions.0.lifecycle.deleteAfter", 7),
        edit(
            BACKUP_PLAN,
            "rules.0.copyActions.0.destinationVaultArn",
            f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-vault:vault",
        ),
    ),
    "VAULT-1": (
        edit(BACKUP_VAULT, "kmsKeyArn", None),
        edit(BACKUP_VAULT, "forceDestroy", value=True),
        drop(BACKUP_VAULT_LOCK),
        edit(BACKUP_VAULT_LOCK, "minRetentionDays", None),
    ),
}
