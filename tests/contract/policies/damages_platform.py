"""Damages of namespaces, rights, charts and images."""

from tests.contract.policies.names import (
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    DEPLOYMENT,
    NAMESPACE,
    NETWORK_POLICY,
    RELEASE,
    RESOURCE_QUOTA,
)
from tests.contract.policies.stack import Damage, Row, drop, edit, plant

_IMAGE = "spec.template.spec.containers.0.image"


def _labelled(level: str) -> Damage:
    labels: Row = {"pod-security.kubernetes.io/enforce": level}
    return edit(NAMESPACE, "metadata", {"name": "miner", "labels": labels})


def _may(*verbs: str, on: str, groups: str = "") -> Damage:
    rule: Row = {"apiGroups": [groups], "resources": [on], "verbs": list(verbs)}
    return edit(CLUSTER_ROLE, "rules", [rule])


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "K8S-1": (
        edit(NAMESPACE, "metadata", {"name": "miner"}),
        _labelled("baseline"),
        _labelled("privileged"),
        drop(RESOURCE_QUOTA),
        edit(RESOURCE_QUOTA, "metadata.namespace", "other"),
    ),
    "K8S-3": (
        drop(NETWORK_POLICY),
        edit(NETWORK_POLICY, "metadata.namespace", "other"),
        edit(NETWORK_POLICY, "spec.podSelector", {"matchLabels": {"app": "one"}}),
        edit(NETWORK_POLICY, "spec.policyTypes", ["Ingress"]),
        edit(NETWORK_POLICY, "spec.ingress", [{"from": []}]),
    ),
    "K8S-4": (
        edit(CLUSTER_ROLE_BINDING, "roleRef.name", "cluster-admin"),
        _may("*", on="pods"),
        _may("get", on="*"),
        _may("get", on="pods", groups="*"),
        _may("escalate", on="clusterroles"),
        _may("create", on="pods/exec"),
        _may("get", on="nodes/proxy"),
        _may("patch", on="validatingwebhookconfigurations"),
        _may("list", on="secrets"),
    ),
    "K8S-5": (
        edit(RELEASE, "values.replicas", 1),
        edit(RELEASE, "values.affinity", {}),
        edit(RELEASE, "values.podDisruptionBudget", {"enabled": False}),
    ),
    "IMG-1": (
        edit(DEPLOYMENT, _IMAGE, "quay.io/tool:v1"),
        edit(DEPLOYMENT, _IMAGE, "quay.io/tool:latest"),
        edit(DEPLOYMENT, _IMAGE, "quay.io/tool"),
        edit(RELEASE, "values.operatorImage.tag", "4.5.0"),
        edit(RELEASE, "values.operatorImage.tag", None),
    ),
    "IMG-3": (
        edit(RELEASE, "version", "4.x"),
        edit(RELEASE, "version", None),
        edit(RELEASE, "repositoryOpts.repo", "https://charts.example.org"),
        edit(RELEASE, "repositoryOpts", None),
    ),
    "AER-10": (
        edit(RELEASE, "values.watchNamespaces", ""),
        edit(RELEASE, "values.watchNamespaces", "miner, miner-2"),
        edit(RELEASE, "values.operatorImage.tag", "4.4.1"),
        plant(RELEASE, {"chart": "other", "namespace": "aerospike-operator"}, provider="eu-west-1-kubernetes"),
    ),
}
