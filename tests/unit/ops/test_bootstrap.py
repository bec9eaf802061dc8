"""`ops bootstrap` in moto's account; what moto does not answer as AWS does is answered by hand, and said so."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError, TokenRetrievalError
from botocore.stub import Stubber
from typer.testing import CliRunner

from ops.aws.session import Aws, AwsError, faults_worded
from ops.bootstrap.account import services
from ops.bootstrap.run import all_steps
from ops.bootstrap.state import Bucket
from ops.bootstrap.target import BootstrapError, Target, Trust
from ops.cli import app
from ops.errors import UsageError
from ops.exit_codes import ExitCode
from tests.support.aws_account import empty_account
from tests.support.stack_settings import MINIMAL, accepted, stack_file
from tests.support.stacks import STACKS

ACCOUNT = "111122223333"
REPOSITORY = ("--repository", "example/teranode-infra")
HUB = "token.actions.githubusercontent.com"
BUCKET = f"teranode-state-{ACCOUNT}-testing"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """An empty account, the one that Pulumi.testing.yaml names."""
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        yield


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["bootstrap", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def client(service: str, region: str = "eu-west-1") -> Any:
    return boto3.client(service, region_name=region)


def drifts(*arguments: str) -> dict[str, str]:
    document = json.loads(run("testing", "--check", "--json", *arguments)[1])
    return {step["name"]: step["drift"] for step in document["steps"] if step["drift"]}


@pytest.mark.usefixtures("account")
def test_an_empty_account_gets_everything_and_the_second_run_finds_nothing_to_do() -> None:
    """In the order of a person: a look, the making, a look, a hand that spoils, a look, the repair."""
    before = drifts()
    assert "role teranode-deploy-testing" in before
    assert drifts() == before, "a look has changed something"

    code, stdout, stderr = run("testing", "--yes", *REPOSITORY)
    assert code == ExitCode.CLEAN, stdout + stderr
    assert f"pulumi login 's3://{BUCKET}?region=eu-west-1&awssdk=v2'" in stdout
    assert "pulumi stack init testing --secrets-provider 'awskms://alias/pulumi-testing?region=eu-west-1'" in stdout
    assert drifts(*REPOSITORY) == {}
    assert run("testing", "--check")[0] == ExitCode.CLEAN

    s3, iam = client("s3"), client("iam")
    key = client("kms").describe_key(KeyId="alias/pulumi-testing")["KeyMetadata"]["Arn"]
    [rule] = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_logging(Bucket=BUCKET)["LoggingEnabled"]["TargetBucket"].startswith("teranode-state-logs-")
    role = iam.get_role(RoleName="teranode-deploy-testing")["Role"]
    [condition] = [statement["Condition"] for statement in role["AssumeRolePolicyDocument"]["Statement"]]
    assert condition == {
        "StringEquals": {
            f"{HUB}:aud": "sts.amazonaws.com",
            f"{HUB}:sub": "repo:example/teranode-infra:environment:testing",
        },
        "StringLike": {f"{HUB}:ref": ["refs/heads/main", "refs/tags/v*"]},
    }
    attached = iam.list_attached_role_policies(RoleName="teranode-deploy-testing")["AttachedPolicies"]
    assert len(attached) == 9
    assert not [policy for policy in attached if "boundary" in policy["PolicyName"]]
    signing = client("kms").describe_key(KeyId="alias/teranode-attest-testing")["KeyMetadata"]
    assert (signing["KeySpec"], signing["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    rights = iam.get_role_policy(RoleName="teranode-deploy-testing", PolicyName="attestations")["PolicyDocument"]
    assert {statement["Resource"]: statement["Action"] for statement in rights["Statement"]} == {
        f"arn:aws:s3:::{BUCKET}/attestations/*": ["s3:GetObject", "s3:PutObject"],
        signing["Arn"]: ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"],
    }
    reads = iam.get_role_policy(RoleName="teranode-preview-testing", PolicyName="state")["PolicyDocument"]["Statement"]
    [decrypts] = [one for one in reads if "kms:Decrypt" in one["Action"]]
    assert decrypts["Action"] == ["kms:Decrypt"], "a branch decides what runs with this role: no secret of the state"
    assert decrypts["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}
    preview = iam.get_role(RoleName="teranode-preview-testing")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert preview["Condition"]["StringEquals"][f"{HUB}:sub"] == [
        "repo:example/teranode-infra:pull_request",
        "repo:example/teranode-infra:ref:refs/heads/main",
    ]
    drift = iam.get_role(RoleName="teranode-drift-testing")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert [one["Condition"]["StringEquals"] for one in drift] == [
        {f"{HUB}:aud": "sts.amazonaws.com", f"{HUB}:sub": "repo:example/teranode-infra:ref:refs/heads/main"}
    ]
    attached = iam.list_attached_role_policies(RoleName="teranode-drift-testing")["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["teranode-drift-testing"]
    rights = iam.get_role_policy(RoleName="teranode-drift-testing", PolicyName="state")["PolicyDocument"]
    assert {action for statement in rights["Statement"] for action in statement["Action"]} == {
        "kms:Decrypt",
        "kms:DescribeKey",
        "s3:GetBucketLocation",
        "s3:GetObject",
        "s3:ListBucket",
    }
    for region in stack_file("testing")["regions"]:
        assert client("ec2", region).get_ebs_encryption_by_default()["EbsEncryptionByDefault"]

    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Suspended"})
    anybody = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    open_trust = json.dumps({"Version": "2012-10-17", "Statement": [anybody]})
    iam.update_assume_role_policy(RoleName="teranode-preview-testing", PolicyDocument=open_trust)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/teranode-network-testing"
    allow = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    other = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    for _ in range(4):  # as many versions as a policy can have
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=other, SetAsDefault=True)
    client("ec2").disable_ebs_encryption_by_default()
    drift_policy = f"arn:aws:iam::{ACCOUNT}:policy/teranode-drift-testing"
    iam.detach_role_policy(RoleName="teranode-drift-testing", PolicyArn=drift_policy)
    assert set(drifts(*REPOSITORY)) == {
        f"versions of {BUCKET}",
        "role teranode-preview-testing",
        "policies of teranode-drift-testing",
        "policy teranode-network-testing (docs/deployer/network.json)",
        "encryption of every new volume in eu-west-1",
    }
    assert run("testing", "--check")[0] == ExitCode.FINDINGS
    assert run("testing", "--yes", *REPOSITORY)[0] == ExitCode.CLEAN
    assert len(client("kms").list_keys()["Keys"]) == 2, "that of the state, and that of the attestations"


def scanning_rule(frequency: str, name: str) -> dict[str, Any]:
    return {"scanFrequency": frequency, "repositoryFilters": [{"filter": name, "filterType": "WILDCARD"}]}


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("BASIC", [], [("SCAN_ON_PUSH", "*")]),
        ("BASIC", [scanning_rule("SCAN_ON_PUSH", "a/*")], [("SCAN_ON_PUSH", "*")]),
        (
            "ENHANCED",
            [scanning_rule("CONTINUOUS_SCAN", "a/*"), scanning_rule("SCAN_ON_PUSH", "b/*")],
            [("CONTINUOUS_SCAN", "a/*"), ("SCAN_ON_PUSH", "*")],
        ),
        ("ENHANCED", [scanning_rule("CONTINUOUS_SCAN", "*")], [("CONTINUOUS_SCAN", "*")]),
    ],
)
def test_every_image_of_the_registry_is_scanned_and_no_other_environment_loses_by_it(
    kind: str, before: list[dict[str, Any]], after: list[tuple[str, str]]
) -> None:
    ecr = client("ecr")
    copies = {"destinations": [{"region": "us-east-1", "registryId": ACCOUNT}]}
    ecr.put_replication_configuration(replicationConfiguration={"rules": [copies]})
    ecr.put_registry_scanning_configuration(scanType=kind, rules=before)
    assert run("testing", "--yes", *REPOSITORY)[0] == ExitCode.CLEAN

    scanning = ecr.get_registry_scanning_configuration()["scanningConfiguration"]
    assert scanning["scanType"] == kind
    assert [
        (rule["scanFrequency"], entry["filter"]) for rule in scanning["rules"] for entry in rule["repositoryFilters"]
    ] == after
    assert ecr.describe_registry()["replicationConfiguration"]["rules"] == [copies], "replication is nobody's here"


@pytest.mark.usefixtures("account")
def test_who_gives_releases_to_testers_pushes_and_puts_and_deletes_nothing() -> None:
    trust = Trust("a/b", "testing", ("refs/heads/main",), ())

    def made(testers: list[str]) -> dict[str, list[dict[str, Any]]]:
        environment = accepted({**stack_file("testing"), "distribution": {"testers": testers}}, "testing")
        for step in all_steps(Aws.of(None), Target(environment, trust)):
            if step.look() is not None:
                step.make()
        iam = client("iam")
        if "teranode-distribute-testing" not in {one["RoleName"] for one in iam.list_roles()["Roles"]}:
            return {}
        names = iam.list_role_policies(RoleName="teranode-distribute-testing")["PolicyNames"]
        documents = [iam.get_role_policy(RoleName="teranode-distribute-testing", PolicyName=name) for name in names]
        return {one["PolicyName"]: one["PolicyDocument"]["Statement"] for one in documents}

    assert made([]) == {}
    rights = made(["444455556666"])
    assert set(rights) == {"releases", "state"}
    actions = {action for statements in rights.values() for one in statements for action in one["Action"]}
    assert {"ecr:PutImage", "s3:PutObject", "kms:GenerateDataKey"} <= actions
    assert not [action for action in actions if "Delete" in action or "*" in action]
    written = {one["Resource"] for one in rights["releases"] if {"ecr:PutImage", "s3:PutObject"} & set(one["Action"])}
    assert written == {
        f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/testing/*",
        "arn:aws:s3:::distribution-objects-bucket-releases-*/*",
    }
    [key] = [one for one in rights["releases"] if "kms:GenerateDataKey" in one["Action"]]
    assert key["Condition"]["StringEquals"]["aws:ResourceTag/data-class"] == "releases"
    role = client("iam").get_role(RoleName="teranode-distribute-testing")["Role"]["AssumeRolePolicyDocument"]
    assert role == client("iam").get_role(RoleName="teranode-deploy-testing")["Role"]["AssumeRolePolicyDocument"]


@pytest.mark.usefixtures("account")
def test_a_run_that_stopped_after_any_step_is_finished_by_the_next() -> None:
    """Moto stands for AWS; the stop is ours: the first half of the steps, and a key that nobody had named yet."""
    target = Target(accepted(stack_file("testing"), "testing"), Trust("a/b", "testing", ("refs/heads/main",), ()))
    key = client("kms").create_key(Description="Pulumi state of testing")["KeyMetadata"]["Arn"]
    steps = all_steps(Aws.of(None), target)
    for step in steps[: len(steps) // 2]:
        if step.look() is not None:
            step.make()
    for step in all_steps(Aws.of(None), target):
        if step.look() is not None:
            step.make()

    assert [(step.name, step.look()) for step in steps if step.look()] == []
    assert client("kms").describe_key(KeyId="alias/pulumi-testing")["KeyMetadata"]["Arn"] == key


@pytest.mark.usefixtures("account")
def test_another_account_is_refused_before_anything_is_asked() -> None:
    code, stdout, stderr = run("mainnet", "--yes", *REPOSITORY)

    assert (code, stdout) == (ExitCode.USAGE, "")
    assert "of account 444455556666, and these credentials are of 111122223333" in stderr
    assert client("s3").list_buckets()["Buckets"] == []


@pytest.mark.usefixtures("account")
def test_a_bucket_of_somebody_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto does not tell owners apart: the answer is the one that S3 gives to a request that expects another owner."""
    aws, s3 = Aws.of(None), client("s3")
    monkeypatch.setattr(Aws, "client", lambda *_: s3)
    target = Target(accepted(stack_file("testing"), "testing"), Trust(None, "testing", (), ()))
    step = Bucket(aws, target, target.bucket).bucket()
    with Stubber(s3) as stubber:
        stubber.add_client_error("head_bucket", "403", http_status_code=403)
        with pytest.raises(BootstrapError, match="another account's"):
            step.look()


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--yes"], "who may take it? Say --repository OWNER/NAME"),
        (["--check", "--repository", "example/*"], "OWNER@ID/NAME@ID"),
        (["--check", "--repository", "example@1/name"], "OWNER@ID/NAME@ID"),
        (["--check", *REPOSITORY, "--github-environment", "*"], "without a pattern"),
        (["--check", "--principal", "*"], "the ARN of a role"),
        (["--check", "--principal", f"arn:aws:iam::{ACCOUNT}:role/*"], "the ARN of a role"),
        (["--check", *REPOSITORY, "--branch", "*"], "a branch is named whole"),
        (["--check", *REPOSITORY, "--tag", "*"], "only those that begin with v"),
        ([*REPOSITORY], "There is no terminal to ask at: say --yes"),
        (["--check", "--profile", "nobody"], "nobody"),
    ],
)
def test_what_would_trust_too_many_or_nobody_is_refused_and_makes_nothing(arguments: list[str], message: str) -> None:
    code, _, stderr = run("testing", *arguments)

    assert code == ExitCode.USAGE
    assert message in stderr
    assert client("s3").list_buckets()["Buckets"] == []


def test_a_stack_file_with_other_roles_is_refused_by_its_key() -> None:
    with pytest.raises(UsageError, match=r"access\.deployRole = arn:aws:iam::111122223333:role/deploy"):
        Target(accepted(MINIMAL), Trust(None, "dev", (), ()))


def test_service_linked_roles_are_those_of_the_stores_in_use() -> None:
    def of(changes: dict[str, object]) -> set[str]:
        environment = accepted({**stack_file("testing"), **changes}, "testing")
        return {name.partition(".")[0] for name in services(Target(environment, Trust(None, "testing", (), ())))}

    usual = of({})
    assert "elasticfilesystem" in usual
    assert of({"kafka": {"profile": "msk"}}) - usual == {"kafka"}
    assert of({"files": {"profile": "lustre"}}) - usual == {"fsx"}
    assert of({"nodes": {"general": {"capacity": "spot"}}}) - usual == {"spot"}
    mainnet = accepted(stack_file("mainnet"), "mainnet")
    assert mainnet.copies is not None
    assert mainnet.files.profile == "lustre"
    assert "backup.amazonaws.com" in services(Target(mainnet, Trust(None, "mainnet", (), ())))


# Moto knows no expired token, no denial, no throttling and no network: these answers are written down here.
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ExpiredToken", "have expired (CreateKey): aws sso login"),
        ("InvalidClientTokenId", "does not know these credentials"),
        ("AccessDenied", "not allowed: CreateKey"),
        ("Throttling", "throttles CreateKey"),
        ("OptInRequired", "not enabled for this account"),
        ("LimitExceededException", "AWS refused CreateKey: LimitExceededException: said"),
    ],
)
def test_a_refusal_of_aws_says_what_to_do(code: str, message: str) -> None:
    with pytest.raises(AwsError) as caught, faults_worded():
        raise ClientError({"Error": {"Code": code, "Message": "said"}}, "CreateKey")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (NoCredentialsError(), "no credentials for AWS: aws sso login"),
        (EndpointConnectionError(endpoint_url="https://kms.eu-west-1.amazonaws.com/"), "AWS cannot be reached"),
        (TokenRetrievalError(provider="sso", error_msg="expired"), "Try aws sso login"),
    ],
)
def test_what_keeps_a_call_from_leaving_says_what_to_do(error: Exception, message: str) -> None:
    with pytest.raises(AwsError) as caught, faults_worded():
        raise error
    assert message in str(caught.value)


@pytest.mark.usefixtures("account")
def test_the_role_that_the_clusters_let_in_to_look_for_drift_is_made_for_people_too() -> None:
    who = f"arn:aws:iam::{ACCOUNT}:role/sso/devops"
    assert run("testing", "--yes", "--principal", who)[0] == ExitCode.CLEAN

    role = client("iam").get_role(RoleName="teranode-drift-testing")["Role"]
    [people] = role["AssumeRolePolicyDocument"]["Statement"]
    assert people["Condition"] == {"ArnLike": {"aws:PrincipalArn": [who]}}


@pytest.mark.parametrize("stack", STACKS)
def test_the_shipped_stack_files_let_drift_be_looked_for_in_clusters(stack: str) -> None:
    target = Target(accepted(stack_file(stack), stack), Trust("example/teranode-infra", stack, (), ()))

    assert target.environment.access.drift_role == target.role_arn("drift")
