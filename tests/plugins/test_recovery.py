"""Something goes wrong in an `up`: it is said, what does not need it goes on, and the next `up` finishes."""

from pathlib import Path

import pytest

from simulator import Simulation
from simulator.graph import Graph
from tests.support.breaks import BREAKS, CLUSTER, failing, finishes
from tests.support.replay import Replay
from tests.support.stacks import evaluated

HERE, THERE = "miner-1-namespace-namespace", "miner-2-namespace-namespace"


@pytest.fixture
def stack() -> Simulation:
    return evaluated("testing")


@pytest.mark.parametrize("what", BREAKS)
def test_what_breaks_is_said_and_the_next_up_finishes(tmp_path: Path, stack: Simulation, what: str) -> None:
    fault, said = BREAKS[what]
    replay = Replay(tmp_path, stack, HERE)

    failures = replay.up(fault)

    assert failures
    assert [message for message in failures.values() if said not in message] == []
    assert HERE not in replay.names({urn for urn in replay.state if urn not in replay.unready})
    finishes(replay)


def test_a_region_that_fails_keeps_nothing_of_the_others_from_being_made(tmp_path: Path, stack: Simulation) -> None:
    replay = Replay(tmp_path, stack, HERE, THERE)
    regions = Graph(stack.deployment).regions
    dead = failing("*", "RequestError", "send request failed: dial tcp: i/o timeout")

    failures = replay.up({**dead, "name": "us-east-1-*"}, {**dead, "name": "miner-2-*"})

    elsewhere = {urn for urn in replay.order if regions.get(urn) != "us-east-1" and not urn.endswith("-us-east-1")}
    assert failures
    assert replay.names(elsewhere) <= replay.names(replay.state)
    assert HERE in replay.names(replay.state)
    assert THERE not in replay.names(replay.state)
    finishes(replay)


def test_a_creation_whose_answer_was_lost_is_met_by_its_name_and_not_repeated(
    tmp_path: Path, stack: Simulation
) -> None:
    """As after a plugin or engine that died: the name is fixed, so AWS refuses a second one (docs/faults.md, R1)."""
    replay = Replay(tmp_path, stack, HERE)
    assert replay.up() == {}
    [cluster] = [urn for urn in replay.state if replay.resources[urn].type == CLUSTER]
    known = replay.state[cluster]
    replay.forget(cluster)

    failures = replay.up()

    [message] = failures.values()
    assert "ResourceInUseException" in message
    assert known in message
    assert [thing.id for thing in replay.things()[cluster]] == [known]
    # What `pulumi import` does (docs/runbooks/locked-state.md).
    replay.state[cluster] = known
    finishes(replay)


def test_a_finalizer_that_is_stuck_is_said_and_the_next_destroy_finishes(tmp_path: Path, stack: Simulation) -> None:
    replay = Replay(tmp_path, stack, HERE)
    assert replay.up() == {}

    failures = replay.destroy({"type": "kubernetes:core/v1:Namespace", "name": HERE, "timeout": True})

    assert "timeout while waiting for state to become 'DELETED'" in failures[HERE]
    assert CLUSTER in {replay.resources[urn].type for urn in replay.state}, "the cluster went before what is in it"
    assert replay.destroy() == {}
    assert replay.state == {}
    assert replay.things() == {}
