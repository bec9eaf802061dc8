"""The block generator: its script against a server that plays RPC, and its workload in the simulated cloud."""

import base64
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

import components.teranode
from components.namespace import NamespaceRef
from components.teranode import BlockGenerator, BlockGeneratorArgs, Rotation
from simulator import Simulation
from tests.support.builders import in_region
from tests.support.stacks import at

SCRIPT = Path(components.teranode.__file__).parent / "scripts" / "generate-blocks.sh"
LOGIN = ("user", 'pa"ss \\word')
HANG_SECONDS = 60
KNOWN = ("/", "application/json", {"jsonrpc": "1.0", "id": "miner-1", "method": "", "params": []})
"""Path, type and body of every request but for what is called; another is refused."""

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on the PATH")


class Chain:
    """A chain behind RPC, with what was asked of it. `failures` are answered with an error first."""

    def __init__(self, height: int, failures: int = 0) -> None:
        self.height, self.failures = height, failures
        self.calls: list[tuple[str, Sequence[int]]] = []
        self.logins: set[str] = set()
        self.changed = threading.Condition()

    def answer(self, method: str, params: Sequence[int], login: str) -> dict[str, object] | None:
        with self.changed:
            self.calls.append((method, params))
            self.logins.add(login)
            self.changed.notify_all()
            if self.failures:
                self.failures -= 1
                return None
            if method == "generate":
                self.height += params[0]
            return {"result": {"chain": "regtest", "blocks": self.height, "headers": self.height}, "error": None}

    def wait_for(self, calls: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.calls) >= calls, timeout=HANG_SECONDS)

    @property
    def generated(self) -> list[Sequence[int]]:
        return [params for method, params in self.calls if method == "generate"]


@contextmanager
def served(chain: Chain) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            answer = chain.answer(asked["method"], asked["params"], self.headers["authorization"])
            known = (self.path, self.headers["content-type"], asked | {"method": "", "params": []}) == KNOWN
            self.send_response(200 if known and answer is not None else 500)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class says so)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def peers(*miners: str) -> str:
    """What the settings of a node say of others."""
    return "|".join(f"/dns4/{miner}.testing.teranode.internal/tcp/9905/p2p/12D3KooW" for miner in miners)


FOUNDER, OTHER = peers("miner-2", "miner-3"), peers("miner-0", "miner-2")
"""Of miner-1: whose name comes first, and whose does not."""


def run(chain: Chain, folder: Path, *, calls: int, others: str = OTHER, rotation: str = "turns") -> None:
    """Run the script, which does not really sleep, until it has made so many calls."""
    no_sleep = folder / "sleep"
    no_sleep.write_text("#!/bin/sh\n")
    no_sleep.chmod(0o755)
    for name, value in zip(("rpc_user", "rpc_pass"), LOGIN, strict=True):
        (folder / name).write_text(value)
    with served(chain) as url:
        environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "MINER": "miner-1",
            "RPC_URL": url,
            "PEERS": others,
            "ROTATION": rotation,
            "INTERVAL_SECONDS": "3",
            "SPREAD_SECONDS": "4",
            "MATURITY_BLOCKS": "100",
            "LOGIN_FOLDER": str(folder),
        }
        with subprocess.Popen(
            ["sh", SCRIPT], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as it:
            try:
                chain.wait_for(calls)
            finally:
                it.terminate()


@needs_curl
@pytest.mark.parametrize("others", [FOUNDER, ""])
def test_the_founder_mines_what_is_missing_at_once(tmp_path: Path, others: str) -> None:
    chain = Chain(height=7)
    run(chain, tmp_path, calls=12, others=others)

    assert chain.generated[0] == [93]
    assert chain.calls[0][0] == chain.calls[1][0] == "getblockchaininfo", "a node that catches up is given time"


@needs_curl
@pytest.mark.parametrize(("others", "mines"), [(FOUNDER, True), (OTHER, False)])
def test_with_the_rotation_founder_one_miner_mines_for_ever(tmp_path: Path, others: str, mines: bool) -> None:  # noqa: FBT001
    chain = Chain(height=100)
    run(chain, tmp_path, calls=20, others=others, rotation="founder")

    assert bool(chain.generated) is mines


@needs_curl
def test_others_leave_the_first_blocks_to_the_founder(tmp_path: Path) -> None:
    chain = Chain(height=7)
    run(chain, tmp_path, calls=12)

    assert chain.generated == []


@needs_curl
def test_one_block_is_mined_when_the_tip_has_not_moved_for_a_while(tmp_path: Path) -> None:
    chain = Chain(height=100)
    run(chain, tmp_path, calls=30)
    waits = "".join("g" if method == "generate" else "." for method, _ in chain.calls).split("g")

    assert set(map(tuple, chain.generated)) == {(1,)}
    # One look at a new height, three to seven of patience, one that finds none left.
    assert all(5 <= len(wait) <= 9 for wait in waits[:-1])


@needs_curl
def test_a_node_that_does_not_answer_is_asked_again(tmp_path: Path) -> None:
    chain = Chain(height=100, failures=3)
    run(chain, tmp_path, calls=14)

    assert [method for method, _ in chain.calls[:3]] == ["getblockchaininfo"] * 3
    assert chain.generated


@needs_curl
def test_the_login_arrives_whole(tmp_path: Path) -> None:
    chain = Chain(height=100)
    run(chain, tmp_path, calls=1)

    assert chain.logins == {f"Basic {base64.b64encode(':'.join(LOGIN).encode()).decode()}"}


def built(**changes: object) -> Simulation:
    def make(opts: pulumi.ResourceOptions) -> BlockGenerator:
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster")
        args = {
            "namespace": NamespaceRef(name="miner-1", provider=provider, ready=()),
            "image": "docker.io/curlimages/curl:8.16.0",
            "rotation": Rotation.TURNS,
            "interval_seconds": 10,
            "spread_seconds": 20,
            "node": (),
        }
        return BlockGenerator("miner-1-generator", BlockGeneratorArgs(**(args | changes)), opts)  # pyright: ignore[reportArgumentType]

    return in_region(make)


def test_the_login_comes_from_files_of_the_secret_and_stands_nowhere_else() -> None:
    [deployment] = built().of_type("kubernetes:apps/v1:Deployment")
    pod: Any = at(deployment.inputs, "spec.template.spec")
    [login] = [volume["secret"] for volume in pod["volumes"] if "secret" in volume]

    assert login["secretName"] == "teranode-operator-secrets"
    assert [item["key"] for item in login["items"]] == ["rpc_user", "rpc_pass"]
    assert {"name": "RPC_URL", "value": "http://rpc:9292"} in pod["containers"][0]["env"]
    assert not [entry for entry in pod["containers"][0]["env"] if "secretKeyRef" in entry.get("valueFrom", {})]


def test_who_the_founder_is_stands_in_the_nodes_own_settings_alone() -> None:
    """So a new miner changes no generator."""
    [deployment] = built().of_type("kubernetes:apps/v1:Deployment")
    environment: Any = at(deployment.inputs, "spec.template.spec.containers.0.env")
    [source] = [entry["valueFrom"] for entry in environment if entry["name"] == "PEERS"]

    assert source == {"configMapKeyRef": {"name": "teranode-settings", "key": "p2p_static_peers", "optional": True}}


@pytest.mark.parametrize("change", [{"interval_seconds": 0}, {"spread_seconds": 0}])
def test_blocks_without_time_between_them_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="seconds apart"):
        built(**change)
