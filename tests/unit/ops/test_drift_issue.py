"""`ops drift-issue`, against a synthetic GitHub on loopback that knows the paths of its documentation."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.drift.document import DriftDocument
from ops.drift.issue_text import body, marker
from ops.exit_codes import ExitCode
from ops.github.client import LONGEST
from tests.support import hub as synthetic
from tests.support.hub import REPOSITORY, TOKEN, Hub

RUN = "https://hub.example/run/1"
MARKER = marker("testing")
CLEAN: dict[str, Any] = {
    "format": 1,
    "stack": "testing",
    "clean": True,
    "changes": [],
    "noise": [],
    "strays": [],
    "unknown": {},
    "expiredNoise": [],
}
URN = "urn:pulumi:testing::teranode-infra::teranode:region:Region${}::{}"
LOGS = {"urn": URN.format("aws:cloudwatch/logGroup:LogGroup", "logs"), "type": "aws:cloudwatch/logGroup:LogGroup"}
ALARM = {"urn": URN.format("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm"), "type": "aws:x/y:MetricAlarm"}
DRIFTED = {
    **CLEAN,
    "clean": False,
    "changes": [{**LOGS, "gone": False, "paths": ["retentionInDays"]}, {**ALARM, "gone": True, "paths": []}],
    "noise": [{"urn": LOGS["urn"], "paths": ["scalingConfig.desiredSize"]}],
    "strays": [{"region": "eu-west-1", "arn": "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1"}],
}
UNKNOWN = {**CLEAN, "clean": False, "unknown": {"us-east-1": "not allowed: GetResources"}}
UNSWEPT = {**CLEAN, "strays": None}
NOISE_ENDED = {**CLEAN, "clean": False, "expiredNoise": ["aws:eks/nodeGroup:NodeGroup scalingConfig.desiredSize"]}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with synthetic.hub() as made:
        yield made


def look(folder: Path, hub: Hub, result: object, *more: str) -> tuple[int, str, str]:
    """What the command makes of a result; a text is what the file has, None is no file."""
    file = folder / "drift.json"
    file.unlink(missing_ok=True)
    if result is not None:
        file.write_text(result if isinstance(result, str) else json.dumps(result))
    options = ("--file", str(file), "--repository", REPOSITORY, "--api", hub.url, "--run", RUN, *more)
    done = CliRunner().invoke(app, ["drift-issue", "testing", *options], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def test_drift_opens_one_issue_that_is_edited_in_place_and_closed_with_a_word(tmp_path: Path, hub: Hub) -> None:
    assert look(tmp_path, hub, DRIFTED) == (
        ExitCode.CLEAN,
        "testing drifted: issue opened  https://hub.example/issues/1\n",
        "",
    )
    [issue] = hub.issues
    assert issue["title"] == "Drift of testing"
    assert f"([run]({RUN})): 2 changes, 1 stray, 1 known difference.**" in issue["body"]
    assert "differs in <code>retentionInDays</code>" in issue["body"]
    assert "<code>alarm</code> | aws&#58;x&#58;MetricAlarm | **is gone**" in issue["body"]
    assert "vpc/vpc-1</code>" in issue["body"]
    assert "pulumi up --refresh" in issue["body"]
    assert ".venv/bin/python -m ops drift testing" in issue["body"]

    less = {**DRIFTED, "strays": []}
    assert "issue edited" in look(tmp_path, hub, less)[1]
    assert len(hub.issues) == 1
    assert "vpc-1" not in issue["body"]

    assert "testing clean: issue closed" in look(tmp_path, hub, CLEAN)[1]
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    [said] = issue["comments"]
    assert "is as its state says" in said
    assert RUN in said


def test_where_nothing_drifts_and_nothing_is_open_nothing_is_written(tmp_path: Path, hub: Hub) -> None:
    code, stdout, _ = look(tmp_path, hub, CLEAN, "--json")

    assert code == ExitCode.CLEAN
    assert json.loads(stdout) == {
        "format": 1,
        "stack": "testing",
        "verdict": "clean",
        "issue": "none needed",
        "url": None,
    }
    assert not [call for call in hub.calls if not call.startswith("GET")]


@pytest.mark.parametrize(
    "result",
    [None, "", '{"format": 1, "stack": "testing"', {**CLEAN, "stack": "mainnet"}, {**CLEAN, "format": 2}],
    ids=["no file", "empty", "cut off", "another stack's", "another form"],
)
def test_a_look_that_failed_closes_nothing_says_so_and_keeps_what_was_found(
    tmp_path: Path, hub: Hub, result: object
) -> None:
    look(tmp_path, hub, DRIFTED)
    look(tmp_path, hub, result)
    code, stdout, stderr = look(tmp_path, hub, result)

    assert code == ExitCode.CLEAN
    assert "testing failed: issue edited" in stdout
    assert "counts as a look that failed" in stderr
    [issue] = hub.issues
    assert issue["state"] == "open"
    assert issue["body"].count("did not come to its end") == 1
    assert "What follows is from the look before." in issue["body"]
    assert issue["body"].count("retentionInDays") == 1

    look(tmp_path, hub, DRIFTED)
    assert "did not come to its end" not in issue["body"]


def test_a_first_look_that_failed_opens_an_issue_which_the_next_clean_one_closes(tmp_path: Path, hub: Hub) -> None:
    look(tmp_path, hub, None)
    [issue] = hub.issues
    assert "did not come to its end" in issue["body"]
    assert "from the look before" not in issue["body"]

    look(tmp_path, hub, CLEAN)
    assert issue["state"] == "closed"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (UNKNOWN, "us-east-1: not allowed&#58; GetResources"),
        (UNSWEPT, "strays not looked for"),
        (NOISE_ENDED, "Renew or remove"),
    ],
)
def test_only_a_whole_look_closes(tmp_path: Path, hub: Hub, result: object, said: str) -> None:
    look(tmp_path, hub, DRIFTED)
    look(tmp_path, hub, result)

    [issue] = hub.issues
    assert issue["state"] == "open"
    assert said in issue["body"]


def test_the_issue_is_found_behind_a_hundred_others_and_those_of_people_and_stacks_are_left(
    tmp_path: Path, hub: Hub
) -> None:
    for number in range(120):
        hub.file("talk", "User" if number else "Bot")
    quoted = hub.file(f"{MARKER}\nquoted", "User")
    request = hub.file(f"{MARKER}\nof a pull request", pull_request={"url": "x"})
    other = hub.file(f"{marker('mainnet')}\nold")
    own = hub.file(f"{MARKER}\nold")
    look(tmp_path, hub, CLEAN)

    assert own["state"] == "closed"
    assert [one["state"] for one in (quoted, request, other)] == ["open"] * 3
    look(tmp_path, hub, DRIFTED)
    assert own["state"] == "closed", "a new drift has an issue of its own"
    assert len(hub.issues) == 125


def test_names_of_strangers_stay_texts_and_what_has_the_form_of_a_secret_is_not_shown(tmp_path: Path, hub: Hub) -> None:
    hostile = "arn:aws:x:::@team | <!-- found --> [here](https://evil.example) `code`"
    strays = [
        {"region": "eu-west-1", "arn": hostile},
        {"region": "eu-west-1", "arn": "arn:aws:x:::AKIAABCDEFGHIJKLMNOP"},
    ]
    changes = [{**LOGS, "gone": False, "paths": ['tags["postgres://root:hunter2@db"]']}]
    unknown = {"us-east-1": "said eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0."}
    look(tmp_path, hub, {**DRIFTED, "strays": strays, "changes": changes, "unknown": unknown})
    text = hub.issues[0]["body"]

    assert "@team" not in text
    assert "](https://evil" not in text
    assert text.count("<!-- found -->") == 1
    assert "[an AWS access key]" in text.replace("&#91;", "[").replace("&#93;", "]")
    for planted in ("AKIAABCDEFGHIJKLMNOP", "hunter2", "eyJhbGciOiJIUzI1NiJ9"):
        assert planted not in text


def test_an_issue_stays_below_what_github_takes_and_says_how_many_more_there_are() -> None:
    changes = [
        {**LOGS, "urn": f"{LOGS['urn']}-{number:05}-{'x' * 60}", "gone": True, "paths": []} for number in range(2000)
    ]
    strays = [{"region": "eu-west-1", "arn": f"arn:{'y' * 90}-{number}"} for number in range(2000)]
    text = body(DriftDocument.model_validate({**DRIFTED, "changes": changes, "strays": strays}), RUN)

    assert len(text) < LONGEST
    assert text.count("more: the command below shows all.") == 2
    assert text.rstrip().endswith("</sub>")


@pytest.mark.parametrize(
    ("status", "said"), [(403, "issues: write"), (410, "switched off"), (404, "no such repository")]
)
def test_a_refusal_is_said_with_its_remedy_and_without_the_token(
    tmp_path: Path, hub: Hub, status: int, said: str
) -> None:
    hub.refusals["POST"] = status
    code, stdout, stderr = look(tmp_path, hub, DRIFTED)

    assert code == ExitCode.USAGE
    assert said in stderr
    assert TOKEN not in stdout + stderr


def test_where_the_comment_is_refused_the_issue_stays_open_for_the_next_run(tmp_path: Path, hub: Hub) -> None:
    look(tmp_path, hub, DRIFTED)
    hub.refusals["POST"] = 403
    assert look(tmp_path, hub, CLEAN)[0] == ExitCode.USAGE
    assert hub.issues[0]["state"] == "open"

    hub.refusals.clear()
    assert look(tmp_path, hub, CLEAN)[0] == ExitCode.CLEAN
    assert hub.issues[0]["state"] == "closed"


def test_wrong_usage_is_refused_before_github_is_asked(
    tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for more, said in (
        (("--run", "javascript:alert(1)"), "begins with https://"),
        (("--repository", "team/../other"), "OWNER/NAME"),
    ):
        code, _, stderr = look(tmp_path, hub, CLEAN, *more)
        assert code == ExitCode.USAGE
        assert said in stderr
    monkeypatch.delenv("GITHUB_TOKEN")
    assert "a token with the right issues: write" in look(tmp_path, hub, CLEAN)[2]
    assert hub.calls == []
