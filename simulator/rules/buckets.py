"""What S3 enforces for buckets and their settings."""

import re
from collections.abc import Mapping

from simulator.rules import tokens as t
from simulator.rules.iam import statements_of, strings
from simulator.rules.rule import Attempt, Operation, RuleBook
from simulator.values import JSON
from simulator.world import Thing

SOONEST_INFREQUENT_ACCESS_DAYS = 30

_WRITE = (Operation.CREATE, Operation.UPDATE)
# S3 user guide, general purpose bucket naming rules.
_NAME = re.compile(r"(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_INFREQUENT_ACCESS = {"STANDARD_IA", "ONEZONE_IA"}

book = RuleBook()


@book.rule("bucket-name-pattern", "InvalidBucketName", t.BUCKET)
def _bucket_name_pattern(attempt: Attempt) -> str | None:
    name = attempt.text("bucket")
    if not name or (_NAME.fullmatch(name) and not _ADDRESS.fullmatch(name)):
        return None
    return f"The specified bucket is not valid: {name}"


@book.rule("bucket-name", "BucketAlreadyOwnedByYou", t.BUCKET)
def _bucket_name(attempt: Attempt) -> str | None:
    # Names are unique in all regions; other accounts' buckets are not part of the simulated world.
    name = attempt.text("bucket")
    if name and attempt.find_in_account(t.BUCKET, bucket=name):
        return f"Your previous request to create the named bucket succeeded and you already own it: {name}"
    return None


@book.rule("bucket-policy-document", "MalformedPolicy", t.BUCKET_POLICY, *_WRITE)
def _bucket_policy_document(attempt: Attempt) -> str | None:
    statements = statements_of(attempt.text("policy"))
    if not statements:
        return "This policy contains invalid Json"
    own = re.compile(rf"arn:[a-z-]+:s3:::{re.escape(attempt.text('bucket'))}(/.*)?")
    for statement in statements:
        if "Principal" not in statement and "NotPrincipal" not in statement:
            return "Missing required field Principal"
        resources = strings(statement.get("Resource")) + strings(statement.get("NotResource"))
        if not resources or not all(own.fullmatch(resource) for resource in resources):
            return "Policy has invalid resource"
    return None


@book.rule("bucket-policy-public", "AccessDenied", t.BUCKET_POLICY, *_WRITE)
def _bucket_policy_public(attempt: Attempt) -> str | None:
    blocks = _settings(attempt, t.BUCKET_PUBLIC_ACCESS_BLOCK)
    if any(block.inputs.get("blockPublicPolicy") is True for block in blocks) and any(
        map(_admits_everybody, statements_of(attempt.text("policy")))
    ):
        return "public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access"
    return None


@book.rule("object-lock-versioning", "InvalidBucketState", t.BUCKET_OBJECT_LOCK)
def _object_lock_versioning(attempt: Attempt) -> str | None:
    made_with_lock = any(bucket.inputs.get("objectLockEnabled") is True for bucket in _bucket(attempt))
    versioned = any(_status(setting.inputs) == "Enabled" for setting in _settings(attempt, t.BUCKET_VERSIONING))
    if made_with_lock or versioned:
        return None
    return "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"


@book.rule("versioning-under-object-lock", "InvalidBucketState", t.BUCKET_VERSIONING, *_WRITE)
def _versioning_under_object_lock(attempt: Attempt) -> str | None:
    locked = any(bucket.inputs.get("objectLockEnabled") is True for bucket in _bucket(attempt))
    if _status(attempt.inputs) != "Enabled" and (locked or _settings(attempt, t.BUCKET_OBJECT_LOCK)):
        return "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
    return None


@book.rule("lifecycle-infrequent-access", "InvalidArgument", t.BUCKET_LIFECYCLE, *_WRITE)
def _lifecycle_infrequent_access(attempt: Attempt) -> str | None:
    rules = attempt.inputs.get("rules")
    for rule in rules if isinstance(rules, list) else []:
        transitions = rule.get("transitions") if isinstance(rule, dict) else None
        for transition in transitions if isinstance(transitions, list) else []:
            if not isinstance(transition, dict) or transition.get("storageClass") not in _INFREQUENT_ACCESS:
                continue
            days = transition.get("days")
            if isinstance(days, (int, float)) and days < SOONEST_INFREQUENT_ACCESS_DAYS:
                return (
                    "'Days' in Transition action must be greater than or equal to "
                    f"{SOONEST_INFREQUENT_ACCESS_DAYS} for storageClass '{transition['storageClass']}'"
                )
    return None


@book.rule("replication-versioning", "InvalidRequest", t.BUCKET_REPLICATION, *_WRITE)
def _replication_versioning(attempt: Attempt) -> str | None:
    if not _versioned(attempt, attempt.text("bucket")):
        return "Versioning must be 'Enabled' on the bucket to apply a replication configuration"
    for target in _targets(attempt):
        if not _versioned(attempt, target):
            return "Destination bucket must have versioning enabled."
    return None


@book.rule("replication-object-lock", "InvalidRequest", t.BUCKET_REPLICATION, *_WRITE)
def _replication_object_lock(attempt: Attempt) -> str | None:
    # S3 user guide, "Using S3 Object Lock with replication": a locked source needs a locked destination.
    if not _locked(attempt, attempt.text("bucket")):
        return None
    if all(_locked(attempt, target) for target in _targets(attempt)):
        return None
    return "Object Lock is enabled on the source bucket and must be enabled on the destination bucket too"


def _targets(attempt: Attempt) -> list[str]:
    return [arn.rpartition(":")[2] for arn in attempt.texts("rules.destination.bucket")]


def _versioned(attempt: Attempt, bucket: str) -> bool:
    return any(_status(one.inputs) == "Enabled" for one in attempt.find_in_account(t.BUCKET_VERSIONING, bucket=bucket))


def _locked(attempt: Attempt, bucket: str) -> bool:
    made = attempt.find_in_account(t.BUCKET, bucket=bucket)
    by_setting = attempt.find_in_account(t.BUCKET_OBJECT_LOCK, bucket=bucket)
    return bool(by_setting) or any(one.inputs.get("objectLockEnabled") is True for one in made)


def _bucket(attempt: Attempt) -> list[Thing]:
    return attempt.find(t.BUCKET, bucket=attempt.text("bucket"))


def _settings(attempt: Attempt, token: str) -> list[Thing]:
    return attempt.find(token, bucket=attempt.text("bucket"))


def _status(inputs: Mapping[str, JSON]) -> str:
    configuration = inputs.get("versioningConfiguration")
    return str(configuration.get("status", "")) if isinstance(configuration, dict) else ""


def _admits_everybody(statement: dict[str, JSON]) -> bool:
    principal = statement.get("Principal")
    named = strings(principal.get("AWS")) if isinstance(principal, dict) else strings(principal)
    return statement.get("Effect") == "Allow" and "*" in named and not statement.get("Condition")
