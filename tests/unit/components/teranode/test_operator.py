"""Teranode's operator: pinned, watching exactly its miners, and its chart mended."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.images import ImageSource
from components.platform import TeranodeOperatorArgs, chart
from components.platform.teranode_operator import POSTRENDER, values
from components.platform.values import NODE_SELECTOR, PRIORITY_CLASS, zone_spread
from components.workloads import NON_ROOT_USER
from infra import versions
from simulator import RecordedResource, Simulation
from simulator.diff import diff
from tests.support.stacks import ROOT, at, evaluated

RELEASE = "kubernetes:helm.sh/v3:Release"
SCRIPT = ROOT / "tools" / "postrender" / "teranode_operator.py"
GOLDEN = Path(__file__).parents[1] / "golden" / "teranode-operator.yaml"


def release_of(stack: str, region: str) -> RecordedResource:
    return evaluated(stack).named(f"{region}-platform-teranode-operator-chart-release")


@pytest.mark.parametrize(
    ("stack", "region", "miners"),
    [
        ("testing", "eu-west-1", "miner-1"),
        ("testing", "ap-southeast-1", "miner-3"),
        ("mainnet", "eu-west-1", "miner-1"),
    ],
)
def test_each_region_watches_its_own_miners(stack: str, region: str, miners: str) -> None:
    assert at(release_of(stack, region).inputs, "values.deployment.env.watch_namespace") == miners


def test_the_watch_list_has_no_spaces_and_no_order_of_its_own() -> None:
    images = ImageSource(pins=versions.IMAGES, mirrors={})
    made = values(images, watched=("miner-2", "miner-1"), high_availability=False)

    assert at(made, "deployment.env.watch_namespace") == "miner-1,miner-2"


def test_chart_and_image_are_pinned_and_the_sample_stays_out() -> None:
    inputs = release_of("testing", "eu-west-1").inputs

    assert (inputs["chart"], inputs["version"]) == ("oci://ghcr.io/bsv-blockchain/helm/teranode-operator", "0.2.3")
    assert at(inputs, "values.deployment.image.tag") == "v0.8.5"
    assert at(inputs, "values.sampleCluster.enable") is False


def namespaces_before(simulation: Simulation, release: RecordedResource) -> set[object]:
    before = (simulation.by_urn[urn] for urn in release.dependencies)
    return {at(one.inputs, "metadata.name") for one in before if one.type == "kubernetes:core/v1:Namespace"}


def test_the_namespaces_of_its_miners_are_there_first() -> None:
    """The chart makes an account and rights in each of them; no other region's are waited for."""
    release = release_of("testing", "us-east-1")

    assert namespaces_before(evaluated("testing"), release) == {"miner-2", "teranode-operator"}


def test_an_empty_watch_list_is_refused() -> None:
    with pytest.raises(ValueError, match="every namespace"):
        TeranodeOperatorArgs(
            context=None,  # type: ignore[arg-type]
            source=None,  # type: ignore[arg-type]
            images=ImageSource(pins={}, mirrors={}),
            watched=(),
            high_availability=False,
        )


def test_two_that_may_not_be_drained_both_where_availability_is_asked_for() -> None:
    budgets = [one.name for one in evaluated("mainnet").of_type("kubernetes:policy/v1:PodDisruptionBudget")]

    assert at(release_of("mainnet", "eu-west-1").inputs, "values.deployment.replicaCount") == 2
    assert "eu-west-1-platform-teranode-operator-budget" in budgets
    assert at(release_of("testing", "eu-west-1").inputs, "values.deployment.replicaCount") == 1


# What the charts 0.2.1 to 0.2.3 render, shortened to the parts that this project counts on; the values of the proxy's
# image are those of both.
def rendered(image: str = "gcr.io/kubebuilder/kube-rbac-proxy:v0.15.0") -> list[dict[str, Any]]:
    labels = {"control-plane": "controller-manager"}
    security = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    small = {"limits": {"cpu": "500m", "memory": "128Mi"}, "requests": {"cpu": "10m", "memory": "64Mi"}}
    name = "teranode-operator-controller-manager"
    proxy = {
        "name": "kube-rbac-proxy",
        "image": image,
        "args": ["--secure-listen-address=0.0.0.0:8443", "--upstream=http://127.0.0.1:8080/"],
        "ports": [{"containerPort": 8443, "name": "https", "protocol": "TCP"}],
        "resources": small,
        "securityContext": security,
    }
    manager = {
        "name": "manager",
        "image": "ghcr.io/bsv-blockchain/teranode-operator:v0.8.5",
        "imagePullPolicy": "IfNotPresent",
        "args": [
            "--health-probe-bind-address=:8081",
            "--metrics-bind-address=127.0.0.1:8080",
            "--leader-elect",
        ],
        "command": ["/manager"],
        "env": [{"name": "WATCH_NAMESPACE", "value": "miner-1,miner-2"}],
        "livenessProbe": {"httpGet": {"path": "/healthz", "port": 8081}},
        "readinessProbe": {"httpGet": {"path": "/readyz", "port": 8081}},
        "resources": small,
        "securityContext": security,
    }
    pod = {
        "containers": [proxy, manager],
        "securityContext": {"runAsNonRoot": True},
        "serviceAccountName": name,
        "terminationGracePeriodSeconds": 10,
    }
    return [
        named("ServiceAccount", name),
        named("ServiceAccount", "teranode-operator-service-runner", "miner-1"),
        named("ClusterRole", "teranode-operator-manager-role"),
        named("ClusterRole", "teranode-operator-metrics-reader"),
        named("ClusterRole", "teranode-operator-proxy-role"),
        named("ClusterRoleBinding", "teranode-operator-manager-rolebinding"),
        named("ClusterRoleBinding", "teranode-operator-proxy-rolebinding"),
        named("Service", f"{name}-metrics-service"),
        named("Deployment", name)
        | {"spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {"spec": pod}}},
    ]


def named(kind: str, name: str, namespace: str | None = None) -> dict[str, Any]:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"kind": kind, "metadata": metadata}


def through(objects: list[dict[str, Any]], *command: str) -> subprocess.CompletedProcess[str]:
    text = yaml.safe_dump_all(objects)
    return subprocess.run(
        command or (sys.executable, str(SCRIPT)), input=text, capture_output=True, text=True, check=False
    )


def mended(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    done = through(objects)
    assert done.returncode == 0, done.stderr
    return list(yaml.safe_load_all(done.stdout))


@pytest.mark.parametrize("registry", ["gcr.io", "quay.io"])
def test_the_mended_chart_is_the_reviewed_one(registry: str) -> None:
    done = through(rendered(f"{registry}/kubebuilder/kube-rbac-proxy:v0.15.0"))

    assert done.stdout == GOLDEN.read_text()


def test_the_executable_mends_what_helm_hands_to_it() -> None:
    """As Helm does: a path that is relative to the project, nothing but standard input and output."""
    assert release_of("testing", "eu-west-1").inputs["postrender"] == POSTRENDER
    done = subprocess.run(
        [f"./{POSTRENDER}"],
        input=yaml.safe_dump_all(rendered()),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={},
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "kube-rbac-proxy" not in done.stdout


@pytest.mark.parametrize("file", ["teranode-operator", "teranode_operator.py"])
def test_an_edit_of_what_mends_the_chart_is_an_upgrade_of_the_release(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = release_of("testing", "eu-west-1").inputs["description"]
    edited = tmp_path / POSTRENDER
    shutil.copytree(SCRIPT.parent, edited.parent)
    monkeypatch.setattr(chart, "_PROJECT", tmp_path)
    assert chart._description(POSTRENDER) == before, "the same files elsewhere"

    (edited.parent / file).write_text("other")

    after = chart._description(POSTRENDER)
    assert after != before
    assert [change.path for change in diff(RELEASE, {"description": before}, {"description": after})] == ["description"]


def pod_of(objects: list[dict[str, Any]]) -> Mapping[str, Any]:
    [deployment] = [one for one in objects if one["kind"] == "Deployment"]
    return deployment["spec"]["template"]["spec"]


def test_its_pod_is_one_that_this_project_would_write() -> None:
    pod = pod_of(mended(rendered()))
    [manager] = pod["containers"]

    assert pod["nodeSelector"] == dict(NODE_SELECTOR)
    assert pod["priorityClassName"] == PRIORITY_CLASS
    assert pod["topologySpreadConstraints"] == zone_spread({"control-plane": "controller-manager"})
    assert pod["securityContext"]["runAsUser"] == NON_ROOT_USER
    assert manager["securityContext"]["readOnlyRootFilesystem"] is True
    assert manager["resources"]["limits"]["memory"] == manager["resources"]["requests"]["memory"]
    assert manager["env"] == [{"name": "WATCH_NAMESPACE", "value": "miner-1,miner-2"}]


def test_the_accounts_of_services_are_left_as_the_chart_makes_them() -> None:
    accounts = [one["metadata"] for one in mended(rendered()) if one["kind"] == "ServiceAccount"]

    assert {"name": "teranode-operator-service-runner", "namespace": "miner-1"} in accounts


def without_proxy(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    pod_of(objects)["containers"].pop(0)
    return objects


def otherwise_started(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return json.loads(json.dumps(objects).replace('127.0.0.1:8080"', ':8443"'))


@pytest.mark.parametrize("change", [without_proxy, otherwise_started, lambda objects: objects[:-1]])
def test_another_chart_stops_the_installation_and_says_where_to_look(change: Any) -> None:
    done = through(change(rendered()))

    assert (done.returncode, done.stdout) == (1, "")
    assert re.search(r"tools/postrender/teranode_operator\.py", done.stderr)
