"""Whether the account records what rules hear of: moto's trails and detectors."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ops.aws.session import Aws
from ops.preflight.checks import Check, Verdict
from ops.preflight.needs import Evaluated
from ops.preflight.reading import Reader, Trouble
from ops.preflight.recording import judge_detectors, judge_trails, recording_checks
from tests.support.aws_account import empty_account
from tests.support.stacks import evaluated

ACCOUNT, REGION = "444455556666", "eu-west-1"
TRAIL, DETECTOR = "a trail of calls, with those that only read", "a detector of threats, with audit logs of EKS"
AUDIT = {"Name": "EKS_AUDIT_LOGS", "Status": "ENABLED"}


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        yield


def looked(stack: str = "mainnet") -> dict[str, Check]:
    checks = recording_checks(Reader(Aws.of(None)), REGION, Evaluated(evaluated(stack).deployment))
    return {check.subject: check for check in checks}


def trail(*, logs: bool = True, selectors: dict[str, Any] | None = None, everywhere: bool = True) -> None:
    """A trail whose home is another region."""
    boto3.client("s3", "us-east-1").create_bucket(Bucket="trail")
    client = boto3.client("cloudtrail", "us-east-1")
    client.create_trail(Name="account", S3BucketName="trail", IsMultiRegionTrail=everywhere)
    if logs:
        client.start_logging(Name="account")
    if selectors:
        client.put_event_selectors(TrailName="account", **selectors)


def management(**field: Any) -> dict[str, Any]:
    fields = [{"Field": "eventCategory", "Equals": ["Management"]}, *([field] if field else [])]
    return {"AdvancedEventSelectors": [{"Name": "calls", "FieldSelectors": fields}]}


@pytest.mark.parametrize(
    ("made", "verdict", "what"),
    [
        ({}, Verdict.HOLDS, "logs"),
        ({"everywhere": False}, Verdict.FAILS, "there is none"),
        ({"logs": False}, Verdict.FAILS, "none of them logs"),
        ({"selectors": {"EventSelectors": [{"ReadWriteType": "WriteOnly"}]}}, Verdict.FAILS, "with reads"),
        (
            {"selectors": {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": False}]}},
            *(Verdict.FAILS, "with reads"),
        ),
        ({"selectors": management()}, Verdict.HOLDS, "logs"),
        ({"selectors": management(Field="readOnly", Equals=["false"])}, Verdict.FAILS, "with reads"),
    ],
)
def test_a_trail_must_log_management_events_with_reads_in_the_region(
    made: dict[str, Any], verdict: Verdict, what: str
) -> None:
    trail(**made)
    check = looked()[TRAIL]

    assert check.verdict is verdict
    assert what in check.found


@pytest.mark.parametrize(
    ("enabled", "features", "verdict", "call"),
    [
        (True, [AUDIT], Verdict.HOLDS, ""),
        (True, [], Verdict.FAILS, "update-detector"),
        (False, [AUDIT], Verdict.FAILS, "create-detector"),
        (None, [], Verdict.FAILS, "create-detector"),
    ],
)
def test_a_detector_must_look_at_audit_logs(
    *, enabled: bool | None, features: list[dict[str, str]], verdict: Verdict, call: str
) -> None:
    """Moto gives a detector's features back as they were asked for."""
    if enabled is not None:
        boto3.client("guardduty", REGION).create_detector(Enable=enabled, Features=features)
    check = looked()[DETECTOR]

    assert (check.verdict, call in check.command) == (verdict, True)


def test_where_no_rule_hears_of_it_nothing_is_asked() -> None:
    assert looked("testing") == {}


def test_what_may_not_be_asked_is_unknown_and_names_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "DescribeTrails")

    def refuse(*_: object, **__: object) -> None:
        raise denied

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse)
    checks = looked()

    assert {check.verdict for check in checks.values()} == {Verdict.UNKNOWN}
    assert all("docs/first-up.md" in check.remedy for check in checks.values())


def test_trouble_holds_nothing() -> None:
    trouble = Trouble("no answer")
    assert judge_trails(REGION, trouble).verdict is judge_detectors(REGION, trouble).verdict is Verdict.UNKNOWN
