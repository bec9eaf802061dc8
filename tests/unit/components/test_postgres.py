"""The Postgres of a region, in both profiles."""

import json
from dataclasses import replace
from functools import cache

import pulumi
import pytest

from components.network import NetworkRef
from components.postgres import AuroraStorage, Postgres, PostgresArgs, PostgresProfile
from components.protection import Protection
from simulator import Simulation
from simulator.compare import Action, compare
from simulator.record import RecordedResource
from simulator.schedule import schedule
from tests.support.builders import LOCKED, UNLOCKED, built_region, in_region, placement, region_args
from tests.support.stacks import at

AURORA, RDS = PostgresProfile.AURORA, PostgresProfile.RDS
PROFILES = list(PostgresProfile)
CLUSTER, MEMBER = "aws:rds/cluster:Cluster", "aws:rds/clusterInstance:ClusterInstance"
INSTANCE = "aws:rds/instance:Instance"
LOG_KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
NODES = "sg-0aaaaaaaaaaaaaaaa"
ZONES = ("eu-west-1b", "eu-west-1c")


def network(zones: tuple[str, ...] = ZONES) -> NetworkRef:
    return NetworkRef(
        vpc_id=pulumi.Output.from_input("vpc-0aaaaaaaaaaaaaaaa"),
        cidr_block="10.16.0.0/16",
        private_subnet_ids={},
        data_subnet_ids={zone: pulumi.Output.from_input(f"subnet-{zone}") for zone in zones},
        public_subnet_ids={},
        peered_route_table_ids={},
        egress=(),
    )


def args(profile: PostgresProfile = AURORA, zones: tuple[str, ...] = ZONES, **changes: object) -> PostgresArgs:
    plain = PostgresArgs(
        placement=placement(),
        network=network(zones),
        client_security_group_id=NODES,
        profile=profile,
        engine_version="17.9",
        instance_class="db.r7g.large",
        standby=True,
        storage_gib=50,
        backup_retention_days=35,
        backup_window="02:00-03:00",
        maintenance_window="thu:04:00-thu:05:00",
        log_retention_days=365,
        log_key_arn=LOG_KEY,
        protection=LOCKED,
    )
    return replace(plain, **changes)


def built(profile: PostgresProfile = AURORA, zones: tuple[str, ...] = ZONES, **changes: object) -> Simulation:
    return in_region(lambda opts: Postgres("pg", args(profile, zones, **changes), opts))


@cache
def plain(profile: PostgresProfile) -> Simulation:
    return built(profile)


def database(simulation: Simulation) -> RecordedResource:
    [found] = [*simulation.of_type(CLUSTER), *simulation.of_type(INSTANCE)]
    return found


def parameters(group: RecordedResource) -> set[tuple[str, str]]:
    listed = group.inputs["parameters"]
    assert isinstance(listed, list)
    return {(str(at(one, "name")), str(at(one, "value"))) for one in listed}


@pytest.mark.parametrize("profile", PROFILES)
def test_nodes_are_the_only_ones_who_reach_the_database_and_it_reaches_nobody(profile: PostgresProfile) -> None:
    simulation = plain(profile)
    [group] = simulation.of_type("aws:ec2/securityGroup:SecurityGroup")
    [ingress] = simulation.of_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    [egress] = simulation.of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")

    assert "ingress" not in group.inputs
    assert "egress" not in group.inputs
    for rule, owner, other in ((ingress, group.id, NODES), (egress, NODES, group.id)):
        assert (rule.inputs["securityGroupId"], rule.inputs["referencedSecurityGroupId"]) == (owner, other)
        assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (5432, 5432, "tcp")
    assert database(simulation).inputs["vpcSecurityGroupIds"] == [group.id]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_administrators_password_never_enters_the_program(profile: PostgresProfile) -> None:
    inputs = database(plain(profile)).inputs

    assert inputs["manageMasterUserPassword"] is True
    assert inputs["masterUserSecretKmsKeyId"] == plain(profile).of_type("aws:kms/key:Key")[0].outputs["arn"]
    assert not {"password", "passwordWo", "masterPassword", "masterPasswordWo"} & set(inputs)
    assert (inputs.get("username") or inputs.get("masterUsername")) == "teranode_admin"
    assert inputs["iamDatabaseAuthenticationEnabled"] is True


@pytest.mark.parametrize("profile", PROFILES)
def test_disks_snapshots_and_insights_are_encrypted_with_a_key_of_their_own(profile: PostgresProfile) -> None:
    [key] = plain(profile).of_type("aws:kms/key:Key")

    assert key.inputs["tags"] == {"Name": "testing-postgres", "data-class": "postgres"}
    assert database(plain(profile)).inputs["storageEncrypted"] is True
    assert database(plain(profile)).inputs["kmsKeyId"] == key.outputs["arn"]
    for server in (*plain(profile).of_type(MEMBER), *plain(profile).of_type(INSTANCE)):
        assert server.inputs["performanceInsightsKmsKeyId"] == key.outputs["arn"]


@pytest.mark.parametrize(
    ("profile", "token", "family"),
    [
        (AURORA, "aws:rds/clusterParameterGroup:ClusterParameterGroup", "aurora-postgresql17"),
        (RDS, "aws:rds/parameterGroup:ParameterGroup", "postgres17"),
    ],
)
def test_tls_is_forced_by_a_parameter_group_named_by_its_family(
    profile: PostgresProfile, token: str, family: str
) -> None:
    [group] = plain(profile).of_type(token)

    assert group.name.endswith(f"-{family}")
    assert group.inputs["family"] == family
    assert parameters(group) >= {("rds.force_ssl", "1"), ("log_statement", "ddl")}


def test_a_new_major_makes_its_parameter_group_beside_the_old_one_and_upgrades_in_place() -> None:
    before = built(RDS).deployment
    result = compare(before, built(RDS, engine_version="18.3").deployment)

    assert {change.name for change in result.of(Action.CREATE)} == {"pg-rds-parameters-postgres18"}
    assert {change.name for change in result.of(Action.UPDATE)} == {"pg-rds-instance"}
    assert not result.of(Action.REPLACE)


@pytest.mark.parametrize("profile", PROFILES)
def test_what_a_stack_file_can_say_changes_in_place(profile: PostgresProfile) -> None:
    changes: dict[str, object] = {"instance_class": "db.r8g.large", "backup_retention_days": 20, "storage_gib": 60}
    if profile is AURORA:
        changes["aurora_storage"] = AuroraStorage.IO_OPTIMIZED
    result = compare(built(profile).deployment, built(profile, ZONES, **changes).deployment)

    assert result.of(Action.UPDATE)
    assert not result.of(Action.REPLACE)
    assert not result.of(Action.DELETE)


def test_auroras_instances_sit_in_different_zones_which_the_cluster_does_not_name() -> None:
    members = plain(AURORA).of_type(MEMBER)

    assert [member.inputs["availabilityZone"] for member in members] == list(ZONES)
    assert [member.inputs["promotionTier"] for member in members] == [0, 1]
    assert "availabilityZones" not in database(plain(AURORA)).inputs


def test_a_zone_that_joins_the_region_moves_no_instance() -> None:
    grown = built(AURORA, ("eu-west-1a", *ZONES))
    result = compare(built(AURORA).deployment, grown.deployment)

    assert {change.name for change in result.changed} == {"pg-subnet-group"}


@pytest.mark.parametrize(("standby", "members"), [(True, 2), (False, 1)])
def test_a_standby_is_a_second_instance_or_a_second_zone(*, standby: bool, members: int) -> None:
    assert len(built(AURORA, standby=standby).of_type(MEMBER)) == members
    assert database(built(RDS, standby=standby)).inputs["multiAz"] is standby


@pytest.mark.parametrize(("choice", "storage"), [(AuroraStorage.STANDARD, "aurora"), ("ioOptimized", "aurora-iopt1")])
def test_auroras_storage_can_be_io_optimised(choice: str, storage: str) -> None:
    assert database(built(AURORA, aurora_storage=AuroraStorage(choice))).inputs["storageType"] == storage


def test_a_plain_disk_is_gp3_and_may_grow() -> None:
    inputs = database(plain(RDS)).inputs

    assert (inputs["storageType"], inputs["allocatedStorage"], inputs["maxAllocatedStorage"]) == ("gp3", 50, 200)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_three_locks_hold_a_database_where_the_environment_says_so(
    profile: PostgresProfile, protection: Protection, *, locked: bool
) -> None:
    simulation = built(profile, protection=protection)
    found = database(simulation)

    assert {(held.protect, held.retain_on_delete) for held in (found, *simulation.of_type(MEMBER))} == {
        (locked, locked)
    }
    assert found.inputs["deletionProtection"] is locked
    assert found.inputs["skipFinalSnapshot"] is not locked
    assert found.inputs["deleteAutomatedBackups"] is not locked
    assert found.inputs.get("finalSnapshotIdentifier") == ("testing-postgres-final" if locked else None)


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_restarts_or_upgrades_a_database_by_itself(profile: PostgresProfile) -> None:
    for resource in (database(plain(profile)), *plain(profile).of_type(MEMBER)):
        assert resource.inputs["engineVersion"] == "17.9"
        assert resource.inputs["applyImmediately"] is False
    for server in (*plain(profile).of_type(INSTANCE), *plain(profile).of_type(MEMBER)):
        assert server.inputs["autoMinorVersionUpgrade"] is False


@pytest.mark.parametrize(("profile", "kind"), [(AURORA, "cluster"), (RDS, "instance")])
def test_server_logs_go_to_groups_that_were_made_with_key_and_expiry(profile: PostgresProfile, kind: str) -> None:
    groups = plain(profile).of_type("aws:cloudwatch/logGroup:LogGroup")
    exports = database(plain(profile)).inputs["enabledCloudwatchLogsExports"]

    assert isinstance(exports, list)
    assert {str(group.inputs["name"]) for group in groups} == {
        f"/aws/rds/{kind}/testing-postgres/{log}" for log in exports
    }
    assert all((group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (LOG_KEY, 365) for group in groups)
    assert {group.urn for group in groups} <= set(database(plain(profile)).dependencies)


def test_rds_takes_the_monitoring_role_for_this_accounts_database_only() -> None:
    [role] = plain(RDS).of_type("aws:iam/role:Role")
    [statement] = json.loads(str(role.inputs["assumeRolePolicy"]))["Statement"]

    assert statement["Principal"] == {"Service": "monitoring.rds.amazonaws.com"}
    assert statement["Condition"]["ArnLike"] == {
        "aws:SourceArn": "arn:aws:rds:eu-west-1:111122223333:db:testing-postgres*"
    }


@pytest.mark.parametrize("profile", PROFILES)
def test_the_endpoint_says_where_the_database_answers_and_when(profile: PostgresProfile) -> None:
    seen: dict[str, object] = {}
    made: list[Postgres] = []

    def program(opts: pulumi.ResourceOptions) -> None:
        postgres = Postgres("pg", args(profile), opts)
        made.append(postgres)
        endpoint = postgres.endpoint
        pulumi.Output.all(endpoint.host, endpoint.port, endpoint.secret_arn).apply(
            lambda parts: seen.update(zip(("host", "port", "secret"), parts, strict=True))
        )

    simulation = in_region(program)
    found = database(simulation)

    assert seen["host"] == found.outputs["address" if profile is RDS else "endpoint"]
    assert seen["port"] == 5432
    assert str(seen["secret"]).startswith("arn:aws:secretsmanager:eu-west-1:111122223333:secret:rds!")
    assert made[0].endpoint.scheme == "postgres"
    assert len(made[0].endpoint.ready) == (5 if profile is AURORA else 3)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_database_is_made_beside_the_control_plane(profile: PostgresProfile) -> None:
    choice = replace(region_args().postgres, profile=profile, instance_class="db.t4g.medium")
    simulation = built_region(postgres=choice)
    graph = {resource.urn: resource for resource in simulation.resources}
    [control_plane] = simulation.of_type("aws:eks/cluster:Cluster")
    own = [resource for resource in simulation.resources if "$teranode:postgres:" in resource.urn and resource.custom]

    def needed(urn: str, seen: set[str]) -> set[str]:
        for other in graph[urn].dependencies:
            if other not in seen:
                seen.add(other)
                needed(other, seen)
        return seen

    assert own
    assert all(control_plane.urn not in needed(resource.urn, set()) for resource in own)
    assert schedule(simulation.deployment).total_s == schedule(built_region().deployment).total_s


@pytest.mark.parametrize(
    ("zones", "version", "words"), [(ZONES[:1], "17.9", "two zones"), (ZONES, "17", "'17' is not of the form")]
)
def test_a_database_needs_two_zones_and_an_exact_version(zones: tuple[str, ...], version: str, words: str) -> None:
    def refused(_: pulumi.ResourceOptions) -> None:
        with pytest.raises(ValueError, match=words):
            args(zones=zones, engine_version=version)

    in_region(refused)
