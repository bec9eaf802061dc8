"""Comments on pull requests, against a synthetic GitHub on loopback that knows the paths of its documentation."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from ops.pull_request.comment import MARKER
from tests.support.loopback import serving

HEAD = "a" * 40
TOKEN = "not-a-real-token"  # noqa: S105 (of the synthetic server)


@dataclass
class Hub:
    """One pull request with its comments."""

    url: str = ""
    head: str = HEAD
    state: str = "open"
    comments: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    refusals: dict[str, int] = field(default_factory=dict[str, int])
    calls: list[str] = field(default_factory=list[str])

    def add(self, body: str, author: str = "Bot") -> None:
        number = len(self.comments) + 1
        address = f"https://hub.example/{number}"
        self.comments.append({"id": number, "body": body, "html_url": address, "user": {"login": "x", "type": author}})

    def answer(self, method: str, path: str, body: str) -> tuple[int, object]:
        self.calls.append(f"{method} {path}")
        if method in self.refusals:
            return self.refusals[method], {}
        base = "/repos/team/teranode-infra"
        if (method, path) == ("GET", f"{base}/pulls/7"):
            return 200, {"head": {"sha": self.head}, "state": self.state}
        if method == "GET" and path.startswith(f"{base}/issues/7/comments?per_page=100&page="):
            page = int(path.rpartition("=")[2])
            return 200, self.comments[100 * (page - 1) : 100 * page]
        if (method, path) == ("POST", f"{base}/issues/7/comments"):
            self.add(json.loads(body)["body"])
            return 201, self.comments[-1]
        if method == "PATCH" and path.startswith(f"{base}/issues/comments/"):
            found = self.comments[int(path.rpartition("/")[2]) - 1]
            found["body"] = json.loads(body)["body"]
            return 200, found
        return 404, {}


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            status, answer = (
                (401, {})
                if self.headers["authorization"] != f"Bearer {TOKEN}"
                else made.answer(self.command, self.path, body)
            )
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 (the base class names them)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class says so)
            """Say nothing."""

    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        made.url = url
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
