"""The alarms of a region: what is watched, from which value on, and who is told."""

import json
from functools import cache

import pytest

from components.alarms import Alarms, AlarmsArgs, Watch, database_watches, efs_watches, lustre_watches
from components.alarms.watches import max_connections
from components.files import FilesProfile, LustreSize
from components.postgres import PostgresProfile
from components.watched import WatchedDatabase, WatchedEfs, WatchedLustre
from simulator import Simulation
from simulator.record import RecordedResource
from tests.support.builders import ACCOUNT, LOCKED, built_region, in_region, placement, region_args
from tests.support.stacks import STACKS, at, evaluated

GIB = 1024**3
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
EVENTS = "aws:rds/eventSubscription:EventSubscription"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
LUSTRE = WatchedLustre(file_system_id="fs-1", capacity_gib=1_200)
EFS = WatchedEfs(file_system_id="fs-2")
PUBLISHERS = {"cloudwatch.amazonaws.com", "events.rds.amazonaws.com", "events.amazonaws.com"}
GATEWAYS = {"eu-west-1a": "nat-0a", "eu-west-1b": "nat-0b"}


def rds(*, burstable: bool = False) -> WatchedDatabase:
    return WatchedDatabase(servers={"instance": "pg"}, cluster=None, storage_gib=50, burstable=burstable)


def aurora(*members: str) -> WatchedDatabase:
    return WatchedDatabase(
        servers={member: f"pg-{member}" for member in members},
        cluster="pg",
        storage_gib=None,
        burstable=False,
    )


def by_name(watches: tuple[Watch, ...]) -> dict[str, Watch]:
    return {watch.name: watch for watch in watches}


def built(
    database: WatchedDatabase,
    files: WatchedLustre | WatchedEfs | None,
    email: str | None,
    workspace_arn: str | None = None,
) -> Simulation:
    args = AlarmsArgs(
        placement=placement(),
        email=email,
        database=database,
        database_memory_gib=16,
        files=files,
        cluster="testing-eu-west-1",
        nat_gateways=GATEWAYS,
        workspace_arn=workspace_arn,
        copied=False,
        protection=LOCKED,
    )
    return in_region(lambda opts: Alarms("alarms", args, opts))


def namespaces(alarm: RecordedResource) -> set[str]:
    """Of the one metric that an alarm reads, or of all."""
    if "namespace" in alarm.inputs:
        return {str(alarm.inputs["namespace"])}
    queries = alarm.inputs["metricQueries"]
    assert isinstance(queries, list)
    return {str(at(query, "metric.namespace")) for query in queries if isinstance(query, dict) and "metric" in query}


@cache
def region(profile: PostgresProfile, files: FilesProfile) -> Simulation:
    args = region_args()
    return built_region(
        postgres=at_profile(args.postgres, profile),
        files=type(args.files)(
            **{
                **vars(args.files),
                "profile": files,
                "lustre": LustreSize(capacity_gib=1_200, throughput_mbps_per_tib=250)
                if files is FilesProfile.LUSTRE
                else None,
            }
        ),
    )


def at_profile(choice: object, profile: PostgresProfile) -> object:
    return type(choice)(**{**vars(choice), "profile": profile})


@pytest.mark.parametrize(
    ("name", "metric", "comparison", "threshold", "seconds"),
    [
        ("instance-cpu", "CPUUtilization", "GreaterThanThreshold", 90, 300),
        ("instance-connections", "DatabaseConnections", "GreaterThanThreshold", 1441, 300),
        ("instance-memory", "FreeableMemory", "LessThanThreshold", int(0.8 * GIB), 900),
        ("instance-storage", "FreeStorageSpace", "LessThanThreshold", 5 * GIB, 900),
        ("instance-burst-bytes", "EBSByteBalance%", "LessThanThreshold", 10, 900),
        ("instance-burst-operations", "EBSIOBalance%", "LessThanThreshold", 10, 900),
        ("instance-credits", "CPUSurplusCreditsCharged", "GreaterThanThreshold", 0, 3600),
    ],
)
def test_an_rds_instance_is_watched(name: str, metric: str, comparison: str, threshold: int, seconds: int) -> None:
    watch = by_name(database_watches(rds(burstable=True), 16))[name]

    assert (watch.namespace, watch.metric, watch.comparison) == ("AWS/RDS", metric, comparison)
    assert watch.threshold == threshold
    assert watch.periods * watch.period_seconds == seconds
    assert set(watch.dimensions) == {"DBInstanceIdentifier"}


def test_only_classes_with_credits_have_an_alarm_on_them() -> None:
    assert "instance-credits" not in by_name(database_watches(rds(), 16))


def test_every_instance_of_aurora_is_watched_its_storage_is_not_and_the_readers_lag_is() -> None:
    watches = by_name(database_watches(aurora("primary", "standby"), 16))

    assert set(watches) == {
        *(f"{member}-{what}" for member in ("primary", "standby") for what in ("cpu", "connections", "memory")),
        "replica-lag",
    }
    assert watches["replica-lag"].metric == "AuroraReplicaLag"
    assert watches["replica-lag"].threshold == 1_000
    assert watches["replica-lag"].dimensions["Role"] == "READER"


def test_without_a_standby_nothing_lags() -> None:
    assert "replica-lag" not in by_name(database_watches(aurora("primary"), 16))


def test_connections_are_limited_by_memory_and_never_more_than_5000() -> None:
    assert max_connections(4) == 450
    assert max_connections(512) == 5_000


def test_a_dead_server_goes_off_once() -> None:
    watches = (*database_watches(rds(burstable=True), 16), *lustre_watches(LUSTRE), *efs_watches(EFS))

    assert [watch.name for watch in watches if watch.silence == "breaching"] == ["instance-cpu"]


def test_lustre_goes_off_before_it_is_full_and_efs_at_its_limit() -> None:
    [lustre], [efs] = lustre_watches(LUSTRE), efs_watches(EFS)

    assert (lustre.metric, lustre.statistic, lustre.period_seconds) == ("FreeDataStorageCapacity", "Sum", 60)
    assert lustre.threshold == 180 * GIB
    assert (efs.metric, efs.comparison, efs.threshold) == ("PercentIOLimit", "GreaterThanOrEqualToThreshold", 100)


@pytest.mark.parametrize("files", FilesProfile)
@pytest.mark.parametrize("profile", PostgresProfile)
def test_every_alarm_of_a_region_tells_its_topic_and_says_where_it_is(
    profile: PostgresProfile, files: FilesProfile
) -> None:
    simulation = region(profile, files)
    [topic] = simulation.of_type("aws:sns/topic:Topic")
    alarms = simulation.of_type(ALARM)

    assert all(alarm.inputs["alarmActions"] == alarm.inputs["okActions"] == [topic.id] for alarm in alarms)
    assert all(str(alarm.inputs["alarmDescription"]).startswith("testing, eu-west-1: ") for alarm in alarms)
    assert {namespace for alarm in alarms for namespace in namespaces(alarm)} == {
        "AWS/EKS",
        "AWS/NATGateway",
        "AWS/RDS",
        "AWS/FSx" if files is FilesProfile.LUSTRE else "AWS/EFS",
    }


def test_alarms_name_the_servers_of_the_database() -> None:
    simulation = region(PostgresProfile.AURORA, FilesProfile.LUSTRE)
    named = {
        at(alarm.inputs["dimensions"], "DBInstanceIdentifier")
        for alarm in simulation.of_type(ALARM)
        if alarm.inputs.get("metricName") == "CPUUtilization"
    }

    assert named == {one.id for one in simulation.of_type("aws:rds/clusterInstance:ClusterInstance")}


def test_events_of_an_instance_and_of_a_cluster_are_told() -> None:
    of_rds = built(rds(), None, None).of_type(EVENTS)
    of_aurora = {
        str(one.inputs["sourceType"]): one.inputs for one in built(aurora("a", "b"), None, None).of_type(EVENTS)
    }

    assert [one.inputs["sourceType"] for one in of_rds] == ["db-instance"]
    assert of_rds[0].inputs["eventCategories"] == [
        "availability",
        "failover",
        "failure",
        "low storage",
        "maintenance",
        "notification",
    ]
    assert of_aurora["db-cluster"]["sourceIds"] == ["pg"]
    assert of_aurora["db-instance"]["sourceIds"] == ["pg-a", "pg-b"]
    assert of_aurora["db-cluster"]["eventCategories"] == ["failover", "failure", "maintenance", "notification"]


def test_cloudwatch_and_rds_publish_and_use_the_key_for_this_account_only() -> None:
    simulation = built(rds(), None, None)
    [key], [topic] = simulation.of_type("aws:kms/key:Key"), simulation.of_type("aws:sns/topic:Topic")
    [policy] = simulation.of_type("aws:sns/topicPolicy:TopicPolicy")
    own = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    rules = {"ArnLike": {"aws:SourceArn": f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/*"}}

    assert topic.inputs["kmsMasterKeyId"] == key.outputs["arn"]
    for document, action in ((key.inputs["policy"], "kms:GenerateDataKey*"), (policy.inputs["policy"], "sns:Publish")):
        services = [one for one in json.loads(str(document))["Statement"] if "Service" in one["Principal"]]
        assert {one["Principal"]["Service"] for one in services} == PUBLISHERS
        assert all(action in one["Action"] for one in services)
        assert all(one["Condition"] in (own, rules) for one in services)
    [denied] = [one for one in json.loads(str(policy.inputs["policy"]))["Statement"] if one["Effect"] == "Deny"]
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_rds_is_let_in_before_it_is_asked_to_tell() -> None:
    simulation = built(rds(), None, None)
    [policy] = simulation.of_type("aws:sns/topicPolicy:TopicPolicy")

    assert all(policy.urn in one.dependencies for one in simulation.of_type(EVENTS))


def test_a_message_goes_to_the_address_that_is_given_and_to_nobody_else() -> None:
    [told] = built(rds(), None, "devops@example.org").of_type(SUBSCRIPTION)

    assert (told.inputs["protocol"], told.inputs["endpoint"]) == ("email", "devops@example.org")
    assert built(rds(), None, None).of_type(SUBSCRIPTION) == []


@pytest.mark.parametrize(("stack", "regions_told"), [("testing", 0), ("mainnet", 1)])
def test_the_owner_is_told_on_mainnet_and_nobody_in_testing(stack: str, regions_told: int) -> None:
    assert len(evaluated(stack).of_type(SUBSCRIPTION)) == regions_told
    assert stack in STACKS


def test_a_lustre_file_system_of_a_miners_own_is_watched_too() -> None:
    [lustre] = evaluated("mainnet").of_type("aws:fsx/lustreFileSystem:LustreFileSystem")
    [alarm] = [one for one in evaluated("mainnet").of_type(ALARM) if one.inputs.get("namespace") == "AWS/FSx"]

    assert at(alarm.inputs["dimensions"], "FileSystemId") == lustre.id
    assert alarm.urn.rsplit("::", 1)[-1] == "miner-1-alarms-lustre-capacity"
