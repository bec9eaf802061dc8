"""The chain that AWS imposes, against which plans are measured."""

from simulator.chain import STORES, UNAVOIDABLE_CHAIN, Stage, applies_to, unavoidable_s
from simulator.latencies import latency

VPC, CLUSTER, ADDON = "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:eks/addon:Addon"


def test_the_slowest_branch_of_a_stage_decides() -> None:
    stage = Stage("", ((VPC, VPC), (ADDON,)))
    assert stage.seconds == max(2 * latency(VPC).create_s, latency(ADDON).create_s)


def test_the_chain_is_its_stages_one_after_another_and_each_says_why() -> None:
    assert all(stage.why for stage in UNAVOIDABLE_CHAIN)
    assert unavoidable_s(()) == sum(stage.seconds for stage in UNAVOIDABLE_CHAIN)
    assert unavoidable_s(()) > latency(CLUSTER).create_s + 2 * latency(ADDON).create_s


def test_the_slowest_store_that_an_operator_serves_ends_the_chain_of_stacks_that_have_it() -> None:
    stateful_set, racks = "kubernetes:apps/v1:StatefulSet", "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"
    kafka = "kubernetes:kafka.strimzi.io/v1:Kafka"

    assert unavoidable_s({stateful_set}) == unavoidable_s(())
    assert unavoidable_s({stateful_set, kafka}) - unavoidable_s(()) == latency(kafka).create_s
    assert unavoidable_s({kafka, racks}) - unavoidable_s(()) == STORES.seconds == latency(racks).create_s


def test_the_chain_is_no_measure_for_a_stack_without_nodes() -> None:
    everything = {token for stage in UNAVOIDABLE_CHAIN for branch in stage.branches for token in branch}
    assert applies_to(everything)
    assert not applies_to(everything - {"aws:eks/nodeGroup:NodeGroup"})
