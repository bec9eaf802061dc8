"""What a real nginx lets through with the file that this project writes. Skipped where there is no nginx.

`apt-get install nginx-light` is enough. The node behind it is played by a server on the loopback, and the load
balancer by a client that speaks PROXY protocol.
"""

import http.client
import os
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from components.asset_proxy import ProxySettings, render

NGINX = shutil.which("nginx", path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
HASH = "00000000000000000007f9c3d0aeb4ac0a1b2c3d4e5f60718293a4b5c6d7e8f9"
API = "/api/v1"
CONNECTIONS = 4

_AS_ONE_USER = ["-g", "user root;"] if os.geteuid() == 0 else []
"""As in the pod, where nginx is one user from the start: root's would become another, and not reach its cache."""

pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx on this machine: apt-get install nginx-light")


class Node(ThreadingHTTPServer):
    """Plays the asset service: it answers everything, and remembers who asked for what."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []


class Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Node  # type: ignore[assignment]

    def answer(self) -> None:
        self.server.seen.append((self.command, self.path))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        failed = "dead" in self.path
        body = b"pq: connection refused" if failed else f"answer to {self.path}".encode()
        self.send_response(500 if failed else 200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "https://evil.example")
        self.send_header("Set-Cookie", "csrf=1")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815 - the names of the standard library

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@dataclass
class Proxy:
    """A running nginx, and the node behind it."""

    port: int
    health_port: int
    node: Node
    log: Path
    open: list[socket.socket] = field(default_factory=list)

    def connect(self, client: str = "198.51.100.7") -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.open.append(connection)
        addresses = socket.inet_aton(client) + socket.inet_aton("127.0.0.1") + struct.pack("!HH", 40000, self.port)
        connection.sendall(b"\r\n\r\n\0\r\nQUIT\n" + b"\x21\x11" + struct.pack("!H", len(addresses)) + addresses)
        return connection

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        client: str = "198.51.100.7",
    ) -> tuple[int, bytes, Mapping[str, str]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.sock = self.connect(client)
        connection.request(method, path, body=body, headers=dict(headers or {}))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, content, {name.lower(): value for name, value in response.getheaders()}

    def status(self, path: str, method: str = "GET", **rest: object) -> int:
        return self.ask(path, method, **rest)[0]  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def started(folder: Path, *, requests_per_second: int = 1000) -> Iterator[Proxy]:
    assert NGINX is not None
    node = Node()
    threading.Thread(target=node.serve_forever, daemon=True).start()
    port, health_port = free_port(), free_port()
    file, log = folder / "nginx.conf", folder / "access.log"
    file.write_text(
        render(
            ProxySettings(
                asset=f"127.0.0.1:{node.server_port}",
                resolver="127.0.0.1",
                balancers="127.0.0.0/8",
                port=port,
                health_port=health_port,
                requests_per_second=requests_per_second,
                connections=CONNECTIONS,
                cache=str(folder),
            )
        )
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            [NGINX, "-e", "stderr", "-c", str(file), *_AS_ONE_USER], stdout=output, stderr=output
        )
        proxy = Proxy(port, health_port, node, log)
        try:
            answers(health_port, process)
            answers(port, process)
            yield proxy
        finally:
            for connection in proxy.open:
                connection.close()
            process.terminate()
            process.wait(timeout=20)
            node.shutdown()
            node.server_close()


def answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Until the port does, or the process is gone."""
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise AssertionError("nginx ended at once")


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[Proxy]:
    with started(tmp_path) as running:
        yield running


def test_nginx_accepts_the_file_as_it_is_in_the_cluster(tmp_path: Path) -> None:
    assert NGINX is not None
    settings = ProxySettings(
        asset="asset.miner-1.svc.cluster.local:8090",
        resolver="172.20.0.10",
        balancers="10.32.0.0/16",
        port=8080,
        health_port=8081,
        requests_per_second=100,
        cache=str(tmp_path),
    )
    (tmp_path / "nginx.conf").write_text(render(settings))

    done = subprocess.run(
        [NGINX, "-t", "-e", "stderr", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


@pytest.mark.parametrize("kind", ["block", "subtree", "header"])
def test_what_has_a_hash_is_fetched_once_and_kept(proxy: Proxy, kind: str) -> None:
    path = f"{API}/{kind}/{HASH}"
    first, second = proxy.ask(path), proxy.ask(f"{path}?anything=else")

    assert [(first[0], first[2]["x-cache"]), (second[0], second[2]["x-cache"])] == [(200, "MISS"), (200, "HIT")]
    assert first[1] == second[1] == f"answer to {path}".encode()
    assert proxy.node.seen == [("GET", path)]


def test_head_asks_for_nothing_that_the_node_does_not_know(proxy: Proxy) -> None:
    status, body, _ = proxy.ask(f"{API}/block/{HASH}", "HEAD")

    assert (status, body) == (200, b"")
    assert proxy.node.seen == [("GET", f"{API}/block/{HASH}")]


def test_a_range_of_blocks_and_of_headers_is_asked_for_by_number_and_hashes_alone(proxy: Proxy) -> None:
    proxy.ask(f"{API}/blocks/{HASH}?n=100&offset=7")
    proxy.ask(f"{API}/blocks/{HASH}?n=%31%30;drop")
    proxy.ask(f"{API}/headers_from_common_ancestor/{HASH}?block_locator_hashes={HASH}{HASH}&n=10000")
    proxy.ask(f"{API}/headers_from_common_ancestor/{HASH}?block_locator_hashes=../x&n=5")

    assert proxy.node.seen == [
        ("GET", f"{API}/blocks/{HASH}?n=100"),
        ("GET", f"{API}/blocks/{HASH}?n="),
        ("GET", f"{API}/headers_from_common_ancestor/{HASH}?block_locator_hashes={HASH}{HASH}&n=10000"),
        ("GET", f"{API}/headers_from_common_ancestor/{HASH}?block_locator_hashes=&n=5"),
    ]


def test_the_data_of_a_subtree_is_passed_on_and_not_kept(proxy: Proxy) -> None:
    statuses = [proxy.status(f"{API}/subtree_data/{HASH}") for _ in range(2)]

    assert statuses == [200, 200]
    assert len(proxy.node.seen) == 2


def test_transactions_of_a_subtree_are_the_one_thing_asked_for_with_a_body(proxy: Proxy) -> None:
    ids = b"\x01" * 32 * 16_384
    assert proxy.status(f"{API}/subtree/{HASH}/txs", "POST", body=ids) == 200
    assert proxy.node.bodies == [ids]
    assert proxy.status(f"{API}/subtree/{HASH}/txs", "POST", body=ids + b"\x01") == 413
    assert proxy.status(f"{API}/subtree/{HASH}/txs") == 404
    assert len(proxy.node.seen) == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", f"{API}/fsm/state"),
        ("GET", f"{API}/fsm/state"),
        ("POST", f"{API}/block/{HASH}/../../fsm/state"),
        ("GET", f"{API}/block/{HASH}/..%2f..%2ffsm/state"),
        ("POST", f"{API}/block/invalidate"),
        ("POST", f"{API}/block/{HASH}"),
        ("PUT", f"{API}/block/{HASH}"),
        ("DELETE", f"{API}/subtree/{HASH}"),
        ("OPTIONS", f"{API}/block/{HASH}"),
        ("TRACE", f"{API}/block/{HASH}"),
        ("GET", f"{API}/block/{HASH}/json"),
        ("GET", f"{API}/block/{HASH.upper()}"),
        ("GET", f"{API}/block/{HASH}0"),
        ("GET", f"{API}/block/{HASH}%0a"),
        ("POST", f"{API}/txs"),
        ("GET", f"{API}/utxos/{HASH}/json"),
        ("GET", f"{API}/search?q=1"),
        ("GET", f"{API}/lastblocks"),
        ("POST", f"{API}/login"),
        ("GET", "/"),
        ("GET", "/dashboard"),
        ("GET", "/health"),
        ("GET", "/connection/websocket"),
        ("GET", "/debug/pprof/"),
        ("GET", "/stats"),
        ("GET", f"/rest/block/{HASH}.bin"),
        ("GET", "/healthz"),
    ],
)
def test_everything_else_is_not_there_and_never_reaches_the_node(proxy: Proxy, method: str, path: str) -> None:
    assert proxy.status(path, method) in {404, 405}  # TRACE nginx refuses by itself
    assert proxy.node.seen == []


def test_nothing_that_a_client_says_of_itself_reaches_the_node(proxy: Proxy) -> None:
    proxy.ask(
        f"{API}/block/{HASH}",
        headers={
            "X-Forwarded-For": "127.0.0.1",
            "Authorization": "Basic x",
            "Cookie": "a=b",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Accept-Encoding": "gzip",
        },
        client="203.0.113.9",
    )

    [headers] = proxy.node.headers
    assert headers.pop("host").startswith("127.0.0.1:")
    assert headers == {"x-forwarded-for": "203.0.113.9"}


def test_a_body_where_none_belongs_is_refused(proxy: Proxy) -> None:
    assert proxy.status(f"{API}/block/{HASH}", body=b"more than nothing") == 413
    assert proxy.node.seen == []


@pytest.mark.parametrize("headers", [{"X-Long": "a" * 9000}, {f"X-{number}": "a" * 4000 for number in range(8)}])
def test_oversized_headers_are_refused(proxy: Proxy, headers: dict[str, str]) -> None:
    assert proxy.status(f"{API}/block/{HASH}", headers=headers) == 400
    assert proxy.status(f"{API}/blocks/{HASH}?n={'1' * 9000}") == 414
    assert proxy.node.seen == []


def test_answers_say_nothing_of_what_is_inside(proxy: Proxy) -> None:
    _, _, headers = proxy.ask(f"{API}/block/{HASH}")
    status, body, _ = proxy.ask(f"{API}/block/{'dead' * 16}")

    assert headers["server"] == "nginx"
    assert not {"set-cookie", "access-control-allow-origin"} & set(headers)
    assert status == 503
    assert b"pq:" not in body


def test_a_client_with_too_much_at_once_is_refused_and_the_next_one_is_not(tmp_path: Path) -> None:
    with started(tmp_path, requests_per_second=1) as proxy:
        request = f"GET {API}/block/{HASH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        waiting = [proxy.connect() for _ in range(2 + 2 * CONNECTIONS)]
        for connection in waiting:
            connection.sendall(request)

        # The first is served and some wait their turn; all beyond that are told so: nginx takes them in any order.
        assert any(connection.recv(12) == b"HTTP/1.1 429" for connection in reversed(waiting))
        assert proxy.status(f"{API}/block/{HASH}", client="203.0.113.9") == 200
        assert b"limiting requests" in proxy.log.read_bytes()


def test_who_does_not_come_through_the_load_balancer_is_not_answered(proxy: Proxy) -> None:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=20) as connection:
        connection.sendall(f"GET {API}/block/{HASH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert connection.recv(100) == b""


def test_the_node_s_agent_asks_at_a_port_of_its_own(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.health_port, timeout=20)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 204
    connection.close()


def test_the_log_has_clients_and_paths_and_no_queries(proxy: Proxy) -> None:
    proxy.ask(f"{API}/blocks/{HASH}?n=3&secret=12345", client="203.0.113.9")

    # nginx writes the line before it takes the next request of the same worker, and any worker takes the next one.
    for _ in range(100 * CONNECTIONS):
        proxy.ask(f"{API}/nothing")
        if "203.0.113.9" in proxy.log.read_text():
            break
    log = proxy.log.read_text()
    assert '"client":"203.0.113.9","method":"GET"' in log
    assert f'"path":"{API}/blocks/{HASH}"' in log
    assert "12345" not in log
