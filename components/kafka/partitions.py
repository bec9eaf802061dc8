"""How many partition replicas Teranode's topics put on a broker, and how many a broker takes. No resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LOW_TOPICS = ("blocks", "blocks-final", "invalid-blocks", "rejectedtx")
HIGH_TOPICS = ("subtrees", "invalid-subtrees", "txmeta", "legacy-inv", "validatortxs")
"""Topics that Teranode makes for each miner, by the setting that says how many partitions one of them has.

Each name ends in that of its miner. Source: teranode settings.conf of 2026, `KAFKA_PARTITIONS_LOW` and `_HIGH`.
"""

PARTITIONS_LOW = 1
"""Order counts in the low topics, and Kafka keeps it within a partition only."""

OFFSETS_PARTITIONS = 50
"""Partitions of `__consumer_offsets`, once per Kafka. Source: Kafka's default of `offsets.topic.num.partitions`."""

MAX_REPLICATION = 3
"""More copies than three buy no durability that zones could give, and each costs its disk and network again."""

MSK_REPLICAS_PER_BROKER: Mapping[str, int] = MappingProxyType(
    {
        "kafka.m7g.large": 1_000,
        "kafka.m7g.xlarge": 1_000,
        "kafka.m7g.2xlarge": 2_000,
        "kafka.m7g.4xlarge": 4_000,
        "kafka.m7g.8xlarge": 4_000,
        "kafka.m7g.12xlarge": 4_000,
        "kafka.m7g.16xlarge": 4_000,
    }
)
"""Partition replicas, leaders and followers, that a broker of MSK takes by instance type; at half as many again MSK
refuses updates of the cluster. Source: MSK developer guide, "Best practices for Standard brokers", right-size."""

POD_REPLICAS_PER_BROKER = 1_000
"""Partition replicas of a broker in a pod. Kafka documents no limit by size: this is MSK's figure for its smallest
production broker, which has two processors as our pods may use at most."""


def replication_of(brokers: int) -> int:
    """Copies of each partition: as many as there are brokers, at most three. Kafka refuses more copies than brokers."""
    return min(MAX_REPLICATION, brokers)


def in_sync_minimum(brokers: int) -> int:
    """Copies that must hold a message before a producer hears that it is stored: one broker may always be away."""
    return max(1, replication_of(brokers) - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionPlan:
    """The partitions of one Kafka that `miners` share; `partitions_high` is of each high topic of a miner."""

    miners: int
    partitions_high: int
    brokers: int

    @property
    def replication(self) -> int:
        """Copies of each partition."""
        return replication_of(self.brokers)

    @property
    def partitions_per_miner(self) -> int:
        """Partitions of one miner's topics, each counted once."""
        return len(LOW_TOPICS) * PARTITIONS_LOW + len(HIGH_TOPICS) * self.partitions_high

    @property
    def replicas(self) -> int:
        """Partition replicas of all topics: (miners x partitions per miner + consumer offsets) x replication."""
        return (self.miners * self.partitions_per_miner + OFFSETS_PARTITIONS) * self.replication

    @property
    def replicas_per_broker(self) -> int:
        """Replicas on the fullest broker: Kafka deals them out evenly."""
        return -(-self.replicas // self.brokers)

    def most_partitions_high(self, limit: int) -> int:
        """The largest `partitions_high` with which no broker holds more than `limit` replicas; 0 if none is."""
        room = limit * self.brokers // self.replication - OFFSETS_PARTITIONS
        per_miner = room // self.miners if self.miners else room
        return max(0, (per_miner - len(LOW_TOPICS) * PARTITIONS_LOW) // len(HIGH_TOPICS))
