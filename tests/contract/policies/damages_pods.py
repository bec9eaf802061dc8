"""Damages of the pods that this project writes itself."""

from tests.contract.policies.names import CLUSTER_ROLE_BINDING, DEPLOYMENT, JOB, STATEFUL_SET
from tests.contract.policies.stack import Damage, ModelStack, Row, edit, plant

_POD = "spec.template.spec"
_SERVER = f"{_POD}.containers.0"
_CONTEXT = f"{_SERVER}.securityContext"
_FROM_SECRET = {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "server", "key": "password"}}}
_APPS: Row = {"metadata": {"name": "planted", "namespace": "apps"}}
_BARE: Row = {"name": "bare", "image": "docker.io/example/bare:1.0.0"}
_BARE_POD: Row = {"template": {"spec": {"containers": [_BARE]}}}


def _bound(account: str, namespace: str) -> Damage:
    """A token for the pod, and rights for an account."""

    def damage(stack: ModelStack) -> None:
        edit(DEPLOYMENT, f"{_POD}.automountServiceAccountToken", value=True)(stack)
        subject: Row = {"kind": "ServiceAccount", "name": account, "namespace": namespace}
        edit(CLUSTER_ROLE_BINDING, "subjects", [subject])(stack)

    return damage


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "K8S-2": (
        edit(DEPLOYMENT, "metadata.namespace", "default"),
        edit(DEPLOYMENT, "metadata.namespace", None),
        edit(DEPLOYMENT, f"{_POD}.hostPID", value=True),
        edit(DEPLOYMENT, f"{_POD}.hostIPC", value=True),
        edit(DEPLOYMENT, f"{_POD}.hostNetwork", value=True),
        edit(DEPLOYMENT, f"{_POD}.volumes", [{"name": "x", "hostPath": {"path": "/var/run/docker.sock"}}]),
        edit(DEPLOYMENT, f"{_POD}.volumes", [{"name": "x", "hostPath": {"path": "/run/containerd"}}]),
        edit(DEPLOYMENT, f"{_POD}.volumes", [{"name": "x", "hostPath": {"path": "/"}}]),
        edit(DEPLOYMENT, f"{_POD}.initContainers", [{"name": "prepare"}]),
        edit(DEPLOYMENT, f"{_POD}.securityContext.seccompProfile", None),
        edit(DEPLOYMENT, f"{_CONTEXT}.seccompProfile", {"type": "Unconfined"}),
        edit(DEPLOYMENT, f"{_CONTEXT}.privileged", value=True),
        edit(DEPLOYMENT, f"{_CONTEXT}.allowPrivilegeEscalation", None),
        edit(DEPLOYMENT, f"{_CONTEXT}.readOnlyRootFilesystem", None),
        edit(DEPLOYMENT, f"{_CONTEXT}.capabilities.drop", ["NET_RAW"]),
        edit(DEPLOYMENT, f"{_CONTEXT}.capabilities.add", ["SYS_ADMIN"]),
        edit(DEPLOYMENT, f"{_SERVER}.ports.0.hostPort", 8080),
        edit(JOB, f"{_CONTEXT}.privileged", value=True),
        edit(STATEFUL_SET, f"{_CONTEXT}.privileged", value=True),
        plant("kubernetes:core/v1:Pod", {**_APPS, "spec": {"containers": [_BARE]}}),
        plant("kubernetes:apps/v1:DaemonSet", {**_APPS, "spec": _BARE_POD}),
        plant("kubernetes:batch/v1:CronJob", {**_APPS, "spec": {"jobTemplate": {"spec": _BARE_POD}}}),
    ),
    "K8S-2-USER": (
        edit(DEPLOYMENT, f"{_POD}.securityContext.runAsNonRoot", None),
        edit(DEPLOYMENT, f"{_CONTEXT}.runAsNonRoot", value=False),
        edit(DEPLOYMENT, f"{_POD}.securityContext.runAsUser", None),
        edit(JOB, f"{_CONTEXT}.runAsUser", 1000),
    ),
    "K8S-2-TOKEN": (
        edit(DEPLOYMENT, f"{_POD}.serviceAccountName", None),
        edit(DEPLOYMENT, f"{_POD}.serviceAccountName", "default"),
        edit(DEPLOYMENT, f"{_POD}.automountServiceAccountToken", None),
        _bound("other", "apps"),
        _bound("server", "other"),
    ),
    "K8S-2-SECRETS": (
        edit(DEPLOYMENT, f"{_SERVER}.env", [_FROM_SECRET]),
        edit(JOB, f"{_SERVER}.envFrom", [{"secretRef": {"name": "server"}}]),
    ),
    "K8S-2-LIMITS": (
        edit(DEPLOYMENT, f"{_SERVER}.resources", None),
        edit(DEPLOYMENT, f"{_SERVER}.resources.limits.memory", None),
        edit(JOB, f"{_SERVER}.resources.requests.cpu", None),
    ),
    "K8S-2-PROBES": (
        edit(DEPLOYMENT, f"{_SERVER}.livenessProbe", None),
        edit(STATEFUL_SET, f"{_SERVER}.readinessProbe", None),
    ),
}

TESTING_DAMAGES: dict[str, tuple[Damage, ...]] = {
    "K8S-2": (edit(DEPLOYMENT, f"{_CONTEXT}.privileged", value=True),),
    "K8S-2-USER": (edit(DEPLOYMENT, f"{_CONTEXT}.runAsNonRoot", value=False),),
    "K8S-2-TOKEN": (edit(DEPLOYMENT, f"{_POD}.automountServiceAccountToken", None),),
}

TOLERATED_ON_TESTING: dict[str, Damage] = {
    "K8S-2-SECRETS": edit(DEPLOYMENT, f"{_SERVER}.env", [_FROM_SECRET]),
    "K8S-2-LIMITS": edit(DEPLOYMENT, f"{_SERVER}.resources", None),
    "K8S-2-PROBES": edit(DEPLOYMENT, f"{_SERVER}.livenessProbe", None),
}

TOLERATED_ON_MAINNET: dict[str, Damage] = {
    "K8S-2-TOKEN": _bound("server", "apps"),
    "K8S-2-PROBES": edit(JOB, f"{_SERVER}.livenessProbe", None),
}
