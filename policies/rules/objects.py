"""Buckets (S3-1 to S3-4)."""

from collections.abc import Iterator

from .documents import Statement, policy_document
from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    ACCOUNT_PUBLIC_ACCESS_BLOCK,
    BUCKET,
    BUCKET_ENCRYPTION,
    BUCKET_LIFECYCLE,
    BUCKET_LOGGING,
    BUCKET_OBJECT_LOCK,
    BUCKET_OWNERSHIP,
    BUCKET_POLICY,
    BUCKET_PUBLIC_ACCESS_BLOCK,
    BUCKET_REPLICATION,
    BUCKET_VERSIONING,
)

_BLOCKS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_ENCRYPTION = "applyServerSideEncryptionByDefault"
_BACKUPS, _COPIES = "backups", "copies"


@rule(
    "S3-1",
    title="Public access is blocked all four ways, for each bucket and wherever an account's block is set",
    reason="One bucket policy is enough to publish a bucket.",
    source="S3.1/8",
    remedy="Set all four flags of the public access block.",
    on=(BUCKET, BUCKET_PUBLIC_ACCESS_BLOCK, ACCOUNT_PUBLIC_ACCESS_BLOCK),
)
def public_access_blocked(graph: Graph, item: Resource) -> Iterator[Problem]:
    if item.type == BUCKET:
        if not graph.referrers(item, "bucket", BUCKET_PUBLIC_ACCESS_BLOCK):
            yield Problem("the bucket has no public access block")
        return
    for path in _BLOCKS:
        if not item.inputs.flag(path):
            yield Problem("is off", path)


@rule(
    "S3-2",
    title="Buckets refuse requests without TLS",
    reason="S3 answers plain HTTP too.",
    source="S3.5",
    remedy="Deny every action to everybody on the bucket and its objects where aws:SecureTransport is false.",
    on=(BUCKET,),
)
def tls_only(graph: Graph, bucket: Resource) -> Iterator[Problem]:
    policies = graph.referrers(bucket, "bucket", BUCKET_POLICY)
    if not any(
        _denies_plain(statement) for policy in policies for statement in policy_document(policy.inputs, "policy")
    ):
        yield Problem("no statement of its policy denies plain HTTP on the bucket and all objects")


def _denies_plain(statement: Statement) -> bool:
    condition = statement.conditions == {"Bool": {"aws:SecureTransport": ("false",)}}
    every_action = bool({"s3:*", "*"} & set(statement.actions))
    everywhere = any(f"{resource}/*" in statement.resources for resource in statement.resources)
    return statement.effect == "Deny" and statement.anyone and every_action and everywhere and condition


@rule(
    "S3-3",
    title="Buckets encrypt, keep versions for a while, take no access control lists, and drop what is abandoned",
    reason="An overwritten object can be brought back; versions and broken uploads are not paid for for ever.",
    source="S3.10/12/13/14/17",
    remedy="Use the Objects component; only a bucket that receives access logs goes without a customer-managed key.",
    on=(BUCKET,),
    guards_data=True,
)
def well_kept(graph: Graph, bucket: Resource) -> Iterator[Problem]:
    yield from _encrypted(graph, bucket)
    ownership = graph.referrers(bucket, "bucket", BUCKET_OWNERSHIP)
    if not any(item.inputs.text("rule.objectOwnership") == "BucketOwnerEnforced" for item in ownership):
        yield Problem("access control lists are not disabled (BucketOwnerEnforced)")
    versioning = graph.referrers(bucket, "bucket", BUCKET_VERSIONING)
    if not any(item.inputs.text("versioningConfiguration.status") == "Enabled" for item in versioning):
        yield Problem("objects are not versioned")
    rules = [
        view
        for item in graph.referrers(bucket, "bucket", BUCKET_LIFECYCLE)
        for view in item.inputs.views("rules")
        if view.text("status") == "Enabled"
    ]
    for path, words in (
        ("noncurrentVersionExpiration.noncurrentDays", "replaced versions never expire"),
        ("abortIncompleteMultipartUpload.daysAfterInitiation", "abandoned uploads are never dropped"),
    ):
        if not any(view.number(path) > 0 for view in rules):
            yield Problem(words)


def _encrypted(graph: Graph, bucket: Resource) -> Iterator[Problem]:
    rules = [
        view for item in graph.referrers(bucket, "bucket", BUCKET_ENCRYPTION) for view in item.inputs.views("rules")
    ]
    if not rules:
        yield Problem("no default encryption is set")
    if not graph.strict or _receives_access_logs(graph, bucket):
        return
    for view in rules:
        algorithm = view.text(f"{_ENCRYPTION}.sseAlgorithm")
        if not algorithm.startswith("aws:kms") or not view.has(f"{_ENCRYPTION}.kmsMasterKeyId"):
            yield Problem("objects have no customer-managed key")
        elif not view.flag("bucketKeyEnabled"):
            yield Problem("no bucket key: every object costs a call of KMS")


def _receives_access_logs(graph: Graph, bucket: Resource) -> bool:
    # S3 delivers access logs to no bucket whose default encryption is a KMS key (S3 user guide, server access logging).
    return bool(graph.referrers(bucket, "targetBucket", BUCKET_LOGGING))


@rule(
    "S3-4",
    title="Buckets keep their objects when they go, backups cannot be deleted early, and requests are recorded",
    reason="The first thing an intruder deletes is the backup.",
    source="S3.9/15",
    remedy="Set force_destroy false, log to the logs bucket, and lock the buckets of backups and of their copies.",
    on=(BUCKET,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def objects_held(graph: Graph, bucket: Resource) -> Iterator[Problem]:
    if bucket.inputs.flag("forceDestroy"):
        yield Problem("objects are deleted with the bucket", "forceDestroy")
    if not graph.referrers(bucket, "bucket", BUCKET_LOGGING) and not _receives_access_logs(graph, bucket):
        yield Problem("requests are not recorded")
    if not _holds(bucket, _BACKUPS, _COPIES):
        return
    locks = graph.referrers(bucket, "bucket", BUCKET_OBJECT_LOCK)
    retentions = [lock.inputs.view("rule.defaultRetention") for lock in locks]
    if not any(view.number("days") + view.number("years") > 0 for view in retentions):
        yield Problem("backups can be deleted at once: no object lock with a default retention")


@rule(
    "S3-4-COPY",
    title="Backups are copied to another region",
    reason="A backup that is lost with its region is none.",
    source="S3.7",
    remedy="Replicate the bucket whose data-class is backups to a locked one elsewhere, without its deletions.",
    on=(BUCKET,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def backups_copied(graph: Graph, bucket: Resource) -> Iterator[Problem]:
    if not _holds(bucket, _BACKUPS):
        return
    replications = graph.referrers(bucket, "bucket", BUCKET_REPLICATION)
    rules = [view for item in replications for view in item.inputs.views("rules") if view.text("status") == "Enabled"]
    if not rules:
        yield Problem("the backups are in one region only")
    for view in rules:
        if view.text("deleteMarkerReplication.status") == "Enabled":
            yield Problem("what is deleted here is deleted there")
        target = view.text("destination.bucket")
        places = [one for one in graph.of_type(BUCKET) if _named(one, target)]
        if places and all(graph.region_of(one) == graph.region_of(bucket) for one in places):
            yield Problem("the copies are in the same region")
        if places and not all(_holds(one, _COPIES) for one in places):
            yield Problem("the copies lie in a bucket that is not one of copies, and has no lock as they need")


def _named(bucket: Resource, arn: str) -> bool:
    return bucket.computed.text("arn") == arn


def _holds(bucket: Resource, *classes: str) -> bool:
    return bucket.inputs.text("tags.data-class") in classes


RULES: tuple[Rule, ...] = (public_access_blocked, tls_only, well_kept, objects_held, backups_copied)
