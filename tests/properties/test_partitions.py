"""For any Kafka and any number of miners: the arithmetic of partitions."""

from hypothesis import given
from hypothesis import strategies as st

from components.kafka.partitions import OFFSETS_PARTITIONS, PartitionPlan, in_sync_minimum, replication_of

BROKERS = st.integers(1, 60)
HIGH = st.integers(1, 512)
MINERS = st.integers(0, 200)


@given(BROKERS)
def test_there_are_never_more_copies_than_brokers_and_one_broker_may_be_away(brokers: int) -> None:
    assert 1 <= replication_of(brokers) <= min(3, brokers)
    assert 1 <= in_sync_minimum(brokers) <= replication_of(brokers)
    assert brokers == 1 or in_sync_minimum(brokers) < replication_of(brokers)


@given(MINERS, HIGH, BROKERS)
def test_the_fullest_broker_holds_an_even_share_and_no_replica_is_lost(miners: int, high: int, brokers: int) -> None:
    plan = PartitionPlan(miners=miners, partitions_high=high, brokers=brokers)

    assert plan.replicas == (miners * (4 + 5 * high) + OFFSETS_PARTITIONS) * plan.replication
    assert 0 <= plan.replicas_per_broker * brokers - plan.replicas < brokers


@given(MINERS, HIGH, BROKERS)
def test_more_miners_or_partitions_never_ask_for_less_and_more_brokers_beyond_three_never_for_more(
    miners: int, high: int, brokers: int
) -> None:
    def asked(miners: int, high: int, brokers: int) -> int:
        return PartitionPlan(miners=miners, partitions_high=high, brokers=brokers).replicas_per_broker

    assert asked(miners + 1, high, brokers) >= asked(miners, high, brokers)
    assert asked(miners, high + 1, brokers) >= asked(miners, high, brokers)
    assert asked(miners, high, brokers + 3) <= asked(miners, high, brokers)


@given(st.integers(1, 100), BROKERS, st.sampled_from([1_000, 2_000, 4_000]))
def test_the_number_that_a_refusal_names_fits_and_the_next_does_not(miners: int, brokers: int, limit: int) -> None:
    most = PartitionPlan(miners=miners, partitions_high=1, brokers=brokers).most_partitions_high(limit)

    def asked(high: int) -> int:
        return PartitionPlan(miners=miners, partitions_high=high, brokers=brokers).replicas_per_broker

    assert most == 0 or asked(most) <= limit
    assert asked(most + 1) > limit


def test_a_miner_asks_for_the_numbers_of_the_reference() -> None:
    for high, replicas in ((512, 7_692), (32, 492)):
        plan = PartitionPlan(miners=1, partitions_high=high, brokers=3)
        assert plan.partitions_per_miner * plan.replication == replicas
