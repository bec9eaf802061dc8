"""A model region's pods: one that serves, and one that ends."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row


def pod_template(labels: Row) -> Row:
    """A hardened pod of one container that serves."""
    probe: Row = {"tcpSocket": {"port": 8080}}
    share: Row = {"cpu": "100m", "memory": "64Mi"}
    container: Row = {
        "name": "server",
        "image": f"docker.io/example/server:1.0.0@sha256:{'a' * 64}",
        "ports": [{"containerPort": 8080}],
        "env": [{"name": "PASSWORD_FILE", "value": "/secrets/password"}],
        "livenessProbe": probe,
        "readinessProbe": dict(probe),
        "resources": {"requests": share, "limits": dict(share)},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "metadata": {"labels": dict(labels)},
        "spec": {
            "serviceAccountName": "server",
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": 65532,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [container],
            "volumes": [{"name": "secrets", "secret": {"secretName": "server"}}],
        },
    }


def build_workloads(region: RegionBuilder) -> None:
    """Register both."""
    for token, name in (("apps/v1:Deployment", "server"), ("batch/v1:Job", "job")):
        region.stack.add(
            f"kubernetes:{token}",
            f"{region.name}-{name}",
            {
                "metadata": {"name": name, "namespace": "apps"},
                "spec": {"template": pod_template({"app.kubernetes.io/name": name})},
            },
            provider=f"{region.name}-kubernetes",
        )
