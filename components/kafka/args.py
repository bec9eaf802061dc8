"""What a Kafka is asked for, and what its three kinds have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_kubernetes as kubernetes

from components.images import ImageSource
from components.kafka.partitions import in_sync_minimum, replication_of
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection

NAMESPACE = "kafka"

PLAINTEXT_PORT = 9092
TLS_PORT = 9094

RETENTION_MILLISECONDS = 30 * 60 * 1000
"""What a topic keeps unless it says otherwise: the longest that Teranode asks for any of its topics."""


class KafkaProfile(StrEnum):
    """What runs the brokers."""

    STRIMZI = "strimzi"  # pods that an operator keeps over the zones
    MSK = "msk"  # AWS
    SINGLE = "single"  # one pod, for environments that may stand still


@dataclass(frozen=True, kw_only=True)
class KafkaVersions:
    """The exact Kafka of each profile; that of `single` is its image.

    - `msk`: in MSK's spelling, with `.kraft` at its end.
    - `strimzi`: one that the pinned operator supports.
    """

    msk: str
    strimzi: str


@dataclass(frozen=True, kw_only=True)
class KafkaArgs:
    """Arguments of `Kafka`.

    - `brokers`: their number; 1 with `SINGLE`, a multiple of the zones with `MSK`. Replication follows it.
    - `partitions_high`: of each busy topic of a miner; not set here but told to the miners, who make their topics.
    - `instance_type`: of `MSK` only, for example `kafka.m7g.large`.
    - `storage_gib`: disk of each broker; it can grow and never shrinks.
    - `client_security_group_id`: the only source of connections to `MSK`: the cluster's nodes and their pods.
    - `provider`: of the cluster, for what runs in it.
    - `workloads_ready`: what a pod needs before it can be scheduled, named and given storage.
    - `namespace`: of the brokers, made with `namespace_args`; None with `MSK`.
    - `operator`: what Strimzi's kinds depend on.
    - `monitoring`: what the kinds of the Prometheus operator depend on; empty where nobody scrapes.
    - `log_retention_days`, `log_key_arn`: of the brokers' logs in CloudWatch (`MSK`).
    """

    placement: Placement
    network: NetworkRef
    profile: KafkaProfile
    versions: KafkaVersions
    images: ImageSource
    brokers: int
    partitions_high: int
    instance_type: str
    storage_gib: int
    client_security_group_id: pulumi.Input[str]
    provider: kubernetes.Provider
    workloads_ready: tuple[pulumi.Resource, ...]
    namespace: NamespaceRef | None
    operator: tuple[pulumi.Resource, ...]
    monitoring: tuple[pulumi.Resource, ...]
    log_retention_days: int
    log_key_arn: pulumi.Input[str]
    protection: Protection

    def __post_init__(self) -> None:
        if self.brokers < 1:
            raise ValueError("a Kafka needs a broker")
        if self.profile is KafkaProfile.SINGLE and self.brokers != 1:
            raise ValueError(f"the profile single has one broker, not {self.brokers}")
        if (self.profile is KafkaProfile.MSK) != (self.namespace is None):
            raise ValueError(f"brokers in the cluster need a namespace, MSK none; the profile is {self.profile}")
        zones = len(self.network.data_subnet_ids)
        if self.profile is KafkaProfile.MSK and (zones == 0 or self.brokers % zones):
            raise ValueError(f"MSK needs a multiple of its {zones} zones as brokers, not {self.brokers}")


@dataclass(frozen=True, kw_only=True)
class Brokers:
    """Brokers that were made: `hosts` is `host:port,…` of those that tell a client about the others."""

    hosts: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]


def broker_settings(brokers: int) -> Mapping[str, str]:
    """Kafka's settings that hold in every profile, in Kafka's own spelling.

    Teranode makes its topics itself, with their retention: a topic that nobody made is a mistake and stays unmade.
    A producer is told that a message is stored when all copies but one have it, so that a broker may restart.
    """
    copies, in_sync = str(replication_of(brokers)), str(in_sync_minimum(brokers))
    return {
        "auto.create.topics.enable": "false",
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
        "num.partitions": "1",
        "offsets.topic.replication.factor": copies,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "unclean.leader.election.enable": "false",
        "log.retention.ms": str(RETENTION_MILLISECONDS),
    }


def properties(settings: Mapping[str, str]) -> str:
    """Settings as the lines of a properties file, sorted, so that equal settings are equal text."""
    return "".join(f"{key}={value}\n" for key, value in sorted(settings.items()))
