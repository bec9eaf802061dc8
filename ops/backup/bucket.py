"""The region's bucket of backups: manifests, and copies of UTXO stores; copied and locked as everything in it is."""

import hashlib
from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from infra.miner_namespace import sets_prefix
from ops.aws.session import code_of, faults_worded
from ops.backup.model import BackupError, Manifest, UtxoObjects, read_manifest

_FOLDER = "backups"
_MISSING = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class BucketRecords:
    """One bucket, which encrypts by itself."""

    s3: BaseClient
    bucket: str

    def save(self, manifest: Manifest) -> None:
        """Write a manifest below its miner's name."""
        with faults_worded():
            self.s3.put_object(
                Bucket=self.bucket,
                Key=_key(manifest.miner, manifest.id),
                Body=manifest.model_dump_json(by_alias=True, indent=2).encode(),
                ContentType="application/json",
                # A bucket whose objects are locked takes none without a checksum.
                ChecksumAlgorithm="SHA256",
            )

    def load(self, miner: str, id: str) -> Manifest:  # noqa: A002 (the word of the manifest)
        """One manifest.

        Raises:
            BackupError: there is none, or a newer version wrote it.
            AwsError: S3 cannot be asked, or refused.
        """
        key = _key(miner, id)
        with faults_worded():
            try:
                found = self.s3.get_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                if code_of(error) in _MISSING:
                    raise BackupError(
                        f"no backup {id} of {miner} is recorded (s3://{self.bucket}/{key}): `ops backup-list` shows "
                        "those that are"
                    ) from error
                raise
            return read_manifest(found["Body"].read().decode(), f"s3://{self.bucket}/{key}")

    def all(self, miner: str) -> list[Manifest]:
        """All manifests of a miner, the oldest first."""
        prefix = f"{_FOLDER}/{miner}/"
        with faults_worded():
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
            keys = sorted(one["Key"] for page in pages for one in page.get("Contents", ()))
        ids = [key.removeprefix(prefix).removesuffix(".json") for key in keys if key.endswith(".json")]
        return [self.load(miner, one) for one in ids]

    def abandoned(self, miner: str) -> list[str]:
        """Ids below which there are copies of a UTXO store, and of which no manifest was kept; the oldest first."""
        sets, manifests = f"{sets_prefix(miner)}/", f"{_FOLDER}/{miner}/"
        with faults_worded():
            listing = self.s3.get_paginator("list_objects_v2")
            below = listing.paginate(Bucket=self.bucket, Prefix=sets, Delimiter="/")
            copied = {one["Prefix"] for page in below for one in page.get("CommonPrefixes", ())}
            recorded = {
                one["Key"]
                for page in listing.paginate(Bucket=self.bucket, Prefix=manifests)
                for one in page.get("Contents", ())
            }
        ids = (prefix.removeprefix(sets).removesuffix("/") for prefix in copied)
        return sorted(one for one in ids if _key(miner, one) not in recorded)

    def begin(self, miner: str, holder: str) -> None:
        """Write down who begins. It says nothing of how it ended, and each one replaces the one before."""
        with faults_worded():
            self.s3.put_object(
                Bucket=self.bucket,
                Key=f"{_FOLDER}/{miner}/begun",
                Body=holder.encode(),
                ContentType="text/plain",
                ChecksumAlgorithm="SHA256",
            )

    def utxo(self, prefix: str) -> UtxoObjects:
        """What lies below a prefix, each object in the version that a reader gets."""
        with faults_worded():
            pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=f"{prefix}/")
            found = [one for page in pages for one in page.get("Versions", ()) if one["IsLatest"]]
        lines = sorted(f"{one['Key']} {one['VersionId']} {one['Size']}\n" for one in found)
        return UtxoObjects(
            prefix=prefix,
            objects=len(found),
            bytes=sum(int(one["Size"]) for one in found),
            sha256=hashlib.sha256("".join(lines).encode()).hexdigest(),
        )

    def remove_utxo(self, prefix: str) -> None:
        """Delete what lies below a prefix. Its versions stay for as long as the bucket keeps those."""
        with faults_worded():
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=f"{prefix}/")
            for page in pages:
                for one in page.get("Contents", ()):
                    self.s3.delete_object(Bucket=self.bucket, Key=one["Key"])

    def remove(self, manifest: Manifest) -> None:
        """Delete a manifest, with versions as above."""
        with faults_worded():
            self.s3.delete_object(Bucket=self.bucket, Key=_key(manifest.miner, manifest.id))


def _key(miner: str, id: str) -> str:  # noqa: A002 (the word of the manifest)
    return f"{_FOLDER}/{miner}/{id}.json"
