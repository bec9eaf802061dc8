"""What a role may do in a bucket: policy documents limited to one prefix. No resources."""

import re
from dataclasses import dataclass

import pulumi

from components import iam
from components.placement import Placement

# A prefix is part of a policy's resource and of S3 keys: no wildcard, no empty segment, no slash at either end.
_PREFIX = re.compile(r"[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*")

_READ_OBJECTS = ["s3:GetObject", "s3:GetObjectAttributes"]
# Deleting leaves a delete marker; versions themselves are deleted by the bucket's lifecycle only.
_WRITE_OBJECTS = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject"]


@dataclass(frozen=True, kw_only=True)
class BucketRef:
    """A bucket as other components see it.

    - `key_arn`: the KMS key of its objects, None where S3 holds the key.
    - `ready`: what must exist before AWS's own services can deliver into it.
    - `history`: its versions and, where it has one, its lock: what must exist before it is copied, or copied to.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    key_arn: pulumi.Output[str] | None = None
    ready: tuple[pulumi.Resource, ...] = ()
    history: tuple[pulumi.Resource, ...] = ()


def read_policy(placement: Placement, bucket: BucketRef, prefix: str) -> pulumi.Output[str]:
    """Policy of a role that lists and reads what lies under `prefix/` and nothing else in the bucket.

    Raises `ValueError` for a prefix that would reach further than it says: an empty one, one with a wildcard.
    """
    return iam.document_output(*_statements(placement, bucket, prefix, _READ_OBJECTS, ["kms:Decrypt"]))


def read_write_policy(
    placement: Placement, bucket: BucketRef, prefix: str, *, asks_for_bucket: bool = False
) -> pulumi.Output[str]:
    """Policy of a role that also writes and deletes under `prefix/`; it cannot remove a version for good.

    `asks_for_bucket` is for clients that begin by asking whether there is such a bucket. S3 has no right for that but
    the one to list it without a prefix, so the role then also sees names, and no contents, outside its prefix.

    Raises `ValueError` as `read_policy` does.
    """
    objects = sorted([*_READ_OBJECTS, *_WRITE_OBJECTS])
    # Parts of a multipart upload are encrypted one by one and decrypted when they are joined: writing needs both.
    statements = _statements(placement, bucket, prefix, objects, ["kms:Decrypt", "kms:GenerateDataKey"])
    if asks_for_bucket:
        statements.append(
            {
                "Sid": "AskForBucket",
                "Effect": "Allow",
                "Action": "s3:ListBucket",
                "Resource": bucket.arn,
                "Condition": {"Null": {"s3:prefix": "true"}},
            }
        )
    return iam.document_output(*statements)


def _statements(
    placement: Placement, bucket: BucketRef, prefix: str, objects: list[str], key: list[str]
) -> list[iam.Statement]:
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"prefix {prefix!r} is not valid: words of letters, digits, '.', '_' and '-', parted by '/'")
    statements: list[iam.Statement] = [
        {
            "Sid": "ListPrefix",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": bucket.arn,
            # With the slash: a listing of `miner-1` would show `miner-10` as well.
            "Condition": {"StringLike": {"s3:prefix": f"{prefix}/*"}},
        },
        {
            "Sid": "ObjectsOfPrefix",
            "Effect": "Allow",
            "Action": objects,
            "Resource": pulumi.Output.concat(bucket.arn, "/", prefix, "/*"),
        },
    ]
    if bucket.key_arn is not None:
        statements.append(
            {
                "Sid": "KeyThroughS3",
                "Effect": "Allow",
                "Action": key,
                "Resource": bucket.key_arn,
                "Condition": {"StringEquals": {"kms:ViaService": f"s3.{placement.region}.amazonaws.com"}},
            }
        )
    return statements
