"""What `ops verify` reads, and how it fails, on the answers of a real API server."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from components.eks.operator_rights import RULES
from ops.outputs import RegionOutputs
from ops.verify.cluster import Cluster
from ops.verify.readings import ClusterReading, DeploymentReading, LookError
from simulator.kubeconfig import ClusterAccess
from tests.cluster.api import Object
from tests.cluster.conftest import PLACE, manifest, needs_definitions, needs_no_controllers
from tests.cluster.judge import Judgement, Server

IMAGE, OLDER = "example.org/teranode:v2", "example.org/teranode:v1"
REGION = RegionOutputs.model_validate(
    {
        "clusterName": "main",
        "clusterArn": "arn:aws:eks:eu-west-1:111122223333:cluster/main",
        "kubernetesContext": "main-eu-west-1",
        "kubeconfigCommand": "aws eks update-kubeconfig",
    }
)
SERVICES = (
    *("alertSystem", "asset", "blockAssembly", "blockchain", "blockPersister", "blockValidator", "bootstrap"),
    *("coinbase", "legacy", "peer", "propagation", "pruner", "rpc", "subtreeValidator", "utxoPersister", "validator"),
)

pytestmark = needs_no_controllers


@pytest.fixture
def look(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Cluster]:
    """The region's cluster as verification opens it, with the credentials of the tests or with a token."""

    def opened(token: str = "") -> Cluster:
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(kubeconfig(server.access, token)))
        monkeypatch.setenv("KUBECONFIG", str(path))
        return Cluster(REGION)

    return opened


def kubeconfig(access: ClusterAccess, token: str) -> Object:
    cluster = {"server": access.endpoint, "certificate-authority-data": access.certificate_authority}
    context = {"cluster": REGION.cluster_arn, "user": "someone"}
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": REGION.cluster_arn, "cluster": cluster}],
        "users": [{"name": "someone", "user": {"token": token or access.token}}],
        "contexts": [{"name": REGION.kubernetes_context, "context": context}],
    }


def teranode(image: str, rpc_image: str) -> Object:
    services = {name: {"enabled": name == "rpc", "spec": {}} for name in SERVICES}
    services["rpc"]["spec"] = {"deploymentOverrides": {"image": rpc_image}}
    spec = {"enabled": True, "image": image, "configMapName": "settings", "sharedStorage": {}, **services}
    return manifest("teranode.bsvblockchain.org/v1alpha1", "Cluster", "teranode", spec=spec)


def deployment(name: str, image: str, replicas: int) -> Object:
    labels = {"app": name}
    containers = [{"name": name, "image": image}]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return manifest("apps/v1", "Deployment", name, spec=spec)


def report(server: Server, kind: str, name: str, **status: object) -> None:
    """Write a status, as the controller or the kubelet would."""
    path = f"/{'apis/apps' if kind == 'deployments' else 'api'}/v1/namespaces/{PLACE}/{kind}/{name}/status"
    answer = server.api.request("PATCH", path, {"status": status}, "application/merge-patch+json")
    assert answer.accepted, answer.message


@needs_definitions
def test_deployments_and_images_are_read_as_the_server_writes_them(
    server: Server, try_out: Callable[..., Judgement], look: Callable[..., Cluster]
) -> None:
    said = try_out(teranode(IMAGE, OLDER), deployment("asset", IMAGE, 2), deployment("rpc", OLDER, 1))
    pods = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), 2)
    report(server, "deployments", "asset", observedGeneration=1, **pods)

    assert said.refused == []
    assert look().read(PLACE) == ClusterReading(
        deployments={
            "asset": DeploymentReading("asset", wanted=2, available=2, settled=True, images={"asset": IMAGE}),
            "rpc": DeploymentReading("rpc", wanted=1, available=0, settled=False, images={"rpc": OLDER}),
        },
        image=IMAGE,
        rpc_image=OLDER,
    )


@needs_definitions
def test_a_namespace_without_a_cluster_is_said(try_out: Callable[..., Judgement], look: Callable[..., Cluster]) -> None:
    try_out()

    with pytest.raises(LookError, match="has 0 Cluster resources"):
        look().read(PLACE)


def test_a_namespace_that_is_not_there_is_said(look: Callable[..., Cluster]) -> None:
    with pytest.raises(LookError, match=f"namespace {PLACE} does not exist"):
        look().read(PLACE)


@pytest.mark.usefixtures("server")
def test_a_server_whose_certificate_is_not_trusted_is_said(look: Callable[..., Cluster], tmp_path: Path) -> None:
    look()
    document = yaml.safe_load((tmp_path / "kubeconfig").read_text())
    del document["clusters"][0]["cluster"]["certificate-authority-data"]
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(document))

    with pytest.raises(LookError, match="is not the one that context main-eu-west-1 knows"):
        Cluster(REGION).read(PLACE)


def test_credentials_that_the_server_does_not_know_are_told_from_rights_that_are_missing(
    server: Server, try_out: Callable[..., Judgement], look: Callable[..., Cluster]
) -> None:
    try_out(manifest("v1", "ServiceAccount", "stranger"))
    asked = server.api.request("POST", f"/api/v1/namespaces/{PLACE}/serviceaccounts/stranger/token", {"spec": {}})

    with pytest.raises(LookError, match="refuses the credentials"):
        look("invented").read(PLACE)
    with pytest.raises(LookError, match=f"may not use namespace {PLACE}"):
        look(asked.body["status"]["token"]).read(PLACE)


def role(name: str, rules: object) -> tuple[Object, Object]:
    """A role, and what gives it to the account `operator`."""
    authority = "rbac.authorization.k8s.io"
    account = {"kind": "ServiceAccount", "name": "operator", "namespace": PLACE}
    return (
        manifest(f"{authority}/v1", "Role", name, rules=rules),
        manifest(
            f"{authority}/v1",
            "RoleBinding",
            name,
            roleRef={"apiGroup": authority, "kind": "Role", "name": name},
            subjects=[account],
        ),
    )


@needs_definitions
def test_the_rights_of_operators_and_those_to_look_are_enough(
    server: Server, try_out: Callable[..., Judgement], look: Callable[..., Cluster]
) -> None:
    looks = [{"apiGroups": ["", "apps"], "resources": ["namespaces", "pods", "deployments"], "verbs": ["get", "list"]}]
    operates = [
        {"apiGroups": [group], "resources": list(resources), "verbs": list(verbs)} for group, resources, verbs in RULES
    ]
    said = try_out(
        manifest("v1", "ServiceAccount", "operator"),
        *role("looks", looks),
        *role("operates", operates),
        teranode(IMAGE, IMAGE),
        deployment("asset", IMAGE, 1),
    )
    assert said.refused == []
    asked = server.api.request("POST", f"/api/v1/namespaces/{PLACE}/serviceaccounts/operator/token", {"spec": {}})
    cluster = look(asked.body["status"]["token"])
    report(server, "pods", "asset-0", conditions=[{"type": "Ready", "status": "True"}])

    assert cluster.read(PLACE).image == IMAGE
    # It may, but the pod is on no node.
    with pytest.raises(LookError, match="does not have a host assigned"), cluster.forwarded(PLACE, "asset", 8090):
        pass


def test_only_a_ready_pod_is_forwarded_to_and_a_refused_forward_is_said(
    server: Server, try_out: Callable[..., Judgement], look: Callable[..., Cluster]
) -> None:
    try_out(deployment("asset", IMAGE, 1))
    with pytest.raises(LookError, match="no pod of asset in"), look().forwarded(PLACE, "asset", 8090):
        pass

    report(server, "pods", "asset-0", conditions=[{"type": "Ready", "status": "True"}])

    # The pod is on no node, so that nothing can be forwarded.
    with pytest.raises(LookError, match="port 8090 of pod asset-0"), look().forwarded(PLACE, "asset", 8090):
        pass
