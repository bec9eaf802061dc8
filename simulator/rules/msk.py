"""What MSK enforces: names, zones of brokers, versions, revisions of configurations, disks that only grow."""

import re

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at

SUPPORTED_VERSIONS = frozenset({"3.7.x.kraft", "3.8.x.kraft", "3.9.x.kraft", "4.0.x.kraft", "4.1.x.kraft"})
"""Versions of Standard brokers in KRaft mode. Source: MSK developer guide, "Supported Apache Kafka versions"; 2026."""

_WRITE = (Operation.CREATE, Operation.UPDATE)
_ZONES = (2, 3)
_SUBNETS = "brokerNodeGroupInfo.clientSubnets"
_VOLUME = "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"
_MAX_VOLUME_GIB = 16_384

book = RuleBook()


@book.rule("kafka-name-pattern", "BadRequestException", t.KAFKA_CLUSTER)
def _name_pattern(attempt: Attempt) -> str | None:
    if re.fullmatch(r"[0-9A-Za-z][0-9A-Za-z-]{0,63}", attempt.text("clusterName")):
        return None
    return "The parameter value contains one or more characters that are not valid: clusterName"


@book.rule("kafka-name", "ConflictException", t.KAFKA_CLUSTER)
def _name(attempt: Attempt) -> str | None:
    name = attempt.text("clusterName")
    return f"A cluster named {name} already exists." if attempt.find(t.KAFKA_CLUSTER, clusterName=name) else None


@book.rule("kafka-configuration-name", "ConflictException", t.KAFKA_CONFIGURATION)
def _configuration_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    return f"A configuration named {name} already exists." if attempt.find(t.KAFKA_CONFIGURATION, name=name) else None


@book.rule("kafka-subnets", "BadRequestException", t.KAFKA_CLUSTER)
def _subnets(attempt: Attempt) -> str | None:
    named = attempt.texts(_SUBNETS)
    found = [attempt.lookup(t.SUBNET, subnet) for subnet in named]
    zones = {zone for subnet in found if subnet for zone in texts_at(subnet.inputs, "availabilityZone")}
    if len(named) in _ZONES and len(zones) == len(named):
        return None
    return "Specify either two or three client subnets, each of them in a different Availability Zone."


@book.rule("kafka-brokers", "BadRequestException", t.KAFKA_CLUSTER, *_WRITE)
def _broker_count(attempt: Attempt) -> str | None:
    brokers, zones = attempt.inputs.get("numberOfBrokerNodes"), len(attempt.texts(_SUBNETS))
    if isinstance(brokers, (int, float)) and zones and (brokers < zones or brokers % zones):
        return "The number of broker nodes must be a multiple of Availability Zones in the Client Subnets parameter."
    return None


@book.rule("kafka-version", "BadRequestException", t.KAFKA_CLUSTER, *_WRITE)
def _version(attempt: Attempt) -> str | None:
    version = attempt.text("kafkaVersion")
    if version in SUPPORTED_VERSIONS:
        return None
    return f"Unsupported KafkaVersion [{version}]. Valid values: [{', '.join(sorted(SUPPORTED_VERSIONS))}]"


@book.rule("kafka-volume", "BadRequestException", t.KAFKA_CLUSTER, *_WRITE)
def _volume(attempt: Attempt) -> str | None:
    size, before = attempt.text(_VOLUME), attempt.before(_VOLUME)
    if size and not 1 <= float(size) <= _MAX_VOLUME_GIB:
        return f"The volume size must be between 1 and {_MAX_VOLUME_GIB} GiB."
    if size and before and float(size) < float(before):
        return "The target volume size must be larger than the current one."
    return None


@book.rule("kafka-revision", "BadRequestException", t.KAFKA_CLUSTER, *_WRITE)
def _revision(attempt: Attempt) -> str | None:
    arn, revision = attempt.text("configurationInfo.arn"), attempt.text("configurationInfo.revision")
    known = attempt.lookup(t.KAFKA_CONFIGURATION, arn)
    latest = known.outputs.get("latestRevision") if known else None
    if isinstance(latest, (int, float)) and revision and not 1 <= float(revision) <= latest:
        return f"Configuration revision {revision} of {arn} does not exist."
    return None
