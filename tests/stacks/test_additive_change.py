"""What a change of a stack file may touch: a region, a miner or a version touches what it names and nothing else."""

import json
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import pytest

from simulator import simulate
from simulator.compare import Action, Comparison, compare
from simulator.graph import Deployment
from tests.support.stacks import ROOT, stack_file

BASELINES: dict[str, Deployment] = {}
"""What the settings make from nothing, once for all tests that begin with them."""


def baseline_of(folder: Path, settings: Mapping[str, object]) -> Deployment:
    key = json.dumps(settings)
    if key not in BASELINES:
        BASELINES[key] = simulate(stack_file(folder, "team", "testing", **settings), project_dir=ROOT).deployment
    return BASELINES[key]


def changed(folder: Path, before: Mapping[str, object], after: Mapping[str, object]) -> Comparison:
    """A stack based on testing with the keys of `before`, then with those of `after`, its ids and outputs kept.

    The stack is named `team`, because one named `testing` must have three miners.
    """
    baseline = baseline_of(folder, before)
    path = stack_file(folder, "team", "testing", **{**before, **after})
    return compare(baseline, simulate(path, project_dir=ROOT, baseline=baseline).deployment)


def by_action(comparison: Comparison) -> dict[Action, set[str]]:
    return {action: {change.name for change in comparison.of(action)} for action in Action if action is not Action.SAME}


def watch_list(region: str) -> str:
    """The release of Teranode's operator, whose values name the miners of its region."""
    return f"{region}-platform-teranode-operator-chart-release"


NOTHING = {action: set() for action in Action if action is not Action.SAME}
TWO = {"eu-west-1": {"cidr": "10.48.0.0/16"}, "us-east-1": {"cidr": "10.49.0.0/16"}}
MINERS = {"miner-1": {"region": "eu-west-1"}, "miner-2": {"region": "us-east-1"}}
TWO_STORAGE_NODES = {"storage": {"aerospike": {"instanceType": "i4i.large", "nodesPerZone": 2}}}
SMALL = {"regions": TWO, "miners": MINERS}


def test_a_new_region_creates_and_touches_nothing(tmp_path: Path) -> None:
    three = {**TWO, "eu-central-1": {"cidr": "10.50.0.0/16"}}
    result = by_action(changed(tmp_path, SMALL, {"regions": three}))

    assert result[Action.CREATE]
    assert all("eu-central-1" in name for name in result[Action.CREATE])
    assert {**result, Action.CREATE: set()} == NOTHING


@pytest.mark.parametrize("region", sorted(TWO))
def test_a_new_miner_touches_the_watch_list_of_its_region_and_the_peers_of_the_others(
    tmp_path: Path, region: str
) -> None:
    result = by_action(changed(tmp_path, SMALL, {"miners": {**MINERS, "miner-3": {"region": region}}}))
    peers = {f"{miner}-node-settings" for miner in MINERS}

    assert result[Action.CREATE]
    assert {**result, Action.CREATE: set()} == {**NOTHING, Action.UPDATE: {watch_list(region)} | peers}


def test_of_the_others_settings_a_new_miner_changes_the_lists_of_peers_alone(tmp_path: Path) -> None:
    comparison = changed(tmp_path, SMALL, {"miners": {**MINERS, "miner-3": {"region": "eu-west-1"}}})
    [settings] = [change for change in comparison.changed if change.name == "miner-2-node-settings"]

    assert {change.path for change in settings.changes} == {"data.p2p_bootstrap_peers", "data.p2p_static_peers"}


def test_a_release_of_teranode_updates_the_clusters_replaces_their_gates_and_touches_nothing_else(
    tmp_path: Path,
) -> None:
    result = by_action(changed(tmp_path, SMALL, {"release": "v0.15.0"}))

    assert result == {
        **NOTHING,
        Action.UPDATE: {f"{miner}-node-cluster" for miner in MINERS},
        Action.REPLACE: {f"{miner}-release-gate-job" for miner in MINERS},
    }


def test_a_release_changes_the_image_in_both_places_of_a_cluster_that_have_one(tmp_path: Path) -> None:
    """Measured with the operator: by `spec.image` alone the RPC service stays behind."""
    comparison = changed(tmp_path, SMALL, {"release": "v0.15.0"})
    clusters = [item for item in comparison.changed if item.name.endswith("-cluster")]

    assert {change.path for item in clusters for change in item.changes} == {
        "spec.image",
        "spec.rpc.spec.deploymentOverrides.image",
    }


def test_changed_settings_restart_the_pods_that_read_them_and_leave_the_clusters_alone(tmp_path: Path) -> None:
    """The operator restarts nothing, and nothing else follows: no gate, for the release is the same."""
    result = by_action(changed(tmp_path, SMALL, {"kafka": {"profile": "single", "partitionsHigh": 16}}))

    assert result == {
        **NOTHING,
        Action.UPDATE: {f"{miner}-node-settings" for miner in MINERS},
        Action.REPLACE: {f"{miner}-settings-restart-job" for miner in MINERS},
    }


def test_other_credentials_of_a_miner_restart_its_pods_and_nobody_elses(tmp_path: Path) -> None:
    other = {"miners": {**MINERS, "miner-1": {"region": "eu-west-1", "credentials": 2}}}
    comparison = changed(tmp_path, SMALL, other)

    assert all(change.name.startswith("miner-1-") for change in comparison.changed)
    assert "miner-1-settings-restart-job" in by_action(comparison)[Action.REPLACE]
    assert not [change for change in comparison.changed if change.name.startswith(("miner-1-node", "miner-1-release"))]


def test_another_pace_of_blocks_changes_the_generators_alone(tmp_path: Path) -> None:
    result = by_action(changed(tmp_path, SMALL, {"blockGenerator": {"intervalSeconds": 60}}))

    assert result == {**NOTHING, Action.UPDATE: {f"{miner}-block-generator-deployment" for miner in MINERS}}


def test_a_stopped_miner_keeps_everything_but_its_services_and_what_operates_or_misses_them(tmp_path: Path) -> None:
    stopped = {**MINERS, "miner-1": {"region": "eu-west-1", "enabled": False}}
    comparison = changed(tmp_path, SMALL, {"miners": stopped})
    operations = (
        "miner-1-release-gate",
        "miner-1-settings-restart",
        "miner-1-block-generator",
        "miner-1-address-alarms",
    )
    deleted = by_action(comparison)[Action.DELETE]
    updated = {change.name: [part.path for part in change.changes] for change in comparison.of(Action.UPDATE)}

    assert deleted
    assert not [name for name in deleted if not name.startswith(operations)]
    assert updated == {
        "miner-1-node-cluster": ["spec.enabled"],
        # By which alerts know that nobody misses it.
        "miner-1-namespace-namespace": ['metadata.labels["teranode-infra/stopped"]'],
    }
    assert len(comparison.changed) == len(deleted) + len(updated)


def test_the_order_of_regions_and_miners_means_nothing(tmp_path: Path) -> None:
    turned = {"regions": dict(reversed(TWO.items())), "miners": dict(reversed(MINERS.items()))}

    assert changed(tmp_path, SMALL, turned).changed == ()


def test_a_new_zone_adds_its_resources_and_replaces_nothing(tmp_path: Path) -> None:
    regions = {
        number: {"regions": {"eu-west-1": {"cidr": "10.48.0.0/16", "zones": [f"eu-west-1{z}" for z in "abc"[:number]]}}}
        for number in (2, 3)
    }
    one_miner = {"miners": {"miner-1": {"region": "eu-west-1"}}}
    result = by_action(changed(tmp_path, {**regions[2], **one_miner}, regions[3]))

    assert all("eu-west-1c" in name for name in result[Action.CREATE])
    assert result[Action.REPLACE] == result[Action.DELETE] == set()
    assert result[Action.UPDATE] == {
        "eu-west-1-eks-control-plane-cluster",
        "eu-west-1-network-endpoints-s3",
        "eu-west-1-postgres-subnet-group",
        "miner-1-address-load-balancer",
    }


def test_a_changed_block_is_seen_as_the_loss_it_is_and_stays_in_its_region(tmp_path: Path) -> None:
    moved = {**TWO, "eu-west-1": {"cidr": "10.51.0.0/16"}}
    comparison = changed(tmp_path, SMALL, {"regions": moved})

    [vpc] = [change for change in comparison.changed if change.name == "eu-west-1-network-vpc"]
    assert vpc.action is Action.REPLACE
    assert [change.path for change in vpc.forced_by] == ["cidrBlock"]
    # The miner's load balancer stands in the VPC.
    there = ("eu-west-1", "miner-1-address-")
    replaced = {change.name for change in comparison.of(Action.REPLACE) if not any(map(change.name.count, there))}
    assert replaced == set()


def test_a_miner_that_moves_is_made_anew_and_keeps_its_name(tmp_path: Path) -> None:
    comparison = changed(tmp_path, SMALL, {"miners": {**MINERS, "miner-2": {"region": "eu-west-1"}}})
    address = [change for change in comparison.resources if change.name.startswith("miner-2-address-")]
    moved = {change.name: change for change in address if change.type.startswith("aws:")}
    record = moved.pop("miner-2-address-record")

    assert {change.action for change in moved.values()} == {Action.REPLACE}
    assert record.action is Action.UPDATE
    assert {change.path.split("[")[0] for change in record.changes} <= {"aliases"}
    assert not [change.name for change in comparison.changed if change.name.startswith("miner-1-address")]


STORES = {
    "enterprise": {
        "profile": "enterprise",
        "featureKey": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:aerospike-AbCdEf",
    },
    "community": {"profile": "community", "device": "nvme"},
    "postgres": {"profile": "postgres"},
}


@pytest.mark.parametrize(("before", "after"), list(permutations(STORES, 2)))
def test_another_utxo_store_of_one_miner_touches_no_other_miner(tmp_path: Path, before: str, after: str) -> None:
    """The other miner has racks, so that operator and disks are there whatever the first one has."""
    region = {"regions": {"eu-west-1": {"cidr": "10.48.0.0/16"}}, "nodes": TWO_STORAGE_NODES}
    other = {"region": "eu-west-1", "utxoStore": STORES["enterprise"]}
    miners = [
        {"miners": {"miner-1": {"region": "eu-west-1", "utxoStore": STORES[profile]}, "miner-2": other}}
        for profile in (before, after)
    ]
    comparison = changed(tmp_path, {**region, **miners[0]}, miners[1])
    elsewhere = {change.name for change in comparison.changed if not change.name.startswith("miner-1-")}

    assert comparison.changed
    # The list of namespaces that Aerospike's operator watches is the one thing that both miners are in.
    watched = {"eu-west-1-platform-aerospike-operator-release"} if "enterprise" in (before, after) else set[str]()
    assert elsewhere == watched
