"""Keys, one per region and class of data."""

import json

import pytest

from components.keys import DataKey, DataKeyArgs, autoscaling_uses, logs_use
from components.protection import Protection
from simulator import Simulation
from tests.support.builders import LOCKED, UNLOCKED, in_region, placement

KEY = "aws:kms/key:Key"


def built(protection: Protection = LOCKED) -> Simulation:
    uses = (logs_use(placement()), *autoscaling_uses(placement()))
    args = DataKeyArgs(placement=placement(), data_class="logs", protection=protection, uses=uses)
    return in_region(lambda opts: DataKey("key", args, opts))


def statements() -> dict[str, dict[str, object]]:
    policy = json.loads(str(built().of_type(KEY)[0].inputs["policy"]))
    return {statement["Sid"]: statement for statement in policy["Statement"]}


@pytest.mark.parametrize(("protection", "days"), [(LOCKED, 30), (UNLOCKED, 7)])
def test_a_deleted_key_can_be_rescued_as_long_as_the_environment_says(protection: Protection, days: int) -> None:
    [key] = built(protection).of_type(KEY)

    assert key.inputs["deletionWindowInDays"] == days
    assert key.inputs["enableKeyRotation"] is True


def test_where_data_is_protected_a_key_outlives_the_program() -> None:
    [locked], [unlocked] = built(LOCKED).of_type(KEY), built(UNLOCKED).of_type(KEY)

    assert (locked.protect, locked.retain_on_delete) == (True, True)
    assert (unlocked.protect, unlocked.retain_on_delete) == (False, False)


def test_a_key_says_which_class_of_data_it_encrypts() -> None:
    assert built().of_type(KEY)[0].inputs["tags"] == {"Name": "testing-logs", "data-class": "logs"}


def test_the_alias_names_environment_and_class_of_data() -> None:
    [alias] = built().of_type("aws:kms/alias:Alias")

    assert alias.inputs["name"] == "alias/testing-logs"
    assert alias.inputs["targetKeyId"] == built().of_type(KEY)[0].outputs["keyId"]


def test_the_account_administers_its_key_through_iam() -> None:
    account = statements()["AccountAdministersThroughIam"]

    assert account["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert account["Action"] == "kms:*"


def test_cloudwatch_logs_uses_a_key_for_log_groups_of_this_account_only() -> None:
    logs = statements()["CloudWatchLogs"]

    assert logs["Principal"] == {"Service": "logs.eu-west-1.amazonaws.com"}
    assert logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:111122223333:log-group:*"}
    }


def test_auto_scaling_may_grant_a_key_to_volumes_and_to_nothing_else() -> None:
    uses, grants = statements()["AutoScalingUsesVolumes"], statements()["AutoScalingAttachesVolumes"]
    role = "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"

    assert uses["Principal"] == grants["Principal"] == {"AWS": role}
    assert "kms:CreateGrant" not in str(uses["Action"])
    assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
