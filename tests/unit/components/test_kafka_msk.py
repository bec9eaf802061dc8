"""Kafka by MSK."""

from dataclasses import replace

import pytest

from components.kafka import KafkaProfile
from components.protection import Protection
from simulator.compare import compare
from simulator.schedule import schedule
from tests.support.builders import (
    LOCKED,
    UNLOCKED,
    built_region,
    region_args,
)
from tests.support.stacks import at
from tests.unit.components.kafka_profiles import LOG_KEY, MSK, MSK_CLUSTER, NODES, ZONES, built, plain, the


def test_nodes_are_the_only_ones_who_reach_msk_and_it_reaches_nobody() -> None:
    group = the(plain(MSK), "aws:ec2/securityGroup:SecurityGroup")
    ingress = the(plain(MSK), "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    egress = the(plain(MSK), "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")

    for rule, owner, other in ((ingress, group.id, NODES), (egress, NODES, group.id)):
        assert (rule.inputs["securityGroupId"], rule.inputs["referencedSecurityGroupId"]) == (owner, other)
        assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (9094, 9094, "tcp")
    assert at(the(plain(MSK), MSK_CLUSTER).inputs, "brokerNodeGroupInfo.securityGroups") == [group.id]


def test_msk_speaks_tls_only_and_encrypts_disks_with_a_key_of_its_own() -> None:
    cluster, key = the(plain(MSK), MSK_CLUSTER).inputs, the(plain(MSK), "aws:kms/key:Key")

    assert at(cluster, "encryptionInfo.encryptionInTransit") == {"clientBroker": "TLS", "inCluster": True}
    assert at(cluster, "encryptionInfo.encryptionAtRestKmsKeyArn") == key.outputs["arn"]
    assert cluster["clientAuthentication"] == {"unauthenticated": True}
    assert at(cluster, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type") == "DISABLED"


def test_msks_version_is_pinned_and_its_settings_and_logs_are_its_own() -> None:
    cluster, group = the(plain(MSK), MSK_CLUSTER).inputs, the(plain(MSK), "aws:cloudwatch/logGroup:LogGroup")

    assert cluster["kafkaVersion"] == "4.1.x.kraft"
    assert cluster["enhancedMonitoring"] == "PER_BROKER"
    assert at(cluster, "loggingInfo.brokerLogs.cloudwatchLogs") == {"enabled": True, "logGroup": group.inputs["name"]}
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (LOG_KEY, 365)
    configuration = the(plain(MSK), "aws:msk/configuration:Configuration")
    assert at(cluster, "configurationInfo.arn") == configuration.outputs["arn"]


def test_a_zone_that_joins_the_region_moves_no_broker() -> None:
    before = built(MSK, ZONES[1:], brokers=6)

    assert not compare(before.deployment, built(MSK, ZONES, brokers=6).deployment).changed


def test_what_takes_msk_long_is_waited_for() -> None:
    timeouts = the(plain(MSK), MSK_CLUSTER).custom_timeouts

    assert timeouts is not None
    assert (timeouts.create, timeouts.update, timeouts.delete) == ("90m", "240m", "90m")


@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_msk_and_its_key_are_locked_where_the_environment_says_so(protection: Protection, *, locked: bool) -> None:
    simulation = built(MSK, protection=protection)

    for held in (the(simulation, MSK_CLUSTER), the(simulation, "aws:kms/key:Key")):
        assert (held.protect, held.retain_on_delete) == (locked, locked)


@pytest.mark.parametrize("profile", [MSK])
def test_msk_is_made_beside_the_control_plane(profile: KafkaProfile) -> None:
    simulation = built_region(kafka=replace(region_args().kafka, profile=profile))
    graph = {resource.urn: resource for resource in simulation.resources}
    [control_plane] = simulation.of_type("aws:eks/cluster:Cluster")
    own = [resource for resource in simulation.resources if "$teranode:kafka:" in resource.urn and resource.custom]

    def needed(urn: str, seen: set[str]) -> set[str]:
        for other in graph[urn].dependencies:
            if other not in seen:
                seen.add(other)
                needed(other, seen)
        return seen

    assert own
    assert all(control_plane.urn not in needed(resource.urn, set()) for resource in own)
    assert schedule(simulation.deployment).total_s < 35 * 60
