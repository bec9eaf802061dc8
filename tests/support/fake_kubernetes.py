"""A synthetic Kubernetes API server on loopback, with synthetic Teranodes behind its port-forward.

It answers the few requests that `ops verify` makes, in the forms of the Kubernetes API and of Teranode's asset service.
Nothing in it was recorded from a real cluster or node.
"""

import base64
import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import yaml

from tests.support.loopback import serving

TOKEN = "synthetic"  # noqa: S105 (opens nothing)
_WEBSOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""By which a WebSocket server proves that it is one (RFC 6455, 1.3)."""

Document = dict[str, object]


def block_hash(height: int, branch: str = "") -> str:
    """The hash of a synthetic block."""
    return hashlib.sha256(f"{branch}{height}".encode()).hexdigest()


@dataclass
class FakeNode:
    """One node; its height grows by `pace` with every look at its tip."""

    height: int = 100
    pace: int = 1
    state: str = "RUNNING"
    branch: str = ""
    branched_at: int = 0
    peers: list[Document] = field(default_factory=list)
    heard_of: bool = False
    """Every look finds a newer message of every peer."""
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Instead of the usual answer, by path: status and body."""

    def answer(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, str]:
        """Status and body of a GET below `/api/v1/`."""
        if path in self.broken:
            return self.broken[path]
        if path == "fsm/state":
            return 200, json.dumps({"state": self.state, "state_value": 1})
        if path == "bestblockheader/json":
            self.height += self.pace
            return 200, json.dumps(self._header(self.height))
        if path == f"headers/{self._hash(self.height)}/json":
            heights = range(self.height, max(-1, self.height - int(query["n"][0])), -1)
            return 200, json.dumps([self._header(height) for height in heights])
        if path == "peers":
            for peer in self.peers if self.heard_of else ():
                peer["last_message_time"] = int(str(peer["last_message_time"])) + 1
            return 200, json.dumps({"peers": self.peers, "count": len(self.peers)})
        return 404, json.dumps({"message": "Not Found"})

    def _header(self, height: int) -> Document:
        return {"hash": self._hash(height), "height": height, "version": 1, "txCount": 1, "miner": "synthetic"}

    def _hash(self, height: int) -> str:
        return block_hash(height, self.branch if height > self.branched_at else "")


@dataclass
class FakeMiner:
    """What one namespace holds."""

    image: str
    rpc_image: str
    deployments: dict[str, Document]
    node: FakeNode = field(default_factory=FakeNode)
    ready: bool = True


def deployment(name: str, image: str, *, replicas: int = 1, available: int | None = None) -> Document:
    """A Deployment that its controller has settled."""
    return {
        "metadata": {"name": name, "generation": 2},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": name}},
            "template": {"spec": {"containers": [{"name": name, "image": image}]}},
        },
        "status": {
            "observedGeneration": 2,
            "replicas": replicas,
            "updatedReplicas": replicas,
            "availableReplicas": replicas if available is None else available,
        },
    }


class FakeCluster:
    """One API server; `miners` by namespace. `refused` answers a status to paths that contain a text."""

    def __init__(self, miners: dict[str, FakeMiner]) -> None:
        self.miners = miners
        self.refused: dict[str, int] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def serving(self) -> Iterator["FakeCluster"]:
        """Answer until the block ends."""
        with serving(self._server):
            yield self

    def answer(self, path: str) -> tuple[int, Document]:
        """Status and document of a GET."""
        refusal = next((status for part, status in self.refused.items() if part in path), None)
        if refusal is not None:
            return refusal, _status(refusal)
        parts = path.strip("/").split("/")
        miner = self.miners.get(parts[parts.index("namespaces") + 1]) if "namespaces" in parts else None
        if parts[-1] == "deployments":
            return 200, {"items": list(miner.deployments.values()) if miner else []}
        if miner is None:
            return 404, _status(404)
        if parts[-1] == "clusters":
            rpc = {"enabled": True, "spec": {"deploymentOverrides": {"image": miner.rpc_image}}}
            return 200, {"items": [{"metadata": {"name": "teranode"}, "spec": {"image": miner.image, "rpc": rpc}}]}
        if parts[-1] == "pods":
            ready = {"type": "Ready", "status": "True" if miner.ready else "False"}
            return 200, {"items": [{"metadata": {"name": "asset-0"}, "status": {"conditions": [ready]}}]}
        return 200, {"metadata": {"name": parts[-1]}}


def _status(code: int) -> Document:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code}


def _handler(cluster: FakeCluster) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._send(401, _status(401))
            status, document = cluster.answer(url.path)
            if status == 200 and url.path.endswith("/portforward"):
                return self._forward(url.path, parse_qs(url.query))
            return self._send(status, document)

        def _send(self, status: int, document: Document) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _forward(self, path: str, query: Mapping[str, list[str]]) -> None:
            parts = path.strip("/").split("/")
            proof = hashlib.sha1(f"{self.headers['Sec-WebSocket-Key']}{_WEBSOCKET}".encode()).digest()  # noqa: S324
            self.send_response(101)
            self.send_header("Upgrade", "websocket")
            self.send_header("Connection", "Upgrade")
            self.send_header("Sec-WebSocket-Accept", base64.b64encode(proof).decode())
            self.send_header("Sec-WebSocket-Protocol", "v4.channel.k8s.io")
            self.end_headers()
            port = struct.pack("<H", int(query["ports"][0]))
            for channel in (b"\x00", b"\x01"):
                _write_frame(self.wfile, channel + port)
            _serve_node(cluster.miners[parts[parts.index("namespaces") + 1]].node, self.rfile, self.wfile)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    return Handler


def _serve_node(node: FakeNode, source: BufferedIOBase, target: BufferedIOBase) -> None:
    """HTTP on the data channel of a port-forward, one request after the other."""
    text = b""
    while (payload := _read_frame(source)) is not None:
        text += payload[1:]
        while b"\r\n\r\n" in text:
            head, _, text = text.partition(b"\r\n\r\n")
            url = urlsplit(head.split(b" ")[1].decode())
            status, body = node.answer(url.path.removeprefix("/api/v1/"), parse_qs(url.query))
            response = f"HTTP/1.1 {status} Synthetic\r\nContent-Length: {len(body.encode())}\r\n\r\n{body}"
            _write_frame(target, b"\x00" + response.encode())


def _write_frame(target: BufferedIOBase, payload: bytes) -> None:
    """One unmasked binary frame (RFC 6455, 5.2)."""
    length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + struct.pack(">H", len(payload))
    target.write(b"\x82" + length + payload)
    target.flush()


def _read_frame(source: BufferedIOBase) -> bytes | None:
    """The payload of the next masked frame; None when the client has closed."""
    head = source.read(2)
    if len(head) < 2 or head[0] & 0x0F == 8:
        return None
    length = head[1] & 0x7F
    if length == 126:
        (length,) = struct.unpack(">H", source.read(2))
    mask = source.read(4)
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(source.read(length)))


def write_kubeconfig(file: Path, clusters: Mapping[str, tuple[str, str]], *, token: str = TOKEN) -> Path:
    """A kubeconfig with a context for each entry: its cluster's name and URL."""
    contexts = [{"name": name, "context": {"cluster": one[0], "user": "someone"}} for name, one in clusters.items()]
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": {"server": url}} for name, url in clusters.values()],
        "users": [{"name": "someone", "user": {"token": token}}],
        "contexts": contexts,
        "current-context": "",
    }
    file.write_text(yaml.safe_dump(document))
    return file
