"""Where images and charts are looked for: in the evaluated program, and in registries on this machine."""

from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from ops.preflight.checks import Check, Verdict
from ops.preflight.needs import Evaluated
from ops.preflight.registry import Registries, chart_checks, image_check, versions_in
from ops.preflight.sources import Chart, Image, charts, images, parse
from tests.support.loopback import serving
from tests.support.stacks import evaluated

HOLDS, FAILS, UNKNOWN = Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN


def program() -> Evaluated:
    return Evaluated(evaluated("testing").deployment)


@pytest.mark.parametrize(
    ("text", "image"),
    [
        ("postgres", Image("registry-1.docker.io", "library/postgres", "latest", "")),
        ("docker.io/alpine/k8s:1.36", Image("registry-1.docker.io", "alpine/k8s", "1.36", "")),
        ("localhost:5000/a/b:1", Image("localhost:5000", "a/b", "1", "")),
        (f"ghcr.io/a/b@sha256:{'0' * 64}", Image("ghcr.io", "a/b", "", f"sha256:{'0' * 64}")),
        ("ghcr.io/a/b:not a tag", None),
    ],
)
def test_an_image_is_read_as_kubernetes_reads_it(text: str, image: Image | None) -> None:
    assert parse(text) == image


def test_images_of_pods_and_of_charts_values_are_found() -> None:
    written = {image.written for image in images(program())}

    assert "ghcr.io/bsv-blockchain/teranode:v0.14.4" in written
    assert any(name.startswith("quay.io/jetstack/cert-manager-controller:") for name in written), "values of a chart"
    assert any(name.startswith("docker.io/library/postgres:") for name in written), "a pod of a job"
    listed, stored = charts(program())
    assert [image.repository for image in stored] == ["bsv-blockchain/helm/teranode-operator"]
    assert "cert-manager" in {chart.name for chart in listed}


INDEX = """\
apiVersion: v1
entries:
  other:
  - version: 9.9.9
  "cert-manager":
  - annotations:
      version: 0.0.0
    appVersion: v1
    version: v1.21.1
  - version: "v1.20.0"
  third:
  - version: 8.8.8
generated: "2026-01-01"
"""


def test_the_versions_of_a_chart_are_its_own_in_an_index() -> None:
    assert versions_in(INDEX, "cert-manager") == ["v1.21.1", "v1.20.0"]
    assert versions_in(INDEX, "third") == ["8.8.8"]
    assert versions_in(INDEX, "absent") == []


class Handler(BaseHTTPRequestHandler):
    """A registry that gives everybody a token for a/public, has the tag 1 of it, and lists charts."""

    digest: ClassVar[str] = f"sha256:{'1' * 64}"
    seen: ClassVar[list[str]]

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the library)
        """Say nothing."""

    def _answer(self) -> None:
        self.seen.append(f"{self.command} {self.path}")
        host = "127.0.0.1"
        address = self.headers["Host"]
        known = {
            f"/token?scope=repository%3Aa%2Fpublic%3Apull&service={host}": b'{"token": "for-everybody"}',
            "/charts/index.yaml": INDEX.encode(),
        }
        if self.path in known:
            return self._send(200, body=known[self.path])
        if "/busy/" in self.path:
            return self._send(429)
        if self.headers.get("Authorization") != "Bearer for-everybody":
            realm = f'Bearer realm="http://{address}/token",service="{host}",scope="repository:a/public:pull"'
            return self._send(401, {"WWW-Authenticate": "Basic" if "/private/" in self.path else realm})
        if self.path in ("/v2/a/public/manifests/1", f"/v2/a/public/manifests/{self.digest}"):
            return self._send(200, {"Docker-Content-Digest": self.digest})
        return self._send(404)

    def _send(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its address."""
    monkeypatch.setenv("no_proxy", "*")
    Handler.seen = []
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield address.removeprefix("http://")


def looked(server: str, repository: str, tag: str = "1", digest: str = "") -> Check:
    return image_check(Registries("http"), Image(server, repository, tag, digest))


def test_a_published_image_is_found_with_a_token_that_everybody_gets(server: str) -> None:
    check = looked(server, "a/public")

    assert (check.verdict, check.found) == (HOLDS, f"published as {Handler.digest}")
    assert [line.split("?")[0] for line in Handler.seen] == [
        "HEAD /v2/a/public/manifests/1",
        "GET /token",
        "HEAD /v2/a/public/manifests/1",
    ], "manifests are not fetched, and one token is enough"


def test_a_digest_decides_over_the_tag_beside_it(server: str) -> None:
    assert looked(server, "a/public", "9", Handler.digest).verdict is HOLDS
    assert looked(server, "a/public", "1", f"sha256:{'0' * 64}").verdict is FAILS


def test_what_a_registry_does_not_have_fails_and_what_it_does_not_say_is_unknown(server: str) -> None:
    assert looked(server, "a/public", "2").found == "is not published"
    private, busy = looked(server, "private/a"), looked(server, "busy/a")
    assert (private.verdict, busy.verdict) == (UNKNOWN, UNKNOWN)
    assert "wants a login" in private.found
    assert "throttles" in busy.found


def test_a_registry_that_cannot_be_reached_is_unknown() -> None:
    check = looked("127.0.0.1:1", "a/public")

    assert check.verdict is UNKNOWN
    assert "cannot be reached" in check.found


def test_a_chart_is_looked_for_in_the_index_of_its_repository(server: str) -> None:
    repository = f"http://{server}/charts"
    wanted = [Chart(repository, "cert-manager", "v1.21.1"), Chart(repository, "cert-manager", "v2.0.0")]

    there, absent = chart_checks(Registries("http"), repository, wanted)

    assert there.verdict is HOLDS
    assert (absent.verdict, absent.found) == (FAILS, f"not in {repository}; it has v1.21.1, v1.20.0")
    [unknown] = chart_checks(Registries("http"), f"http://{server}/nothing", wanted[:1])
    assert unknown.verdict is UNKNOWN
