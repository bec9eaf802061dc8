"""Seeding: real curl against a server that breaks off, a seeder that takes nothing else, and the Job around them."""

import hashlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import components.teranode
from components.teranode import Snapshot
from policies.rules import WAIVERS, Graph, evaluate
from simulator import Simulation, simulate
from simulator.compare import compare
from simulator.monitor import RecordedResource
from tests.support.kubectl import Cluster
from tests.support.loopback import serving
from tests.support.stacks import ROOT, at, stack_file

SCRIPTS = Path(components.teranode.__file__).parent / "scripts"
HASH = "00" * 4 + "ab" * 28
FILES = {f"{HASH}.utxo-headers": b"headers" * 500, f"{HASH}.utxo-set": b"outputs" * 3_000}

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on the PATH")

SEEDER = """#!/bin/sh
# Takes what Teranode's own takes, and nothing else.
[ "$1" = seeder ] && [ "$2" = -inputDir ] && [ "$4" = -hash ] && [ "$#" = 5 ] || exit 64
[ -f "$3/$5.utxo-headers" ] && [ -f "$3/$5.utxo-set" ] || exit 65
echo "$5" >>"$HOME/imported"
[ ! -f "$HOME/breaks" ]
"""


@dataclass
class Published:
    """What a server of snapshots has, how it misbehaves, and from which byte on it was asked."""

    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    breaks_after: int | None = None
    ranges: list[str] = field(default_factory=list)
    stalls_until: threading.Event | None = None


@contextmanager
def published(what: Published) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            found = what.files.get(self.path.rpartition("/")[2])
            if found is None:
                self.send_error(404)
                return
            start = 0
            if with_body:
                asked = self.headers.get("range", "")
                what.ranges.append(asked)
                start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            body = found[start:]
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(body)))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(found) - 1}/{len(found)}")
            self.end_headers()
            if with_body:
                self.wfile.write(body if what.breaks_after is None else body[: what.breaks_after])
                if what.stalls_until is not None:
                    what.stalls_until.wait()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class says so)
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as address:
        yield f"{address}/mainnet-teranode/940000"


class Node:
    """A node's volume, and a PATH on which nothing waits."""

    def __init__(self, folder: Path) -> None:
        self.home = folder
        self.seed = folder / "data" / "seed" / HASH
        for name, text in {"sleep": "#!/bin/sh\n", "teranode-cli": SEEDER}.items():
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        sums = {name.rpartition(".")[2]: hashlib.sha256(body).hexdigest() for name, body in FILES.items()}
        return subprocess.run(
            ["sh", SCRIPTS / script],
            env={
                "PATH": f"{self.home}:{os.environ['PATH']}",
                "HOME": str(self.home),
                "FOLDER": str(self.seed),
                "DATA": str(self.home / "data"),
                "BLOCK_HASH": HASH,
                "HEADERS_SHA256": sums["utxo-headers"],
                "UTXO_SET_SHA256": sums["utxo-set"],
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def fetched(self, what: Published, **environment: str) -> subprocess.CompletedProcess[str]:
        with published(what) as url:
            return self.run("seed-fetch.sh", URL=url, **environment)

    @property
    def imports(self) -> int:
        file = self.home / "imported"
        return len(file.read_text().split()) if file.exists() else 0


def told(*objects: int) -> bytes:
    """As the exporter answers of a namespace with so many records on its server, among other metrics."""
    lines = [f'aerospike_namespace_objects{{cluster_name="c",ns="utxo-store"}} {number}' for number in objects]
    return "\n".join(["# TYPE aerospike_namespace_objects gauge", *lines, "aerospike_node_up{} 1", ""]).encode()


@needs_curl
class TestStore:
    @pytest.mark.parametrize(
        ("answer", "code", "said"),
        [
            (told(0), 0, "the UTXO store is empty"),
            (told(0, 0), 0, "the UTXO store is empty"),
            (told(7), 42, "refused: the UTXO store has records (7 on one of its servers)"),
            (told(0, 1), 42, "Reset all of it first: docs/runbooks/seeding.md"),
            (told(), 1, "does not know how many records its server has"),
        ],
    )
    def test_a_store_with_records_is_not_seeded(self, answer: bytes, code: int, said: str, tmp_path: Path) -> None:
        with published(Published({"metrics": answer})) as url:
            done = Node(tmp_path).run("seed-store.sh", STORE_METRICS=f"{url}/metrics")

        assert done.returncode == code, done.stdout + done.stderr
        assert said in done.stdout

    def test_an_exporter_that_refuses_is_asked_again_by_the_next_attempt(self, tmp_path: Path) -> None:
        with published(Published({})) as url:
            done = Node(tmp_path).run("seed-store.sh", STORE_METRICS=f"{url}/metrics")

        assert done.returncode not in (0, 42)

    @pytest.mark.parametrize("mark", ["started", "done"])
    def test_records_that_the_snapshot_brought_are_its_own(self, mark: str, tmp_path: Path) -> None:
        node = Node(tmp_path)
        node.seed.mkdir(parents=True)
        (node.seed / mark).touch()

        assert node.run("seed-store.sh", STORE_METRICS="http://127.0.0.1:1/metrics").returncode == 0

    def test_asked_is_the_exporter_of_the_miners_own_store(self, stopped: Simulation) -> None:
        pod: Any = at(job_of(stopped).inputs, "spec.template.spec")
        [container] = [one for one in pod["initContainers"] if one["name"] == "store"]
        environment = {one["name"]: one.get("value") for one in container["env"]}

        assert environment["STORE_METRICS"] == "http://utxo-store.miner-1.svc.cluster.local:9145/metrics"


@needs_curl
class TestFetch:
    def test_both_files_are_fetched_and_held_against_their_checksums(self, tmp_path: Path) -> None:
        node = Node(tmp_path)
        done = node.fetched(Published())

        assert done.returncode == 0, done.stdout + done.stderr
        assert {name: (node.seed / name).read_bytes() for name in FILES} == FILES
        assert f"{HASH}.utxo-set: its checksum is the one asked for" in done.stdout
        assert "100 %" in done.stdout or "0 %" in done.stdout, "it says how far it is"

    def test_a_pod_that_was_lost_is_followed_by_one_that_goes_on_where_it_ended(self, tmp_path: Path) -> None:
        node, what = Node(tmp_path), Published()
        node.seed.mkdir(parents=True)
        (node.seed / f"{HASH}.utxo-set").write_bytes(FILES[f"{HASH}.utxo-set"][:9_000])
        done = node.fetched(what)

        assert done.returncode == 0, done.stdout + done.stderr
        assert what.ranges == ["", "bytes=9000-"]
        assert "9000 of 21000 bytes are here" in done.stdout
        assert (node.seed / f"{HASH}.utxo-set").read_bytes() == FILES[f"{HASH}.utxo-set"]

    def test_what_was_verified_is_not_asked_for_again(self, tmp_path: Path) -> None:
        node, again = Node(tmp_path), Published()
        node.fetched(Published())

        assert (node.fetched(again).returncode, again.ranges) == (0, [])

    def test_a_connection_that_breaks_is_a_failure_that_keeps_what_came(self, tmp_path: Path) -> None:
        node = Node(tmp_path)
        done = node.fetched(Published(breaks_after=1_000))

        assert done.returncode != 0
        assert (node.seed / f"{HASH}.utxo-headers").stat().st_size == 1_000
        assert node.fetched(Published()).returncode == 0

    def test_another_file_than_was_asked_for_is_thrown_away(self, tmp_path: Path) -> None:
        node = Node(tmp_path)
        forged = Published({**FILES, f"{HASH}.utxo-set": b"x" * 21_000})
        done = node.fetched(forged)

        assert done.returncode == 1
        assert "it was thrown away" in done.stdout
        assert not (node.seed / f"{HASH}.utxo-set").exists()
        assert not (node.seed / f"{HASH}.utxo-set.verified").exists()

    def test_a_snapshot_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        done = Node(tmp_path).fetched(Published({}))

        assert done.returncode == 1
        assert f"{HASH}.utxo-headers cannot be had" in done.stdout

    def test_a_seeded_node_fetches_nothing(self, tmp_path: Path) -> None:
        node, what = Node(tmp_path), Published()
        node.seed.mkdir(parents=True)
        (node.seed / "done").touch()

        assert (node.fetched(what).returncode, what.ranges) == (0, [])

    def test_a_fetch_that_is_told_to_end_takes_its_connection_along(self, tmp_path: Path) -> None:
        node, ended = Node(tmp_path), threading.Event()
        (tmp_path / "sleep").write_text("#!/bin/sh\nkill -TERM $PPID\n")
        with published(Published(breaks_after=1_000, stalls_until=ended)) as url:
            try:
                done = node.run("seed-fetch.sh", URL=url)
            finally:
                ended.set()

        assert done.returncode == 128 + signal.SIGTERM, done.stdout + done.stderr


class TestImport:
    def node(self, folder: Path) -> Node:
        node = Node(folder)
        node.seed.mkdir(parents=True)
        for name, body in FILES.items():
            (node.seed / name).write_bytes(body)
        return node

    def test_the_seeder_is_run_once_and_what_it_read_is_given_back(self, tmp_path: Path) -> None:
        node = self.node(tmp_path)

        assert node.run("seed-import.sh").returncode == 0
        assert node.run("seed-import.sh").returncode == 0
        assert node.imports == 1
        assert sorted(path.name for path in node.seed.iterdir()) == ["done", "started"]

    def test_an_import_that_broke_is_begun_again(self, tmp_path: Path) -> None:
        node = self.node(tmp_path)
        (tmp_path / "breaks").touch()
        assert node.run("seed-import.sh").returncode != 0
        assert not (node.seed / "done").exists()

        (tmp_path / "breaks").unlink()
        assert node.run("seed-import.sh").returncode == 0
        assert node.imports == 2


class TestGate:
    def gate(self, folder: Path, *conditions: str) -> subprocess.CompletedProcess[str]:
        cluster = Cluster(folder, seeded=list(conditions))
        return cluster.run("wait-for-seed.sh", JOB="seed", BLOCK_HASH=HASH, TIMEOUT_SECONDS="30")

    def test_a_node_starts_once_its_job_is_complete(self, tmp_path: Path) -> None:
        done = self.gate(tmp_path, "!", "", "SuccessCriteriaMet Complete ")

        assert (done.returncode, done.stdout) == (0, f"miner-1 is seeded with {HASH}\n")

    def test_a_job_that_failed_stops_the_update_at_once(self, tmp_path: Path) -> None:
        done = self.gate(tmp_path, "FailureTarget Failed ")

        assert done.returncode == 1
        assert "logs job/seed --all-containers says why" in done.stdout

    def test_an_import_under_way_is_not_waited_for_by_the_hour(self, tmp_path: Path) -> None:
        done = self.gate(tmp_path, "")

        assert done.returncode == 1
        assert "write enabled: false for it" in done.stdout


SNAPSHOT = {
    "url": "https://snapshots.example.org/mainnet-teranode/940000",
    "hash": HASH,
    "height": 940_000,
    "headersSha256": f"sha256:{'1' * 64}",
    "utxoSetSha256": f"sha256:{'2' * 64}",
}


def mainnet(folder: Path, *, enabled: bool, before: Simulation | None = None, **changes: object) -> Simulation:
    miner = {"region": "eu-west-1", "enabled": enabled, "snapshot": SNAPSHOT}
    path = stack_file(folder, "mainnet", "mainnet", miners={"miner-1": miner}, **changes)
    return simulate(path, project_dir=ROOT, baseline=before.deployment if before else None)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return mainnet(tmp_path_factory.mktemp("stopped"), enabled=False)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Simulation:
    return mainnet(tmp_path_factory.mktemp("running"), enabled=True)


def job_of(simulation: Simulation) -> RecordedResource:
    return simulation.named("miner-1-seed-job")


def test_the_job_checks_fetches_and_imports_in_this_order(stopped: Simulation) -> None:
    pod: Any = at(job_of(stopped).inputs, "spec.template.spec")
    steps = [(one["name"], one["command"][-1]) for one in (*pod["initContainers"], *pod["containers"])]

    assert steps == [
        ("check", "/scripts/seed-check.sh"),
        ("store", "/scripts/seed-store.sh"),
        ("fetch", "/scripts/seed-fetch.sh"),
        ("import", "/scripts/seed-import.sh"),
    ]
    assert [one["image"].split("@")[0] for one in pod["containers"]] == ["ghcr.io/bsv-blockchain/teranode:v0.14.4"]
    assert pod["automountServiceAccountToken"] is False


def test_each_step_gets_what_it_needs_of_the_secret(stopped: Simulation) -> None:
    pod: Any = at(job_of(stopped).inputs, "spec.template.spec")
    by_name = {one["name"]: one for one in (*pod["initContainers"], *pod["containers"])}
    named = {
        step: [one["valueFrom"]["secretKeyRef"] for one in container["env"] if "valueFrom" in one]
        for step, container in by_name.items()
    }

    login = {"name": "teranode-operator-secrets", "key": "blockchain_store"}
    assert named == {"check": [login], "store": [], "fetch": [], "import": []}
    assert [step for step, container in by_name.items() if "envFrom" in container] == ["import"]
    assert {"secretRef": {"name": login["name"]}} in by_name["import"]["envFrom"]


def test_a_release_makes_no_other_import(running: Simulation, tmp_path: Path) -> None:
    after = mainnet(tmp_path, enabled=True, release=f"v0.15.0@sha256:{'3' * 64}", before=running)
    changed = [change.name for change in compare(running.deployment, after.deployment).changed]

    assert "miner-1-node-cluster" in changed
    assert "miner-1-seed-job" not in changed


def test_an_update_waits_for_no_import_and_a_refusal_ends_it(stopped: Simulation) -> None:
    job = job_of(stopped)
    rules: Any = at(job.inputs, "spec.podFailurePolicy.rules")

    assert at(job.inputs, "metadata.annotations") == {"pulumi.com/skipAwait": "true"}
    for rule, step in zip(rules, ("check", "store"), strict=False):
        assert rule["action"] == "FailJob"
        assert rule["onExitCodes"] == {"containerName": step, "operator": "In", "values": [42]}
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]  # type: ignore[operator]


def test_stores_come_before_the_import_and_the_import_before_the_node(stopped: Simulation, running: Simulation) -> None:
    job, gate = job_of(running), running.named("miner-1-seed-gate-job")
    node = running.named("miner-1-node-cluster")

    assert running.named("miner-1-utxo-store-racks-cluster").urn in job.dependencies
    assert running.named("miner-1-database-job").urn in job.dependencies
    assert job.urn in gate.dependencies
    assert gate.urn in node.dependencies
    assert "miner-1-seed-gate-job" not in {one.name for one in stopped.resources}


def test_a_seeded_node_is_started_at_the_height_of_its_snapshot(running: Simulation) -> None:
    environment: Any = at(running.named("miner-1-first-state-job").inputs, "spec.template.spec.containers.0.env")

    assert {"name": "START_HEIGHT", "value": "940000"} in environment
    assert {"name": "EVENT", "value": "LEGACYSYNC"} in environment


def test_a_seeded_mainnet_keeps_every_rule(running: Simulation) -> None:
    report = evaluate(
        Graph.from_deployment(running.deployment), today=max(one.since for one in WAIVERS), waivers=WAIVERS
    )

    assert report.findings == ()


@pytest.mark.parametrize("value", ["0x" + HASH[2:], HASH.upper(), HASH[1:]])
def test_what_is_no_hash_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="64 hex digits"):
        Snapshot(url="https://x/y", block_hash=value, height=1, headers_sha256=HASH, utxo_set_sha256=HASH)


def test_settings_and_component_speak_of_the_same_snapshot(running: Simulation) -> None:
    environment: Any = at(job_of(running).inputs, "spec.template.spec.containers.0.env")
    given = {one["name"]: one["value"] for one in environment}

    assert given["FOLDER"] == f"/data/miner-1/seed/{HASH}"
    assert (given["HEADERS_SHA256"], given["UTXO_SET_SHA256"]) == ("1" * 64, "2" * 64)
