"""What is done to a node beside its operator: scripts against a kubectl that plays a cluster, and their Jobs."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

import components.teranode
from components.namespace import NamespaceRef
from components.teranode import Chain, Operation, first_state, release_gate, settings_restart
from components.teranode.operation import API_LABELS
from tests.support.builders import in_region
from tests.support.stacks import at, evaluated
from tests.support.teranode import IMAGE

SCRIPTS = Path(components.teranode.__file__).parent / "scripts"
OLD_IMAGE = "ghcr.io/bsv-blockchain/teranode:v0.14.3"
JOB = "kubernetes:batch/v1:Job"
TOOLS = "docker.io/alpine/k8s:1.36.2"

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl on the PATH")

# Answers each question by the kind that it is about: of a list one after another, the last one for ever.
KUBECTL = """#!{python}
import json, sys
from pathlib import Path
state_file = Path(__file__).with_name("state.json")
state, args = json.loads(state_file.read_text()), [arg for arg in sys.argv[1:]]
state["calls"].append(args)
verb, kind = [arg for arg in args[4:] if not arg.startswith("-")][:2]
name = args[args.index(kind) + 1]
output = args[args.index("--output") + 1] if "--output" in args else ""
answer = ""
if verb == "delete":
    for app, pods in state["pods"].items():
        successors = (["new-" + pod[0], state["now"], "True"] if pod[0] in args else pod for pod in pods)
        state["pods"][app] = list(successors)
elif kind == "deployment":
    rows = state["deployments"][name]
    answer = rows.pop(0) if len(rows) > 1 else rows[0]
elif kind == "pods":
    app = args[args.index("--selector") + 1].removeprefix("app=")
    found = state["pods"].get(app, [])
    answer = found if found == "!" else "".join("|".join(pod) + "\\n" for pod in found)
elif kind == "configmap":
    answer = state["settings"]
elif "managedFields" in output:
    answer = state["secrets"]
else:
    answer = state["synced"].pop(0) if len(state["synced"]) > 1 else state["synced"][0]
state_file.write_text(json.dumps(state))
if answer == "!":
    sys.exit("Error from server (NotFound): not found")
print("Warning: metrics.k8s.io/v1beta1 does not answer", file=sys.stderr)
print(answer, end="")
"""


class Cluster:
    """A kubectl on the PATH, and a sleep that does not; `calls` are what the script asked of it."""

    def __init__(self, folder: Path, **state: object) -> None:
        self.folder = folder
        self.executable("kubectl", KUBECTL.replace("{python}", sys.executable))
        self.executable("sleep", "#!/bin/sh\n")
        (folder / "state.json").write_text(json.dumps({"calls": [], "pods": {}, **state}))

    def executable(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)
        (self.folder / name).chmod(0o755)

    def run(self, script: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", SCRIPTS / script],
            env={
                "PATH": f"{self.folder}:{os.environ['PATH']}",
                "NAMESPACE": "miner-1",
                "HOME": str(self.folder),
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[list[str]]:
        return json.loads((self.folder / "state.json").read_text())["calls"]

    @property
    def deleted(self) -> list[str]:
        return [
            arg for call in self.calls if "delete" in call for arg in call[call.index("pod") + 1 :] if arg[0] != "-"
        ]


def row(image: str = IMAGE, generation: int = 2, observed: int = 2, *counts: int) -> str:
    wanted, replicas, updated, available = counts or (1, 1, 1, 1)
    return f"{image}|{generation}|{observed}|{wanted}|{replicas}|{updated}|{available}"


class TestGate:
    def passed(self, folder: Path, *rows: str, seconds: int = 60) -> subprocess.CompletedProcess[str]:
        cluster = Cluster(folder, deployments={"blockchain": [row()], "rpc": list(rows)})
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
        assert f"miner-1: after 60 s not everything runs {IMAGE}:\n{words}\n" in done.stdout
        assert "blockchain has" not in done.stdout


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
        asked = [call for call in cluster.calls if "--show-managed-fields" in call]

        assert len(asked) == 2
        assert all('@.operation=="Apply"' in call[-1] for call in asked)

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

    @contextmanager
    def served(self, states: list[str], asked: list[tuple[str, str]], height: int) -> Iterator[str]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.endswith("/bestblockheader/json"):
                    self.send_response(200)
                    self.end_headers()
                    self.wfile.write(json.dumps({"hash": "00", "height": height}).encode())
                    return
                self.answer(states.pop(0) if len(states) > 1 else states[0])

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                asked.append((json.loads(body)["event"], self.headers["authorization"]))
                self.answer("RUNNING")

            def answer(self, state: str) -> None:
                self.send_response(200 if state else 500)
                self.end_headers()
                self.wfile.write(json.dumps({"state": state, "state_value": 1}).encode())

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
        self, folder: Path, *states: str, height: int = 0
    ) -> tuple[subprocess.CompletedProcess[str], list[tuple[str, str]]]:
        for name, value in zip(("rpc_user", "rpc_pass"), self.LOGIN, strict=True):
            (folder / name).write_text(value)
        asked: list[tuple[str, str]] = []
        with self.served(list(states), asked, height) as url:
            done = Cluster(folder).run(
                "leave-idle.sh", ASSET_URL=url, EVENT="RUN", TIMEOUT_SECONDS="60", LOGIN_FOLDER=str(folder)
            )
        return done, asked

    @needs_curl
    def test_a_node_that_is_idle_is_sent_the_event_once(self, tmp_path: Path) -> None:
        done, asked = self.run(tmp_path, "", "IDLE", "RUNNING")

        assert (done.returncode, [event for event, _ in asked]) == (0, ["RUN"])
        assert asked[0][1].startswith("Basic ")

    @needs_curl
    def test_a_node_that_went_back_to_idle_is_left_to_a_person(self, tmp_path: Path) -> None:
        done, asked = self.run(tmp_path, "IDLE", height=101)

        assert (done.returncode, asked) == (0, [])
        assert "the node is IDLE at height 101: it is left to a person" in done.stdout

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


@pytest.mark.parametrize("script", sorted(path.name for path in SCRIPTS.glob("*.sh")))
def test_a_script_that_is_told_to_end_ends_by_itself(script: str, tmp_path: Path) -> None:
    """Where it waits. As the first process of a container it would else be killed after the grace period alone."""
    nowhere = "http://127.0.0.1:1"
    cluster = Cluster(tmp_path, deployments={"rpc": [row(OLD_IMAGE)]}, synced=["3 2-abc"])
    cluster.executable("sleep", "#!/bin/sh\nkill -TERM $PPID\n")
    for key in ("rpc_user", "rpc_pass"):
        (tmp_path / key).write_text(key)
    names = re.findall(r'"\$\{([A-Z_]+):\?\}"', (SCRIPTS / script).read_text())
    given = {
        "DEPLOYMENTS": "rpc",
        "LOGIN_FOLDER": str(tmp_path),
        **dict.fromkeys(("ASSET_URL", "RPC_URL"), nowhere),
        **{name: "1" for name in names if name.endswith("_SECONDS")},
        "TIMEOUT_SECONDS": "60",
    }
    done = cluster.run(script, **dict.fromkeys(set(names) - {"HOME", "NAMESPACE"}, "x") | given)

    assert done.returncode == 128 + signal.SIGTERM, done.stdout + done.stderr


def namespace() -> NamespaceRef:
    return NamespaceRef(
        name="miner-1",
        provider=kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster"),
        ready=(),
    )


def test_a_failed_run_is_run_again_by_the_next_update() -> None:
    """Without the annotation a Job that failed stays, and every later update fails for it."""
    [job] = [one for one in evaluated("testing").resources if one.name == "miner-1-release-gate-job"]

    assert at(job.inputs, "metadata.annotations") == {"pulumi.com/replaceUnready": "true"}
    assert at(job.inputs, "spec.backoffLimit") == 0
    assert "ttlSecondsAfterFinished" not in job.inputs["spec"]  # type: ignore[operator]


@pytest.mark.parametrize("stack", ["testing", "mainnet"])
def test_every_script_gets_what_it_asks_for_comes_after_its_node_and_has_more_time_than_it_gives_itself(
    stack: str,
) -> None:
    simulation = evaluated(stack)
    jobs = [one for one in simulation.of_type(JOB) if "teranode:teranode:Operation" in one.urn]

    assert len(jobs) == (6 if stack == "testing" else 3)
    for job in jobs:
        container: Any = at(job.inputs, "spec.template.spec.containers.0")
        given = {one["name"]: one["value"] for one in container["env"]}
        script = SCRIPTS / Path(container["command"][-1]).name
        asked = set(re.findall(r'"\$\{([A-Z_]+):\?\}"', script.read_text()))
        assert asked <= given.keys(), job.name
        assert int(given["TIMEOUT_SECONDS"]) < int(str(at(job.inputs, "spec.activeDeadlineSeconds")))
        assert any(urn.endswith("-node-cluster") for urn in job.dependencies), job.name


@pytest.mark.parametrize("operation", ["release-gate", "settings-restart"])
def test_a_script_has_the_rights_that_it_needs_and_a_way_to_the_api(operation: str) -> None:
    simulation = evaluated("testing")
    job = simulation.named(f"miner-1-{operation}-job")
    role = simulation.named(f"miner-1-{operation}-role")
    rules: Any = role.inputs["rules"]
    rights = {(resource, verb) for rule in rules for resource in rule["resources"] for verb in rule["verbs"]}
    opening = simulation.named("miner-1-namespace-policy-operations-kubernetes-api")

    reads = {("deployments", "get"), ("pods", "get"), ("pods", "list")}
    assert rights == reads | (
        set()
        if operation == "release-gate"
        else {("pods", "delete"), ("configmaps", "get"), ("externalsecrets", "get")}
    )
    assert at(job.inputs, "spec.template.metadata.labels") == API_LABELS
    assert at(opening.inputs, "spec.podSelector.matchLabels") == API_LABELS


def test_nothing_a_script_may_do_reads_a_secret() -> None:
    for one in evaluated("mainnet").of_type("kubernetes:rbac.authorization.k8s.io/v1:Role"):
        rules: Any = one.inputs["rules"]
        assert "secrets" not in {resource for rule in rules for resource in rule["resources"]}


def test_a_fresh_node_is_started_by_a_setting_or_by_a_job_never_by_both() -> None:
    regtest = {one.name for one in evaluated("testing").resources}
    job = evaluated("mainnet").named("miner-1-first-state-job")
    environment: Any = at(job.inputs, "spec.template.spec.containers.0.env")

    assert "miner-1-first-state-job" not in regtest
    assert {"name": "EVENT", "value": "LEGACYSYNC"} in environment
    assert at(job.inputs, "spec.template.spec.automountServiceAccountToken") is False


@pytest.mark.parametrize(("chain", "event"), [(Chain.TERATESTNET, "RUN"), (Chain.TESTNET, "LEGACYSYNC")])
def test_a_chain_that_is_bridged_begins_with_what_sv_nodes_have(chain: Chain, event: str) -> None:
    def make(opts: pulumi.ResourceOptions) -> None:
        args = first_state(namespace(), chain, tools=TOOLS, after=())
        assert args is not None
        assert args.environment["EVENT"] == event
        Operation("miner-1-first-state", args, opts)

    in_region(make)


def triggers(settings: dict[str, str], versions: tuple[str, ...] = ("1",)) -> list[str]:
    def make(opts: pulumi.ResourceOptions) -> None:
        args = settings_restart(
            namespace(), Chain.REGTEST, settings=settings, secret_versions=versions, tools=TOOLS, after=()
        )
        Operation("miner-1-settings-restart", args, opts)

    job = in_region(make).named("miner-1-settings-restart-job")
    environment: Any = at(job.inputs, "spec.template.spec.containers.0.env")
    return [one["value"] for one in environment if one["name"] in ("SETTINGS", "SECRETS")]


def test_a_changed_setting_or_secret_is_another_run_and_another_peer_is_not() -> None:
    before = triggers({"network": "regtest", "p2p_static_peers": "a"})

    assert triggers({"network": "regtest", "p2p_static_peers": "a|b"}) == before
    assert triggers({"network": "testnet", "p2p_static_peers": "a"}) != before
    assert triggers({"network": "regtest", "p2p_static_peers": "a"}, ("2",)) != before


def test_the_gate_names_every_deployment_in_boot_order() -> None:
    def make(opts: pulumi.ResourceOptions) -> None:
        args = release_gate(namespace(), Chain.REGTEST, image=IMAGE, tools=TOOLS, after=())
        names = str(args.environment["DEPLOYMENTS"]).split()
        assert (names[0], len(names)) == ("blockchain", 11)
        Operation("miner-1-release-gate", args, opts)

    in_region(make)
