"""What the account records of keys, root and threats is told where data is protected, and nothing else."""

import json

import pytest

from components.alarms import AccountEvents, AccountEventsArgs
from simulator import Simulation
from tests.support.builders import ACCOUNT, in_region, placement
from tests.support.events import matches
from tests.support.stacks import at, evaluated

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"
CALL, SIGN_IN = "AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"


def built() -> Simulation:
    args = AccountEventsArgs(placement=placement(), topic_arn=TOPIC)
    return in_region(lambda opts: AccountEvents("account", args, opts))


def call(service: str, name: str, user: str = "AssumedRole", kind: str = CALL) -> dict[str, object]:
    """As CloudTrail delivers it (CloudTrail user guide, "Record contents")."""
    detail = {"eventSource": f"{service}.amazonaws.com", "eventName": name, "userIdentity": {"type": user}}
    return {"source": f"aws.{service}", "detail-type": kind, "detail": detail}


def finding(severity: float) -> dict[str, object]:
    """As GuardDuty sends it (user guide, "EventBridge events")."""
    detail = {"type": "Discovery:Kubernetes/SuccessfulAnonymousAccess", "severity": severity}
    return {"source": "aws.guardduty", "detail-type": "GuardDuty Finding", "detail": detail}


@pytest.mark.parametrize(
    ("event", "heard"),
    [
        (call("kms", "ScheduleKeyDeletion"), {"keys"}),
        (call("kms", "DisableKey"), {"keys"}),
        (call("kms", "PutKeyPolicy", "Root"), {"keys", "root"}),
        (call("kms", "Decrypt"), set()),
        (call("ec2", "DescribeInstances", "Root"), {"root"}),
        (call("signin", "ConsoleLogin", "Root", SIGN_IN), {"root"}),
        (call("signin", "ConsoleLogin", "IAMUser", SIGN_IN), set()),
        (finding(5), {"findings"}),
        (finding(2), set()),
    ],
)
def test_an_event_is_told_by_the_rules_that_it_concerns(event: dict[str, object], heard: set[str]) -> None:
    rules = {rule.name.split("-")[1]: json.loads(str(rule.inputs["eventPattern"])) for rule in built().of_type(RULE)}

    assert set(rules) == {"keys", "root", "findings"}
    assert {what for what, pattern in rules.items() if matches(event, pattern)} == heard


def test_every_rule_tells_the_topic_with_its_section_of_the_runbook() -> None:
    simulation = built()
    messages = [str(at(target.inputs, "inputTransformer.inputTemplate")) for target in simulation.of_type(TARGET)]

    assert [target.inputs["arn"] for target in simulation.of_type(TARGET)] == [TOPIC] * 3
    for section in ("keytouched", "rootused", "threatfound"):
        assert any(f"docs/runbooks/alerts.md#{section}" in message for message in messages)
    for rule in simulation.of_type(RULE):
        assert rule.inputs["state"] == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "root's reads are heard too"


@pytest.mark.parametrize(("stack", "rules"), [("mainnet", 3), ("testing", 0)])
def test_mainnet_has_it_once_a_region(stack: str, rules: int) -> None:
    found = [rule for rule in evaluated(stack).of_type(RULE) if "-account-" in rule.name]

    assert len(found) == rules
