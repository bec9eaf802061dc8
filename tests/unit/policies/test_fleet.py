"""Rules over several stacks, or over one stack before and after."""

import json

from policies.rules import FLEET_RULES, Graph, evaluate_fleet, lost_nodes, lost_protection
from tests.contract.policies.model import model_stack
from tests.contract.policies.stack import Damage, Json, ModelStack, drop, edit, option, plant

VPC = "aws:ec2/vpc:Vpc"
AWS = "pulumi:providers:aws"
CLUSTER = "aws:eks/cluster:Cluster"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105 (a type)
NODES = "aws:eks/nodeGroup:NodeGroup"
RACKS = "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"
COMMUNITY = "kubernetes:apps/v1:StatefulSet"
STORAGE: Json = {"teranode.io/storage": "utxo"}


def _stack(tier: str, *damages: Damage) -> Graph:
    stack = model_stack(tier, *damages)
    return Graph.from_deployment(stack.document())


def _testing(*damages: Damage) -> Graph:
    """A second stack with account, networks and keys of its own."""

    def move(stack: ModelStack) -> None:
        for row in stack.rows:
            if row["type"] == EXTERNAL_SECRET:
                row["inputs"] = json.loads(json.dumps(row["inputs"]).replace("444455556666", "111122223333"))
        for number, row in enumerate(row for row in stack.rows if row["type"] in (AWS, VPC)):
            inputs = row["inputs"]
            assert isinstance(inputs, dict)
            if row["type"] == AWS:
                inputs["allowedAccountIds"] = json.dumps(["111122223333"])
            else:
                inputs["cidrBlock"] = f"10.{100 + number}.0.0/16"

    return _stack("testing", move, *damages)


def test_stacks_that_share_nothing_are_clean() -> None:
    assert evaluate_fleet({"mainnet": _stack("mainnet"), "testing": _testing()}) == ()


def test_mainnet_and_testing_in_one_account_are_refused() -> None:
    same = edit(AWS, "allowedAccountIds", json.dumps(["444455556666"]))

    findings = evaluate_fleet({"mainnet": _stack("mainnet"), "testing": _testing(same)})

    assert [finding.rule for finding in findings] == ["GRD-3"]
    assert "444455556666" in findings[0].message


def test_two_testing_stacks_may_share_an_account() -> None:
    findings = evaluate_fleet({"one": _testing(), "two": _testing()})

    assert "GRD-3" not in {finding.rule for finding in findings}


def test_overlapping_networks_of_two_stacks_are_refused() -> None:
    findings = evaluate_fleet(
        {"mainnet": _stack("mainnet"), "testing": _testing(edit(VPC, "cidrBlock", "10.32.128.0/17"))}
    )

    assert [finding.rule for finding in findings] == ["NET-1-FLEET"]


def test_a_fixed_global_name_in_two_stacks_is_refused() -> None:
    role = plant("aws:iam/role:Role", {"name": "teranode-node"})

    findings = evaluate_fleet({"one": _testing(role), "two": _testing(role)})

    assert "R30" in {finding.rule for finding in findings}


def test_a_private_key_that_two_stacks_read_is_refused() -> None:
    source = _stack("mainnet").of_type(EXTERNAL_SECRET)[0].inputs.text("spec.data.1.remoteRef.key")
    same = edit(EXTERNAL_SECRET, "spec.data.1.remoteRef.key", source)

    findings = evaluate_fleet({"mainnet": _stack("mainnet"), "testing": _testing(same)})

    assert [finding.rule for finding in findings] == ["KEY-3-FLEET"]


def test_every_fleet_rule_is_sourced_and_named_once() -> None:
    assert len({rule.id for rule in FLEET_RULES}) == len(FLEET_RULES)
    assert all(rule.reason and rule.source and rule.remedy for rule in FLEET_RULES)


def test_dropping_protection_of_what_stays_is_found() -> None:
    findings = lost_protection(_stack("mainnet"), _stack("mainnet", option(CLUSTER, "protect", value=False)))

    assert [finding.urn.rsplit("::", 1)[-1] for finding in findings] == ["eu-west-1-cluster"]


def test_unchanged_protection_and_removed_resources_are_not_found() -> None:
    def remove(stack: ModelStack) -> None:
        stack.rows.remove(stack.first(CLUSTER))

    assert lost_protection(_stack("mainnet"), _stack("mainnet")) == ()
    assert lost_protection(_stack("mainnet"), _stack("mainnet", remove)) == ()


def test_nodes_that_go_from_under_the_racks_of_a_store_are_found() -> None:
    findings = lost_nodes(_stack("mainnet"), _stack("mainnet", drop(NODES, name="eu-west-1-storage-b")))

    [finding] = findings
    assert (finding.rule, finding.urn.rsplit("::", 1)[-1]) == ("R11", "eu-west-1-storage-b")
    assert "racks" in finding.message
    assert "docs/runbooks/replace-nvme-pool.md" in finding.remedy


def test_going_to_another_pool_in_one_step_is_found_whatever_the_racks_ask_for_afterwards() -> None:
    def elsewhere(stack: ModelStack) -> None:
        for zone in "abc":
            edit(NODES, "labels", {"teranode.io/storage": "second"}, name=f"eu-west-1-storage-{zone}")(stack)
            group = stack.first(NODES, f"eu-west-1-storage-{zone}")
            group["urn"] = f"{group['urn']}-second"
            edit(
                RACKS,
                f"spec.rackConfig.racks.{'abc'.index(zone)}.podSpec.nodeSelector",
                {"teranode.io/storage": "second"},
            )(stack)

    assert {finding.rule for finding in lost_nodes(_stack("mainnet"), _stack("mainnet", elsewhere))} == {"R11"}


def test_nodes_under_the_community_edition_are_found_too() -> None:
    stays = edit(COMMUNITY, "spec.template.spec.nodeSelector", STORAGE)
    gone = drop(NODES, name="eu-west-1-storage-a")
    without_racks = drop(RACKS)

    findings = lost_nodes(_stack("testing", stays, without_racks), _stack("testing", stays, without_racks, gone))

    assert [finding.message for finding in findings] == ["the records of eu-west-1-store are on these nodes"]


def test_nodes_may_go_with_their_store_or_once_it_has_left_them() -> None:
    gone = drop(NODES, name="eu-west-1-storage-a")
    left: Json = {"teranode.io/storage": "second"}
    moved = edit(RACKS, "spec.rackConfig.racks.0.podSpec.nodeSelector", left)

    assert lost_nodes(_stack("mainnet"), _stack("mainnet", gone, drop(RACKS))) == ()
    assert lost_nodes(_stack("mainnet", moved), _stack("mainnet", moved, gone)) == ()
    assert lost_nodes(_stack("mainnet"), _stack("mainnet")) == ()
