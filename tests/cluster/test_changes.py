"""A real API server takes what a changed stack file makes of a cluster: updates in place, or what is made anew."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from simulator import Simulation, simulate
from simulator.compare import Action, compare
from tests.cluster import objects
from tests.cluster.conftest import needs_no_controllers
from tests.cluster.judge import Server
from tests.support.stacks import ROOT, stack_file

REGION = "eu-west-1"
BEFORE = {"regions": {REGION: {"cidr": "10.48.0.0/16"}}, "miners": {"miner-1": {"region": REGION}}}
CHANGES: Mapping[str, Mapping[str, object]] = {
    "release": {"release": "v0.15.0"},
    "second miner": {"miners": {**BEFORE["miners"], "miner-2": {"region": REGION}}},
    "first miner gone": {"miners": {"miner-2": {"region": REGION}}},
    "miner stopped": {"miners": {"miner-1": {"region": REGION, "enabled": False}}},
    "new credentials": {"miners": {"miner-1": {"region": REGION, "credentials": 2}}},
    "another registry": {"platform": {"imageMirrors": {"docker.io": "mirror.example.org/hub"}}},
    "larger disks of Kafka": {"kafka": {"storageGib": 40}},
    "larger disks of a store": {"utxoStore": {"deviceGib": 100}},
    "another server of a store": {"utxoStore": {"nodes": 2}},
}


def state(folder: Path, before: Simulation | None = None, **changes: object) -> Simulation:
    path = stack_file(folder, "team", "testing", **{**BEFORE, **changes})
    return simulate(path, project_dir=ROOT, baseline=before.deployment if before else None)


@needs_no_controllers
@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_a_cluster_follows_a_changed_stack_file(server: Server, tmp_path: Path, changed: Mapping[str, object]) -> None:
    empty = server.api.everything()
    before = state(tmp_path)
    after = state(tmp_path, before, **changed)
    changes = compare(before.deployment, after.deployment)
    replaced = {change.urn for change in changes.of(Action.REPLACE)}
    wanted = objects.declared(after, REGION)
    assert [change for change in changes.changed if change.type.startswith("kubernetes:")] != []

    said = server.apply(objects.declared(before, REGION))
    server.change(said, wanted, replaced)
    there = [item.urn for item in said.applied]
    refused = [*said.refused, *said.warned, *server.delete(said)]

    assert "\n".join(refused) == ""
    undefined = {item.urn for item in said.undefined}
    assert there == [item.urn for item in wanted if item.urn not in undefined]
    server.await_nothing_but(empty)
