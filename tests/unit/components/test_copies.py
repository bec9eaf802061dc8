"""Copies of backups: locked, in another region, of everything that the environment backs up."""

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pulumi
import pytest

from components.copies import CopySite, CopySiteArgs, CopySiteRef, RegionCopies, RegionCopiesArgs
from components.objects import Objects, ObjectsArgs, Purpose
from components.protection import Protection
from simulator import Simulation, simulate_program
from simulator.compare import compare
from tests.support.builders import ACCOUNT, LOCKED, UNLOCKED, placement, provider
from tests.support.events import matches
from tests.support.stacks import at, evaluated

THERE = "eu-central-1"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"
COPIED = f"arn:aws:rds:eu-west-1:{ACCOUNT}:cluster:testing-postgres"


@cache
def built(protection: Protection = LOCKED, retention_days: int = 35) -> Simulation:
    def program() -> None:
        site = CopySite(
            "site",
            CopySiteArgs(
                placement=placement(THERE),
                retention_days=retention_days,
                log_retention_days=365,
                protection=protection,
            ),
            opts=pulumi.ResourceOptions(providers=[provider(THERE)]),
        )
        here = pulumi.ResourceOptions(providers=[provider()])
        args = ObjectsArgs(placement=placement(), log_retention_days=365, protection=protection)
        objects = Objects("objects", args, opts=here)
        RegionCopies("here", _copies(site.ref, objects, site, protection), opts=here)

    return simulate_program(program)


def _copies(
    site: CopySiteRef, objects: Objects, topic_ready: pulumi.Resource, protection: Protection
) -> RegionCopiesArgs:
    return RegionCopiesArgs(
        placement=placement(),
        site=site,
        resources=(COPIED,),
        backups=objects.buckets[Purpose.BACKUPS],
        topic_arn=TOPIC,
        topic_ready=topic_ready,
        protection=protection,
    )


def rule_of(resource: str) -> dict[str, Any]:
    rules = built().named(resource).inputs["rules"]
    assert isinstance(rules, list)
    [rule] = rules
    assert isinstance(rule, dict)
    return rule


def statements(resource: str) -> dict[str, dict[str, Any]]:
    document = json.loads(str(built().named(resource).inputs["policy"]))
    return {statement["Sid"]: statement for statement in document["Statement"]}


def test_a_recovery_point_is_made_every_day_and_copied_to_the_vault_of_the_other_region() -> None:
    rule = rule_of("here-plan")
    [copy] = rule["copyActions"]

    assert rule["schedule"] == "cron(0 7 * * ? *)"
    assert rule["lifecycle"] == {"deleteAfter": 7}
    assert copy == {
        "destinationVaultArn": f"arn:aws:backup:{THERE}:{ACCOUNT}:backup-vault:testing-copies",
        "lifecycle": {"deleteAfter": 35},
    }


def test_only_what_carries_the_environments_tag_is_selected() -> None:
    selection = built().named("here-selection").inputs

    assert selection["resources"] == [COPIED]
    assert selection["conditions"] == [{"stringEquals": [{"key": "aws:ResourceTag/environment", "value": "testing"}]}]


@pytest.mark.parametrize(("vault", "least_days"), [("here-vault-lock", 7), ("site-vault-lock", 30)])
def test_vaults_are_locked_where_the_environment_protects_its_data(vault: str, least_days: int) -> None:
    lock = built().named(vault)

    assert lock.inputs["minRetentionDays"] == least_days
    assert "changeableForDays" not in lock.inputs, "a lock of compliance can never be lifted"
    assert lock.delete_before_replace
    assert built(UNLOCKED).of_type(lock.type) == []


@pytest.mark.parametrize("vault", ["here-vault-vault", "site-vault-vault"])
def test_a_vault_is_held_as_a_bucket_is(vault: str) -> None:
    locked, unlocked = built().named(vault), built(UNLOCKED).named(vault)

    assert (locked.protect, locked.retain_on_delete, locked.inputs["forceDestroy"]) == (True, True, False)
    assert (unlocked.protect, unlocked.retain_on_delete, unlocked.inputs["forceDestroy"]) == (False, False, True)


def test_the_bucket_of_copies_is_locked_logged_and_ends_copies_by_their_age() -> None:
    [expiry] = built().named("site-objects-lifecycle-copies").inputs["rules"]  # type: ignore[misc]

    assert isinstance(expiry, dict)
    assert expiry["expiration"] == {"days": 35}
    assert built().named("site-objects-object-lock-copies").inputs["rule"] == {
        "defaultRetention": {"mode": "GOVERNANCE", "days": 30}
    }
    assert (
        built().named("site-objects-logging-copies").inputs["targetBucket"]
        == (built().named("site-objects-bucket-logs").outputs["bucket"])
    )


def test_s3_copies_encrypted_objects_and_no_deletion() -> None:
    rule = rule_of("here-replication")
    copies = built().named("site-objects-bucket-copies").outputs["arn"]
    key = built().named("site-objects-encryption-key").outputs["arn"]

    assert rule["deleteMarkerReplication"] == {"status": "Disabled"}
    assert rule["sourceSelectionCriteria"] == {"sseKmsEncryptedObjects": {"status": "Enabled"}}
    assert rule["destination"] == {
        "bucket": copies,
        "storageClass": "STANDARD_IA",
        "encryptionConfiguration": {"replicaKmsKeyId": key},
        "metrics": {"status": "Enabled"},
    }


def test_what_is_copied_waits_for_versions_and_locks_of_both_buckets() -> None:
    waits = set(built().named("here-replication").dependencies)
    needed = ("objects-versioning-backups", "objects-object-lock-backups", "site-objects-versioning-copies")

    assert {built().named(name).urn for name in (*needed, "site-objects-object-lock-copies")} <= waits


def test_the_copier_reads_here_writes_there_and_deletes_nowhere() -> None:
    found = statements("here-replication-policy")
    here = str(built().named("objects-bucket-backups").outputs["arn"])
    there = str(built().named("site-objects-bucket-copies").outputs["arn"])
    actions = {action for one in found.values() for action in one["Action"]}

    assert found["ReadVersions"]["Resource"] == f"{here}/*"
    assert {"s3:GetObjectRetention", "s3:GetObjectLegalHold"} <= set(found["ReadVersions"]["Action"])
    assert found["WriteCopies"]["Resource"] == f"{there}/*"
    assert not any("Delete" in action for action in actions)
    assert found["Unseal"]["Condition"]["StringEquals"]["kms:ViaService"] == "s3.eu-west-1.amazonaws.com"
    assert found["Seal"]["Condition"]["StringEquals"]["kms:ViaService"] == f"s3.{THERE}.amazonaws.com"


def job(kind: str, state: str, vault: str = "testing-backups") -> dict[str, object]:
    """As AWS Backup sends it (developer guide, "Monitoring AWS Backup events using Amazon EventBridge")."""
    key, value = (
        ("backupVaultName", vault)
        if kind == "Backup"
        else ("sourceBackupVaultArn", f"arn:aws:backup:eu-west-1:{ACCOUNT}:backup-vault:{vault}")
    )
    detail = {"state": state, "resourceArn": COPIED, key: value}
    return {"source": "aws.backup", "detail-type": f"{kind} Job State Change", "detail": detail}


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (job("Backup", "FAILED"), {"backups"}),
        (job("Backup", "EXPIRED"), {"backups"}),
        (job("Backup", "COMPLETED"), set()),
        (job("Backup", "FAILED", vault="dev-backups"), set()),
        (job("Copy", "FAILED"), {"copies"}),
        (job("Copy", "RUNNING"), set()),
        (job("Copy", "FAILED", vault="dev-backups"), set()),
    ],
)
def test_a_job_that_has_not_done_its_work_is_told_of(event: dict[str, object], heard: set[str]) -> None:
    rules = built().of_type("aws:cloudwatch/eventRule:EventRule")
    patterns = {rule.name.split("-")[2]: json.loads(str(rule.inputs["eventPattern"])) for rule in rules}

    assert set(patterns) == {"backups", "copies"}
    assert {what for what, pattern in patterns.items() if matches(event, pattern)} == heard


def test_messages_of_failed_jobs_go_to_the_topic_and_name_the_runbook() -> None:
    targets = built().of_type("aws:cloudwatch/eventTarget:EventTarget")

    assert len(targets) == 2
    for target in targets:
        assert target.inputs["arn"] == TOPIC
        assert "docs/runbooks/alerts.md#backupfailed" in str(at(target.inputs, "inputTransformer.inputTemplate"))


def test_s3_tells_the_topic_what_it_could_not_copy() -> None:
    notification = built().named("here-failures-replication")
    bucket = built().named("objects-bucket-backups").outputs["bucket"]

    assert notification.inputs["bucket"] == bucket
    assert notification.inputs["topics"] == [
        {"id": "replication", "topicArn": TOPIC, "events": ["s3:Replication:OperationFailedReplication"]}
    ]


def test_s3_is_told_to_once_it_may_publish() -> None:
    """S3 refuses a topic that does not let it publish."""
    stack = evaluated("mainnet")
    waits = stack.named("eu-west-1-copies-failures-replication").dependencies

    assert stack.named("eu-west-1-alarms-topic-policy").urn in waits


def test_two_days_without_a_recovery_point_are_an_alarm() -> None:
    [alarm] = built().of_type("aws:cloudwatch/metricAlarm:MetricAlarm")

    assert alarm.inputs["dimensions"] == {"BackupVaultName": "testing-backups"}
    assert (alarm.inputs["period"], alarm.inputs["evaluationPeriods"]) == (24 * 3600, 2)
    assert alarm.inputs["treatMissingData"] == "breaching", "a plan that selects nothing makes no job that could fail"


def test_on_mainnet_s3_may_publish_to_the_topic_and_use_its_key_and_on_testing_not() -> None:
    def admitted(stack: str, name: str) -> bool:
        return "s3.amazonaws.com" in str(evaluated(stack).named(name).inputs["policy"])

    for name in ("eu-west-1-alarms-topic-policy", "eu-west-1-alarms-encryption-key"):
        assert admitted("mainnet", name)
        assert not admitted("testing", name)


def test_a_longer_retention_replaces_nothing() -> None:
    changed = compare(built().deployment, built(retention_days=90).deployment).changed

    assert {(change.name, str(change.action)) for change in changed} == {
        ("here-plan", "update"),
        ("site-objects-lifecycle-copies", "update"),
    }


def test_copies_in_the_region_itself_are_refused() -> None:
    def program() -> None:
        here = pulumi.ResourceOptions(providers=[provider()])
        objects = Objects(
            "objects", ObjectsArgs(placement=placement(), log_retention_days=365, protection=LOCKED), opts=here
        )
        site = CopySite(
            "site",
            CopySiteArgs(placement=placement(), retention_days=35, log_retention_days=365, protection=LOCKED),
            opts=here,
        )
        with pytest.raises(ValueError, match="would lie in eu-west-1 itself"):
            replace(_copies(replace(site.ref, region=THERE), objects, site, LOCKED), site=site.ref)

    simulate_program(program)


@pytest.mark.parametrize("purposes", [(Purpose.COPIES,), (Purpose.COPIES, Purpose.LOGS), (Purpose.ARCHIVE,)])
def test_buckets_that_do_not_go_together_are_refused(purposes: tuple[Purpose, ...]) -> None:
    with pytest.raises(ValueError, match="bucket"):
        ObjectsArgs(placement=placement(), log_retention_days=365, protection=LOCKED, purposes=purposes)


def test_mainnet_copies_what_each_of_its_file_systems_and_its_database_hold() -> None:
    stack = evaluated("mainnet")
    selected = stack.named("eu-west-1-copies-selection").inputs["resources"]
    database = stack.named("eu-west-1-postgres-aurora-cluster").outputs["arn"]

    assert isinstance(selected, list)
    assert database in selected
    assert "arn:aws:fsx:eu-west-1:444455556666:file-system/*" in selected


def test_nothing_but_copies_waits_for_the_other_region() -> None:
    stack = evaluated("mainnet")
    there = {resource.urn for resource in stack.resources if resource.name.startswith("eu-central-1-")}
    waiting = {one.name for one in stack.resources if one.urn not in there and there & set(one.dependencies)}

    assert there
    assert waiting == {"eu-west-1-copies-plan", "eu-west-1-copies-replication", "eu-west-1-copies-replication-policy"}


def test_testing_keeps_no_copies() -> None:
    assert not evaluated("testing").of_type("aws:backup/vault:Vault")
