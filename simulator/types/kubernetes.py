"""Objects of Kubernetes. One model serves all kinds: an API server echoes what it is given and adds metadata."""

import re

from simulator.custom_resources import DEFINITIONS
from simulator.types.aws import CREATED_AT
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON

_TOKEN = re.compile(r"kubernetes:(?P<group>[a-z0-9.]+)/v[0-9a-z]+:(?P<kind>[A-Z][A-Za-z0-9]*)")

BUILT_IN_GROUPS = frozenset(
    {
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "coordination.k8s.io",
        "core",
        "discovery.k8s.io",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)
"""API groups that every API server of the pinned version serves. Kinds of other groups come from definitions."""

CLUSTER_SCOPED = frozenset(
    {
        "ClusterRole",
        "ClusterRoleBinding",
        "CSIDriver",
        "CustomResourceDefinition",
        "FlowSchema",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "PersistentVolume",
        "PriorityClass",
        "PriorityLevelConfiguration",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeAttributesClass",
    }
)
"""Kinds without a namespace."""

_NAME_MAX_LENGTH = 253


def is_built_in(token: str) -> bool:
    """Whether every API server serves the kind, so that no definition adds it."""
    match = _TOKEN.fullmatch(token)
    return match is not None and match["group"] in BUILT_IN_GROUPS


def model(token: str) -> ResourceModel | None:
    """The model of a built-in kind or a taught custom resource; None for every other token."""
    if not is_built_in(token) and token not in DEFINITIONS:
        return None
    return ResourceModel(
        token,
        identify=_identify,
        compute=_compute,
        autoname=Autoname("metadata.name", max_length=_NAME_MAX_LENGTH, unless=(), hex_digits=8),
        secret_outputs=frozenset({"data", "stringData"}) if token.endswith(":Secret") else frozenset(),
    )


def _kind(request: Request) -> str:
    return request.token.rpartition(":")[2]


def _namespace(request: Request) -> str:
    definition = DEFINITIONS.get(request.token)
    if definition.cluster_scoped if definition else _kind(request) in CLUSTER_SCOPED:
        return ""
    return str(request.mapping("metadata").get("namespace") or "default")


def _identify(request: Request) -> str:
    name, namespace = str(request.mapping("metadata").get("name")), _namespace(request)
    return f"{namespace}/{name}" if namespace else name


def _compute(request: Request, _: str) -> dict[str, JSON]:
    group_version = request.token.split(":")[1].removeprefix("core/")
    namespace = _namespace(request)
    metadata: dict[str, JSON] = {
        "creationTimestamp": CREATED_AT,
        "generation": 1,
        "resourceVersion": str(request.number(10**6, "resource-version")),
        "uid": request.uuid("uid"),
        **request.mapping("metadata"),
    }
    outputs: dict[str, JSON] = {
        "apiVersion": group_version,
        "kind": _kind(request),
        "metadata": metadata | ({"namespace": namespace} if namespace else {}),
    }
    if _kind(request) == "Namespace":
        outputs |= {"spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"}}
    if _kind(request) == "StorageClass":
        outputs |= {
            "reclaimPolicy": request.text("reclaimPolicy", "Delete"),
            "volumeBindingMode": request.text("volumeBindingMode", "Immediate"),
        }
    return outputs
