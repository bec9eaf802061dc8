"""The deployer's documented policy fits what the stacks create: enough, and not a wildcard more."""

import json
from fnmatch import fnmatchcase
from functools import cache
from typing import NotRequired, TypedDict

import pytest

from ops.preflight.calls import CALLS
from tests.support.stacks import ROOT, STACKS, evaluated

# Actions that IAM decides without a resource (service authorization reference): granted on an ARN they are denied.
WITHOUT_RESOURCE = {
    "aps:CreateWorkspace",
    "ec2:CreateSubnetCidrReservation",
    "ec2:DeleteSubnetCidrReservation",
    "eks:CreateCluster",
    "kafka:CreateCluster",
    "kafka:CreateConfiguration",
    "kms:CreateKey",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "route53:CreateHostedZone",
    "sns:Unsubscribe",
}
BOUNDARY = "arn:aws:iam::111122223333:policy/teranode-boundary-testing"
DOCUMENTS = ("network", "platform", "databases", "storage", "files", "messages", "alarms", "secrets")
FOLDER = ROOT / "docs" / "deployer"
MANAGED_POLICY_CHARACTERS = 6_144  # IAM quota


class Statement(TypedDict):
    """A statement as the files write it; a single action stands without a list."""

    Sid: str
    Effect: str
    Action: NotRequired[str | list[str]]
    NotAction: NotRequired[list[str]]
    Resource: str | list[str]
    Condition: NotRequired[dict[str, dict[str, str | list[str]]]]


@cache
def policy(name: str) -> str:
    return (FOLDER / f"{name}.json").read_text().replace("ACCOUNT", "111122223333").replace("ENVIRONMENT", "testing")


@cache
def statements() -> tuple[Statement, ...]:
    return tuple(item for name in DOCUMENTS for item in json.loads(policy(name))["Statement"])


def named(sid: str) -> Statement:
    [found] = [item for item in statements() if item["Sid"] == sid]
    return found


def actions_of(statement: Statement) -> list[str]:
    action = statement.get("Action", [])
    return action if isinstance(action, list) else [action]


def actions() -> set[str]:
    return {action for one in statements() if one["Effect"] == "Allow" for action in actions_of(one)}


def conditions(sid: str) -> dict[str, dict[str, str | list[str]]]:
    return named(sid).get("Condition", {})


def types(stack: str) -> set[str]:
    return {resource.type for resource in evaluated(stack).resources if resource.package == "aws"}


@pytest.mark.parametrize("stack", STACKS)
def test_the_deployer_may_create_and_delete_every_type_of_a_stack(stack: str) -> None:
    needed = {call for token in types(stack) for call in CALLS[token]}

    assert needed <= actions()


def test_the_deployer_may_create_and_delete_the_kafka_that_no_stack_of_the_project_has() -> None:
    needed = {call for token, calls in CALLS.items() if token.startswith("aws:msk/") for call in calls}

    assert needed
    assert needed <= actions()
    for sid, kind in (("OwnKafkas", "cluster"), ("OwnKafkaSettings", "configuration")):
        assert named(sid)["Resource"] == f"arn:aws:kafka:*:111122223333:{kind}/testing-kafka/*"


def test_the_deployer_may_attach_exactly_the_policies_that_the_stacks_attach() -> None:
    attached = {
        str(resource.inputs["policyArn"])
        for stack in STACKS
        for resource in evaluated(stack).resources
        if resource.type == "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    }

    assert attached == set(conditions("ListedPoliciesOnly")["ArnEquals"]["iam:PolicyARN"])


@pytest.mark.parametrize("sid", ["BoundedRoles", "ListedPoliciesOnly"])
def test_no_role_gets_rights_without_the_boundary(sid: str) -> None:
    assert conditions(sid)["ArnEquals"]["iam:PermissionsBoundary"] == BOUNDARY


def test_rights_are_given_to_roles_in_no_other_way() -> None:
    giving = {"iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"}
    elsewhere = [
        statement["Sid"]
        for statement in statements()
        if giving & set(actions_of(statement))
        and statement["Effect"] == "Allow"
        and statement["Sid"] not in ("BoundedRoles", "ListedPoliciesOnly")
    ]

    assert elsewhere == []
    assert not actions() & {"iam:DeleteRolePermissionsBoundary", "iam:PutRolePermissionsBoundary", "iam:CreatePolicy"}


def test_the_boundary_keeps_every_role_away_from_identity_and_account() -> None:
    [statement] = json.loads(policy("boundary"))["Statement"]

    assert {"iam:*", "organizations:*", "account:*"} <= set(statement["NotAction"])


@pytest.mark.parametrize(
    "sid",
    [
        "TakeOwnNetworksDown",
        "ChangeOwnInstances",
        "OwnKeys",
        "OwnDatabases",
        "OwnKafkas",
        "OwnFileSystems",
        "OwnAlarms",
        "OwnMetrics",
        "OwnLoadBalancers",
        "OwnPlans",
    ],
)
def test_what_another_environment_made_is_out_of_reach(sid: str) -> None:
    assert conditions(sid) == {"StringEquals": {"aws:ResourceTag/environment": "testing"}}


def test_names_of_another_environment_are_out_of_reach() -> None:
    [patterns] = conditions("OwnNames").values()
    records = [str(record.inputs["name"]) for record in evaluated("testing").of_type("aws:route53/record:Record")]

    assert records
    assert patterns == {"route53:ChangeResourceRecordSetsNormalizedRecordNames": ["*.testing.teranode.internal"]}
    assert all(fnmatchcase(name, "*.testing.teranode.internal") for name in records)
    assert [one["Sid"] for one in statements() if "route53:ChangeResourceRecordSets" in actions_of(one)] == ["OwnNames"]


def test_what_is_decided_without_a_resource_is_granted_without_one() -> None:
    on_everything = {
        action for statement in statements() if statement["Resource"] == "*" for action in actions_of(statement)
    }
    writing = {
        action for action in on_everything if action.split(":")[1].startswith(("Create", "Delete", "Tag", "Unsub"))
    }

    assert on_everything >= WITHOUT_RESOURCE
    assert writing == {*WITHOUT_RESOURCE, "kms:TagResource"}


def test_a_tagged_key_can_be_made() -> None:
    assert conditions("NewKeys") == {"StringEquals": {"aws:RequestTag/environment": "testing"}}
    assert set(actions_of(named("NewKeys"))) == {"kms:CreateKey", "kms:TagResource"}


@pytest.mark.parametrize("stack", STACKS)
def test_the_deployer_reaches_every_bucket_of_a_stack_and_not_its_state(stack: str) -> None:
    names = [str(bucket.outputs["bucket"]) for bucket in evaluated(stack).of_type("aws:s3/bucket:Bucket")]

    for sid in ("NewBuckets", "OwnBuckets"):
        pattern = str(named(sid)["Resource"])
        assert names
        assert all(fnmatchcase(f"arn:aws:s3:::{name}", pattern) for name in names)
        assert not fnmatchcase(f"arn:aws:s3:::teranode-state-111122223333-{stack}", pattern)
    assert conditions("OwnBuckets") == {"StringEquals": {"aws:ResourceAccount": "111122223333"}}


def test_databases_are_stopped_and_started_where_an_environment_may_sleep_and_only_its_own() -> None:
    [own] = [one for one in json.loads(policy("disposal"))["Statement"] if one["Sid"] == "StopOwnDatabases"]
    switching = {"rds:StartDBCluster", "rds:StartDBInstance", "rds:StopDBCluster", "rds:StopDBInstance"}

    assert set(actions_of(own)) == switching
    assert own["Condition"] == {"StringEquals": {"aws:ResourceTag/environment": "testing"}}
    assert not switching & actions()
    assert {"eks:UpdateNodegroupConfig", "eks:Describe*", "eks:List*", "ec2:Describe*"} <= actions()


def test_the_deployer_reads_no_wallet() -> None:
    refusal, secrets = named("NoWallets"), named("SecretsOfTheEnvironment")

    assert refusal["Effect"] == "Deny"
    assert actions_of(refusal) == ["secretsmanager:GetSecretValue"]
    assert refusal["Resource"] == str(secrets["Resource"]).removesuffix("*") + "wallets/*"


def test_the_deployer_cannot_make_itself_or_a_machine_the_reader_of_secrets() -> None:
    stay, takes = named("ReadersStayAsMade"), named("TakesNoRole")

    assert (stay["Effect"], takes["Effect"]) == ("Deny", "Deny")
    assert set(actions_of(stay)) == {"iam:AttachRolePolicy", "iam:PassRole", "iam:UpdateAssumeRolePolicy"}
    assert actions_of(takes) == ["sts:AssumeRole"]
    assert stay["Resource"] == "arn:aws:iam::111122223333:role/testing/reader/*"
    assert takes["Resource"] == "arn:aws:iam::111122223333:role/testing/*"


@pytest.mark.parametrize("stack", STACKS)
def test_what_the_deployer_is_denied_no_update_needs(stack: str) -> None:
    readers = [
        role for role in evaluated(stack).of_type("aws:iam/role:Role") if role.inputs["path"] == f"/{stack}/reader/"
    ]
    attached = evaluated(stack).of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    passing = ("aws:eks/podIdentityAssociation:PodIdentityAssociation", "aws:iam/instanceProfile:InstanceProfile")
    passed = json.dumps([one.inputs for token in passing for one in evaluated(stack).of_type(token)], default=str)

    assert readers
    for role in readers:
        name = str(role.outputs["name"])
        assert name not in {str(one.inputs["role"]) for one in attached}
        assert name not in passed


def test_what_carries_another_environments_tag_is_not_changed_either() -> None:
    others, making = named("NothingOfOthers"), named("MakeNetworks")
    changing = [one for one in actions_of(making) if not one.startswith(("ec2:Accept", "ec2:Allocate"))]

    assert others["Effect"] == "Deny"
    assert others["Resource"] == making["Resource"]
    assert all(any(fnmatchcase(one, pattern) for pattern in actions_of(others)) for one in changing)
    assert conditions("NothingOfOthers") == {
        # What has no such tag, as everything before it is made, is not meant.
        "Null": {"aws:ResourceTag/environment": "false"},
        "StringNotEquals": {"aws:ResourceTag/environment": "testing"},
    }


def test_what_clusters_leave_behind_can_be_deleted_by_their_tags() -> None:
    disposal = json.loads(policy("disposal"))["Statement"]
    cluster = str(evaluated("testing").of_type("aws:eks/cluster:Cluster")[0].outputs["name"])
    allowed = {
        (action, key.removeprefix("aws:ResourceTag/"))
        for one in disposal
        for key, pattern in one["Condition"].get("StringLike", {}).items()
        for action in actions_of(one)
        if fnmatchcase(cluster, pattern) and not fnmatchcase("another-eu-west-1", pattern)
    }

    assert allowed == {
        ("ec2:DeleteNetworkInterface", "cluster.k8s.amazonaws.com/name"),
        ("ec2:DeleteSecurityGroup", "aws:eks:cluster-name"),
        ("ec2:DeleteSecurityGroup", "elbv2.k8s.aws/cluster"),
        ("elasticloadbalancing:DeleteTargetGroup", "elbv2.k8s.aws/cluster"),
    }


def test_a_clusters_settings_are_given_on_both() -> None:
    assert named("GiveOwnKafkasTheirSettings")["Resource"] == [
        f"arn:aws:kafka:*:111122223333:{kind}/testing-kafka/*" for kind in ("cluster", "configuration")
    ]


def test_only_disposal_lets_a_deployer_delete_objects_and_nothing_lifts_a_lock() -> None:
    disposal = {action for one in json.loads(policy("disposal"))["Statement"] for action in actions_of(one)}
    deleting = {"s3:DeleteObject", "s3:DeleteObjectVersion", "backup:DeleteRecoveryPoint"}

    assert deleting <= disposal
    assert not actions() & deleting
    assert "backup:DeleteBackupVaultLockConfiguration" not in actions()
    assert "s3:BypassGovernanceRetention" not in actions() | disposal


@pytest.mark.parametrize("token", ["aws:iam/role:Role", "aws:iam/instanceProfile:InstanceProfile"])
def test_roles_and_profiles_lie_under_the_environments_path(token: str) -> None:
    found = [(stack, resource) for stack in STACKS for resource in evaluated(stack).of_type(token)]

    assert found
    assert all(resource.inputs["path"] in (f"/{stack}/", f"/{stack}/reader/") for stack, resource in found)


def test_writing_is_never_granted_by_wildcard() -> None:
    wide = {action for action in actions() if "*" in action}

    assert wide == {"ec2:Describe*", "eks:Describe*", "eks:List*", "rds:Describe*"}


@pytest.mark.parametrize("name", [*DOCUMENTS, "disposal", "boundary"])
def test_a_policy_fits_iams_limit_also_for_a_long_environment_name(name: str) -> None:
    text = (FOLDER / f"{name}.json").read_text().replace("ACCOUNT", "111122223333").replace("ENVIRONMENT", "e" * 32)

    assert len(json.dumps(json.loads(text), separators=(",", ":"))) <= MANAGED_POLICY_CHARACTERS


def test_every_action_is_named_once_per_statement_and_sorted() -> None:
    for statement in statements():
        assert actions_of(statement) == sorted(set(actions_of(statement))), statement["Sid"]
