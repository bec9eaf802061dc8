"""A namespace, rights and an operator in the cluster of a model region."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row

DIGEST = "0a" * 32


def build_platform(region: RegionBuilder) -> None:
    """Register a miner's closed namespace, a bounded role and Aerospike's operator."""
    provider = f"{region.name}-kubernetes"

    def add(token: str, name: str, inputs: Row, *, protect: bool = False) -> None:
        region.stack.add(token, f"{region.name}-{name}", inputs, provider=provider, protect=protect)

    labels: Row = {"pod-security.kubernetes.io/enforce": "baseline", "teranode-infra/role": "miner"}
    add("kubernetes:core/v1:Namespace", "miner", {"metadata": {"name": "miner", "labels": labels}}, protect=True)
    inside: Row = {"name": "limits", "namespace": "miner"}
    add("kubernetes:core/v1:ResourceQuota", "quota", {"metadata": inside, "spec": {"hard": {"pods": "10"}}})
    add(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        "deny",
        {"metadata": inside, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}},
    )
    rule: Row = {"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"]}
    add("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "reader", {"rules": [rule]})
    add(
        "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
        "readers",
        {"roleRef": {"kind": "ClusterRole", "name": "reader"}, "subjects": []},
    )
    add("kubernetes:helm.sh/v3:Release", "operator", _operator())


def _operator() -> Row:
    return {
        "chart": "aerospike-kubernetes-operator",
        "version": "4.5.0",
        "namespace": "aerospike-operator",
        "repositoryOpts": {"repo": "https://aerospike.github.io/aerospike-kubernetes-enterprise"},
        "values": {
            "watchNamespaces": "miner,miner-2",
            "safePodEviction": {"enable": True},
            "operatorImage": {"repository": "docker.io/aerospike/operator", "tag": f"4.5.0@sha256:{DIGEST}"},
            "replicas": 2,
            "affinity": {"podAntiAffinity": {}},
            "podDisruptionBudget": {"enabled": True},
        },
    }
