"""Kafka as it is written in the stack file."""

from typing import Annotated

from pydantic import Field

from infra.settings import fields
from infra.settings.section import Doc, Section

MIN_STORAGE_GIB, MAX_STORAGE_GIB = 12, 16_384
"""The class gp3-io buys 6,000 IOPS, of which EBS gives 500 per GiB; MSK takes 1 to 16,384 GiB a broker."""
MIN_BROKERS, MAX_BROKERS = 1, 60
"""MSK's quota of brokers in a KRaft cluster; an operated cluster is no larger here."""
MIN_PARTITIONS_HIGH, MAX_PARTITIONS_HIGH = 1, 512
"""From Teranode's smallest local set-up to its releases of 2025."""


class KafkaKeys(Section):
    """The Kafka of each region, which its miners share: the names of topics and consumer groups end in the miner's.

    Another profile is another, empty Kafka. Messages live for minutes: Teranode is stopped while it changes, and
    reads what it missed from its stores.
    """

    profile: Annotated[
        fields.KafkaProfile | None,
        Doc(
            "`strimzi`: brokers in the cluster, spread over zones by an operator; `msk`: Amazon MSK, with TLS; "
            "`single`: one broker in the cluster, refused on the tier mainnet",
            "MSK needs no operator and half an hour to be made; one broker is enough where a node may stand still",
            default="kafka.profile",
        ),
    ] = None
    brokers: Annotated[
        int | None,
        Field(ge=MIN_BROKERS, le=MAX_BROKERS),
        Doc(
            "brokers of each region; refused with `single`. At least 3 on the tier mainnet; with `msk` a multiple of "
            "the region's zones, never fewer than before",
            "each partition has as many copies as there are brokers, at most three",
            default="kafka.brokers",
        ),
    ] = None
    partitions_high: Annotated[
        int | None,
        Field(ge=MIN_PARTITIONS_HIGH, le=MAX_PARTITIONS_HIGH),
        Doc(
            "partitions of each of a miner's five busy topics (`KAFKA_PARTITIONS_HIGH`); never fewer than before",
            "they bound how many consumers share the work, and every broker takes a limited number",
            default="kafka.partitions_high",
        ),
    ] = None
    instance_type: Annotated[
        fields.BrokerType | None,
        Doc(
            "broker type of MSK, `kafka.m7g.<size>`; refused with the other profiles",
            "it changes in place, broker by broker, and decides how many partitions fit",
            default="`kafka.m7g.large` with `msk`",
        ),
    ] = None
    storage_gib: Annotated[
        int | None,
        Field(ge=MIN_STORAGE_GIB, le=MAX_STORAGE_GIB),
        Doc(
            "disk of each broker (encrypted gp3); it can grow and never shrinks",
            "messages are kept for half an hour at most",
            unit="GiB",
            default="kafka.storage_gib",
        ),
    ] = None
