"""Kafka: brokers, their types and disks, and the partitions that they are asked to hold."""

from collections import Counter
from collections.abc import Iterator

from components.kafka.partitions import (
    HIGH_TOPICS,
    LOW_TOPICS,
    MAX_REPLICATION,
    MSK_REPLICAS_PER_BROKER,
    OFFSETS_PARTITIONS,
    POD_REPLICAS_PER_BROKER,
    PartitionPlan,
)
from infra.settings.draft import Draft
from infra.settings.environment import KafkaSettings
from infra.settings.faults import Fault, fault, listed, nearest
from infra.settings.rules.pools import resolved_regions

MSK_ZONES = (2, 3)
"""Zones that a cluster of Standard brokers can span. Source: MSK API reference, BrokerNodeGroupInfo."""


def broker_type_exists(draft: Draft) -> Iterator[Fault]:
    """Only types whose limit of partitions is known; what a region offers is not known offline."""
    written = draft.kafka and draft.kafka.instance_type
    if written and written not in MSK_REPLICAS_PER_BROKER:
        close = nearest(written, MSK_REPLICAS_PER_BROKER)
        yield fault(
            "kafka.instanceType",
            written,
            f"a broker type of MSK with a known limit of partitions: {listed(MSK_REPLICAS_PER_BROKER)}",
            f"did you mean {' or '.join(close)}?" if close else "for example kafka.m7g.large",
        )


def keys_fit_the_profile(draft: Draft) -> Iterator[Fault]:
    """A key that the profile would ignore is refused: its author expects something of it."""
    if not (draft.kafka and draft.defaults) or "kafka.profile" in draft.refused:
        return
    profile = draft.kafka_settings(draft.defaults).profile
    if profile == "single" and draft.kafka.brokers is not None:
        yield fault(
            "kafka.brokers",
            draft.kafka.brokers,
            "absent with the profile single, which has one broker",
            "remove the key, or write profile: strimzi or msk",
        )
    if profile != "msk" and draft.kafka.instance_type is not None:
        yield fault(
            "kafka.instanceType",
            draft.kafka.instance_type,
            f"absent with the profile {profile}, whose brokers are pods",
            "remove the key, or write profile: msk",
        )


def mainnet_survives_a_broker(draft: Draft) -> Iterator[Fault]:
    """With three copies, of which two must have a message, one broker can be away and nothing stands still."""
    if draft.tier != "mainnet" or not draft.defaults:
        return
    settings = draft.kafka_settings(draft.defaults)
    if settings.profile == "single":
        yield fault(
            "kafka.profile",
            "single",
            "strimzi or msk on the tier mainnet: one broker stops the node with itself",
            "remove the key, or write profile: strimzi",
        )
    elif settings.brokers < MAX_REPLICATION:
        yield fault(
            "kafka.brokers",
            settings.brokers,
            f"at least {MAX_REPLICATION} on the tier mainnet, so that each message has {MAX_REPLICATION} copies",
            f"write {MAX_REPLICATION}, or remove the key",
        )


def msk_fills_its_zones(draft: Draft) -> Iterator[Fault]:
    """MSK places the same number of brokers in each of two or three zones."""
    if not draft.defaults:
        return
    settings = draft.kafka_settings(draft.defaults)
    if settings.profile != "msk":
        return
    for region in resolved_regions(draft):
        zones = len(region.zones)
        if zones not in MSK_ZONES:
            yield fault(
                f"regions.{region.name}.zones",
                list(region.zones),
                f"{listed(MSK_ZONES)} zones where Kafka is MSK, {region.name} has {zones}",
                "name two or three zones, or write kafka: { profile: strimzi }",
            )
        elif settings.brokers % zones:
            more = settings.brokers + zones - settings.brokers % zones
            yield fault(
                "kafka.brokers",
                settings.brokers,
                f"with msk a multiple of the zones of every region; {region.name} has {zones}",
                f"write {more}",
            )


def partitions_fit(draft: Draft) -> Iterator[Fault]:
    """The miners of no region ask its brokers for more partitions than they take."""
    if not draft.defaults:
        return
    settings = draft.kafka_settings(draft.defaults)
    limit = _replicas_per_broker(settings)
    if limit is None:
        return  # the type is a fault by itself
    for region, miners in sorted(Counter(miner.region for miner in draft.miners.values()).items()):
        plan = PartitionPlan(miners=miners, partitions_high=settings.partitions_high, brokers=settings.brokers)
        if region and plan.replicas_per_broker > limit:
            yield fault(
                "kafka.partitionsHigh", settings.partitions_high, _sum(plan, region, limit), _way_out(plan, limit)
            )


def _replicas_per_broker(settings: KafkaSettings) -> int | None:
    if settings.profile == "msk":
        return MSK_REPLICAS_PER_BROKER.get(settings.instance_type)
    return POD_REPLICAS_PER_BROKER


def _sum(plan: PartitionPlan, region: str, limit: int) -> str:
    miners = "1 miner" if plan.miners == 1 else f"{plan.miners} miners"
    return (
        f"at most {limit} partition replicas on a broker; {miners} of {region} ask for {plan.replicas_per_broker}: "
        f"({plan.miners} x ({len(LOW_TOPICS)} + {len(HIGH_TOPICS)} x {plan.partitions_high}) + {OFFSETS_PARTITIONS} "
        f"of consumer offsets) x replication {plan.replication} / {plan.brokers} brokers"
    )


def _way_out(plan: PartitionPlan, limit: int) -> str:
    most = plan.most_partitions_high(limit)
    lower = f"write at most {most}, " if most else ""
    return f"{lower}add brokers (strimzi, msk), choose a larger instanceType (msk), or move miners to another region"


RULES = (broker_type_exists, keys_fit_the_profile, mainnet_survives_a_broker, msk_fills_its_zones, partitions_fit)
