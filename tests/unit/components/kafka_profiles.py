"""Brokers of every profile that the tests of Kafka look at."""

from functools import cache

import pulumi
import pulumi_kubernetes as kubernetes

from components.kafka import Kafka, KafkaArgs, KafkaProfile, namespace_args
from components.namespace import Namespace
from components.network import NetworkRef
from simulator import Simulation
from simulator.record import RecordedResource
from tests.support.builders import (
    IMAGES,
    KAFKA_VERSIONS,
    LOCKED,
    in_region,
    placement,
)
from tests.support.stacks import at

STRIMZI = KafkaProfile.STRIMZI
MSK = KafkaProfile.MSK
SINGLE = KafkaProfile.SINGLE
IN_CLUSTER = [STRIMZI, SINGLE]
MSK_CLUSTER = "aws:msk/cluster:Cluster"
KAFKA = "kubernetes:kafka.strimzi.io/v1:Kafka"
POOL = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"
MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
LOG_KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
NODES = "sg-0aaaaaaaaaaaaaaaa"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
MINERS = {"teranode-infra/role": "miner"}
BROKERS = {STRIMZI: 3, MSK: 3, SINGLE: 1}


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


def args(profile: KafkaProfile, zones: tuple[str, ...] = ZONES, **changes: object) -> KafkaArgs:
    plain: dict[str, object] = {
        "placement": placement(),
        "network": network(zones),
        "profile": profile,
        "versions": KAFKA_VERSIONS,
        "images": IMAGES,
        "brokers": BROKERS[profile],
        "partitions_high": 32,
        "instance_type": "kafka.m7g.large",
        "storage_gib": 50,
        "client_security_group_id": NODES,
        "provider": kubernetes.Provider("cluster", cluster_identifier="arn:aws:eks:eu-west-1:111122223333:cluster/c"),
        "workloads_ready": (),
        "operator": (),
        "monitoring": (),
        "log_retention_days": 365,
        "log_key_arn": LOG_KEY,
        "protection": LOCKED,
    }
    given = {**plain, **changes}
    if profile is not MSK:
        wanted = namespace_args(profile, given["provider"], given["protection"], (), ("10.0.0.0/16",))  # type: ignore[arg-type]
        given = {"namespace": Namespace("kafka-namespace", wanted).ref, **given}
    return KafkaArgs(**{"namespace": None, **given})


def built(profile: KafkaProfile, zones: tuple[str, ...] = ZONES, **changes: object) -> Simulation:
    return in_region(lambda opts: Kafka("kafka", args(profile, zones, **changes), opts))


@cache
def plain(profile: KafkaProfile) -> Simulation:
    return built(profile)


def the(simulation: Simulation, token: str) -> RecordedResource:
    [found] = simulation.of_type(token)
    return found


def pool(simulation: Simulation, name: str) -> RecordedResource:
    [found] = [one for one in simulation.of_type(POOL) if at(one.inputs, "metadata.name") == name]
    return found


def settings(simulation: Simulation, profile: KafkaProfile) -> dict[str, str]:
    """Kafka's settings, wherever a profile writes them."""
    if profile is STRIMZI:
        config = at(the(simulation, KAFKA).inputs, "spec.kafka.config")
        assert isinstance(config, dict)
        return {key: str(value) for key, value in config.items()}
    if profile is MSK:
        text = str(the(simulation, "aws:msk/configuration:Configuration").inputs["serverProperties"])
    else:
        data = the(simulation, CONFIG_MAP).inputs["data"]
        assert isinstance(data, dict)
        text = str(data["server.properties"])
    return dict(line.split("=", 1) for line in text.splitlines())


def list_at(resource: RecordedResource, path: str) -> list[object]:
    return at_list(resource.inputs, path)


def at_list(value: object, path: str) -> list[object]:
    """The list at a path; empty where there is none."""
    try:
        found = at(value, path)
    except KeyError:
        return []
    return found if isinstance(found, list) else []
