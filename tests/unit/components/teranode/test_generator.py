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

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

import components.teranode
from components.namespace import NamespaceRef
from components.teranode.generator import BlockGenerator, BlockGeneratorArgs
from simulator import Simulation
from tests.support.builders import in_region
from tests.support.stacks import at

SCRIPT = Path(components.teranode.__file__).parent / "scripts" / "generate-blocks.sh"
LOGIN = ("user", 'pa"ss \\word')
HANG_SECONDS = 60

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
            self.send_response(500 if answer is None else 200)
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


def run(chain: Chain, folder: Path, *, calls: int, founder: bool = False, miner: str = "miner-1") -> None:
    """Run the script, which does not really sleep, until it has made so many calls."""
    no_sleep = folder / "sleep"
    no_sleep.write_text("#!/bin/sh\n")
    no_sleep.chmod(0o755)
    with served(chain) as url:
        environment = {
            "PATH": f"{folder}:{os.environ['PATH']}",
            "MINER": miner,
            "RPC_URL": url,
            "FOUNDER": str(founder).lower(),
            "INTERVAL_SECONDS": "3",
            "SPREAD_SECONDS": "4",
            "MATURITY_BLOCKS": "100",
            "rpc_user": LOGIN[0],
            "rpc_pass": LOGIN[1],
        }
        with subprocess.Popen(
            ["sh", SCRIPT], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as it:
            try:
                chain.wait_for(calls)
            finally:
                it.terminate()


@needs_curl
def test_the_founder_mines_what_is_missing_at_once(tmp_path: Path) -> None:
    chain = Chain(height=7)
    run(chain, tmp_path, calls=4, founder=True)

    assert chain.generated[0] == [93]


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
            "founder": True,
            "interval_seconds": 10,
            "spread_seconds": 20,
            "node": (),
        }
        return BlockGenerator("miner-1-generator", BlockGeneratorArgs(**(args | changes)), opts)  # pyright: ignore[reportArgumentType]

    return in_region(make)


def test_the_login_comes_from_the_secret_and_stands_nowhere_else() -> None:
    [deployment] = built().of_type("kubernetes:apps/v1:Deployment")
    environment = at(deployment.inputs, "spec.template.spec.containers")[0]["env"]  # pyright: ignore[reportIndexIssue]

    assert [entry["valueFrom"]["secretKeyRef"] for entry in environment if "valueFrom" in entry] == [
        {"name": "teranode-operator-secrets", "key": key} for key in ("rpc_user", "rpc_pass")
    ]
    assert {"name": "RPC_URL", "value": "http://rpc:9292"} in environment


@pytest.mark.parametrize("change", [{"interval_seconds": 0}, {"spread_seconds": 0}])
def test_blocks_without_time_between_them_are_refused(change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="seconds apart"):
        built(**change)
