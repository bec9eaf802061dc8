"""What is refused in every tier, whatever is locked: another environment under the same name, and steps in versions."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ops.guard import Refusal, refusals
from simulator.compare import compare
from simulator.simulate import simulate
from tests.support import stack_settings
from tests.support.stacks import ROOT, evaluated, stack_file

TODAY = date(2026, 12, 1)


def changed(stack: str, type_: str, path: str, value: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """The state of a stack, and the same with an input of each resource of a type changed."""
    before: dict[str, Any] = dict(evaluated(stack).deployment)
    after = copy.deepcopy(before)
    for row in after["deployment"]["resources"]:
        *parents, last = path.split(".")
        place = row.get("inputs", {})
        if row["type"] == type_ and all(key in place for key in parents):
            for key in parents:
                place = place[key]
            place[last] = value
    return before, after


def found(before: dict[str, Any], after: dict[str, Any]) -> tuple[Refusal, ...]:
    return refusals(before, after, compare(before, after), TODAY)


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
@pytest.mark.parametrize("fact", ["account", "chain", "home", "tier"])
def test_a_fact_fixed_for_life_is_not_changed_in_any_tier(stack: str, fact: str) -> None:
    before, after = changed(stack, "random:index/randomId:RandomId", f"keepers.{fact}", "another")

    [refusal] = [one for one in found(before, after) if one.rule == "fixed fact"]
    assert (refusal.subject, refusal.cause) == (fact, f"{fact}: another")
    assert f"write {fact}:" in refusal.remedy


def test_on_mainnet_the_engine_refuses_it_too() -> None:
    before, after = changed("mainnet", "random:index/randomId:RandomId", "keepers.chain", "testnet")

    assert [one.name for one in compare(before, after).changed if one.refused] == ["identity-fixed-facts"]


@pytest.mark.parametrize(("version", "refused"), [("1.38", True), ("1.37", False), ("1.36", False), ("1.35", True)])
def test_kubernetes_goes_one_minor_at_a_time_and_never_back(version: str, refused: bool) -> None:  # noqa: FBT001
    before, after = changed("testing", "aws:eks/cluster:Cluster", "version", version)

    assert {one.rule for one in found(before, after)} == ({"R12"} if refused else set())


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_an_update_that_changes_nothing_is_not_refused(stack: str) -> None:
    state = dict(evaluated(stack).deployment)
    assert found(state, state) == ()


@pytest.mark.parametrize(
    ("stack", "remedy"), [("testing", "destroy the environment"), ("mainnet", "list eu-west-1 in decommission")]
)
def test_a_network_is_not_changed_under_a_cluster_that_cannot_follow(tmp_path: Path, stack: str, remedy: str) -> None:
    regions = {**stack_settings.stack_file(stack)["regions"], "eu-west-1": {"cidr": "10.77.0.0/16"}}
    before = evaluated(stack).deployment
    after = simulate(stack_file(tmp_path, stack, stack, regions=regions), project_dir=ROOT, baseline=before).deployment
    [refusal] = [one for one in refusals(before, after, compare(before, after), TODAY) if one.rule == "fixed fact"]

    assert (refusal.subject, refusal.cause) == ("eu-west-1", "regions.eu-west-1.cidr: 10.77.0.0/16")
    assert "eu-west-1-eks-control-plane-cluster" in refusal.what
    assert remedy in refusal.remedy
    assert any("postgres" in urn for urn in refusal.urns)


@pytest.mark.parametrize(("there", "asked", "refused"), [(1, 2, True), (2, 2, False), (3, 2, False)])
def test_a_pool_is_not_asked_for_more_nodes_than_its_groups_have(there: int, asked: int, refused: bool) -> None:  # noqa: FBT001
    before: dict[str, Any] = copy.deepcopy(dict(evaluated("testing").deployment))
    after = copy.deepcopy(before)
    for rows, key, number in ((before, "desiredSize", there), (after, "minSize", asked)):
        for row in rows["deployment"]["resources"]:
            if row["type"] == "aws:eks/nodeGroup:NodeGroup" and "-general-" in row["urn"]:
                row["outputs"]["scalingConfig"][key] = number

    refusals = [one for one in found(before, after) if one.rule == "node pool"]
    assert len(refusals) == (6 if refused else 0)
    assert all(f"first ask for {asked} nodes" in one.remedy for one in refusals)
