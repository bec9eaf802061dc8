"""What the API server of a cluster enforces, and when there is one to ask."""

import re

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, Rule, RuleBook, texts_at
from simulator.world import Status, Thing

BUILT_IN_NAMESPACES = frozenset({"default", "kube-system", "kube-public", "kube-node-lease"})

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"

EVERY_KIND = "kubernetes:*"
"""Stands for all Kubernetes kinds in a rule's list of types."""

_ALL = tuple(Operation)
_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_LABEL_MAX_LENGTH, _SUBDOMAIN_MAX_LENGTH = 63, 253

book = RuleBook()


def reaches_cluster(attempt: Attempt) -> str | None:
    """What is wrong with the way to the cluster, or None."""
    cluster = _cluster(attempt)
    if cluster is None:
        return f"no EKS cluster answers for {attempt.cluster or 'this provider'}"
    return None if cluster.status is Status.ACTIVE else f"cluster {cluster.id} is {cluster.status.upper()}"


book.add(Rule("cluster-reachable", (EVERY_KIND,), _ALL, "ClusterUnreachable", reaches_cluster))


@book.rule("cluster-access", "Unauthorized", EVERY_KIND, *_ALL)
def _cluster_access(attempt: Attempt) -> str | None:
    cluster = _cluster(attempt)
    if cluster is None:
        return None
    access = cluster.inputs.get("accessConfig")
    creator = access.get("bootstrapClusterCreatorAdminPermissions", True) if isinstance(access, dict) else True
    policies = attempt.view.in_place(t.ACCESS_POLICY_ASSOCIATION, cluster.place)
    granted = [one for one in policies if one.inputs.get("clusterName") == cluster.inputs.get("name")]
    if creator or any("Admin" in arn for one in granted for arn in texts_at(one.inputs, "policyArn")):
        return None
    return (
        "the server has asked for the client to provide credentials: no access entry of the cluster "
        "has an administrator policy"
    )


@book.rule("namespace-exists", "NotFound", EVERY_KIND)
def _namespace_exists(attempt: Attempt) -> str | None:
    name = attempt.text("metadata.namespace")
    if not name or name in BUILT_IN_NAMESPACES:
        return None
    if any(name in texts_at(one.inputs, "metadata.name") for one in attempt.find(t.NAMESPACE)):
        return None
    return f'namespaces "{name}" not found'


@book.rule("object-name", "AlreadyExists", EVERY_KIND)
def _object_name(attempt: Attempt) -> str | None:
    name, namespace = attempt.text("metadata.name"), attempt.text("metadata.namespace") or "default"
    if attempt.token == t.NAMESPACE and name in BUILT_IN_NAMESPACES:
        return f'namespaces "{name}" already exists'
    for other in attempt.find(attempt.token):
        where = next(iter(texts_at(other.inputs, "metadata.namespace")), "default")
        if name and where == namespace and name in texts_at(other.inputs, "metadata.name"):
            return f'{kind_of(attempt.token)} "{name}" already exists'
    return None


@book.rule("object-name-pattern", "Invalid", EVERY_KIND)
def _object_name_pattern(attempt: Attempt) -> str | None:
    name = attempt.text("metadata.name")
    if attempt.token.startswith("kubernetes:rbac."):
        valid = not name or (name not in (".", "..") and not set("/%") & set(name))
    else:
        longest = _LABEL_MAX_LENGTH if attempt.token in (t.NAMESPACE, t.SERVICE) else _SUBDOMAIN_MAX_LENGTH
        pattern = _LABEL if attempt.token in (t.NAMESPACE, t.SERVICE) else rf"{_LABEL}(\.{_LABEL})*"
        valid = not name or (len(name) <= longest and re.fullmatch(pattern, name) is not None)
    return None if valid else f'metadata.name: Invalid value: "{name}": must be a DNS-1123 name of its kind'


@book.rule("claim-class", "NotFound", t.PERSISTENT_VOLUME_CLAIM)
def _claim_class(attempt: Attempt) -> str | None:
    name = attempt.text("spec.storageClassName")
    if not name or any(name in texts_at(one.inputs, "metadata.name") for one in attempt.find(t.STORAGE_CLASS)):
        return None
    return f'storageclass.storage.k8s.io "{name}" not found'


def warnings(attempt: Attempt) -> list[str]:
    """What the API server accepts and a person should know."""
    if attempt.token != t.STORAGE_CLASS or attempt.operation is Operation.DELETE or not _is_default(attempt.inputs):
        return []
    others = [one.id for one in attempt.find(t.STORAGE_CLASS) if _is_default(one.inputs)]
    if not others:
        return []
    return [f"StorageClass {', '.join(others)} is already the default of this cluster: the newest default is used"]


def kind_of(token: str) -> str:
    """The kind in lower case, as the API server says it."""
    return token.rsplit(":", 1)[-1].lower()


def _is_default(inputs: object) -> bool:
    metadata = inputs.get("metadata") if isinstance(inputs, dict) else None
    annotations = metadata.get("annotations") if isinstance(metadata, dict) else None
    return isinstance(annotations, dict) and annotations.get(DEFAULT_CLASS) == "true"


def _cluster(attempt: Attempt) -> Thing | None:
    clusters = attempt.view.in_account(t.CLUSTER, attempt.place.account)
    return next((one for one in clusters if attempt.cluster in texts_at(one.outputs, "arn")), None)
