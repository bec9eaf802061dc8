"""What leaves mainnet leaves in two updates: the first lifts its locks and no others, the second deletes it alone."""

import copy
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from ops.fleet import policy_graph
from ops.guard import Refusal, refusals
from policies.rules import evaluate, lost_nodes, lost_protection
from simulator import simulate
from simulator.compare import Action, Comparison, compare
from simulator.graph import Deployment, Graph, Node
from tests.support.stacks import ROOT, stack_file

TODAY = date(2026, 12, 1)
ENTRY = {"date": "2026-12-01", "reason": "moved elsewhere, decided in a review"}
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d")
REGIONS = {"eu-west-1": {"cidr": "10.32.0.0/16"}, "us-east-1": {"cidr": "10.33.0.0/16", "zones": list(ZONES)}}
LICENCE = "arn:aws:secretsmanager:{}:444455556666:secret:aerospike-feature-key-AbCdEf"
MINERS = {
    name: {"region": region, "utxoStore": {"featureKey": LICENCE.format(region)}}
    for name, region in (("miner-1", "eu-west-1"), ("miner-2", "us-east-1"), ("miner-3", "us-east-1"))
}
SETTINGS: Mapping[str, Any] = {
    "regions": REGIONS,
    "miners": MINERS,
    "utxoStore": None,
    "nodes": {
        "general": {"minNodesPerZone": 2},
        "storage": {"aerospike": {"instanceType": "i7i.4xlarge", "nodesPerZone": 3}},
    },
}
WITHOUT: Mapping[str, Mapping[str, Any]] = {
    "miner-2": {"miners": {name: MINERS[name] for name in ("miner-1", "miner-3")}},
    "us-east-1": {"miners": {"miner-1": MINERS["miner-1"]}, "regions": {"eu-west-1": REGIONS["eu-west-1"]}},
    "us-east-1d": {"regions": {**REGIONS, "us-east-1": {"cidr": "10.33.0.0/16", "zones": list(ZONES[:3])}}},
}
"""What the file says when the name is gone."""

BELONGS: Mapping[str, Callable[[str], bool]] = {
    "miner-2": lambda name: f"{name}-".startswith("miner-2-"),
    "us-east-1": lambda name: f"{name}-".startswith(("us-east-1-", "miner-2-", "miner-3-")),
    "us-east-1d": lambda name: name.endswith("-us-east-1d"),
}


@cache
def applied(*steps: str) -> Deployment:
    """The state after the updates `steps`, on top of an environment that has everything."""
    baseline = applied(*steps[:-1]) if steps else None
    changes: Mapping[str, Any] = {}
    if steps:
        verb, name = steps[-1].split()
        changes = {"decommission": {name: ENTRY}} if verb == "list" else WITHOUT[name]
    with TemporaryDirectory() as folder:
        path = stack_file(Path(folder), "mainnet", "mainnet", **{**SETTINGS, **changes})
        return simulate(path, project_dir=ROOT, baseline=baseline).deployment


def listed(name: str) -> Deployment:
    return applied(f"list {name}")


def removed(name: str) -> Comparison:
    return compare(listed(name), applied(f"list {name}", f"remove {name}"))


def unlocked(before: Deployment, after: Deployment) -> set[str]:
    """Names of what was protected or retained and no longer is."""

    def locks(node: Node) -> tuple[bool, bool]:
        return node.protect, node.retain_on_delete

    old, new = Graph(before).nodes, Graph(after).nodes
    return {node.name for urn, node in old.items() if urn in new and locks(new[urn]) < locks(node)}


def names(comparison: Comparison, *actions: Action) -> set[str]:
    return {change.name for action in actions for change in comparison.of(action)}


@pytest.mark.parametrize("name", WITHOUT)
def test_the_first_update_opens_the_locks_of_what_leaves_and_no_others(name: str) -> None:
    opened = unlocked(applied(), listed(name))
    protected = {node.name for node in Graph(applied()).nodes.values() if node.protect and BELONGS[name](node.name)}

    assert opened
    assert opened == protected
    assert not {node.name for node in Graph(listed(name)).nodes.values() if node.protect and BELONGS[name](node.name)}


@pytest.mark.parametrize("name", WITHOUT)
def test_the_first_update_changes_locks_and_moves_records_and_deletes_nothing(name: str) -> None:
    step = compare(applied(), listed(name))
    racks = {one.urn for one in step.of(Action.UPDATE) if one.type.endswith(":AerospikeCluster")}

    assert names(step, Action.CREATE) == {f"decommission-{name}"}
    assert not names(step, Action.DELETE, Action.REPLACE)
    assert len(racks) == (2 if name == "us-east-1d" else 0), "the records of a zone move while its nodes stand"
    assert {
        change.path.rpartition(".")[2]
        for one in step.of(Action.UPDATE)
        if one.urn not in racks
        for change in one.changes
    } <= {"deletionProtection", "enableDeletionProtection", "forceDestroy", "deleteClaim"}


@pytest.mark.parametrize("name", WITHOUT)
def test_open_locks_are_waived_until_the_entry_is_overdue(name: str) -> None:
    before, graph = policy_graph(applied()), policy_graph(listed(name))

    report = evaluate(graph, today=TODAY)
    assert report.clean
    assert evaluate(before, today=TODAY).clean
    assert any(ENTRY["reason"] in waived.waiver.reason for waived in report.waived)
    assert not lost_protection(before, graph)

    overdue = {finding.rule for finding in evaluate(graph, today=date(2027, 1, 1)).findings}
    assert {"DECOMMISSION", "GRD-5"} <= overdue


@pytest.mark.parametrize("name", WITHOUT)
def test_the_second_update_deletes_exactly_what_was_announced(name: str) -> None:
    step = removed(name)
    deleted = names(step, Action.DELETE)
    gone = {node.name for node in Graph(listed(name)).nodes.values() if BELONGS[name](node.name)}

    assert not [one.name for one in step.changed if one.refused]
    assert gone <= deleted
    # What joins a region to others is named after both.
    assert all(name in one for one in deleted - gone)
    assert not [one.name for one in step.of(Action.REPLACE) if one.loss]
    assert not lost_nodes(policy_graph(listed(name)), policy_graph(applied(f"list {name}", f"remove {name}")))


@pytest.mark.parametrize("name", WITHOUT)
def test_without_the_first_update_the_engine_refuses_the_second(name: str) -> None:
    at_once = compare(applied(), applied(f"remove {name}"))

    assert {one.name for one in at_once.changed if one.refused} == unlocked(applied(), listed(name))


def test_of_a_region_backups_and_every_key_stay_in_aws() -> None:
    kept = {one.name for one in removed("us-east-1").of(Action.DELETE) if one.retained}
    keys = {one.name for one in removed("us-east-1").of(Action.DELETE) if one.type == "aws:kms/key:Key"}

    assert keys
    assert keys | {"us-east-1-copies-vault-vault"} <= kept
    vault = {"us-east-1-copies-vault-vault", "us-east-1-copies-vault-lock"}
    assert {one.removeprefix("us-east-1-objects-") for one in kept - keys - vault} == {
        "bucket-backups",
        "bucket-encryption-backups",
        "bucket-policy-backups",
        "lifecycle-backups",
        "object-lock-backups",
        "ownership-backups",
        "public-access-block-backups",
        "versioning-backups",
    }
    listed_state = Graph(listed("us-east-1"))
    [database] = [node for node in listed_state.nodes.values() if node.name == "us-east-1-postgres-aurora-cluster"]
    assert (database.inputs["skipFinalSnapshot"], database.inputs["deletionProtection"]) == (False, False)


def test_of_a_miner_the_final_backup_of_its_files_stays() -> None:
    [files] = [
        node for node in Graph(listed("miner-2")).nodes.values() if node.name == "miner-2-files-lustre-file-system"
    ]
    assert files.inputs["skipFinalBackup"] is False


def guarded(before: Deployment, after: Deployment, today: date = TODAY) -> tuple[Refusal, ...]:
    return refusals(before, after, compare(before, after), today)


@pytest.mark.parametrize("name", WITHOUT)
def test_the_guard_lets_both_updates_pass_and_neither_alone_nor_early(name: str) -> None:
    announcing, after = listed(name), applied(f"list {name}", f"remove {name}")

    assert not guarded(applied(), announcing)
    assert not guarded(announcing, after)
    assert {one.rule for one in guarded(announcing, after, date(2026, 11, 30))} == {"R4-DATE"}
    at_once = guarded(applied(), applied(f"remove {name}"))
    assert {one.rule for one in at_once} >= {"R4"}
    assert any(f"put {name} back" in one.remedy for one in at_once)
    told = {urn for one in at_once for urn in one.urns}
    engine = {one.urn for one in compare(applied(), applied(f"remove {name}")).changed if one.refused}
    assert not [urn for urn in engine - told if "random:" not in urn and "providers:" not in urn]


@pytest.mark.parametrize("name", WITHOUT)
def test_what_is_left_of_a_removal_that_stopped_half_way_may_go(name: str) -> None:
    half_way: dict[str, Any] = copy.deepcopy(dict(listed(name)))
    outputs = Graph(applied(f"list {name}", f"remove {name}"))
    [stack] = [node for node in outputs.nodes.values() if node.type == "pulumi:pulumi:Stack"]
    rows = half_way["deployment"]["resources"]
    kept = [row for row in rows if row["type"] != "teranode:decommission:Decommission"]
    half_way["deployment"]["resources"] = [
        {**row, "outputs": dict(stack.outputs)} if row["type"] == stack.type else row for row in kept
    ]

    assert not guarded(half_way, applied(f"list {name}", f"remove {name}"))


def test_a_zone_in_which_files_or_a_database_lie_for_life_cannot_leave() -> None:
    with TemporaryDirectory() as folder:
        entry = {"decommission": {"us-east-1a": ENTRY}}
        path = stack_file(Path(folder), "mainnet", "mainnet", **{**SETTINGS, **entry})
        [refusal] = guarded(applied(), simulate(path, project_dir=ROOT, baseline=applied()).deployment)

    assert (refusal.rule, refusal.subject) == ("R4-ZONE", "us-east-1a")
    assert "miner-2-files-lustre-file-system" in refusal.what
