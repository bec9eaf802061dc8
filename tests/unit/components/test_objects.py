"""Buckets of a region, one per purpose, and the rights to a part of one."""

import json
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import pulumi
import pytest

from components.bucket_access import BucketRef, read_policy, read_write_policy
from components.objects import REGIONAL, REPLACED_VERSION_DAYS, Objects, ObjectsArgs, Purpose
from components.placement import Placement
from components.protection import Protection
from simulator import Simulation
from simulator.compare import Action, compare
from simulator.monitor import RecordedResource
from tests.support.builders import ACCOUNT, LOCKED, UNLOCKED, in_region, placement

BUCKET = "aws:s3/bucket:Bucket"
PURPOSES = REGIONAL
REQUESTED = (Purpose.ARCHIVE, Purpose.BACKUPS)


@cache
def built(protection: Protection = LOCKED) -> Simulation:
    args = ObjectsArgs(placement=placement(), log_retention_days=365, protection=protection)
    return in_region(lambda opts: Objects("objects", args, opts))


def setting(role: str, purpose: Purpose, protection: Protection = LOCKED) -> RecordedResource:
    return built(protection).named(f"objects-{role}-{purpose}")


def bucket_name(purpose: Purpose) -> str:
    return str(setting("bucket", purpose).outputs["bucket"])


def statements(purpose: Purpose) -> dict[str, dict[str, Any]]:
    policy = json.loads(str(setting("bucket-policy", purpose).inputs["policy"]))
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def lifecycle(purpose: Purpose) -> Mapping[str, object]:
    rules = setting("lifecycle", purpose).inputs["rules"]
    assert isinstance(rules, list)
    [rule] = rules
    assert isinstance(rule, dict)
    return rule


def encryption(purpose: Purpose) -> object:
    return setting("bucket-encryption", purpose).inputs["rules"]


def test_every_setting_names_its_own_bucket() -> None:
    settings = [
        resource
        for resource in built().resources
        if resource.type.startswith("aws:s3/bucket") and resource.type != BUCKET
    ]

    assert len(settings) == 7 * len(PURPOSES)
    for resource in settings:
        purpose = Purpose(resource.name.rsplit("-", 1)[1])
        assert resource.inputs["bucket"] == bucket_name(purpose), resource.name


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_bucket_is_named_by_pulumi_and_says_what_it_holds(purpose: Purpose) -> None:
    bucket = setting("bucket", purpose)

    assert bucket_name(purpose).startswith(f"objects-bucket-{purpose}-")
    assert bucket.inputs["tags"] == {"Name": f"testing-{purpose}", "data-class": purpose}


@pytest.mark.parametrize("purpose", PURPOSES)
def test_where_data_is_protected_a_bucket_is_held_three_times(purpose: Purpose) -> None:
    locked, unlocked = setting("bucket", purpose), setting("bucket", purpose, UNLOCKED)

    assert (locked.protect, locked.retain_on_delete, locked.inputs["forceDestroy"]) == (True, True, False)
    assert (unlocked.protect, unlocked.retain_on_delete, unlocked.inputs["forceDestroy"]) == (False, False, True)


def test_backups_alone_are_locked_and_only_where_the_environment_says_so() -> None:
    lock_type = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"
    [lock] = built().of_type(lock_type)

    assert lock.name == "objects-object-lock-backups"
    assert lock.inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}}
    assert setting("versioning", Purpose.BACKUPS).urn in lock.dependencies
    assert built(UNLOCKED).of_type(lock_type) == []


def test_a_lock_can_be_set_later_without_another_bucket() -> None:
    from_unlocked_to_locked = compare(built(UNLOCKED).deployment, built(LOCKED).deployment)

    assert {change.action for change in from_unlocked_to_locked.changed} == {Action.CREATE, Action.UPDATE}


@pytest.mark.parametrize("purpose", REQUESTED)
def test_objects_are_encrypted_by_the_regions_key_for_objects(purpose: Purpose) -> None:
    key = built().named("objects-encryption-key")
    default = {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": key.outputs["arn"]}

    assert encryption(purpose) == [{"applyServerSideEncryptionByDefault": default, "bucketKeyEnabled": True}]


def test_the_logs_bucket_has_s3s_own_key_or_nothing_would_be_delivered_to_it() -> None:
    assert encryption(Purpose.LOGS) == [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_nobody_from_outside_gets_in(purpose: Purpose) -> None:
    block = setting("public-access-block", purpose).inputs
    policy = setting("bucket-policy", purpose)

    assert [value for key, value in block.items() if key != "bucket"] == [True] * 4
    assert setting("ownership", purpose).inputs["rule"] == {"objectOwnership": "BucketOwnerEnforced"}
    assert {setting("public-access-block", purpose).urn, setting("ownership", purpose).urn} <= set(policy.dependencies)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_request_needs_tls(purpose: Purpose) -> None:
    arn = f"arn:aws:s3:::{bucket_name(purpose)}"

    assert statements(purpose)["TlsOnly"] == {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_s3_delivers_records_of_these_buckets_to_the_logs_bucket_and_of_no_others() -> None:
    assert set(statements(Purpose.LOGS)) == {
        "TlsOnly",
        "AccessLogsOfOwnBuckets",
        "OwnerOfAccessLogsOfLoadBalancers",
        "AccessLogsOfOwnLoadBalancers",
    }
    assert set(statements(Purpose.ARCHIVE)) == set(statements(Purpose.BACKUPS)) == {"TlsOnly"}
    delivery = statements(Purpose.LOGS)["AccessLogsOfOwnBuckets"]

    assert delivery["Principal"] == {"Service": "logging.s3.amazonaws.com"}
    assert delivery["Action"] == "s3:PutObject"
    assert delivery["Resource"] == [f"arn:aws:s3:::{bucket_name(Purpose.LOGS)}/s3/*"]
    assert delivery["Condition"] == {
        "ArnEquals": {"aws:SourceArn": [f"arn:aws:s3:::{bucket_name(purpose)}" for purpose in REQUESTED]},
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
    }


def test_load_balancers_of_this_region_and_account_deliver_into_a_folder_of_the_logs_bucket() -> None:
    look_up = statements(Purpose.LOGS)["OwnerOfAccessLogsOfLoadBalancers"]
    delivery = statements(Purpose.LOGS)["AccessLogsOfOwnLoadBalancers"]

    for statement in (look_up, delivery):
        assert statement["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
        assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:*"}
        assert statement["Condition"]["StringEquals"]["aws:SourceAccount"] == ACCOUNT
    assert (look_up["Action"], delivery["Action"]) == ("s3:GetBucketAcl", "s3:PutObject")
    assert look_up["Resource"] == [f"arn:aws:s3:::{bucket_name(Purpose.LOGS)}"]
    assert delivery["Resource"] == [f"arn:aws:s3:::{bucket_name(Purpose.LOGS)}/load-balancers/AWSLogs/{ACCOUNT}/*"]


@pytest.mark.parametrize("purpose", REQUESTED)
def test_requests_are_recorded_once_delivery_is_allowed(purpose: Purpose) -> None:
    logging = setting("logging", purpose)

    assert logging.inputs["targetBucket"] == bucket_name(Purpose.LOGS)
    assert logging.inputs["targetPrefix"] == f"s3/{purpose}/"
    assert setting("bucket-policy", Purpose.LOGS).urn in logging.dependencies


def test_the_logs_bucket_does_not_record_its_own_requests() -> None:
    assert {logging.name for logging in built().of_type("aws:s3/bucketLogging:BucketLogging")} == {
        f"objects-logging-{purpose}" for purpose in REQUESTED
    }


@pytest.mark.parametrize("purpose", PURPOSES)
def test_versions_are_kept_for_a_while_and_broken_uploads_are_dropped(purpose: Purpose) -> None:
    rule = lifecycle(purpose)

    assert setting("versioning", purpose).inputs["versioningConfiguration"] == {"status": "Enabled"}
    assert rule["noncurrentVersionExpiration"] == {"noncurrentDays": REPLACED_VERSION_DAYS}
    assert rule["abortIncompleteMultipartUpload"] == {"daysAfterInitiation": 7}
    assert rule["filter"] == {"prefix": ""}
    assert setting("versioning", purpose).urn in setting("lifecycle", purpose).dependencies


@pytest.mark.parametrize(
    ("purpose", "classes", "expiration"),
    [
        (Purpose.ARCHIVE, ["INTELLIGENT_TIERING"], {"expiredObjectDeleteMarker": True}),
        (Purpose.BACKUPS, ["STANDARD_IA"], {"expiredObjectDeleteMarker": True}),
        (Purpose.LOGS, [], {"days": 365}),
    ],
)
def test_only_logs_expire_and_what_is_kept_gets_cheaper(
    purpose: Purpose, classes: list[str], expiration: dict[str, object]
) -> None:
    rule = lifecycle(purpose)

    assert rule.get("transitions", []) == [{"days": 30, "storageClass": one} for one in classes]
    assert rule["expiration"] == expiration


Render = Callable[[Placement, BucketRef, str], pulumi.Output[str]]


def granted(
    render: Render, purpose: Purpose = Purpose.ARCHIVE, prefix: str = "miner-1"
) -> dict[str, dict[str, object]]:
    """The statements of a policy for a prefix, by id."""
    found: list[str] = []

    def make(opts: pulumi.ResourceOptions) -> None:
        args = ObjectsArgs(placement=placement(), log_retention_days=365, protection=LOCKED)
        render(placement(), Objects("objects", args, opts).buckets[purpose], prefix).apply(found.append)

    in_region(make)
    return {statement["Sid"]: statement for statement in json.loads(found[0])["Statement"]}


def test_a_reader_lists_and_reads_its_prefix_only() -> None:
    policy, arn = granted(read_policy), f"arn:aws:s3:::{bucket_name(Purpose.ARCHIVE)}"

    assert policy["ListPrefix"]["Resource"] == arn
    assert policy["ListPrefix"]["Condition"] == {"StringLike": {"s3:prefix": "miner-1/*"}}
    assert policy["ObjectsOfPrefix"]["Resource"] == f"{arn}/miner-1/*"
    assert policy["ObjectsOfPrefix"]["Action"] == ["s3:GetObject", "s3:GetObjectAttributes"]


def test_a_writer_cannot_remove_a_version_for_good_nor_lift_a_lock() -> None:
    actions = granted(read_write_policy)["ObjectsOfPrefix"]["Action"]

    assert isinstance(actions, list)
    assert {"s3:PutObject", "s3:DeleteObject", "s3:GetObject"} <= set(actions)
    assert not {"s3:DeleteObjectVersion", "s3:BypassGovernanceRetention", "s3:PutObjectRetention", "s3:*"} & set(
        actions
    )


def test_whoever_asks_for_the_bucket_sees_names_and_no_contents_outside_its_prefix() -> None:
    plain, asking = granted(read_write_policy), granted(partial(read_write_policy, asks_for_bucket=True))

    assert {sid: asking[sid] for sid in plain} == plain
    assert [asking[sid] for sid in asking if sid not in plain] == [
        {
            "Sid": "AskForBucket",
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": f"arn:aws:s3:::{bucket_name(Purpose.ARCHIVE)}",
            "Condition": {"Null": {"s3:prefix": "true"}},
        }
    ]


@pytest.mark.parametrize(
    ("render", "actions"), [(read_policy, ["kms:Decrypt"]), (read_write_policy, ["kms:Decrypt", "kms:GenerateDataKey"])]
)
def test_the_key_serves_through_s3_only(render: Render, actions: list[str]) -> None:
    key = granted(render)["KeyThroughS3"]

    assert key["Action"] == actions
    assert key["Resource"] == built().named("objects-encryption-key").outputs["arn"]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def test_a_bucket_without_a_key_needs_no_right_to_one() -> None:
    assert set(granted(read_policy, purpose=Purpose.LOGS)) == {"ListPrefix", "ObjectsOfPrefix"}


@pytest.mark.parametrize("prefix", ["", "*", "miner-?", "/miner", "miner/", "a//b", "${aws:username}"])
def test_a_prefix_that_reaches_further_than_it_says_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        granted(read_policy, prefix=prefix)
