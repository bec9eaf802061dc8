"""A synthetic registry on loopback, and a synthetic `crane` that copies into it.

Of OCI's distribution protocol they know manifests alone, and nothing of blobs: what real ones answer is not shown here.
"""

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.support.loopback import serving

_CRANE = """\
#!{python}
# As crane does: reads the manifests of the index, then puts each, with the login of DOCKER_CONFIG.
import json, os, pathlib, sys, urllib.request
folder = pathlib.Path(os.environ["DOCKER_CONFIG"])
with open({calls!r}, "a") as calls:
    print(json.dumps({{"arguments": sys.argv[1:], "mode": oct((folder / "config.json").stat().st_mode)}}), file=calls)
logins = json.loads((folder / "config.json").read_text())["auths"]
_, source, target = sys.argv[1:]
opener = urllib.request.build_opener(urllib.request.ProxyHandler({{}}))
def ask(host, repository, reference, body=None):
    url = f"http://{{host}}/v2/{{repository}}/manifests/{{reference}}"
    login = {{"Authorization": "Basic " + logins[host]["auth"]}} if host in logins else {{}}
    return opener.open(urllib.request.Request(url, data=body, headers=login, method="PUT" if body else "GET")).read()
source_host, _, rest = source.partition("/")
repository, _, digest = rest.partition("@")
target_host, _, rest = target.partition("/")
into, _, tag = rest.partition(":")
index = ask(source_host, repository, digest)
for one in json.loads(index)["manifests"]:
    ask(target_host, into, one["digest"], ask(source_host, repository, one["digest"]))
ask(target_host, into, tag, index)
"""


def digest_of(content: bytes) -> str:
    """By which a registry names it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@dataclass
class Registry:
    """What it holds by `<repository>/<tag or digest>`; where it has a login, it answers to no other."""

    login: str = ""
    address: str = ""
    held: dict[str, bytes] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    """Of these it says that it took them, and forgets them."""

    def publish(self, repository: str, tag: str, *platforms: str, note: str = "") -> str:
        """Put an index with an image of each platform; its digest."""
        manifests = []
        for platform in platforms:
            system, _, architecture = platform.partition("/")
            image = json.dumps(
                {"schemaVersion": 2, "config": {"digest": digest_of((platform + note).encode())}}
            ).encode()
            self.held[f"{repository}/{digest_of(image)}"] = image
            where = {"os": system, "architecture": architecture}
            manifests.append({"digest": digest_of(image), "size": len(image), "platform": where})
        return self.put(repository, tag, json.dumps({"schemaVersion": 2, "manifests": manifests}).encode())

    def put(self, repository: str, reference: str, content: bytes) -> str:
        """By tag and digest."""
        digest = digest_of(content)
        for name in {reference, digest} - self.lost:
            self.held[f"{repository}/{name}"] = content
        return digest


class _Server(ThreadingHTTPServer):
    def __init__(self, state: Registry) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.state = state


class _Handler(BaseHTTPRequestHandler):
    @property
    def _state(self) -> Registry:
        assert isinstance(self.server, _Server)
        return self.server.state

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self._allowed():
            repository, _, reference = self.path.removeprefix("/v2/").partition("/manifests/")
            self._state.put(repository, reference, content)
            self._send(201, b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the library)
        """Say nothing."""

    def _allowed(self) -> bool:
        login = self._state.login
        if login and self.headers.get("Authorization") != f"Basic {login}":
            self._send(401, b"")
            return False
        return True

    def _answer(self) -> None:
        if self._allowed():
            content = self._state.held.get(self.path.removeprefix("/v2/").replace("/manifests/", "/"))
            self._send(404 if content is None else 200, content or b"")

    def _send(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Docker-Content-Digest", digest_of(content))
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def registry(login: str = "") -> Iterator[Registry]:
    """Let one answer until the block ends."""
    state = Registry(login)
    with serving(_Server(state)) as address:
        state.address = address.removeprefix("http://")
        yield state


@dataclass(frozen=True)
class FakeCrane:
    """The executable's record of calls."""

    file: Path

    @property
    def calls(self) -> list[dict[str, object]]:
        """Arguments of every call so far, and the mode of the file with the logins."""
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []


def install_crane(folder: Path, monkeypatch: pytest.MonkeyPatch, *, program: str = _CRANE) -> FakeCrane:
    """Put a synthetic `crane` on the PATH, alone."""
    folder.mkdir()
    calls = folder / "calls.jsonl"
    executable = folder / "crane"
    executable.write_text(program.format(python=sys.executable, calls=str(calls)))
    executable.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return FakeCrane(calls)
