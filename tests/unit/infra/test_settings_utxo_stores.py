"""What a stack file may say about UTXO stores, and what each profile and tier makes of it."""

from typing import Any

import pytest

from infra.settings import UtxoStoreSettings
from tests.support.stack_settings import MINIMAL, REMOVED, accepted, changed, faults_of, stack_file

MAINNET = stack_file("mainnet")
ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:aerospike-AbCdEf"
ENTERPRISE = {"profile": "enterprise", "featureKey": ARN}
MAINNET_ARN = MAINNET["utxoStore"]["featureKey"]
ACCEPTED = {"profile": "community", "acceptReseedOnZoneLoss": True}


def _store(document: dict[str, Any], miner: str = "miner-1") -> UtxoStoreSettings:
    return accepted(document).miners[miner].utxo_store


def _pools(document: dict[str, Any]) -> list[str]:
    return [pool.name for pool in accepted(document).regions["eu-west-1"].nodes.storage]


def _text(document: dict[str, Any]) -> str:
    return "\n".join(map(str, faults_of(document)))


def test_testing_is_cheap_by_default_and_has_no_nodes_with_local_disks() -> None:
    store = _store(dict(MINIMAL))
    assert (store.profile, store.replication_factor, store.device, store.device_gib) == ("community", 1, "gp3", 50)
    assert sum(store.servers_by_zone.values()) == 1
    assert not store.backups
    assert _pools(dict(MINIMAL)) == []


def test_mainnet_is_durable_by_default() -> None:
    store = _store(MAINNET)
    assert (store.profile, store.replication_factor, store.device, store.pool) == ("enterprise", 2, "nvme", "aerospike")
    assert store.servers_by_zone == {"eu-west-1a": 1, "eu-west-1b": 1, "eu-west-1c": 1}
    assert store.backups
    assert _pools(MAINNET) == ["aerospike"]


def test_a_store_on_local_disks_brings_the_default_pool_and_one_without_leaves_it_out() -> None:
    assert _pools(changed(MINIMAL, "utxoStore", ENTERPRISE)) == ["aerospike"]
    assert _pools(changed(MAINNET, "utxoStore", {"profile": "postgres"})) == []


def test_a_region_without_miners_has_no_pool_of_theirs() -> None:
    document = changed(changed(MINIMAL, "utxoStore", ENTERPRISE), "regions/us-east-1", {"cidr": "10.41.0.0/16"})
    assert accepted(document).regions["us-east-1"].nodes.storage == ()


def test_the_section_of_a_miner_stands_for_itself() -> None:
    document = changed(MINIMAL, "utxoStore", {"records": 1000, "deviceGib": 30})
    document = changed(document, "miners/miner-2", {"region": "eu-west-1", "utxoStore": {"profile": "postgres"}})
    document = changed(document, "miners/miner-3", {"region": "eu-west-1", "utxoStore": {"deviceGib": 70}})
    assert _store(document).records == 1000
    assert _store(document, "miner-2").profile == "postgres"
    assert (_store(document, "miner-3").records, _store(document, "miner-3").device_gib) == (10_000_000, 70)


# path of the change, value, words of the one fault
REFUSED: list[tuple[str, Any, str]] = [
    ("utxoStore", {"profile": "redis"}, "one of enterprise, community, postgres"),
    ("utxoStore", {"profile": "Enterprise"}, "did you mean enterprise?"),
    ("utxoStore", {"nodes": 0}, "1"),
    ("utxoStore", {"nodes": -1}, "1"),
    ("utxoStore", {"nodes": 3.5}, "a whole number"),
    ("utxoStore", {"nodes": "three"}, "a whole number"),
    ("utxoStore", {"nodes": 9}, "at most 8"),
    ("utxoStore", {"replicationFactor": 2}, "at most one copy on each server; servers of miner-1: 1"),
    ("utxoStore", {"nodes": 2, "replicationFactor": 3}, "at most one copy on each server; servers of miner-1: 2"),
    ("utxoStore", {"nodesPerZone": 1}, "write nodes, the servers in all"),
    ("utxoStore", {"deviceGib": 11}, "12"),
    ("utxoStore", {"deviceGib": 20_000}, "2048"),
    ("utxoStore", {"deviceGib": 1281}, "does not start with more than 1,280 GiB"),
    ("utxoStore", {"pool": "aerospike"}, "absent with device: gp3"),
    ("utxoStore", {"device": "nvme", "deviceGib": 50}, "absent with device: nvme"),
    ("utxoStore", {"device": "ssd"}, "one of nvme, gp3"),
    ("utxoStore", {"device": "nvme", "pool": "fast"}, "Declared: aerospike"),
    ("utxoStore", {"records": 30_000_000}, "needs 81 GiB of disk and can use 50"),
    ("utxoStore", {"records": 0}, "1"),
    ("utxoStore", {"records": 10**13}, "1000000000000"),
    ("utxoStore", {"recordBytes": 99}, "100"),
    ("utxoStore", {"yearlyGrowthPercent": -1}, "0"),
    ("utxoStore", {"featureKey": ARN}, "belongs to enterprise"),
    ("utxoStore", {"profile": "enterprise"}, "runs no cluster without a feature key"),
    ("utxoStore", {**ENTERPRISE, "featureKey": "features.conf"}, "the full ARN of a secret in Secrets Manager"),
    ("utxoStore", {**ENTERPRISE, "featureKey": ARN.replace("eu-west-1", "us-east-1")}, "it lies in us-east-1"),
    ("utxoStore", {**ENTERPRISE, "featureKey": ARN.replace("1111", "9999")}, "it lies in 999922223333"),
    ("utxoStore", {**ENTERPRISE, "nodes": 3}, "write nodesPerZone"),
    ("utxoStore", {**ENTERPRISE, "device": "gp3"}, "nvme with the profile enterprise"),
    ("utxoStore", {**ENTERPRISE, "deviceGib": 50}, "belongs to community"),
    ("utxoStore", {**ENTERPRISE, "nodesPerZone": 2}, "miner-1 may have 2 in a zone"),
    ("utxoStore", {**ENTERPRISE, "replicationFactor": 3}, "at most one copy on each server; servers of miner-1: 2"),
    ("utxoStore", {**ENTERPRISE, "acceptReseedOnZoneLoss": True}, "belongs to community"),
    ("utxoStore", ACCEPTED, "absent on the tier testing"),
    ("utxoStore", {"profile": "postgres", "nodes": 1}, "absent with the profile postgres"),
    ("utxoStore", {"profile": "postgres", "records": 1}, "Postgres is sized by its own section"),
    ("miners/miner-1/utxoStore", {"profile": "enterprise"}, "runs no cluster without a feature key"),
]


@pytest.mark.parametrize(("path", "value", "words"), REFUSED, ids=[f"{path}-{value}" for path, value, _ in REFUSED])
def test_what_cannot_be_is_refused_once_with_its_key_and_a_remedy(path: str, value: object, words: str) -> None:
    (fault,) = faults_of(changed(MINIMAL, path, value))
    assert words in str(fault)
    assert fault.path.startswith(("teranode-infra:" + path.replace("/", "."), "teranode-infra:regions.eu-west-1.nodes"))
    assert fault.remedy


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"profile": "community"}, "only with acceptReseedOnZoneLoss: true"),
        ({"profile": "community", "acceptReseedOnZoneLoss": False}, "only with acceptReseedOnZoneLoss: true"),
        ({**ACCEPTED, "replicationFactor": 1}, "at least 2 copies on the tier mainnet"),
        ({"featureKey": MAINNET_ARN, "replicationFactor": 1}, "at least 2 copies on the tier mainnet"),
        ({"featureKey": MAINNET_ARN, "nodesPerZone": 2}, "and 1 more is kept to refill a lost one"),
        ({"featureKey": MAINNET_ARN, "records": 800_000_000}, "or a pool of i7ie.6xlarge"),
        (REMOVED, "write its ARN here"),
    ],
)
def test_mainnet_keeps_copies_in_three_zones_or_somebody_accepts_that_it_does_not(value: object, words: str) -> None:
    assert words in _text(changed(MAINNET, "utxoStore", value))


def test_mainnet_runs_the_community_edition_once_the_loss_is_accepted() -> None:
    store = _store(changed(MAINNET, "utxoStore", ACCEPTED))
    assert (store.profile, sum(store.servers_by_zone.values()), store.replication_factor) == ("community", 3, 2)


def test_racks_on_mainnet_lie_in_three_zones() -> None:
    pool = {"instanceType": "i7i.8xlarge", "nodesPerZone": 2, "zones": ["eu-west-1a", "eu-west-1b"]}
    text = _text(changed(MAINNET, "regions/eu-west-1/nodes", {"storage": {"aerospike": pool}}))
    assert "at least 3 zones on the tier mainnet: the racks of miner-1 lie in 2" in text


def test_miners_that_share_a_pool_share_its_nodes() -> None:
    document = changed(changed(MINIMAL, "utxoStore", ENTERPRISE), "miners/miner-2", {"region": "eu-west-1"})
    assert "miner-1, miner-2 may have 2 in a zone" in _text(document)
    document = changed(document, "nodes", {"storage": {"aerospike": {"instanceType": "i4i.large", "nodesPerZone": 2}}})
    assert faults_of(document) == ()


def test_a_feature_key_is_shown_where_it_is_an_arn_and_hidden_where_it_may_be_the_key_itself() -> None:
    foreign = ARN.replace("eu-west-1", "us-east-1")
    assert foreign in _text(changed(MINIMAL, "utxoStore", {**ENTERPRISE, "featureKey": foreign}))
    pasted = "feature-key-version 2"
    assert pasted not in _text(changed(MINIMAL, "utxoStore", {**ENTERPRISE, "featureKey": pasted}))
