"""Who touches a wallet's secret is told of, but for its reader."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from components.alarms import SecretReads, SecretReadsArgs
from policies.rules import Graph, evaluate
from simulator import Simulation, simulate
from tests.stacks.test_profiles import TODAY
from tests.support.builders import ACCOUNT, in_region, placement
from tests.support.events import matches
from tests.support.stacks import ROOT, at, stack_file

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
SECRET = f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:wallets/miner-1-AbCdEf"
WALLET = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:wallet-AbCdEf"
MINING = {
    "certificates": {
        "eu-west-1": "arn:aws:acm:eu-west-1:444455556666:certificate/12345678-1234-1234-1234-123456789012",
    },
    "partners": {"pool-1": {"principals": ["arn:aws:iam::777788889999:root"]}},
}
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"
ENDPOINT = "vpce-0123456789abcdef0"
READER = f"arn:aws:iam::{ACCOUNT}:role/testing/reader/miner-1-reader"


@cache
def built(*, by_endpoint: bool = True) -> Simulation:
    args = SecretReadsArgs(
        placement=placement(),
        what="the wallet of miner-1",
        secret_arn=SECRET,
        reader_role="miner-1-reader",
        reader_role_arn=READER,
        endpoint_id=ENDPOINT if by_endpoint else None,
        topic_arn=TOPIC,
    )
    return in_region(lambda opts: SecretReads("reads", args, opts))


def pattern(*, by_endpoint: bool = True) -> dict[str, object]:
    [rule] = built(by_endpoint=by_endpoint).of_type(RULE)
    return json.loads(str(rule.inputs["eventPattern"]))


def event(name: str, secret: str, issuer: str | None, *, by: str | None = ENDPOINT) -> dict[str, object]:
    who: dict[str, object] = {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"}
    if issuer is not None:
        who = {"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"type": "Role", "arn": issuer}}}
    return {
        "source": "aws.secretsmanager",
        "detail-type": "AWS API Call via CloudTrail",
        "detail": {
            "eventSource": "secretsmanager.amazonaws.com",
            "eventName": name,
            "requestParameters": {"secretId": secret},
            "userIdentity": who,
            **({"vpcEndpointId": by} if by else {}),
        },
    }


ADMIN = f"arn:aws:iam::{ACCOUNT}:role/teranode-admin"


@pytest.mark.parametrize("secret", [SECRET, SECRET.removesuffix("-AbCdEf"), "wallets/miner-1"])
@pytest.mark.parametrize("issuer", [ADMIN, None], ids=["a role", "root"])
def test_a_read_by_anybody_else_is_told_however_the_secret_is_named(secret: str, issuer: str | None) -> None:
    assert matches(event("GetSecretValue", secret, issuer), pattern())


@pytest.mark.parametrize("name", ["PutSecretValue", "UpdateSecret", "DeleteSecret", "PutResourcePolicy"])
def test_so_is_a_change(name: str) -> None:
    assert matches(event(name, SECRET, ADMIN), pattern())


@pytest.mark.parametrize("issuer", [READER, f"arn:aws:iam::{ACCOUNT}:role/miner-1-reader"])
def test_its_reader_is_not_told_of_with_its_path_or_without(issuer: str) -> None:
    assert not matches(event("GetSecretValue", SECRET, issuer), pattern())


@pytest.mark.parametrize("by", [None, "vpce-of-somebody"])
def test_its_reader_is_told_of_when_it_does_not_call_from_the_network(by: str | None) -> None:
    assert matches(event("GetSecretValue", SECRET, READER, by=by), pattern())
    assert matches(event("GetSecretValue", SECRET, ADMIN, by=by), pattern())


def test_without_an_endpoint_its_reader_calls_from_anywhere() -> None:
    assert not matches(event("GetSecretValue", SECRET, READER, by=None), pattern(by_endpoint=False))
    assert matches(event("GetSecretValue", SECRET, ADMIN, by=None), pattern(by_endpoint=False))


def test_other_secrets_and_looking_at_this_one_are_not_told() -> None:
    assert not matches(event("GetSecretValue", SECRET.replace("miner-1", "miner-2"), ADMIN), pattern())
    assert not matches(event("DescribeSecret", SECRET, ADMIN), pattern())


def test_the_rule_hears_of_reads_and_the_message_says_who_and_what_to_do() -> None:
    [rule], [target] = built().of_type(RULE), built().of_type(TARGET)
    text = json.loads(str(at(target.inputs, "inputTransformer.inputTemplate")))

    assert rule.inputs["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
    assert target.inputs["arn"] == TOPIC
    paths = at(target.inputs, "inputTransformer.inputPaths")
    assert isinstance(paths, Mapping)
    assert all(f"<{name}>" in text for name in paths)
    assert text.startswith("testing, eu-west-1: ")
    assert "wallettouched" in text


def test_a_miner_that_mines_on_mainnet_has_it_and_needs_no_waiver(tmp_path: Path) -> None:
    miners = {"miner-1": {"region": "eu-west-1", "walletSecret": WALLET}}
    path = stack_file(tmp_path, "mainnet", "mainnet", miners=miners, mode="mining", mining=MINING)
    simulation = simulate(path, project_dir=ROOT)
    [rule] = [one for one in simulation.of_type(RULE) if one.name.startswith("miner-1-")]
    [target] = [one for one in simulation.of_type(TARGET) if one.name.startswith("miner-1-")]
    reader = simulation.named("miner-1-reader-role")
    report = evaluate(Graph.from_deployment(simulation.deployment), today=TODAY)

    assert json.loads(str(rule.inputs["eventPattern"]))["detail"]["requestParameters"]["secretId"][0] == WALLET
    assert str(reader.outputs["arn"]) in str(rule.inputs["eventPattern"])
    endpoint = simulation.named("eu-west-1-network-endpoints-secretsmanager")
    assert f'"anything-but": ["{endpoint.id}"]' in str(rule.inputs["eventPattern"])
    assert target.inputs["arn"] == simulation.named("eu-west-1-alarms-topic").id
    assert report.checked["KEY-2-ALARM"]
    assert "KEY-2-ALARM" not in {one.rule for one in report.findings}
    assert "KEY-2-ALARM" not in {one.finding.rule for one in report.waived}
