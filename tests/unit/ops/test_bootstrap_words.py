"""What `ops bootstrap` says: the field that differs, what it did not look at, and what comes next."""

import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from ops.bootstrap.difference import difference
from ops.cli import app
from ops.exit_codes import ExitCode
from tests.support.aws_account import empty_account

ACCOUNT = "111122223333"
BUCKET = f"teranode-state-{ACCOUNT}-testing"
REPOSITORY = ("--repository", "example/teranode-infra")
PEOPLE = f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Devops_*"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["bootstrap", "testing", *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout


def statement(sid: str, **more: object) -> dict[str, object]:
    return {"Sid": sid, "Effect": "Allow", **more}


def policy(*statements: object) -> dict[str, object]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


@pytest.mark.parametrize(
    ("found", "wanted", "said"),
    [
        ("Suspended", "Enabled", 'found "Suspended", wanted "Enabled"'),
        ({"Days": 30}, {"Days": 365}, "Days: found 30, wanted 365"),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": True}}, "a.c: found nothing, wanted true"),
        (
            policy(statement("Read", Action=["s3:GetObject", "s3:*"])),
            policy(statement("Read", Action=["s3:GetObject", "s3:ListBucket"])),
            'Statement[Read].Action: without "s3:ListBucket"; Statement[Read].Action: has "s3:*", which is not wanted',
        ),
        (
            policy(statement("Read")),
            policy(),
            'Statement[Read]: found {"Sid": "Read", "Effect": "Allow"}, wanted nothing',
        ),
        (["b", "a"], ["a", "b"], ": in another order"),
        (dict.fromkeys("abcde", 1), dict.fromkeys("abcde", 2), "and 2 more"),
    ],
)
def test_a_difference_names_field_found_and_wanted(found: object, wanted: object, said: str) -> None:
    assert said in difference(found, wanted)


def test_a_long_value_is_cut() -> None:
    assert len(difference("a" * 9999, None)) < 400


def test_what_differs_is_told_by_field_and_what_was_not_looked_at_by_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order of a person: the making for GitHub alone, a hand that spoils, a look with and without options."""
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        code, made = run("--yes", *REPOSITORY)
        assert code == ExitCode.CLEAN
        assert "only jobs of GitHub's example/teranode-infra in its environment testing, and no person" in made
        assert "repeat this with --principal ARN" in made
        for step in ("role_arn arn:aws:iam::111122223333:role/teranode-deploy-testing", "ops preflight testing"):
            assert step in made
        assert "git commit --message 'Stack testing' Pulumi.testing.yaml" in made
        assert "Not looked at" not in made

        spoil()
        drifts = {one["name"]: one["drift"] for one in json.loads(run("--check", "--json", *REPOSITORY)[1])["steps"]}
        assert drifts[f"encryption of {BUCKET}"].startswith(
            'ApplyServerSideEncryptionByDefault.SSEAlgorithm: found "AES256", wanted "aws:kms"'
        )
        assert drifts["role teranode-preview-testing"].startswith("others may take it: Statement[GitHub]")
        assert drifts["role teranode-drift-testing"] == "sessions of 3600 s, wanted 14400 s"
        assert drifts["policies of teranode-deploy-testing"] == "without teranode-network-testing"

        repaired = run("--yes", *REPOSITORY, "--principal", PEOPLE)[1]
        assert f"environment testing; holders of {PEOPLE}" in repaired

        code, looked = run("--check")
        assert code == ExitCode.CLEAN
        assert "Not looked at: who may take teranode-deploy-testing (--repository, --principal)" in looked
        assert "teranode-preview-testing, teranode-drift-testing (--repository)" in looked
        assert "whoever could before" in looked
        assert f"only holders of {PEOPLE}" in run("--yes", "--principal", PEOPLE)[1]
        assert len(json.loads(run("--check", "--json")[1])["notLookedAt"]) == 2


def spoil() -> None:
    s3: Any = boto3.client("s3", region_name="eu-west-1")
    iam: Any = boto3.client("iam", region_name="eu-west-1")
    own = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration=own)
    trust = policy(statement("GitHub", Principal={"AWS": "*"}, Action="sts:AssumeRole"))
    iam.update_assume_role_policy(RoleName="teranode-preview-testing", PolicyDocument=json.dumps(trust))
    iam.update_role(RoleName="teranode-drift-testing", MaxSessionDuration=3600)
    arn = f"arn:aws:iam::{ACCOUNT}:policy/teranode-network-testing"
    iam.detach_role_policy(RoleName="teranode-deploy-testing", PolicyArn=arn)
