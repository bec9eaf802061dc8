"""What other accounts need to read a bucket that is encrypted with a key of ours. Policy statements: no resources."""

from collections.abc import Sequence

import pulumi

from components import iam
from components.placement import Placement


def key_uses(placement: Placement, readers: Sequence[str]) -> tuple[iam.Statement, ...]:
    """Readers decrypt through S3 of this region, and by no call of their own; none where nobody reads."""
    if not readers:
        return ()
    return (
        {
            "Sid": "ReadersDecrypt",
            "Effect": "Allow",
            "Principal": _roots(placement, readers),
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": f"s3.{placement.region}.amazonaws.com"}},
        },
    )


def bucket_statements(
    placement: Placement, bucket_arn: pulumi.Output[str], readers: Sequence[str]
) -> tuple[iam.Statement, ...]:
    """Readers list and read, versions too, and write nothing; none where nobody reads."""
    if not readers:
        return ()
    return (
        {
            "Sid": "ReadersList",
            "Effect": "Allow",
            "Principal": _roots(placement, readers),
            "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
            "Resource": bucket_arn,
        },
        {
            "Sid": "ReadersRead",
            "Effect": "Allow",
            "Principal": _roots(placement, readers),
            "Action": ["s3:GetObject", "s3:GetObjectVersion"],
            "Resource": pulumi.Output.concat(bucket_arn, "/*"),
        },
    )


def _roots(placement: Placement, readers: Sequence[str]) -> dict[str, list[str]]:
    return {"AWS": [iam.account_root(placement, reader) for reader in readers]}
