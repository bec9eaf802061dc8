"""Namespaces: closed unless an opening says otherwise, limited, and labelled."""

from dataclasses import replace

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.namespace import Namespace, NamespaceArgs, PodSecurity
from components.network_policies import Direction, NamespaceRole, Opening, Peer, to_anywhere, within
from components.protection import Protection
from simulator import Simulation
from tests.support.builders import LOCKED, UNLOCKED, in_region
from tests.support.stacks import at

POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
NAMESPACE = "kubernetes:core/v1:Namespace"
PODS = {"app": "broker"}


def built(**changes: object) -> Simulation:
    def make(opts: pulumi.ResourceOptions) -> Namespace:
        provider = kubernetes.Provider("cluster", kubeconfig="{}", cluster_identifier="cluster")
        args = NamespaceArgs(
            namespace="kafka",
            provider=provider,
            role=NamespaceRole.PLATFORM,
            pod_security=PodSecurity.RESTRICTED,
            quota={"pods": "10"},
            protection=LOCKED,
        )
        return Namespace("kafka", replace(args, **changes), opts)

    return in_region(make)


def specs(simulation: Simulation) -> dict[object, object]:
    return {at(policy.inputs, "metadata.name"): policy.inputs["spec"] for policy in simulation.of_type(POLICY)}


def test_nothing_may_talk_but_ask_for_names() -> None:
    policies = specs(built())

    assert set(policies) == {"deny-all", "dns"}
    assert policies["deny-all"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    servers = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    ports = [{"port": 53, "protocol": protocol} for protocol in ("UDP", "TCP")]
    assert at(policies["dns"], "egress") == [{"to": [servers], "ports": ports}]


def test_an_opening_admits_exactly_whom_it_names() -> None:
    miners = Opening(
        name="miners",
        direction=Direction.INGRESS,
        peers=(Peer(role=NamespaceRole.MINER), Peer(cidr="10.16.0.0/16")),
        ports=(9092,),
        pods=PODS,
    )

    assert specs(built(openings=(miners,)))["miners"] == {
        "podSelector": {"matchLabels": PODS},
        "policyTypes": ["Ingress"],
        "ingress": [
            {
                "from": [
                    {"namespaceSelector": {"matchLabels": {"teranode-infra/role": "miner"}}},
                    {"ipBlock": {"cidr": "10.16.0.0/16"}},
                ],
                "ports": [{"port": 9092, "protocol": "TCP"}],
            }
        ],
    }


def test_members_of_one_cluster_talk_both_ways_and_to_nobody_else() -> None:
    policies = specs(built(openings=within("quorum", 9093, pods=PODS)))

    selector = [{"podSelector": {"matchLabels": PODS}}]
    ports = [{"port": 9093, "protocol": "TCP"}]
    assert at(policies["quorum-in"], "ingress") == [{"from": selector, "ports": ports}]
    assert at(policies["quorum-out"], "egress") == [{"to": selector, "ports": ports}]


def test_callers_of_aws_reach_any_address_by_the_named_ports_only() -> None:
    policy = specs(built(openings=(to_anywhere("aws", 443),)))["aws"]

    anywhere = {"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 443, "protocol": "TCP"}]}
    assert at(policy, "egress") == [anywhere]


def test_an_opening_or_peer_that_would_admit_everybody_is_refused() -> None:
    with pytest.raises(ValueError, match="names nobody"):
        Opening(name="open", direction=Direction.INGRESS, peers=(), ports=(80,))
    with pytest.raises(ValueError, match="either"):
        Peer()
    with pytest.raises(ValueError, match="either"):
        Peer(cidr="10.0.0.0/8", namespace="kafka")
    with pytest.raises(ValueError, match="labels of the pods"):
        within("quorum", 9093)


def test_the_quota_forbids_what_would_open_the_cluster_to_the_world() -> None:
    [quota] = built().of_type("kubernetes:core/v1:ResourceQuota")

    assert quota.inputs["spec"] == {"hard": {"pods": "10", "services.loadbalancers": "0", "services.nodeports": "0"}}


@pytest.mark.parametrize(
    ("level", "warned"),
    [("restricted", "restricted"), ("baseline", "restricted"), ("privileged", "privileged")],
)
def test_a_namespace_enforces_its_level_and_warns_of_the_next(level: str, warned: str) -> None:
    [namespace] = built(pod_security=PodSecurity(level)).of_type(NAMESPACE)

    assert at(namespace.inputs, "metadata.labels") == {
        "pod-security.kubernetes.io/enforce": level,
        "pod-security.kubernetes.io/warn": warned,
        "pod-security.kubernetes.io/audit": warned,
        "teranode-infra/role": "platform",
    }


@pytest.mark.parametrize(
    ("role", "protection", "locks"),
    [
        (NamespaceRole.MINER, LOCKED, 2),
        (NamespaceRole.MINER, UNLOCKED, 0),
        (NamespaceRole.PLATFORM, LOCKED, 0),
    ],
)
def test_a_miners_namespace_is_locked_where_data_is_protected(
    role: NamespaceRole, protection: Protection, locks: int
) -> None:
    [namespace] = built(role=role, protection=protection).of_type(NAMESPACE)

    assert [namespace.protect, namespace.retain_on_delete].count(True) == locks


def test_quota_and_policies_come_after_the_namespace() -> None:
    simulation = built()
    [namespace] = simulation.of_type(NAMESPACE)

    inside = [*simulation.of_type(POLICY), *simulation.of_type("kubernetes:core/v1:ResourceQuota")]
    assert all(namespace.urn in resource.dependencies for resource in inside)
