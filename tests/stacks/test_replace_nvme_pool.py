"""Replacing an NVMe pool as docs/runbooks/replace-nvme-pool.md says loses nothing, and the short way is refused."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from policies.rules import Graph, lost_nodes
from simulator import simulate
from simulator.compare import Action, Comparison, compare
from simulator.graph import Deployment
from tests.support.stacks import ROOT, at, stack_file

RUNBOOK = ROOT / "docs/runbooks/replace-nvme-pool.md"
LICENCE = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:aerospike-feature-key-AbCdEf"
FIRST = {"aerospike": {"instanceType": "i7i.4xlarge", "nodesPerZone": 2}}
SECOND = {"aerospike-2": {"instanceType": "i7i.8xlarge", "nodesPerZone": 2}}
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
RACKS = "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"


def settings(pool: str, *pools: Mapping[str, object]) -> dict[str, object]:
    storage = {name: keys for one in pools for name, keys in one.items()}
    return {"nodes": {"storage": storage}, "utxoStore": {"featureKey": LICENCE, "pool": pool}}


BEFORE = settings("aerospike", FIRST)
BOTH_POOLS = settings("aerospike", FIRST, SECOND)
RACKS_MOVED = settings("aerospike-2", FIRST, SECOND)
EMPTIED = settings("aerospike-2", SECOND)
SEQUENCE = (BEFORE, BOTH_POOLS, RACKS_MOVED, EMPTIED)


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> list[Deployment]:
    """What each step leaves behind, made from what the one before left."""
    folder, found = tmp_path_factory.mktemp("stacks"), list[Deployment]()
    for keys in SEQUENCE:
        found.append(applied(folder, keys, found[-1] if found else None))
    return found


def applied(folder: Path, keys: Mapping[str, object], baseline: Deployment | None) -> Deployment:
    path = stack_file(folder, "mainnet", "mainnet", **keys)
    return simulate(path, project_dir=ROOT, baseline=baseline).deployment


def graph(deployment: Deployment) -> Graph:
    return Graph.from_deployment(deployment)


def nodes(pool: str) -> set[str]:
    return {f"eu-west-1-eks-nodes-{pool}-{zone}" for zone in ZONES}


def names(comparison: Comparison, *actions: Action) -> set[str]:
    return {change.name for action in actions for change in comparison.of(action) if change.type.startswith("aws:eks/")}


def test_the_second_pool_comes_beside_the_first(states: list[Deployment]) -> None:
    step = compare(states[0], states[1])

    assert names(step, Action.CREATE) == nodes("aerospike-2")
    assert not step.of(Action.REPLACE)
    assert not step.of(Action.DELETE)


def test_racks_move_in_place_to_a_revision_named_after_the_second_pool(states: list[Deployment]) -> None:
    step = compare(states[1], states[2])

    assert not step.of(Action.REPLACE)
    assert not step.of(Action.DELETE)
    assert [change.type for change in step.of(Action.UPDATE) if change.loss] == [RACKS]
    for state, pool in ((states[1], "aerospike"), (states[2], "aerospike-2")):
        [store] = graph(state).of_type(RACKS)
        racks = store.inputs.views("spec.rackConfig.racks")
        assert {rack.text("revision") for rack in racks} == {pool}
        assert {at(rack.raw, "podSpec.nodeSelector")["teranode.io/storage"] for rack in racks} == {pool}  # type: ignore[index]
        assert len({rack.number("id") for rack in racks}) == len(ZONES)


def test_nothing_goes_in_the_end_but_the_nodes_that_were_emptied(states: list[Deployment]) -> None:
    step = compare(states[2], states[3])

    assert names(step, Action.DELETE, Action.REPLACE) == nodes("aerospike")
    assert {change.name for change in step.resources if change.loses_state} <= nodes("aerospike")
    refused = {change.name for change in step.resources if change.refused}
    assert refused == nodes("aerospike"), "the engine asks for each group's protection to be lifted by hand"


def test_no_step_takes_nodes_from_under_the_records(states: list[Deployment]) -> None:
    for before, after in pairwise(states):
        assert lost_nodes(graph(before), graph(after)) == ()


def test_going_from_one_pool_to_the_other_in_one_step_is_refused(states: list[Deployment], tmp_path: Path) -> None:
    at_once = applied(tmp_path, EMPTIED, states[0])

    findings = lost_nodes(graph(states[0]), graph(at_once))

    assert {finding.urn.rsplit("::", 1)[-1] for finding in findings} == nodes("aerospike")
    assert {finding.rule for finding in findings} == {"R11"}
    assert all("utxoStore.pool" in finding.remedy for finding in findings)


def test_another_node_image_changes_no_node_that_holds_records(tmp_path: Path) -> None:
    before = applied(tmp_path, {**BEFORE, "kubernetes": {"version": "1.35"}}, None)
    after = applied(tmp_path, {**BEFORE, "kubernetes": {"version": "1.36"}}, before)

    changed = names(compare(before, after), *(action for action in Action if action is not Action.SAME))

    assert not changed & nodes("aerospike")
    assert nodes("system") <= changed, "nodes without data are renewed in place"


def test_the_runbook_shows_the_pools_that_were_tested() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", RUNBOOK.read_text(), re.DOTALL)
    shown = {key.partition(":")[2]: value for block in blocks for key, value in yaml.safe_load(block).items()}

    assert shown["nodes"] == BOTH_POOLS["nodes"]
    assert shown["utxoStore"]["pool"] == "aerospike-2"
