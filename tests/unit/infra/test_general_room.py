"""The general pool holds what the settings put on it."""

from typing import Any

import pytest

from components.quantities import Request, request
from tests.support.stack_settings import MINIMAL, accepted, changed, faults_of, stack_file

NODES = "nodes/general/minNodesPerZone"


def _faults(document: dict[str, Any], stack: str = "dev") -> str:
    return "\n".join(map(str, faults_of(document, stack)))


def _with_miners(count: int) -> dict[str, Any]:
    return changed(MINIMAL, "miners", {f"miner-{number}": {"region": "eu-west-1"} for number in range(count)})


def test_quantities_are_read_as_kubernetes_writes_them() -> None:
    assert request("250m", "1Gi") + request("2", "512Mi") == Request(millicores=2250, memory_bytes=3 * 2**29)
    with pytest.raises(ValueError, match="1G is no memory"):
        request("1", "1G")


def test_more_miners_than_the_nodes_hold_are_refused_with_the_number_of_nodes_that_do() -> None:
    message = _faults(_with_miners(9))

    assert "nodes.general.minNodesPerZone (the tier's default) = 1" in message
    assert "2 nodes of m7g.2xlarge have 15.0 CPU and 54 GiB of memory" in message
    assert "write 2 or more" in message
    accepted(changed(_with_miners(9), NODES, 2))


def test_the_number_of_nodes_in_the_remedy_is_the_least_that_does() -> None:
    assert "write 3 or more" in _faults(changed(_with_miners(16), NODES, 2))
    accepted(changed(_with_miners(16), NODES, 3))


def test_a_pod_that_no_node_holds_asks_for_larger_nodes() -> None:
    message = _faults(changed(stack_file("mainnet"), "nodes/general/instanceTypes", ["m7g.large"]), "mainnet")

    assert "asks for 32 GiB of memory; a node leaves it 6" in message
    assert "choose larger instance types" in message


def test_the_smallest_of_several_types_decides() -> None:
    types = "nodes/general/instanceTypes"

    assert faults_of(changed(_with_miners(3), types, ["m7g.2xlarge"]), "dev") == ()
    assert "nodes of m7g.large have" in _faults(changed(_with_miners(3), types, ["m7g.2xlarge", "m7g.large"]))


def test_each_server_of_a_community_store_needs_a_node_of_its_own() -> None:
    message = _faults(changed(MINIMAL, "utxoStore", {"nodes": 3}))

    assert "at most a server for each node of the general pool; eu-west-1 has 2" in message
    assert "minNodesPerZone: 2" in message
    accepted(changed(changed(MINIMAL, "utxoStore", {"nodes": 3}), NODES, 2))


def test_brokers_in_the_cluster_count_and_those_of_aws_do_not() -> None:
    assert "room for the pods" in _faults(changed(MINIMAL, "kafka", {"profile": "strimzi", "brokers": 12}))
    assert "room for the pods" not in _faults(changed(MINIMAL, "kafka", {"profile": "msk", "brokers": 12}))


@pytest.mark.parametrize(
    ("changes", "cpu"),
    [
        ({"blockGenerator": {"enabled": False}}, "15.4"),
        ({}, "15.5"),
        ({"transactionLoad": {"transactionsPerSecond": 5}}, "15.9"),
        ({"transactionLoad": {"transactionsPerSecond": 5}, "blockGenerator": {"rotation": "founder"}}, "15.5"),
    ],
    ids=["neither", "blocks", "blocks and transactions", "transactions of one miner"],
)
def test_what_makes_blocks_and_transactions_beside_a_node_counts(changes: dict[str, Any], cpu: str) -> None:
    document = _with_miners(9)
    for section, value in changes.items():
        document = changed(document, section, value)

    assert f"which ask for {cpu} CPU" in _faults(document)


def test_a_region_without_miners_needs_no_room() -> None:
    document = changed(
        MINIMAL, "regions/us-east-1", {"cidr": "10.65.0.0/16", "nodes": {"general": {"instanceTypes": ["m7g.large"]}}}
    )

    assert faults_of(document, "dev") == ()
