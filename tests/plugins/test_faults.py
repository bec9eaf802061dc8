"""Fault scenarios: what a file says shall go wrong does, to the calls that it names and to no others."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest

from simulator import faults
from simulator.rules import tokens as t
from simulator.values import from_struct
from simulator.world import Status, World
from tests.plugins.plugin_process import init_failure, plugin

Write = Callable[..., dict[str, str]]


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """The file of an empty world."""
    return tmp_path / "world.sqlite"


@pytest.fixture
def scenario(tmp_path: Path) -> Write:
    """Write a scenario of these faults and return the environment that names it."""

    def write(*found: dict[str, Any], **more: Any) -> dict[str, str]:
        path = tmp_path / "faults.json"
        path.write_text(json.dumps({"faults": list(found), **more}), encoding="utf-8")
        return {"TERANODE_SIM_FAULTS": str(path)}

    return write


def ids(world: Path) -> list[str]:
    """The ids of all that exists."""
    with World(world).transaction() as view:
        return [thing.id for thing in view.everything()]


def test_an_error_answers_with_its_code_and_message_and_changes_nothing(world: Path, scenario: Write) -> None:
    error = {"code": "InsufficientFreeAddressesInSubnet", "message": "Not enough."}
    with (
        plugin("aws", world, **scenario({"type": t.VPC, "error": error})) as aws,
        pytest.raises(grpc.RpcError, match="InsufficientFreeAddressesInSubnet: Not enough"),
    ):
        aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    assert ids(world) == []


def test_a_fault_meets_only_its_type_name_operation_and_turn(world: Path, scenario: Write) -> None:
    error = {"code": "X", "message": "no"}
    chosen = {"type": "aws:ec2/*", "name": "b*", "operation": "create", "nth": 2, "error": error}
    with plugin("aws", world, **scenario(chosen)) as aws:
        aws.create(t.VPC, "a", cidrBlock="10.0.0.0/16")
        first = aws.create(t.VPC, "b", cidrBlock="10.1.0.0/16")
        aws.delete(t.VPC, "b", first.id)
        with pytest.raises(grpc.RpcError, match="api error X"):
            aws.create(t.VPC, "b", cidrBlock="10.1.0.0/16")
        aws.create(t.VPC, "b", cidrBlock="10.1.0.0/16")


def test_throttling_passes_by_itself(world: Path, scenario: Write) -> None:
    with plugin("aws", world, **scenario({"throttle": 24})) as aws:
        assert aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16").id


def test_throttling_without_end_is_an_error_after_the_providers_last_attempt(world: Path, scenario: Write) -> None:
    with (
        plugin("aws", world, **scenario({"throttle": 25})) as aws,
        pytest.raises(
            grpc.RpcError, match="ThrottlingException: Rate exceeded: exceeded maximum number of attempts, 25"
        ),
    ):
        aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")


def test_a_timeout_leaves_a_thing_that_the_engine_learns_of(world: Path, scenario: Write) -> None:
    with (
        plugin("aws", world, **scenario({"timeout": True})) as aws,
        pytest.raises(grpc.RpcError, match="timeout while waiting for state to become 'ACTIVE'") as failed,
    ):
        aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    detail = init_failure(failed.value)
    assert [detail.id] == ids(world)
    assert from_struct(detail.inputs)["cidrBlock"] == "10.0.0.0/16"
    with World(world).transaction() as view:
        assert [thing.status for thing in view.everything()] == [Status.CREATING]


@pytest.mark.parametrize(("moment", "left"), [("before", 0), ("after", 1)])
def test_a_plugin_dies_before_or_after_the_effect(world: Path, scenario: Write, moment: str, left: int) -> None:
    environment = scenario({"operation": "create", "nth": 1, "kill": moment})
    with plugin("aws", world, **environment) as aws:
        with pytest.raises(grpc.RpcError):
            aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
        assert aws.process.wait() < 0
    assert len(ids(world)) == left


def test_a_fault_for_the_first_time_does_not_strike_again_after_its_victim_restarts(
    world: Path, scenario: Write
) -> None:
    environment = scenario({"operation": "create", "nth": 1, "kill": "before"})
    with plugin("aws", world, **environment) as aws, pytest.raises(grpc.RpcError):
        aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16")
    with plugin("aws", world, **environment) as aws:
        assert aws.create(t.VPC, "net", cidrBlock="10.0.0.0/16").id


def test_a_scenario_can_lower_and_raise_the_quotas_of_the_account(world: Path, scenario: Write) -> None:
    with plugin("aws", world, **scenario(quotas={"vpc-quota": 1})) as aws:
        aws.create(t.VPC, "a", cidrBlock="10.0.0.0/16")
        with pytest.raises(grpc.RpcError, match="VpcLimitExceeded"):
            aws.create(t.VPC, "b", cidrBlock="10.1.0.0/16")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("faults: [{type: x}]", "exactly one of error, throttle, timeout, kill; found none"),
        ("faults: [{kill: after, timeout: true}]", "found timeout, kill"),
        ("faults: [{kill: during}]", "faults.0.kill"),
        ("faults: [{nht: 1, kill: after}]", "faults.0.nht"),
        ("fault: []", "fault: Extra inputs"),
        ("faults: [{nth: 0, kill: after}]", "faults.0.nth"),
        ("faults: {", "cannot read the fault scenario"),
    ],
)
def test_a_scenario_with_a_mistake_is_refused_with_its_place(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(faults.ScenarioError) as refused:
        faults.load(path)
    assert complaint in str(refused.value)
    assert str(path) in str(refused.value)


def test_without_a_scenario_nothing_goes_wrong(tmp_path: Path) -> None:
    assert faults.load(None) == faults.Scenario()
    empty = tmp_path / "empty.yaml"
    empty.write_text("", encoding="utf-8")
    assert faults.load(empty) == faults.Scenario()
