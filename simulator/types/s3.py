"""Buckets, their settings, and account-wide settings: ``aws:s3``."""

from collections.abc import Mapping

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel, stable_hex
from simulator.values import JSON

_NO_PUBLIC_ACCESS_BLOCKED: Mapping[str, JSON] = {
    "blockPublicAcls": False,
    "blockPublicPolicy": False,
    "ignorePublicAcls": False,
    "restrictPublicBuckets": False,
}


def _bucket(request: Request, name: str) -> dict[str, JSON]:
    region, suffix = request.place.region, request.place.dns_suffix
    return {
        **regional_tagged(request),
        "arn": request.arn("s3", name, region=False, account=False),
        "bucketDomainName": f"{name}.s3.{suffix}",
        "bucketRegion": region,
        "bucketRegionalDomainName": f"{name}.s3.{region}.{suffix}",
        # The zone of website endpoints, one for all buckets of a region; AWS's list of them is not repeated here.
        "hostedZoneId": f"Z{stable_hex(13, 's3-website', region).upper()}",
    }


def _setting_id(request: Request) -> str:
    owner = request.text("expectedBucketOwner")
    return f"{request.text('bucket')},{owner}" if owner else request.text("bucket")


def _setting(token: str, defaults: Mapping[str, JSON] | None = None) -> ResourceModel:
    """A setting of a bucket: it is known by the bucket's name and answers with nothing of its own."""
    return ResourceModel(
        token, identify=_setting_id, compute=lambda request, _: regional(request), defaults=defaults or {}
    )


MODELS = (
    ResourceModel(
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        identify=lambda request: request.text("accountId", request.place.account),
        compute=lambda request, _: {"accountId": request.text("accountId", request.place.account)},
        defaults=_NO_PUBLIC_ACCESS_BLOCKED,
    ),
    ResourceModel(
        "aws:s3/bucket:Bucket",
        identify=lambda request: request.text("bucket"),
        compute=_bucket,
        autoname=Autoname("bucket", max_length=63, unless=("bucketPrefix",)),
        defaults={
            "bucketNamespace": "global",
            "bucketPrefix": "",
            "forceDestroy": False,
            "objectLockEnabled": False,
            "requestPayer": "BucketOwner",
        },
        empty=frozenset({"websiteDomain", "websiteEndpoint"}),
    ),
    _setting(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        {"transitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
    ),
    _setting("aws:s3/bucketLogging:BucketLogging"),
    _setting("aws:s3/bucketNotification:BucketNotification", {"eventbridge": False}),
    _setting("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", {"objectLockEnabled": "Enabled"}),
    _setting("aws:s3/bucketOwnershipControls:BucketOwnershipControls"),
    _setting("aws:s3/bucketPolicy:BucketPolicy"),
    _setting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", _NO_PUBLIC_ACCESS_BLOCKED),
    _setting("aws:s3/bucketReplicationConfig:BucketReplicationConfig"),
    _setting("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
    _setting("aws:s3/bucketVersioning:BucketVersioning"),
)
