"""A mainnet of two regions: one of them is lost, and a miner that leaves is held by a finalizer."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from simulator import Simulation, simulate
from simulator.graph import Graph
from tests.support.breaks import failing, finishes
from tests.support.replay import Replay
from tests.support.stacks import ROOT, stack_file
from tests.support.two_regions import SETTINGS

LEAVING = {"miner-2": {"date": "2026-12-01", "reason": "moved elsewhere, decided in a review"}}
DEAD = failing("*", "RequestError", "send request failed: dial tcp: i/o timeout")
WAITING = (
    "mesh-",
    "miner-2-address-record",
    *(f"miner-1-{what}-" for what in ("node", "first-state", "release-gate", "settings-restart")),
)
"""Of the region that is left: ways to the other one and its name, and a node that is told its peer's public address."""


@cache
def stack() -> Simulation:
    """Its second miner was announced to leave: its locks are open, and nothing else of it differs."""
    with TemporaryDirectory() as folder:
        path = stack_file(Path(folder), "mainnet", "mainnet", **SETTINGS, decommission=LEAVING)
        return simulate(path, project_dir=ROOT)


@pytest.fixture
def replay(tmp_path: Path) -> Replay:
    return Replay(tmp_path, stack(), quotas={"address-quota": 8})


def test_a_region_that_is_lost_keeps_nothing_of_the_other_from_being_made(replay: Replay) -> None:
    regions = Graph(stack().deployment).regions

    failures = replay.up({**DEAD, "name": "us-east-1-*"}, {**DEAD, "name": "miner-2-*"})

    assert failures
    assert [message for message in failures.values() if "RequestError: send request failed" not in message] == []
    missing = replay.names({urn for urn in replay.order if urn not in replay.state and regions.get(urn) == "eu-west-1"})
    assert [name for name in missing if not name.startswith(WAITING)] == []
    finishes(replay)


def test_a_finalizer_holds_a_miner_that_leaves_until_its_operator_is_back(replay: Replay) -> None:
    assert replay.up() == {}
    leaving = {urn for urn in replay.order if f"{replay.resources[urn].name}-".startswith("miner-2-")}
    staying = {urn: things for urn, things in replay.things().items() if urn not in leaving}
    stuck = {"type": "kubernetes:core/v1:Namespace", "name": "miner-2-*", "timeout": True}

    failures = replay.destroy(stuck, only=leaving)

    assert "timeout while waiting for state to become 'DELETED'" in failures["miner-2-namespace-namespace"]
    assert replay.names(leaving & replay.state.keys()) == {"miner-2-namespace-namespace"}
    assert replay.destroy(only=leaving) == {}
    assert replay.things() == staying
