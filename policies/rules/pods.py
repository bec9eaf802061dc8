"""Pods that this project writes itself, hardened (K8S-2); that their images are pinned is IMG-1."""

import re
from collections.abc import Iterable, Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import CLUSTER_ROLE_BINDING, CRON_JOB, DAEMON_SET, DEPLOYMENT, POD, ROLE_BINDING, STATEFUL_SET, WORKLOADS
from .values import View

_SERVING = (DAEMON_SET, DEPLOYMENT, STATEFUL_SET)
_POD_IN = {CRON_JOB: "spec.jobTemplate.spec.template.spec", POD: "spec"}
_LEAST_USER = 10_000
"""Below lie users that nodes and images have names for."""
_RUNTIME = re.compile(r"^/$|^(?:/var)?/run(?:/|$)|\.sock$")
_PROBES = ("livenessProbe", "readinessProbe")
_SOURCE = "CIS 4.2.x, NSA Kubernetes hardening guidance"


def _pod(workload: Resource) -> View:
    return workload.inputs.view(_POD_IN.get(workload.type, "spec.template.spec"))


def _containers(pod: View) -> Iterable[View]:
    return (*pod.views("initContainers"), *pod.views("containers"))


@rule(
    "K8S-2",
    title="Our pods have no right that they do not need",
    reason="Whoever breaks into a container is to find nothing to go on with: no right, no tool, no way to the node.",
    source=_SOURCE,
    remedy="Use pod_security and container_security of components/workloads.py.",
    on=WORKLOADS,
)
def least_rights(_graph: Graph, workload: Resource) -> Iterator[Problem]:
    pod = _pod(workload)
    if workload.inputs.text("metadata.namespace", "default") == "default":
        yield Problem("the pod is in the namespace default", "metadata.namespace")
    for path in ("hostPID", "hostIPC", "hostNetwork"):
        if pod.flag(path):
            yield Problem("the pod shares the node's namespaces", f"{pod.path}.{path}")
    for volume in pod.views("volumes"):
        if _RUNTIME.search(volume.text("hostPath.path")):
            yield Problem("the pod reaches the container runtime", f"{volume.path}.hostPath")
    for container in _containers(pod):
        yield from _container_rights(pod, container)


def _container_rights(pod: View, container: View) -> Iterator[Problem]:
    own = container.view("securityContext")
    name = container.text("name")
    if own.flag("privileged"):
        yield Problem(f"{name} is privileged", f"{own.path}.privileged")
    if own.flag("allowPrivilegeEscalation", default=True):
        yield Problem(f"{name} may gain rights", f"{own.path}.allowPrivilegeEscalation")
    if not own.flag("readOnlyRootFilesystem"):
        yield Problem(f"{name} may write to its image", f"{own.path}.readOnlyRootFilesystem")
    if "ALL" not in own.strings("capabilities.drop") or own.has("capabilities.add"):
        yield Problem(f"{name} keeps capabilities", f"{own.path}.capabilities")
    profile = own.text("seccompProfile.type") or pod.text("securityContext.seccompProfile.type")
    if profile != "RuntimeDefault":
        yield Problem(f"{name} may make every system call", f"{own.path}.seccompProfile")
    if any(port.has("hostPort") for port in container.views("ports")):
        yield Problem(f"{name} takes a port of the node", f"{container.path}.ports")


@rule(
    "K8S-2-USER",
    title="Our pods run as a user without name on the node, and never as root",
    reason="A user that escapes its container is that user on the node.",
    source=_SOURCE,
    remedy="Use pod_security of components/workloads.py; waive it with a date where an image or a disk demands a user.",
    on=WORKLOADS,
)
def unknown_user(_graph: Graph, workload: Resource) -> Iterator[Problem]:
    pod = _pod(workload)
    users = {_user(pod, container) for container in _containers(pod)}
    disks = any(container.has("volumeDevices") for container in _containers(pod))
    why = ", which alone reads raw disks" if disks else ""
    if None in users:
        yield Problem(f"the pod may run as root{why}", f"{pod.path}.securityContext.runAsNonRoot")
    for user in sorted(user for user in users if user is not None and user < _LEAST_USER):
        yield Problem(f"the pod runs as user {user}{'' if user else why}", f"{pod.path}.securityContext.runAsUser")


def _user(pod: View, container: View) -> int | None:
    """The user of a container, None if it may be root."""
    forced = container.flag("securityContext.runAsNonRoot", default=pod.flag("securityContext.runAsNonRoot"))
    user = int(container.number("securityContext.runAsUser", pod.number("securityContext.runAsUser")))
    return user if forced else None


@rule(
    "K8S-2-TOKEN",
    title="Our pods have a service account of their own, and a token for the Kubernetes API only to use its rights",
    reason="A token is an identity that a break-in takes along.",
    source="CIS 4.1.5, 4.1.6",
    remedy="Name an account, and turn automountServiceAccountToken off or bind the account to the role that it needs.",
    on=WORKLOADS,
)
def no_needless_token(graph: Graph, workload: Resource) -> Iterator[Problem]:
    pod = _pod(workload)
    if pod.raw.get("serviceAccountName") in (None, "", "default"):
        yield Problem("the pod has no service account of its own", f"{pod.path}.serviceAccountName")
    if pod.flag("automountServiceAccountToken", default=True) and not _has_rights(graph, workload):
        yield Problem("the pod has a token and no rights to use it for", f"{pod.path}.automountServiceAccountToken")


def _has_rights(graph: Graph, workload: Resource) -> bool:
    own = workload.inputs.text("metadata.namespace"), _pod(workload).text("serviceAccountName")
    return any(
        (subject.text("namespace"), subject.text("name")) == own
        for binding in graph.of_type(CLUSTER_ROLE_BINDING, ROLE_BINDING)
        if binding.provider == workload.provider
        for subject in binding.inputs.views("subjects")
    )


@rule(
    "K8S-2-SECRETS",
    title="On mainnet our pods read secrets from files",
    reason="An environment is inherited by every process, and shown by whatever describes one.",
    source="CIS 4.4.1",
    remedy="Mount the Secret as a volume.",
    on=WORKLOADS,
    tiers=MAINNET_ONLY,
)
def secrets_in_files(_graph: Graph, workload: Resource) -> Iterator[Problem]:
    for container in _containers(_pod(workload)):
        named = any(variable.has("valueFrom.secretKeyRef") for variable in container.views("env"))
        if named or any(source.has("secretRef") for source in container.views("envFrom")):
            yield Problem(f"{container.text('name')} has secrets in its environment", f"{container.path}.env")


@rule(
    "K8S-2-LIMITS",
    title="On mainnet our pods say what they need and what they may take",
    reason="A pod without limits takes its neighbours down; one without requests is evicted first.",
    source=_SOURCE,
    remedy="Use resources of components/workloads.py.",
    on=WORKLOADS,
    tiers=MAINNET_ONLY,
)
def limited(_graph: Graph, workload: Resource) -> Iterator[Problem]:
    for container in _containers(_pod(workload)):
        for path in ("requests.cpu", "requests.memory", "limits.cpu", "limits.memory"):
            if not container.has(f"resources.{path}"):
                yield Problem(f"{container.text('name')} has no {path}", f"{container.path}.resources.{path}")


@rule(
    "K8S-2-PROBES",
    title="On mainnet what serves in our pods is asked whether it lives and is ready",
    reason="What hangs is otherwise never restarted, and is sent requests.",
    source=_SOURCE,
    remedy="Add a liveness and a readiness probe.",
    on=_SERVING,
    tiers=MAINNET_ONLY,
)
def probed(_graph: Graph, workload: Resource) -> Iterator[Problem]:
    for container in _pod(workload).views("containers"):
        for probe in _PROBES:
            if not container.has(probe):
                yield Problem(f"{container.text('name')} has no {probe}", f"{container.path}.{probe}")


RULES: tuple[Rule, ...] = (
    least_rights,
    unknown_user,
    no_needless_token,
    secrets_in_files,
    limited,
    probed,
)
