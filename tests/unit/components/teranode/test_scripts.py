"""The scripts that run beside a node, against a kubectl that plays a cluster and servers that play a node."""

import base64
import json
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.kubectl import SCRIPTS, Cluster
from tests.support.teranode import IMAGE

OLD_IMAGE = "ghcr.io/bsv-blockchain/teranode:v0.14.3"

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on the PATH")


def row(image: str = IMAGE, generation: int = 2, observed: int = 2, *counts: int) -> str:
    wanted, replicas, updated, available = counts or (1, 1, 1, 1)
    return f"{image}|{generation}|{observed}|{wanted}|{replicas}|{updated}|{available}"


class TestGate:
    def passed(self, folder: Path, *rows: str, seconds: int = 60) -> subprocess.CompletedProcess[str]:
        pods = {"rpc": [["rpc-0: Pending ErrImagePull "]], "blockchain": [["blockchain-0: Running  "]]}
        cluster = Cluster(folder, deployments={"blockchain": [row()], "rpc": list(rows)}, pods=pods)
        return cluster.run(
            "wait-for-release.sh", IMAGE=IMAGE, DEPLOYMENTS="blockchain rpc", TIMEOUT_SECONDS=str(seconds)
        )

    def test_it_opens_when_all_run_the_image_and_are_available(self, tmp_path: Path) -> None:
        done = self.passed(tmp_path, row())

        assert (done.returncode, done.stdout) == (0, f"miner-1: every Deployment runs {IMAGE} and is available\n")

    def test_it_waits_while_a_release_is_on_its_way(self, tmp_path: Path) -> None:
        on_the_way = ("!", row(OLD_IMAGE), row(IMAGE, 3, 2), row(IMAGE, 3, 3, 2, 3, 1, 2), row(IMAGE, 3, 3, 1, 1, 1, 0))

        assert self.passed(tmp_path, *on_the_way, row()).returncode == 0

    def test_what_is_available_for_a_moment_only_does_not_open_it(self, tmp_path: Path) -> None:
        crashing = row(IMAGE, 2, 2, 1, 1, 1, 0)
        done = self.passed(tmp_path, row(), crashing, row(), row(), crashing)

        assert done.returncode == 1
        assert "rpc has 0 of 1 pods available" in done.stdout

    @pytest.mark.parametrize(
        ("found", "words"),
        [
            (row(OLD_IMAGE), f"rpc has the image {OLD_IMAGE}"),
            (row(IMAGE, 3, 2), "rpc was changed, and nothing has acted on it"),
            (row(IMAGE, 2, 2, 2, 3, 1, 2), "rpc has 1 of 2 pods of this release, 3 in all"),
            (f"{IMAGE}|2|2|1|||", "rpc has 0 of 1 pods of this release, 0 in all"),
            ("!", "rpc cannot be read: Error from server (NotFound): not found"),
        ],
    )
    def test_it_fails_in_words_that_name_the_one_that_does_not(self, tmp_path: Path, found: str, words: str) -> None:
        done = self.passed(tmp_path, found)

        assert done.returncode == 1
        said = [line for line in done.stdout.splitlines() if not line.startswith("Warning: ")]
        assert said == [f"miner-1: after 60 s not everything runs {IMAGE}:", words, "rpc-0: Pending ErrImagePull "]

    def test_pitfall_10_it_asks_no_health_page_whose_code_is_always_200(self) -> None:
        assert not [path.name for path in sorted(SCRIPTS.rglob("*.sh")) if "/health" in path.read_text()]


class TestRestart:
    OLD, CHANGED, NEW = "2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z", "2026-11-02T10:01:00Z"

    def cluster(self, folder: Path, started: Mapping[str, str], **state: object) -> Cluster:
        return Cluster(
            folder,
            **{
                "now": self.NEW,
                "settings": f"{self.OLD}\n{self.CHANGED}\n",
                "secrets": f"{self.OLD}\n",
                "synced": ["3 3-abc"],
                "deployments": {app: ["1"] for app in started},
                "pods": {app: [[f"{app}-0", at, "True"]] for app, at in started.items()},
                **state,
            },
        )

    def run(self, cluster: Cluster, order: str = "blockchain asset rpc") -> subprocess.CompletedProcess[str]:
        return cluster.run(
            "restart-stale-pods.sh",
            CONFIG_MAP="teranode-settings",
            EXTERNAL_SECRET="teranode-operator-secrets",  # noqa: S106 (a name)
            DEPLOYMENTS=order,
            TIMEOUT_SECONDS="60",
        )

    def test_pods_older_than_their_settings_are_restarted_in_the_order_given(self, tmp_path: Path) -> None:
        cluster = self.cluster(tmp_path, {"asset": self.OLD, "blockchain": self.OLD, "rpc": self.OLD})
        done = self.run(cluster)

        assert done.returncode == 0, done.stdout + done.stderr
        assert cluster.deleted == ["blockchain-0", "asset-0", "rpc-0"]

    def test_pods_that_know_their_settings_are_left_alone(self, tmp_path: Path) -> None:
        """So a fresh node is not restarted, and a second run does nothing."""
        cluster = self.cluster(tmp_path, {"blockchain": self.NEW, "rpc": self.OLD})
        done = self.run(cluster, "blockchain rpc")

        assert (done.returncode, cluster.deleted) == (0, ["rpc-0"])
        assert self.run(cluster, "blockchain rpc").returncode == 0
        assert cluster.deleted == ["rpc-0"]

    def test_a_changed_secret_counts_too(self, tmp_path: Path) -> None:
        settings = {"settings": f"{self.OLD}\n", "secrets": f"{self.CHANGED}\n"}
        cluster = self.cluster(tmp_path, {"rpc": self.OLD}, **settings)

        assert (self.run(cluster, "rpc").returncode, cluster.deleted) == (0, ["rpc-0"])

    def test_it_waits_until_the_secret_is_the_one_that_was_asked_for(self, tmp_path: Path) -> None:
        late = self.cluster(tmp_path, {"rpc": self.OLD}, synced=["3 ", "3 2-abc", "13 3-abc", "3 3-abc"])

        assert (self.run(late, "rpc").returncode, late.deleted) == (0, ["rpc-0"])

    def test_it_says_what_it_waits_for_in_vain(self, tmp_path: Path) -> None:
        never = self.cluster(tmp_path, {"rpc": self.OLD}, synced=["3 2-abc"])
        done = self.run(never, "rpc")

        assert (done.returncode, never.deleted) == (1, [])
        assert "after 60 s still waiting for teranode-operator-secrets to be synced" in done.stdout

    def test_a_secret_that_was_only_looked_at_again_restarts_nothing(self, tmp_path: Path) -> None:
        """The status of an ExternalSecret changes every hour: only what Pulumi applied is asked for."""
        cluster = self.cluster(tmp_path, {"rpc": self.NEW})
        self.run(cluster, "rpc")

        assert [question for question, _ in cluster.asked if question in ("settings", "secrets")] == [
            "settings",
            "secrets",
        ]
        assert cluster.deleted == []

    @pytest.mark.parametrize(
        ("unread", "words"),
        [
            ({"settings": "!"}, "an answer about teranode-settings and teranode-operator-secrets"),
            ({"secrets": "!"}, "an answer about teranode-settings and teranode-operator-secrets"),
            ({"settings": ""}, "an answer about teranode-settings and teranode-operator-secrets"),
            ({"pods": {"rpc": "!"}}, "an answer about rpc"),
            ({"deployments": {"rpc": ["!"]}}, "an answer about rpc"),
        ],
    )
    def test_what_cannot_be_read_is_no_reason_to_leave_pods_alone(
        self, tmp_path: Path, unread: dict[str, object], words: str
    ) -> None:
        done = self.run(self.cluster(tmp_path, {"rpc": self.OLD}, **unread), "rpc")

        assert done.returncode == 1
        assert f"after 60 s still waiting for {words}" in done.stdout

    def test_the_next_service_waits_for_the_last_ones_successors(self, tmp_path: Path) -> None:
        cluster = self.cluster(tmp_path, {"blockchain": self.OLD, "rpc": self.OLD}, deployments={"blockchain": ["2"]})
        done = self.run(cluster, "blockchain rpc")

        assert (done.returncode, cluster.deleted) == (1, ["blockchain-0"])
        assert "still waiting for blockchain" in done.stdout


class TestFirstState:
    LOGIN = ("user", 'pa"ss \\word')

    STATE, TIP = "/api/v1/fsm/state", "/api/v1/bestblockheader/json"

    @contextmanager
    def served(self, states: list[str], asked: list[Any], height: int) -> Iterator[str]:
        """A node's asset service; what it does not know it refuses, so that the script waits in vain."""
        login = base64.b64encode(":".join(self.LOGIN).encode()).decode()
        event = ("application/json", f"Basic {login}")
        state, tip = self.STATE, self.TIP

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path == tip:
                    self.answer(200, hash="00", height=height)
                elif self.path == state:
                    now = states.pop(0) if len(states) > 1 else states[0]
                    self.answer(200 if now else 500, state=now, state_value=1)
                else:
                    self.answer(404)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                known = self.path == state and (self.headers["content-type"], self.headers["authorization"]) == event
                asked.append(json.loads(body) if known else f"{self.path} {self.headers} {body}")
                self.answer(200 if known else 401, state="RUNNING")

            def answer(self, status: int, **body: object) -> None:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class says so)
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/api/v1"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def run(
        self, folder: Path, *states: str, height: int = 0, start_height: int = 0
    ) -> tuple[subprocess.CompletedProcess[str], list[dict[str, str]]]:
        for name, value in zip(("rpc_user", "rpc_pass"), self.LOGIN, strict=True):
            (folder / name).write_text(value)
        asked: list[dict[str, str]] = []
        with self.served(list(states), asked, height) as url:
            done = Cluster(folder).run(
                "leave-idle.sh",
                ASSET_URL=url,
                EVENT="RUN",
                START_HEIGHT=str(start_height),
                TIMEOUT_SECONDS="60",
                LOGIN_FOLDER=str(folder),
            )
        return done, asked

    @needs_curl
    def test_a_node_that_is_idle_is_sent_the_event_once(self, tmp_path: Path) -> None:
        done, asked = self.run(tmp_path, "", "IDLE", "RUNNING")

        assert (done.returncode, asked) == (0, [{"event": "RUN"}])
        assert done.stdout == "sent RUN\nthe node is RUNNING\n"

    @needs_curl
    def test_a_node_that_went_back_to_idle_is_left_to_a_person(self, tmp_path: Path) -> None:
        done, asked = self.run(tmp_path, "IDLE", height=101)

        assert (done.returncode, asked) == (0, [])
        assert "the node is IDLE at height 101: it is left to a person" in done.stdout

    @needs_curl
    @pytest.mark.parametrize(("height", "sent"), [(940_000, [{"event": "RUN"}]), (940_001, []), (0, [])])
    def test_a_seeded_node_is_fresh_at_the_height_of_its_snapshot_and_at_no_other(
        self, tmp_path: Path, height: int, sent: list[dict[str, str]]
    ) -> None:
        done, asked = self.run(tmp_path, "IDLE", "RUNNING", height=height, start_height=940_000)

        assert (done.returncode, asked) == (0, sent)

    @needs_curl
    @pytest.mark.parametrize("state", ["RUNNING", "CATCHINGBLOCKS", "LEGACYSYNCING"])
    def test_a_node_at_work_is_left_alone(self, tmp_path: Path, state: str) -> None:
        done, asked = self.run(tmp_path, state)

        assert (done.returncode, done.stdout, asked) == (0, f"the node is {state}\n", [])

    @needs_curl
    def test_a_node_that_never_answers_is_a_failure_that_says_where_it_was_asked(self, tmp_path: Path) -> None:
        done, asked = self.run(tmp_path, "")

        assert (done.returncode, asked) == (1, [])
        assert "not answering at http://127.0.0.1" in done.stdout


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.glob("*.sh") if "POLL" in path.read_text()))
def test_a_script_that_is_told_to_end_ends_by_itself(script: str, tmp_path: Path) -> None:
    """Where it waits. As the first process of a container it would else be killed after the grace period alone."""
    nowhere = "http://127.0.0.1:1"
    cluster = Cluster(tmp_path, deployments={"rpc": [row(OLD_IMAGE)]}, synced=["3 2-abc"], seeded=[""])
    cluster.executable("sleep", "#!/bin/sh\nkill -TERM $PPID\n")
    for key in ("rpc_user", "rpc_pass"):
        (tmp_path / key).write_text(key)
    names = re.findall(r'"\$\{([A-Z_]+):\?\}"', (SCRIPTS / script).read_text())
    given = {
        "DEPLOYMENTS": "rpc",
        "JOB": "seed",
        "EXTERNAL_SECRET": "teranode-operator-secrets",
        "LOGIN_FOLDER": str(tmp_path),
        **dict.fromkeys(("ASSET_URL", "RPC_URL"), nowhere),
        **{name: "1" for name in names if name.endswith("_SECONDS")},
        "TIMEOUT_SECONDS": "60",
    }
    done = cluster.run(script, **dict.fromkeys(set(names) - {"HOME", "NAMESPACE"}, "x") | given)

    assert done.returncode == 128 + signal.SIGTERM, done.stdout + done.stderr
