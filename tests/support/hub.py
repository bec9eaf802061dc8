"""A synthetic GitHub on loopback: one repository that answers the paths of GitHub's documentation."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.loopback import serving

HEAD = "a" * 40
TOKEN = "not-a-real-token"  # noqa: S105 (of the synthetic server)
REPOSITORY = "team/teranode-infra"
_BASE = f"/repos/{REPOSITORY}"


@dataclass
class Hub:
    """One open pull request with its comments, and issues with theirs."""

    url: str = ""
    head: str = HEAD
    state: str = "open"
    comments: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    issues: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    refusals: dict[str, int] = field(default_factory=dict[str, int])
    calls: list[str] = field(default_factory=list[str])

    def add(self, body: str, author: str = "Bot") -> None:
        """A comment on the pull request."""
        number = len(self.comments) + 1
        address = f"https://hub.example/{number}"
        self.comments.append({"id": number, "body": body, "html_url": address, "user": _user(author)})

    def file(self, body: str, author: str = "Bot", **more: object) -> dict[str, Any]:
        """An issue."""
        number = len(self.issues) + 1
        made = {
            "number": number,
            "body": body,
            "html_url": f"https://hub.example/issues/{number}",
            "user": _user(author),
            "state": "open",
            "comments": [],
            **more,
        }
        self.issues.append(made)
        return made

    def answer(self, method: str, path: str, body: str) -> tuple[int, object]:
        """What the server answers."""
        self.calls.append(f"{method} {path}")
        if method in self.refusals:
            return self.refusals[method], {}
        place, query = urlsplit(path).path.removeprefix(_BASE), parse_qs(urlsplit(path).query)
        page = slice(100 * (int(query.get("page", ["1"])[0]) - 1), 100 * int(query.get("page", ["1"])[0]))
        sent = json.loads(body) if body else {}
        if place.startswith("/issues") and not place.startswith(("/issues/7/", "/issues/comments/")):
            return self._issue(method, place, sent, page)
        return self._pull_request(method, place, sent, page)

    def _pull_request(self, method: str, place: str, sent: dict[str, Any], page: slice) -> tuple[int, object]:
        match method, place.split("/")[1:]:
            case "GET", ["pulls", "7"]:
                return 200, {"head": {"sha": self.head}, "state": self.state}
            case "GET", ["issues", "7", "comments"]:
                return 200, self.comments[page]
            case "POST", ["issues", "7", "comments"]:
                self.add(sent["body"])
                return 201, self.comments[-1]
            case "PATCH", ["issues", "comments", number]:
                self.comments[int(number) - 1].update(sent)
                return 200, self.comments[int(number) - 1]
            case _:
                return 404, {}

    def _issue(self, method: str, place: str, sent: dict[str, Any], page: slice) -> tuple[int, object]:
        match method, place.split("/")[2:]:
            case "GET", []:
                return 200, [one for one in self.issues if one["state"] == "open"][page]
            case "POST", []:
                return 201, self.file(sent["body"], title=sent["title"])
            case "PATCH", [number]:
                self.issues[int(number) - 1].update(sent)
                return 200, self.issues[int(number) - 1]
            case "POST", [number, "comments"]:
                self.issues[int(number) - 1]["comments"].append(sent["body"])
                return 201, {"id": 1, "body": sent["body"], "html_url": "https://hub.example/said", "user": None}
            case _:
                return 404, {}


def _user(author: str) -> dict[str, str]:
    return {"login": "x", "type": author}


@contextmanager
def hub() -> Iterator[Hub]:
    """The server, until the block ends; it takes `TOKEN` and no other."""
    made = Hub()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            allowed = self.headers["authorization"] == f"Bearer {TOKEN}"
            status, answer = made.answer(self.command, self.path, body) if allowed else (401, {})
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 (the base class names them)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class says so)
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        made.url = url
        yield made
