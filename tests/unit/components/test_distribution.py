"""Repositories and a bucket that named accounts read, and nobody outside writes."""

import json
from datetime import date
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from components.distribution import Distribution, DistributionArgs
from components.protection import Protection
from ops.bootstrap.documents import distribute_releases
from ops.bootstrap.target import Target, Trust
from ops.guard import refusals
from simulator import Simulation, simulate
from simulator.compare import Action, compare
from simulator.graph import Deployment
from tests.support.builders import LOCKED, UNLOCKED, in_region, placement
from tests.support.stack_settings import accepted, stack_file
from tests.support.stacks import ROOT, STACKS, at, evaluated
from tests.support.stacks import stack_file as settings_file

REPOSITORY = "aws:ecr/repository:Repository"
READERS = ("555566667777", "888899990000")
ROOTS = [f"arn:aws:iam::{reader}:root" for reader in READERS]


@cache
def built(protection: Protection) -> Simulation:
    args = DistributionArgs(
        placement=placement(), readers=READERS, images=("teranode",), log_retention_days=30, protection=protection
    )
    return in_region(lambda opts: Distribution("distribution", args, opts))


def statements(name: str) -> list[dict[str, Any]]:
    return json.loads(str(built(LOCKED).named(name).inputs["policy"]))["Statement"]


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_without_testers_has_none_of_it(stack: str) -> None:
    assert evaluated(stack).of_type(REPOSITORY) == []
    assert evaluated(stack).of_type("teranode:distribution:Distribution") == []
    assert "distribution" not in evaluated(stack).exports


def test_the_role_that_gives_releases_is_let_into_this_bucket_and_its_key() -> None:
    target = Target(accepted(stack_file("testing"), "testing"), Trust("a/b", "testing", (), ()))
    statements = cast("dict[str, list[dict[str, Any]]]", distribute_releases(target))["Statement"]
    [put] = [one["Resource"] for one in statements if "s3:PutObject" in one["Action"]]
    [encrypt] = [one["Condition"]["StringEquals"] for one in statements if "kms:GenerateDataKey" in one["Action"]]

    bucket = built(LOCKED).named("distribution-objects-bucket-releases").outputs["bucket"]
    key = built(LOCKED).named("distribution-objects-encryption-key").inputs["tags"]
    assert fnmatchcase(f"arn:aws:s3:::{bucket}/v0.15.0/teranode", put)
    assert isinstance(key, dict)
    assert key["data-class"] == encrypt["aws:ResourceTag/data-class"]


def test_a_tag_stays_what_it_is_and_images_are_scanned_and_encrypted_with_a_key_of_the_account() -> None:
    [repository] = built(LOCKED).of_type(REPOSITORY)

    assert repository.inputs["name"] == "testing/teranode"
    assert repository.inputs["imageTagMutability"] == "IMMUTABLE"
    assert at(repository.inputs, "imageScanningConfiguration.scanOnPush") is True
    assert at(repository.inputs, "encryptionConfigurations.0.encryptionType") == "KMS"
    assert ":kms:" in str(at(repository.inputs, "encryptionConfigurations.0.kmsKey"))


def test_readers_pull_and_do_nothing_else() -> None:
    [pull] = statements("distribution-readers-teranode")

    assert pull["Principal"] == {"AWS": ROOTS}
    assert pull["Action"] == ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def test_readers_list_and_read_the_bucket_over_tls_and_do_nothing_else() -> None:
    tls, *given = statements("distribution-objects-bucket-policy-releases")

    assert (tls["Sid"], tls["Effect"]) == ("TlsOnly", "Deny")
    assert all(one["Principal"] == {"AWS": ROOTS} for one in given)
    assert [one["Action"] for one in given] == [
        ["s3:GetBucketLocation", "s3:ListBucket"],
        ["s3:GetObject", "s3:GetObjectVersion"],
    ]


def test_readers_decrypt_through_s3_of_the_region_only() -> None:
    [_, readers] = statements("distribution-objects-encryption-key")

    assert (readers["Principal"], readers["Action"]) == ({"AWS": ROOTS}, "kms:Decrypt")
    assert readers["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def test_the_record_of_requests_is_closed_to_readers() -> None:
    assert not [
        reader for reader in READERS if reader in json.dumps(statements("distribution-objects-bucket-policy-logs"))
    ]


def test_only_what_has_no_tag_expires() -> None:
    [lifecycle] = built(LOCKED).of_type("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    [rule] = json.loads(str(lifecycle.inputs["policy"]))["rules"]

    assert rule["selection"]["tagStatus"] == "untagged"


@pytest.mark.parametrize("protection", [LOCKED, UNLOCKED], ids=["mainnet", "testing"])
def test_releases_are_locked_where_data_is(protection: Protection) -> None:
    [repository] = built(protection).of_type(REPOSITORY)
    bucket, held = built(protection).named("distribution-objects-bucket-releases"), protection.protect

    assert repository.inputs["forceDelete"] is not held
    assert bucket.inputs["forceDestroy"] is not held
    assert all((one.protect, one.retain_on_delete) == (held, held) for one in (repository, bucket))


def test_when_the_last_reader_leaves_releases_stay_and_no_policy_names_anybody() -> None:
    args = DistributionArgs(
        placement=placement(), readers=(), images=("teranode",), log_retention_days=30, protection=LOCKED
    )
    left = in_region(lambda opts: Distribution("distribution", args, opts))
    before = {resource.name for resource in built(LOCKED).resources}

    assert before - {resource.name for resource in left.resources} == {"distribution-readers-teranode"}
    policies = [str(one.inputs["policy"]) for one in left.resources if "policy" in one.inputs]
    assert policies
    assert not [text for text in policies if "Readers" in text or any(reader in text for reader in READERS)]


def test_on_mainnet_the_last_tester_is_revoked_and_nothing_with_releases_is_lost(tmp_path: Path) -> None:
    def applied(testers: list[str], baseline: Deployment | None = None) -> Deployment:
        path = settings_file(tmp_path, "mainnet", "mainnet", distribution={"testers": testers})
        return simulate(path, project_dir=ROOT, baseline=baseline).deployment

    before = applied([READERS[0]])
    after = applied([], before)
    step = compare(before, after)

    assert {one.name for one in step.of(Action.DELETE)} == {"distribution-readers-teranode"}
    assert not step.of(Action.REPLACE)
    assert not step.of(Action.CREATE)
    assert {one.name for one in step.of(Action.UPDATE)} == {
        "distribution-objects-bucket-policy-releases",
        "distribution-objects-encryption-key",
    }
    assert refusals(before, after, step, date(2026, 12, 1)) == ()
