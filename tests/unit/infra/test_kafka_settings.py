"""The Kafka of an environment: what a tier chooses, and what its brokers are not asked to hold."""

from typing import Any

import pytest

from components.kafka.partitions import MSK_REPLICAS_PER_BROKER
from infra.settings.defaults import DEFAULT_BROKER_TYPE
from infra.settings.kafka import MIN_STORAGE_GIB
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of, stack_file


def refusals(document: dict[str, Any], stack: str = "dev") -> str:
    return "\n".join(map(str, faults_of(document, stack)))


def with_miners(count: int, **kafka: object) -> dict[str, Any]:
    miners = {f"miner-{number}": {"region": "eu-west-1"} for number in range(count)}
    nodes = {"general": {"minNodesPerZone": 8, "maxNodesPerZone": 8}}  # room for all of them: that is another rule
    return changed({**MINIMAL, "miners": miners, "nodes": nodes}, "kafka", kafka)


def on_mainnet(**kafka: object) -> str:
    return refusals(changed(stack_file("mainnet"), "kafka", kafka), "mainnet")


@pytest.mark.parametrize(
    ("stack", "profile", "brokers", "partitions"), [("testing", "single", 1, 8), ("mainnet", "strimzi", 3, 32)]
)
def test_a_tier_chooses_the_kafka(stack: str, profile: str, brokers: int, partitions: int) -> None:
    kafka = accepted(stack_file(stack), stack).kafka

    assert (kafka.profile, kafka.brokers, kafka.partitions_high) == (profile, brokers, partitions)
    assert kafka.storage_gib >= MIN_STORAGE_GIB


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
@pytest.mark.parametrize("profile", ["strimzi", "msk"])
def test_another_profile_needs_no_other_key(stack: str, profile: str) -> None:
    kafka = accepted(changed(stack_file(stack), "kafka", {"profile": profile}), stack).kafka

    assert kafka.instance_type == DEFAULT_BROKER_TYPE
    assert kafka.brokers == (3 if stack == "mainnet" else 2)


def test_mainnet_refuses_what_stands_still_with_one_broker() -> None:
    assert "one broker stops the node with itself" in on_mainnet(profile="single")
    assert "at least 3 on the tier mainnet" in on_mainnet(profile="strimzi", brokers=2)
    assert "at least 3 on the tier mainnet" in on_mainnet(profile="msk", brokers=1)
    assert on_mainnet(profile="strimzi", brokers=4) == ""


@pytest.mark.parametrize(("zones", "brokers", "words"), [("ab", 3, "write 4"), ("abc", 4, "write 6"), ("abc", 6, "")])
def test_msk_has_the_same_number_of_brokers_in_each_zone(zones: str, brokers: int, words: str) -> None:
    document = changed(MINIMAL, "regions/eu-west-1/zones", [f"eu-west-1{letter}" for letter in zones])
    found = refusals(changed(document, "kafka", {"profile": "msk", "brokers": brokers}))

    assert (words in found) if words else not found
    assert not refusals(changed(document, "kafka", {"profile": "strimzi", "brokers": brokers}))


def test_msk_spans_at_most_three_zones() -> None:
    zones = [f"us-east-1{letter}" for letter in "abcd"]
    document = changed(MINIMAL, "regions/us-east-1", {"cidr": "10.41.0.0/16", "zones": zones})

    assert "us-east-1 has 4" in refusals(changed(document, "kafka", {"profile": "msk", "brokers": 4}))
    assert not refusals(changed(document, "kafka", {"profile": "strimzi", "brokers": 4}))


@pytest.mark.parametrize(
    ("miners", "kafka"),
    [
        (21, {"profile": "single"}),
        (1, {"profile": "strimzi", "brokers": 3, "partitionsHigh": 189}),
        (1, {"profile": "msk", "brokers": 2, "instanceType": "kafka.m7g.4xlarge", "partitionsHigh": 512}),
    ],
)
def test_what_the_brokers_take_is_accepted_and_one_more_is_not(miners: int, kafka: dict[str, object]) -> None:
    fitting = with_miners(miners, **kafka)
    one_more = with_miners(miners + 1, **kafka)

    assert refusals(fitting) == ""
    assert ("partition replicas on a broker" in refusals(one_more)) or kafka["profile"] == "msk"


def test_the_refusal_shows_the_sum_and_the_way_out() -> None:
    text = refusals(with_miners(1, profile="strimzi", brokers=3, partitionsHigh=512))

    assert "teranode-infra:kafka.partitionsHigh = 512" in text
    assert "1 miner of eu-west-1 ask for 2614: (1 x (4 + 5 x 512) + 50 of consumer offsets)" in text
    assert "write at most 189" in text


def test_only_the_miners_of_one_region_share_its_brokers() -> None:
    document = with_miners(30, profile="single")
    document["regions"] = {**MINIMAL["regions"], "us-east-1": {"cidr": "10.41.0.0/16"}}
    assert "30 miners of eu-west-1" in refusals(document)

    document["miners"] = {
        name: {"region": ("eu-west-1", "us-east-1")[index % 2]} for index, name in enumerate(document["miners"])
    }
    assert refusals(document) == ""


def test_a_larger_broker_type_holds_more() -> None:
    limits = list(MSK_REPLICAS_PER_BROKER.values())

    assert limits == sorted(limits)
    asked = {"profile": "msk", "brokers": 2, "partitionsHigh": 300}
    assert "partition replicas" in refusals(with_miners(1, **asked))
    assert refusals(with_miners(1, **asked, instanceType="kafka.m7g.2xlarge")) == ""
