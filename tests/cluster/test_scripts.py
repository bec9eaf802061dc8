"""The scripts beside a node, unchanged, with a real kubectl, a real API server and the rights of their Jobs."""

import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.api import Object, wait_until
from tests.cluster.conftest import NO_SERVER, PLACE, manifest, needs_definitions, needs_no_controllers
from tests.cluster.judge import Judgement, Server
from tests.cluster.test_verify import report
from tests.support.kubectl import SCRIPTS
from tests.support.stacks import at, evaluated
from tools.cluster_programs import program

IMAGE, OLDER = "example.org/teranode:v2", "example.org/teranode:v1"
AUTHORITY = "rbac.authorization.k8s.io"
ACCOUNT = "script"
SETTINGS, SECRETS = "teranode-settings", "teranode-operator-secrets"
_SECONDS = 30

pytestmark = needs_no_controllers


class Scripts:
    """Runs a script as its Job does: with its variables, and as an account that has its Role and nothing else.

    Nothing sleeps: in place of each pause, what the cluster's controllers would do meanwhile is done.
    """

    def __init__(self, server: Server, folder: Path, kubectl: Path) -> None:
        self._server, self._folder = server, folder
        (folder / "kubectl").symlink_to(kubectl)
        self.meanwhile("")

    def meanwhile(self, commands: str) -> None:
        """What happens while a script waits: commands of a shell, with the rights of everybody."""
        config = self._kubeconfig("everybody", self._server.access.token)
        sleep = self._folder / "sleep"
        sleep.write_text(f"#!/bin/sh\nexport KUBECONFIG={config}\n{commands}\n")
        sleep.chmod(0o755)

    def file(self, name: str, content: Object) -> Path:
        """A file of this run, readable by its owner alone."""
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_text(json.dumps(content))
        return path

    def run(self, operation: str, **environment: str) -> subprocess.CompletedProcess[str]:
        job = evaluated("testing").named(f"miner-1-{operation}-job")
        container: Any = at(job.inputs, "spec.template.spec.containers.0")
        given: Mapping[str, str] = {one["name"]: one["value"] for one in container["env"]}
        asked = self._server.api.request(
            "POST", f"/api/v1/namespaces/{PLACE}/serviceaccounts/{ACCOUNT}/token", {"spec": {}}
        )
        return subprocess.run(
            ["sh", SCRIPTS / Path(container["command"][-1]).name],
            env={
                **given,
                "PATH": f"{self._folder}:{os.environ['PATH']}",
                "HOME": str(self._folder),
                "KUBECONFIG": str(self._kubeconfig(ACCOUNT, asked.body["status"]["token"])),
                "NAMESPACE": PLACE,
                "TIMEOUT_SECONDS": "60",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def _kubeconfig(self, user: str, token: str) -> Path:
        access = self._server.access
        cluster = {"server": access.endpoint, "certificate-authority-data": access.certificate_authority}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "one", "cluster": cluster}],
            "users": [{"name": user, "user": {"token": token}}],
            "contexts": [{"name": "one", "context": {"cluster": "one", "user": user}}],
            "current-context": "one",
        }
        return self.file(f"{user}.json", content)


@pytest.fixture
def scripts(server: Server, tmp_path: Path) -> Scripts:
    kubectl = program("kubectl")
    if kubectl is None:
        pytest.skip(NO_SERVER)
    return Scripts(server, tmp_path, kubectl)


def rights(operation: str) -> tuple[Object, Object, Object]:
    """The account of a script with the rights that the stack gives it."""
    role = evaluated("testing").named(f"miner-1-{operation}-role")
    account = {"kind": "ServiceAccount", "name": ACCOUNT, "namespace": PLACE}
    return (
        manifest("v1", "ServiceAccount", ACCOUNT),
        manifest(f"{AUTHORITY}/v1", "Role", operation, rules=role.inputs["rules"]),
        manifest(
            f"{AUTHORITY}/v1",
            "RoleBinding",
            operation,
            roleRef={"apiGroup": AUTHORITY, "kind": "Role", "name": operation},
            subjects=[account],
        ),
    )


def deployment(name: str, image: str, replicas: int = 1) -> Object:
    labels = {"app": name}
    sidecar = {"name": "sidecar", "image": "example.org/sidecar:v9"}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [{"name": name, "image": image}, sidecar]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return manifest("apps/v1", "Deployment", name, spec=spec)


def counts(wanted: int, **changes: int) -> Mapping[str, int]:
    names = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")
    return {"observedGeneration": 1, **dict.fromkeys(names, wanted), **changes}


class TestGate:
    NAMES = "blockchain rpc"

    def passed(self, scripts: Scripts) -> tuple[int, list[str]]:
        done = scripts.run("release-gate", IMAGE=IMAGE, DEPLOYMENTS=self.NAMES)
        return done.returncode, done.stdout.splitlines()

    @pytest.fixture
    def release(self, server: Server, try_out: Callable[..., Judgement]) -> Callable[..., None]:
        """Two Deployments, the second as given."""

        def made(image: str, wanted: int, status: Mapping[str, int]) -> None:
            said = try_out(*rights("release-gate"), deployment("blockchain", IMAGE), deployment("rpc", image, wanted))
            assert said.refused == []
            report(server, "deployments", "blockchain", **counts(1))
            report(server, "deployments", "rpc", **counts(wanted, **status))

        return made

    def test_it_opens_when_all_run_the_image_and_are_available(
        self, scripts: Scripts, release: Callable[..., None]
    ) -> None:
        release(IMAGE, 2, {})

        assert self.passed(scripts) == (0, [f"{PLACE}: every Deployment runs {IMAGE} and is available"])

    @pytest.mark.parametrize(
        ("image", "status", "words"),
        [
            (OLDER, {}, f"rpc has the image {OLDER}"),
            (IMAGE, {"observedGeneration": 0}, "rpc was changed, and nothing has acted on it"),
            (IMAGE, {"updatedReplicas": 1}, "rpc has 1 of 2 pods of this release, 2 in all"),
            (IMAGE, {"replicas": 3}, "rpc has 2 of 2 pods of this release, 3 in all"),
            (IMAGE, {"availableReplicas": 0, "readyReplicas": 1}, "rpc has 0 of 2 pods available"),
        ],
    )
    def test_it_stays_shut_and_says_why(
        self,
        server: Server,
        scripts: Scripts,
        release: Callable[..., None],
        image: str,
        status: Mapping[str, int],
        words: str,
    ) -> None:
        release(image, 2, status)
        state = {"waiting": {"reason": "CrashLoopBackOff"}}
        last = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
        container = {"name": "rpc", "image": image, "imageID": "", "ready": False, "restartCount": 3}
        report(
            server,
            "pods",
            "rpc-0",
            phase="Running",
            containerStatuses=[{**container, "state": state, "lastState": last}],
        )

        assert self.passed(scripts) == (
            1,
            [
                f"{PLACE}: after 60 s not everything runs {IMAGE}:",
                words,
                "rpc-0: Running CrashLoopBackOff OOMKilled",
                "rpc-1: Pending  ",
            ],
        )

    def test_a_deployment_that_is_not_there_yet_keeps_it_shut(
        self, scripts: Scripts, try_out: Callable[..., Judgement]
    ) -> None:
        try_out(*rights("release-gate"))

        code, said = self.passed(scripts)

        assert code == 1
        assert 'rpc cannot be read: Error from server (NotFound): deployments.apps "rpc" not found' in said


def external_secret(refresh: str) -> Object:
    store = {"name": "store", "kind": "SecretStore"}
    spec = {"refreshInterval": refresh, "secretStoreRef": store, "target": {"name": SECRETS}}
    return manifest("external-secrets.io/v1", "ExternalSecret", SECRETS, spec=spec)


def pod(name: str) -> Object:
    item = manifest("v1", "Pod", name, spec={"containers": [{"name": "main", "image": IMAGE}]})
    return {**item, "metadata": {**item["metadata"], "labels": {"app": name.rpartition("-")[0]}}}


def ready(status: str) -> Object:
    others = ({"type": kind, "status": "False"} for kind in ("Initialized", "PodScheduled"))
    return {"status": {"conditions": [*others, {"type": "Ready", "status": status}]}}


def a_second_passes() -> None:
    """Times of objects are in whole seconds, and what is of the same second counts as older."""
    now = int(time.time())
    wait_until(lambda: int(time.time()) > now, "the next second", _SECONDS)


@needs_definitions
class TestRestart:
    PODS = ("blockchain-0", "rpc-0", "rpc-1")

    @pytest.fixture
    def node(self, server: Server, try_out: Callable[..., Judgement]) -> None:
        """A node of two services which started before its settings, and a moment later."""
        said = try_out(
            *rights("settings-restart"),
            deployment("blockchain", IMAGE),
            deployment("rpc", IMAGE, 2),
            manifest("v1", "ConfigMap", SETTINGS, data={"network": "regtest"}),
            external_secret("1h"),
        )
        assert said.refused == []
        self.sync(server, "1-abc")
        a_second_passes()

    def sync(self, server: Server, version: str) -> None:
        """What External Secrets writes; each time it looks at the secret, not only after a change."""
        path = f"/apis/external-secrets.io/v1/namespaces/{PLACE}/externalsecrets/{SECRETS}/status"
        status = {"syncedResourceVersion": version, "refreshTime": "2026-01-01T00:00:00Z"}
        self.accept(server, "PATCH", path, {"status": status}, "application/merge-patch+json")

    def start_anew(self, server: Server) -> None:
        for name in self.PODS:
            path = f"/api/v1/namespaces/{PLACE}/pods/{name}"
            self.accept(server, "DELETE", path)
            assert server.api.apply(pod(name)).accepted
            self.accept(server, "PATCH", f"{path}/status", ready("True"), "application/merge-patch+json")

    def accept(self, server: Server, method: str, path: str, *body: Any) -> None:
        answer = server.api.request(method, path, *body)
        assert answer.accepted, answer.message

    def let_pods_follow(self, scripts: Scripts) -> None:
        """In one pause the successor of each pod that is gone appears, in the next it becomes ready."""
        commands = []
        for name in self.PODS:
            made = scripts.file(f"{name}.json", pod(name))
            patch = f"kubectl --namespace {PLACE} patch pod {name} --subresource=status --type=merge --patch"
            commands.append(
                f"if kubectl --namespace {PLACE} get pod {name}; then {patch} '{json.dumps(ready('True'))}'\n"
                f"else kubectl create --filename {made} && {patch} '{json.dumps(ready('False'))}'; fi"
            )
        scripts.meanwhile("exec >/dev/null 2>&1\n" + "\n".join(commands))

    def restarted(self, scripts: Scripts) -> tuple[int, list[str]]:
        done = scripts.run("settings-restart", DEPLOYMENTS="blockchain rpc")
        return done.returncode, re.findall(
            r'^pod "(\S+)" deleted|^(\S+ was .*|.* still .*)$', done.stdout, re.MULTILINE
        )

    @pytest.mark.usefixtures("node")
    def test_pods_that_started_before_their_settings_are_restarted_in_order(self, scripts: Scripts) -> None:
        self.let_pods_follow(scripts)

        assert self.restarted(scripts) == (
            0,
            [
                *(("blockchain-0", ""), ("", "blockchain was restarted")),
                *(("rpc-0", ""), ("rpc-1", ""), ("", "rpc was restarted")),
            ],
        )
        assert self.restarted(scripts) == (0, []), "pods that know their settings are left alone"

    @pytest.mark.usefixtures("node")
    def test_what_others_write_into_settings_and_secrets_restarts_nothing(
        self, server: Server, scripts: Scripts
    ) -> None:
        self.start_anew(server)
        a_second_passes()
        self.sync(server, "1-def")
        path = f"/api/v1/namespaces/{PLACE}/configmaps/{SETTINGS}"
        annotated = {"metadata": {"annotations": {"example.org/seen": "true"}}}
        self.accept(server, "PATCH", path, annotated, "application/merge-patch+json")

        assert self.restarted(scripts) == (0, [])

    @pytest.mark.usefixtures("node")
    def test_a_changed_secret_is_waited_for_until_it_is_synced(self, server: Server, scripts: Scripts) -> None:
        self.start_anew(server)
        a_second_passes()
        assert server.api.apply(external_secret("2h")).accepted

        assert self.restarted(scripts) == (
            1,
            [("", f"{PLACE}: after 60 s still waiting for {SECRETS} to be synced")],
        )

        self.sync(server, "2-abc")
        a_second_passes()
        self.let_pods_follow(scripts)
        code, said = self.restarted(scripts)
        assert (code, [gone for gone, _ in said if gone]) == (0, list(self.PODS))

    @pytest.mark.usefixtures("node")
    def test_a_service_whose_successors_are_not_ready_holds_the_others_back(self, scripts: Scripts) -> None:
        assert self.restarted(scripts) == (
            1,
            [("blockchain-0", ""), ("", f"{PLACE}: after 60 s still waiting for blockchain")],
        )
