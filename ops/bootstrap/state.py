"""The keys and the bucket of state and attestations, and the bucket of its access logs."""

import json
from collections.abc import Iterator, Mapping, Sequence

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ops.aws.session import Aws, code_of
from ops.bootstrap import documents
from ops.bootstrap.steps import Step, differs, unless
from ops.bootstrap.target import BootstrapError, Target
from simulator.values import JSON

_CLOSED = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
_LOG_PREFIX = "state/"
_ABORT_DAYS = 7
_REGION_WITHOUT_NAME = "us-east-1"
_SIGNING: Mapping[str, str] = {"KeySpec": "ECC_NIST_P256", "KeyUsage": "SIGN_VERIFY"}


class Key:
    """A key, found by its alias. One without ``spec`` encrypts and is rotated every year; AWS rotates no other."""

    def __init__(
        self, aws: Aws, target: Target, alias: str, description: str, spec: Mapping[str, str] | None = None
    ) -> None:
        self._kms: BaseClient = aws.client("kms", target.home)
        self._target, self._alias, self._description = target, alias, description
        self._spec = spec or {}

    @classmethod
    def of_state(cls, aws: Aws, target: Target) -> "Key":
        """That of the state and its secrets."""
        return cls(aws, target, target.alias, f"Pulumi state of {target.name}")

    @classmethod
    def of_attestations(cls, aws: Aws, target: Target) -> "Key":
        """That which signs what was proved of the environment."""
        return cls(aws, target, target.attestation_alias, f"Attestations of {target.name}", _SIGNING)

    def find(self) -> str | None:
        """Its ARN; None while there is none."""
        found = unless(["NotFoundException"], lambda: self._kms.describe_key(KeyId=self._alias))
        return found["KeyMetadata"]["Arn"] if isinstance(found, dict) else None

    def arn(self) -> str:
        """Its ARN; a step before this one has made it."""
        found = self.find()
        if found is None:
            raise BootstrapError(f"{self._alias}: AWS does not show the key yet: repeat the command")
        return found

    def steps(self) -> Iterator[Step]:
        """The key, and that it is rotated."""
        yield Step(f"key {self._alias}", lambda: None if self.find() else "missing", self._make)
        if not self._spec:
            yield Step(
                "yearly rotation of the key", self._rotation, lambda: self._kms.enable_key_rotation(KeyId=self.arn())
            )

    def _make(self) -> None:
        key = (
            self._unnamed()
            or self._kms.create_key(
                Description=self._description,
                Tags=[{"TagKey": name, "TagValue": value} for name, value in self._target.tags.items()],
                **self._spec,
            )["KeyMetadata"]["Arn"]
        )
        self._kms.create_alias(AliasName=self._alias, TargetKeyId=key)

    def _unnamed(self) -> str | None:
        """The key of a run that stopped before it named it."""
        for answer in self._kms.get_paginator("list_keys").paginate():
            for entry in answer["Keys"]:
                key = self._kms.describe_key(KeyId=entry["KeyId"])["KeyMetadata"]
                if key["Description"] == self._description and key["KeyState"] == "Enabled":
                    return key["Arn"]
        return None

    def _rotation(self) -> str | None:
        key = self.find()
        if key is None:
            return "comes with the key"
        return None if self._kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] else "off"


class Bucket:
    """One bucket and its settings; every call says whose bucket it expects."""

    def __init__(self, aws: Aws, target: Target, name: str) -> None:
        self._s3: BaseClient = aws.client("s3", target.home)
        self._target = target
        self.name = name
        self._whose = {"Bucket": name, "ExpectedBucketOwner": target.account}

    def _exists(self) -> bool:
        try:
            self._s3.head_bucket(**self._whose)
        except ClientError as error:
            if code_of(error) in ("404", "NoSuchBucket"):
                return False
            if code_of(error) in ("403", "AccessDenied"):
                raise BootstrapError(
                    f"the bucket {self.name} is another account's, or not yours to read: nothing is done to it. Ask "
                    "its owner, or use credentials that may"
                ) from error
            raise
        return True

    def _create(self) -> None:
        place = {"LocationConstraint": self._target.home}
        self._s3.create_bucket(
            Bucket=self.name,
            ObjectOwnership="BucketOwnerEnforced",
            **({} if self._target.home == _REGION_WITHOUT_NAME else {"CreateBucketConfiguration": place}),
        )

    def bucket(self) -> Step:
        """The bucket itself."""
        return Step(f"bucket {self.name}", lambda: None if self._exists() else "missing", self._create)

    def versioned(self) -> Step:
        """Old versions stay."""

        def found() -> str | None:
            if not self._exists():
                return "comes with the bucket"
            return differs(self._s3.get_bucket_versioning(**self._whose).get("Status"), "Enabled", "off")

        def put() -> None:
            self._s3.put_bucket_versioning(**self._whose, VersioningConfiguration={"Status": "Enabled"})

        return Step(f"versions of {self.name}", found, put)

    def policy(self, wanted: JSON) -> Step:
        """Its policy, a text to AWS."""

        def found() -> str | None:
            if not self._exists():
                return "comes with the bucket"
            answer = unless(["NoSuchBucketPolicy"], lambda: self._s3.get_bucket_policy(**self._whose))
            return differs(json.loads(answer["Policy"]) if isinstance(answer, dict) else None, wanted)

        return Step(
            f"policy of {self.name}",
            found,
            lambda: self._s3.put_bucket_policy(**self._whose, Policy=json.dumps(wanted)),
        )

    def encrypted(self, key: Key | None) -> Step:
        """By the key of the state, or where S3 itself must write, by S3's own."""

        def wanted() -> JSON:
            default: dict[str, JSON] = {"SSEAlgorithm": "AES256"}
            if key is not None:
                default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.arn()}
            return {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": key is not None}

        def found() -> str | None:
            if not self._exists() or (key is not None and key.find() is None):
                return "comes with bucket and key"
            codes = ["ServerSideEncryptionConfigurationNotFoundError"]
            answer = unless(codes, lambda: self._s3.get_bucket_encryption(**self._whose))
            if not isinstance(answer, dict):
                return "not set"
            [rule] = answer["ServerSideEncryptionConfiguration"]["Rules"]
            compared = {name: rule.get(name) for name in ("ApplyServerSideEncryptionByDefault", "BucketKeyEnabled")}
            return differs({**compared, "BucketKeyEnabled": bool(compared["BucketKeyEnabled"])}, wanted())

        def put() -> None:
            self._s3.put_bucket_encryption(**self._whose, ServerSideEncryptionConfiguration={"Rules": [wanted()]})

        return Step(f"encryption of {self.name}", found, put)

    def closed(self) -> Step:
        """Nothing of it is public."""

        def found() -> str | None:
            codes = ["NoSuchPublicAccessBlockConfiguration", "NoSuchBucket"]
            answer = unless(codes, lambda: self._s3.get_public_access_block(**self._whose))
            blocked = answer["PublicAccessBlockConfiguration"] if isinstance(answer, dict) else None
            return differs(blocked, _CLOSED)

        def put() -> None:
            self._s3.put_public_access_block(**self._whose, PublicAccessBlockConfiguration=_CLOSED)

        return Step(f"public access block of {self.name}", found, put)

    def lifecycle(self, rules: Sequence[JSON]) -> Step:
        """What goes by itself."""

        def found() -> str | None:
            if not self._exists():
                return "comes with the bucket"
            answer = unless(
                ["NoSuchLifecycleConfiguration"], lambda: self._s3.get_bucket_lifecycle_configuration(**self._whose)
            )
            return differs(answer["Rules"] if isinstance(answer, dict) else None, rules)

        def put() -> None:
            self._s3.put_bucket_lifecycle_configuration(**self._whose, LifecycleConfiguration={"Rules": rules})

        return Step(f"lifecycle of {self.name}", found, put)


def state_steps(aws: Aws, target: Target, key: Key) -> Iterator[Step]:
    """Key, log bucket and state bucket, each before what needs it.

    No version of the state is ever deleted by itself. There is no object lock: Pulumi releases its lock on a stack by
    deleting an object, and a retained one could not be overwritten by the next update.
    """
    yield from key.steps()
    aborts: JSON = {"DaysAfterInitiation": _ABORT_DAYS}
    logs, state = Bucket(aws, target, target.log_bucket), Bucket(aws, target, target.bucket)
    kept: JSON = {
        "ID": "expire",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"Days": max(target.environment.log_retention_days, 365)},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        "AbortIncompleteMultipartUpload": aborts,
    }
    uploads: JSON = {
        "ID": "uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": aborts,
    }
    for bucket, encryption, policy, rules in (
        (logs, None, documents.log_delivery(target), [kept]),
        (state, key, documents.tls_only(target.bucket), [uploads]),
    ):
        yield bucket.bucket()
        yield bucket.closed()
        yield bucket.versioned()
        yield bucket.encrypted(encryption)
        yield bucket.policy(policy)
        yield bucket.lifecycle(rules)
    yield _access_log(aws, target)


def _access_log(aws: Aws, target: Target) -> Step:
    s3: BaseClient = aws.client("s3", target.home)
    whose = {"Bucket": target.bucket, "ExpectedBucketOwner": target.account}
    wanted = {"TargetBucket": target.log_bucket, "TargetPrefix": _LOG_PREFIX}

    def found() -> str | None:
        answer = unless(["NoSuchBucket"], lambda: s3.get_bucket_logging(**whose))
        enabled = answer.get("LoggingEnabled") if isinstance(answer, dict) else None
        return differs({name: enabled.get(name) for name in wanted} if enabled else None, wanted, "off")

    def put() -> None:
        s3.put_bucket_logging(**whose, BucketLoggingStatus={"LoggingEnabled": wanted})

    return Step(f"access log of {target.bucket}", found, put)
