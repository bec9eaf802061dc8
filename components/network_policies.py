"""What may talk to whom inside a cluster: one opening of a namespace that is closed otherwise. No resources."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi
from pulumi_kubernetes import meta, networking

NAMESPACE_LABEL = "kubernetes.io/metadata.name"
"""Put on every namespace by the API server, with the namespace's name as its value."""

ROLE_LABEL = "teranode-infra/role"
"""Put on every namespace of this project: what it is there for, so that a new miner is admitted by being one."""

STOPPED_LABEL = "teranode-infra/stopped"
"""Put on the namespace of a miner that is stopped on purpose, with the value `true`: nobody misses its pods."""

ANYWHERE = "0.0.0.0/0"


class NamespaceRole(StrEnum):
    """What a namespace is there for."""

    MINER = "miner"  # one Teranode
    PLATFORM = "platform"  # operators, stores that miners share, monitoring
    PUBLIC = "public"  # what stands between the internet and one Teranode


class Direction(StrEnum):
    """Seen from the pods of the namespace."""

    INGRESS = "ingress"
    EGRESS = "egress"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """The other side: a block of addresses, or pods chosen by namespace, role of the namespace and labels together.

    Without a namespace and a role, `pods` are those of the namespace itself.
    """

    cidr: pulumi.Input[str] | None = None
    namespace: str | None = None
    role: NamespaceRole | None = None
    pods: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chosen = self.namespace is not None or self.role is not None or bool(self.pods)
        if (self.cidr is not None) == chosen:
            raise ValueError("a peer is either a block of addresses or pods")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """One thing that pods may do.

    - `name`: of the policy, unique in its namespace, a DNS label.
    - `pods`: labels of the pods that it concerns; all pods of the namespace when empty.
    - `peers`: who is on the other side.
    - `ports`: all of `protocol` when empty.
    """

    name: str
    direction: Direction
    peers: tuple[Peer, ...]
    ports: tuple[int, ...]
    protocol: str = "TCP"
    pods: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.peers:
            raise ValueError(f"opening {self.name} names nobody: an empty list of peers would admit everybody")


def to_anywhere(name: str, *ports: int, pods: Mapping[str, str] | None = None) -> Opening:
    """Connections to any address, for callers of AWS and of the Kubernetes API, whose addresses are not known."""
    return Opening(
        name=name, direction=Direction.EGRESS, peers=(Peer(cidr=ANYWHERE),), ports=ports, pods=dict(pods or {})
    )


def to_pod_identity_agent(name: str = "pod-identity", *, pods: Mapping[str, str] | None = None) -> Opening:
    """Credentials for AWS, from the agent of the pod's own node; without it a pod's role is out of its reach."""
    return Opening(
        name=name,
        direction=Direction.EGRESS,
        peers=(Peer(cidr="169.254.170.23/32"),),
        ports=(80,),
        pods=dict(pods or {}),
    )


def within(name: str, *ports: int, pods: Mapping[str, str] | None = None) -> tuple[Opening, Opening]:
    """Both directions between pods that carry `pods`, as the members of one cluster need."""
    labels = dict(pods or {})
    if not labels:
        raise ValueError(f"opening {name} needs the labels of the pods that belong together")
    peers = (Peer(pods=labels),)
    return (
        Opening(name=f"{name}-in", direction=Direction.INGRESS, peers=peers, ports=ports, pods=labels),
        Opening(name=f"{name}-out", direction=Direction.EGRESS, peers=peers, ports=ports, pods=labels),
    )


def deny_all() -> networking.v1.NetworkPolicySpecArgs:
    """Nothing in, nothing out; what is allowed says so in a policy of its own."""
    return networking.v1.NetworkPolicySpecArgs(
        pod_selector=meta.v1.LabelSelectorArgs(), policy_types=["Ingress", "Egress"]
    )


def dns() -> networking.v1.NetworkPolicySpecArgs:
    """Names are asked of the cluster's own servers."""
    return networking.v1.NetworkPolicySpecArgs(
        pod_selector=meta.v1.LabelSelectorArgs(),
        policy_types=["Egress"],
        egress=[
            networking.v1.NetworkPolicyEgressRuleArgs(
                to=[_peer(Peer(namespace="kube-system", pods={"k8s-app": "kube-dns"}))],
                ports=[networking.v1.NetworkPolicyPortArgs(port=53, protocol=protocol) for protocol in ("UDP", "TCP")],
            )
        ],
    )


def policy_spec(opening: Opening) -> networking.v1.NetworkPolicySpecArgs:
    """The policy of one opening."""
    peers = [_peer(peer) for peer in opening.peers]
    ports = [
        networking.v1.NetworkPolicyPortArgs(port=port, protocol=opening.protocol) for port in opening.ports
    ] or None
    selector = meta.v1.LabelSelectorArgs(match_labels=opening.pods or None)
    if opening.direction is Direction.INGRESS:
        return networking.v1.NetworkPolicySpecArgs(
            pod_selector=selector,
            policy_types=["Ingress"],
            ingress=[networking.v1.NetworkPolicyIngressRuleArgs(from_=peers, ports=ports)],
        )
    return networking.v1.NetworkPolicySpecArgs(
        pod_selector=selector,
        policy_types=["Egress"],
        egress=[networking.v1.NetworkPolicyEgressRuleArgs(to=peers, ports=ports)],
    )


def _peer(peer: Peer) -> networking.v1.NetworkPolicyPeerArgs:
    if peer.cidr is not None:
        return networking.v1.NetworkPolicyPeerArgs(ip_block=networking.v1.IPBlockArgs(cidr=peer.cidr))
    labels: dict[str, str] = {}
    if peer.namespace is not None:
        labels[NAMESPACE_LABEL] = peer.namespace
    if peer.role is not None:
        labels[ROLE_LABEL] = peer.role
    return networking.v1.NetworkPolicyPeerArgs(
        namespace_selector=meta.v1.LabelSelectorArgs(match_labels=labels) if labels else None,
        pod_selector=meta.v1.LabelSelectorArgs(match_labels=peer.pods) if peer.pods else None,
    )
