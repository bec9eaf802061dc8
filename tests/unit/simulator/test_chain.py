"""The chains that AWS and operators impose, against which plans are measured."""

import pytest

from simulator.chain import BESIDE_THE_CLUSTER, NODES, ON_NODES, Chain, Stage, applies_to, unavoidable_s
from simulator.latencies import latency

VPC, CLUSTER, ADDON = "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster", "aws:eks/addon:Addon"
JOB, RELEASE = "kubernetes:batch/v1:Job", "kubernetes:helm.sh/v3:Release"
AEROSPIKE = "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
MSK = "aws:msk/cluster:Cluster"
ALL_CHAINS = (NODES, *ON_NODES, *BESIDE_THE_CLUSTER)


def types_of(*chains: Chain) -> set[str]:
    return {token for chain in chains for stage in chain.stages for token in stage.tokens}


def test_the_slowest_branch_of_a_stage_decides() -> None:
    stage = Stage("", ((VPC, VPC), (ADDON,)))
    assert stage.seconds == max(2 * latency(VPC).create_s, latency(ADDON).create_s)


@pytest.mark.parametrize("chain", ALL_CHAINS)
def test_a_chain_is_its_stages_one_after_another_and_each_says_why(chain: Chain) -> None:
    assert all(stage.why for stage in chain.stages)
    assert chain.seconds == sum(stage.seconds for stage in chain.stages) > 0


def test_a_cluster_without_workloads_takes_until_its_add_ons_run() -> None:
    assert unavoidable_s(types_of(NODES)) == NODES.seconds
    assert NODES.seconds > latency(CLUSTER).create_s + 2 * latency(ADDON).create_s


def test_a_store_is_waited_for_only_by_a_stack_that_has_it() -> None:
    operators = unavoidable_s(types_of(NODES) | {JOB, RELEASE})
    with_store = unavoidable_s(types_of(NODES) | {JOB, RELEASE, AEROSPIKE})
    assert operators == NODES.seconds + latency(JOB).create_s + latency(RELEASE).create_s
    assert with_store == operators + latency(RELEASE).create_s + latency(AEROSPIKE).create_s


def test_stores_that_need_no_operator_run_beside_the_operators() -> None:
    with_operators = types_of(NODES) | {JOB, RELEASE}
    assert unavoidable_s(with_operators | {STATEFUL_SET}) == unavoidable_s(with_operators)


def test_brokers_that_aws_runs_are_longer_than_everything_in_the_cluster() -> None:
    types = types_of(NODES) | {JOB, RELEASE, AEROSPIKE}
    assert unavoidable_s(types) < unavoidable_s(types | {MSK})
    assert latency(MSK).create_s < unavoidable_s(types | {MSK}) < latency(MSK).create_s + 60


def test_a_database_is_made_only_where_there_is_a_server_for_it() -> None:
    making = next(chain for chain in ON_NODES if chain.where)
    assert not making.applies_to(types_of(making))
    assert making.applies_to(types_of(making) | {"aws:rds/instance:Instance"})


def test_the_chain_is_no_measure_for_a_stack_without_nodes() -> None:
    everything = types_of(*ALL_CHAINS)
    assert applies_to(everything)
    assert not applies_to(everything - {"aws:eks/nodeGroup:NodeGroup"})
