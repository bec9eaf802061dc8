"""Namespaces, what may talk in them, and rights inside a cluster (K8S-1, K8S-3, K8S-4)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import (
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    KUBERNETES_ROLE,
    NAMESPACE,
    NETWORK_POLICY,
    RESOURCE_QUOTA,
    ROLE_BINDING,
)
from .values import View

_MINER = "miner"
_PRIVILEGED = frozenset({"local-disks"})
"""Namespaces of what handles the node's own disks; each by name."""

_EVERYTHING = "*"
_ESCALATING_VERBS = frozenset({"bind", "escalate", "impersonate"})
_READS = frozenset({"get", "list", "watch"})
_WRITES = frozenset({"create", "delete", "patch", "update"})
# Resources through which a right becomes more than it says, and the verbs that do it.
_ESCALATING = {
    "certificatesigningrequests/approval": _WRITES,
    "clusterrolebindings": _WRITES,
    "clusterroles": _WRITES,
    "mutatingwebhookconfigurations": _WRITES,
    "nodes/proxy": _READS | _WRITES,
    "pods/exec": _WRITES | {"get"},
    "rolebindings": _WRITES,
    "roles": _WRITES,
    "services/status": _WRITES,
    "validatingwebhookconfigurations": _WRITES,
}


@rule(
    "K8S-1",
    title="Each namespace enforces a level of Pod Security, and has a quota",
    reason="Without a level any pod may take the node; without a quota one namespace may take the cluster.",
    source="CIS 4.2, EKS best practices (pods), NSA",
    remedy="Use the Namespace component. Only a miner may be `baseline`; `privileged` is for namespaces named here.",
    on=(NAMESPACE,),
)
def levelled(graph: Graph, namespace: Resource) -> Iterator[Problem]:
    labels = namespace.inputs.view("metadata.labels").raw
    level, role = labels.get("pod-security.kubernetes.io/enforce"), labels.get("teranode-infra/role")
    name = namespace.inputs.text("metadata.name")
    allowed = {"restricted", "baseline"} if role == _MINER else {"restricted"}
    if level not in allowed | ({"privileged"} if name in _PRIVILEGED else set()):
        yield Problem(f"Pod Security is {level or 'not enforced'}", "metadata.labels")
    if not _inside(graph, namespace, RESOURCE_QUOTA):
        yield Problem("the namespace has no quota")


@rule(
    "K8S-3",
    title="Each namespace denies what no policy allows, in both directions",
    reason="Without a policy every pod of the cluster may talk to every other, and to the internet.",
    source="CIS 4.3.2, EKS best practices (network)",
    remedy="Use the Namespace component and name what is allowed as its openings.",
    on=(NAMESPACE,),
)
def closed(graph: Graph, namespace: Resource) -> Iterator[Problem]:
    if not any(_denies_all(policy.inputs) for policy in _inside(graph, namespace, NETWORK_POLICY)):
        yield Problem("no policy selects every pod and denies both directions")


@rule(
    "K8S-4",
    title="No role of this project leads to more than it says",
    reason="Each of these is a way to cluster-admin or to all secrets.",
    source="CIS 4.1, Kubernetes RBAC good practices",
    remedy="Name resources and verbs; read secrets by name in one namespace only.",
    on=(CLUSTER_ROLE, CLUSTER_ROLE_BINDING, KUBERNETES_ROLE, ROLE_BINDING),
)
def bounded(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.inputs.text("roleRef.name") == "cluster-admin":
        yield Problem("it binds cluster-admin", "roleRef.name")
    for given in resource.inputs.views("rules"):
        verbs, resources = set(given.strings("verbs")), set(given.strings("resources"))
        if _EVERYTHING in verbs | resources | set(given.strings("apiGroups")):
            yield Problem("it names everything (*)", given.path)
        if found := verbs & _ESCALATING_VERBS:
            yield Problem(f"it may {', '.join(sorted(found))}", given.path)
        for kind in sorted(resources & _ESCALATING.keys()):
            if verbs & _ESCALATING[kind]:
                yield Problem(f"it may {', '.join(sorted(verbs & _ESCALATING[kind]))} {kind}", given.path)
        if resource.type == CLUSTER_ROLE and "secrets" in resources and verbs & _READS:
            yield Problem("it reads the secrets of every namespace", given.path)


def _inside(graph: Graph, namespace: Resource, token: str) -> list[Resource]:
    """Objects of a type in the namespace: same cluster, same name."""
    name = namespace.inputs.text("metadata.name")
    return [
        found
        for found in graph.of_type(token)
        if found.provider == namespace.provider and found.inputs.text("metadata.namespace") == name
    ]


def _denies_all(policy: View) -> bool:
    selects_all = not policy.has("spec.podSelector")
    both = {"Ingress", "Egress"} <= set(policy.strings("spec.policyTypes"))
    return selects_all and both and not policy.has("spec.ingress") and not policy.has("spec.egress")


RULES: tuple[Rule, ...] = (levelled, closed, bounded)
