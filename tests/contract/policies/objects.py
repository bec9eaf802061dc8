"""Buckets of a model region."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import ACCOUNT, Json, Row, arn, document

_LOGS = "access-logs"


def build_objects(region: RegionBuilder) -> None:
    """Register a bucket for backups, and one for the record of its requests."""
    _bucket(region, "backups", {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": arn("kms", region.name, "key")})
    _bucket(region, _LOGS, {"sseAlgorithm": "AES256"})
    _setting(region, "backups", "bucketLogging:BucketLogging", {"targetBucket": region.ref(_LOGS)})
    retention: Row = {"mode": "GOVERNANCE", "days": 30}
    lock = "bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    _setting(region, "backups", lock, {"rule": {"defaultRetention": retention}})
    _setting(region, "backups", "bucketReplicationConfig:BucketReplicationConfig", {"role": "copier"})


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
