"""What a miner has of its own, as both stacks build it."""

import json

import pytest

from tests.support.stacks import STACKS, evaluated


def policy_of(stack: str, miner: str) -> list[dict[str, str | list[str]]]:
    """The statements of the role that the miner's services take."""
    role = evaluated(stack).named(f"{miner}-objects-policy")
    return json.loads(str(role.inputs["policy"]))["Statement"]


@pytest.mark.parametrize("stack", STACKS)
def test_a_miners_services_reach_their_own_part_of_the_archive_and_nothing_else(stack: str) -> None:
    archive = str(evaluated(stack).named("eu-west-1-objects-bucket-archive").outputs["arn"])
    key = evaluated(stack).named("eu-west-1-objects-encryption-key").outputs["arn"]
    statements = policy_of(stack, "miner-1")
    actions = {action for one in statements for action in _listed(one["Action"])}

    assert [one["Resource"] for one in statements] == [archive, f"{archive}/miner-1/*", key]
    assert "s3:PutObject" in actions
    assert "s3:DeleteObjectVersion" not in actions


@pytest.mark.parametrize("stack", STACKS)
def test_the_role_is_taken_by_the_operators_service_account_in_the_miners_namespace(stack: str) -> None:
    association = evaluated(stack).named("miner-1-objects-association")

    assert association.inputs["serviceAccount"] == "teranode-operator-service-runner"
    assert association.inputs["namespace"] == "miner-1"
    assert association.inputs["roleArn"] == evaluated(stack).named("miner-1-objects-role").outputs["arn"]


def test_each_miner_mounts_files_of_its_own() -> None:
    volumes = evaluated("testing").of_type("kubernetes:core/v1:PersistentVolume")

    assert {volume.id for volume in volumes} == {f"miner-{number}-cluster-storage" for number in (1, 2, 3)}
    assert len(evaluated("mainnet").of_type("aws:fsx/lustreFileSystem:LustreFileSystem")) == 1


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
