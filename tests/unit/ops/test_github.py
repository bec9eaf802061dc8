"""Comments on pull requests, against a synthetic GitHub on loopback that knows the paths of its documentation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from ops.pull_request.comment import MARKER
from tests.support import hub as synthetic
from tests.support.hub import HEAD, TOKEN, Hub


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with synthetic.hub() as made:
        yield made


def post(folder: Path, hub: Hub, text: str = f"{MARKER}\nnew", **changed: str) -> tuple[int, str, str]:
    file = folder / "comment.md"
    file.write_text(text)
    options = {"repository": "team/teranode-infra", "number": "7", "head": HEAD, "api": hub.url, **changed}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    result = CliRunner().invoke(app, ["pull-request", "post", str(file), *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_the_first_run_writes_and_the_next_edits_in_place(tmp_path: Path, hub: Hub) -> None:
    code, stdout, _ = post(tmp_path, hub)
    assert (code, stdout) == (ExitCode.CLEAN, "written  https://hub.example/1\n")

    code, stdout, _ = post(tmp_path, hub, f"{MARKER}\nnewer")
    assert (code, stdout) == (ExitCode.CLEAN, "edited  https://hub.example/1\n")
    assert [one["body"] for one in hub.comments] == [f"{MARKER}\nnewer"]


def test_the_comment_is_found_behind_a_hundred_others_and_a_persons_quote_is_left_alone(
    tmp_path: Path, hub: Hub
) -> None:
    for number in range(120):
        hub.add(f"{MARKER}\nquoted" if number == 3 else f"talk {number}", "User")
    hub.add(f"{MARKER}\nold")
    code, stdout, _ = post(tmp_path, hub)

    assert (code, stdout) == (ExitCode.CLEAN, "edited  https://hub.example/121\n")
    assert hub.comments[3]["body"] == f"{MARKER}\nquoted"


@pytest.mark.parametrize(("head", "state"), [("b" * 40, "open"), (HEAD, "closed")])
def test_a_pull_request_that_has_moved_on_gets_no_comment(tmp_path: Path, hub: Hub, head: str, state: str) -> None:
    hub.head, hub.state = head, state
    code, _, stderr = post(tmp_path, hub)

    assert code == ExitCode.USAGE
    assert head in stderr
    assert hub.comments == []


@pytest.mark.parametrize(
    ("status", "said"), [(403, "pull-requests: write"), (422, "does not take"), (404, "no such repository")]
)
def test_a_refusal_is_said_with_its_remedy_and_without_the_token(
    tmp_path: Path, hub: Hub, status: int, said: str
) -> None:
    hub.refusals["POST"] = status
    code, stdout, stderr = post(tmp_path, hub)

    assert code == ExitCode.USAGE
    assert said in stderr
    assert TOKEN not in stdout + stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"repository": "team/../other"}, "OWNER/NAME"),
        ({"head": "main"}, "40 hexadecimal digits"),
        ({"text": "something else"}, "not a comment that"),
    ],
)
def test_what_is_no_comment_of_ours_is_not_sent(tmp_path: Path, hub: Hub, changed: dict[str, str], said: str) -> None:
    code, _, stderr = post(tmp_path, hub, **changed)

    assert code == ExitCode.USAGE
    assert said in stderr
    assert hub.calls == []


def test_without_a_token_or_a_network_it_says_so(tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _, stderr = post(tmp_path, hub, api="http://127.0.0.1:1")
    assert code == ExitCode.USAGE
    assert "is there a network?" in stderr

    monkeypatch.delenv("GITHUB_TOKEN")
    code, _, stderr = post(tmp_path, hub)
    assert code == ExitCode.USAGE
    assert "GITHUB_TOKEN is not set" in stderr
