"""What needs no server: which cluster may be used, which pods follow, which programs are built."""

import base64
import re
from pathlib import Path

import pytest
import yaml

from infra.versions import KUBERNETES_VERSION
from simulator.kubeconfig import KubeconfigError
from tests.cluster.conftest import KUBECONFIG_VARIABLE, named_cluster
from tests.cluster.objects import followers
from tools import cluster_programs
from tools.cluster_programs import GO_MOD, KUBERNETES, BuildError

TEMPLATE = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "x"}]}}
PLACE = {"name": "x", "namespace": "home"}


def test_the_server_is_of_the_minor_that_clusters_run() -> None:
    assert re.fullmatch(rf"v{re.escape(KUBERNETES_VERSION)}\.\d+", cluster_programs.version_of(KUBERNETES))


def test_all_parts_of_kubernetes_are_of_one_release() -> None:
    patch = cluster_programs.version_of(KUBERNETES).removeprefix("v1.")

    replaced = re.findall(r"^\t(k8s\.io/\S+) => (\S+) (v\S+)$", GO_MOD.read_text(), re.MULTILINE)

    assert {version for _, _, version in replaced} == {f"v0.{patch}"}
    assert [(module, by) for module, by, _ in replaced if module != by] == []
    assert len(replaced) > 30


def test_without_go_it_is_said_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BuildError, match=r"kube-apiserver is built with Go 1\.\d+\.\d+ or newer, and there is no `go`"):
        cluster_programs.build("kube-apiserver")


def kubeconfig(folder: Path, *contexts: str) -> Path:
    authority = base64.b64encode(b"authority").decode()
    cluster = {"server": "https://127.0.0.1:6443", "certificate-authority-data": authority}
    path = folder / "kubeconfig"
    path.write_text(
        yaml.safe_dump(
            {
                "clusters": [{"name": name, "cluster": cluster} for name in contexts],
                "users": [{"name": name, "user": {"token": name}} for name in contexts],
                "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in contexts],
                "current-context": contexts[0],
            }
        )
    )
    return path


def test_the_cluster_that_the_caller_names_is_used(tmp_path: Path) -> None:
    assert named_cluster(kubeconfig(tmp_path, "scratch")).endpoint == "https://127.0.0.1:6443"


def test_of_several_contexts_none_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(KubeconfigError, match=f"{KUBECONFIG_VARIABLE}=.*has 2 contexts"):
        named_cluster(kubeconfig(tmp_path, "production", "scratch"))


def test_pods_of_a_stateful_set_follow_their_claims() -> None:
    claim = {"metadata": {"name": "data"}, "spec": {"storageClassName": "gp3"}}
    spec = {"replicas": 2, "template": TEMPLATE, "volumeClaimTemplates": [claim]}

    made = followers({"kind": "StatefulSet", "metadata": PLACE, "spec": spec})

    assert [(item["kind"], item["metadata"]["name"]) for item in made.lasting] == [
        *(("PersistentVolumeClaim", "data-x-0"), ("Pod", "x-0")),
        *(("PersistentVolumeClaim", "data-x-1"), ("Pod", "x-1")),
    ]
    assert made.lasting[1]["metadata"] == {"labels": {"app": "x"}, "name": "x-0", "namespace": "home"}
    assert made.lasting[1]["spec"]["volumes"] == [{"name": "data", "persistentVolumeClaim": {"claimName": "data-x-0"}}]


@pytest.mark.parametrize(
    ("kind", "spec"),
    [("Job", {"template": TEMPLATE}), ("CronJob", {"jobTemplate": {"spec": {"template": TEMPLATE}}})],
)
def test_pods_of_jobs_pass(kind: str, spec: dict[str, object]) -> None:
    made = followers({"kind": kind, "metadata": PLACE, "spec": spec})

    assert [item["metadata"]["name"] for item in made.passing] == ["x-0"]
    assert made.lasting == ()


def test_what_is_no_workload_has_no_pods() -> None:
    assert followers({"kind": "ConfigMap", "metadata": PLACE}) == followers({"kind": "Service", "metadata": PLACE})
