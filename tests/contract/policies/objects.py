"""Buckets of a model region."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import ACCOUNT, Json, Row, arn, document

_LOGS = "access-logs"
OTHER = {"eu-west-1": "us-east-1", "us-east-1": "eu-west-1"}
"""Where the copies of a region lie."""


def build_objects(region: RegionBuilder) -> None:
    """Register a bucket for backups, one for the copies of another region's, and one for the record of requests."""
    _bucket(region, "backups", {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": arn("kms", region.name, "key")})
    _bucket(region, _LOGS, {"sseAlgorithm": "AES256"})
    _bucket(region, "copies", {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": arn("kms", region.name, "key")})
    retention: Row = {"mode": "GOVERNANCE", "days": 30}
    lock = "bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    for name in ("backups", "copies"):
        _setting(region, name, "bucketLogging:BucketLogging", {"targetBucket": region.ref(_LOGS)})
        _setting(region, name, lock, {"rule": {"defaultRetention": retention}})
    copied: Row = {
        "status": "Enabled",
        "deleteMarkerReplication": {"status": "Disabled"},
        "destination": {"bucket": arn("s3", OTHER[region.name], f"{OTHER[region.name]}-copies")},
    }
    _setting(
        region, "backups", "bucketReplicationConfig:BucketReplicationConfig", {"role": "copier", "rules": [copied]}
    )


def build_repository(region: RegionBuilder) -> None:
    """Register a repository from which one other account pulls."""
    region.add(
        "aws:ecr/repository:Repository",
        "repository",
        {
            "name": "model/teranode",
            "imageTagMutability": "IMMUTABLE",
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "KMS", "kmsKey": region.arn_of("key")}],
        },
        protect=True,
        retainOnDelete=True,
    )
    pull: Row = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::555566667777:root"},
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }
    named: Row = {"repository": region.ref("repository")}
    region.add(
        "aws:ecr/repositoryPolicy:RepositoryPolicy",
        "readers",
        {**named, "policy": document(pull)},
        after=["repository"],
    )
    region.add("aws:ecr/lifecyclePolicy:LifecyclePolicy", "lifecycle", {**named, "policy": "{}"}, after=["repository"])


def build_vaults(region: RegionBuilder) -> None:
    """Register a vault, and a plan that copies databases and files to that of another region."""
    vault: Row = {"name": "vault", "kmsKeyArn": region.arn_of("key"), "forceDestroy": False}
    region.add("aws:backup/vault:Vault", "vault", vault, protect=True, retainOnDelete=True)
    lock: Row = {"backupVaultName": region.ref("vault"), "minRetentionDays": 30}
    region.add("aws:backup/vaultLockConfiguration:VaultLockConfiguration", "vault-lock", lock, after=["vault"])
    copy: Row = {
        "destinationVaultArn": arn("backup", OTHER[region.name], "backup-vault:vault"),
        "lifecycle": {"deleteAfter": 35},
    }
    region.add("aws:backup/plan:Plan", "plan", {"rules": [{"ruleName": "daily", "copyActions": [copy]}]})
    only: Row = {"key": "aws:ResourceTag/environment", "value": "model"}
    selected: Row = {
        "planId": region.ref("plan"),
        "resources": [arn(service, region.name, "*") for service in ("rds", "fsx", "efs")],
        "conditions": [{"stringEquals": [only]}],
    }
    region.add("aws:backup/selection:Selection", "selection", selected, after=["plan"])


def _bucket(region: RegionBuilder, name: str, encryption: Row) -> None:
    region.add("aws:s3/bucket:Bucket", name, {"tags": {"data-class": name}}, protect=True, retainOnDelete=True)
    flags: Row = dict.fromkeys(
        ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True
    )
    _setting(region, name, "bucketPublicAccessBlock:BucketPublicAccessBlock", flags)
    bucket = f"arn:aws:s3:::{region.ref(name)}"
    tls_only: Row = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, f"{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    delivery: Row = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket}/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    _setting(region, name, "bucketPolicy:BucketPolicy", {"policy": document(tls_only, delivery)})
    rule: Row = {"applyServerSideEncryptionByDefault": encryption, "bucketKeyEnabled": True}
    encrypted = "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    _setting(region, name, encrypted, {"rules": [rule]})
    _setting(
        region,
        name,
        "bucketOwnershipControls:BucketOwnershipControls",
        {"rule": {"objectOwnership": "BucketOwnerEnforced"}},
    )
    _setting(region, name, "bucketVersioning:BucketVersioning", {"versioningConfiguration": {"status": "Enabled"}})
    lifecycle: Row = {
        "status": "Enabled",
        "noncurrentVersionExpiration": {"noncurrentDays": 30},
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    }
    _setting(region, name, "bucketLifecycleConfiguration:BucketLifecycleConfiguration", {"rules": [lifecycle]})


def _setting(region: RegionBuilder, bucket: str, token: str, inputs: dict[str, Json]) -> None:
    name = f"{bucket}-{token.split(':', maxsplit=1)[0]}"
    region.add(f"aws:s3/{token}", name, {"bucket": region.ref(bucket), **inputs}, after=[bucket])
