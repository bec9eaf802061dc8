"""Namespaces: closed by default, limited, and held to a level of Pod Security."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi
import pulumi_kubernetes as kubernetes

from components import network_policies
from components.base import Component
from components.network_policies import ROLE_LABEL, STOPPED_LABEL, NamespaceRole, Opening
from components.protection import Protection

_POD_SECURITY = "pod-security.kubernetes.io"


class PodSecurity(StrEnum):
    """The Pod Security level that a namespace enforces."""

    RESTRICTED = "restricted"
    BASELINE = "baseline"  # for images that run as root; what restricted would refuse is still warned of
    PRIVILEGED = "privileged"  # for what handles the node's own disks


@dataclass(frozen=True, kw_only=True)
class NamespaceRef:
    """A namespace as those who live in it see it; `ready` is what a pod needs before it may start there."""

    name: str
    provider: kubernetes.Provider
    ready: tuple[pulumi.Resource, ...]


@dataclass(frozen=True, kw_only=True)
class NamespaceArgs:
    """Arguments of `Namespace`.

    - `namespace`: physical name, fixed: policies, trusts and Teranode's own addresses contain it.
    - `provider`: of the cluster.
    - `quota`: hard limits in the spelling of ResourceQuota, for example `{"pods": "50"}`. Services that would make
      load balancers or open node ports are always limited to none: those are made by this project, in AWS.
    - `holds_data`: whether volumes are claimed in it; of a miner it is known.
    - `openings`: what pods may do beyond asking for names.
    - `stopped`: what should run in it is away on purpose.
    - `after`: what ends the namespace's pods and deletes its volumes, that is nodes and storage drivers; needed where
      volumes are claimed. At destroy they would otherwise go first, and the disks stay behind.
    """

    namespace: str
    provider: kubernetes.Provider
    role: NamespaceRole
    pod_security: PodSecurity
    quota: Mapping[str, str]
    protection: Protection
    openings: tuple[Opening, ...] = ()
    holds_data: bool = False
    stopped: bool = False
    after: tuple[pulumi.Resource, ...] = ()


class Namespace(Component):
    """A namespace in which nothing may talk, with a quota, a level of Pod Security and the openings it needs.

    Creates a `Namespace`, a `ResourceQuota`, and a `NetworkPolicy` for each opening beside those that close everything
    and allow DNS. Another name is another namespace; nothing else replaces it. Where the environment protects its
    data, a miner's namespace and any other that holds some is protected and retained: whoever deletes a namespace
    deletes all that is in it.
    """

    TOKEN = "teranode:namespace:Namespace"

    ref: NamespaceRef

    def __init__(self, name: str, args: NamespaceArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        locked = args.protection.protect and (args.role is NamespaceRole.MINER or args.holds_data)
        self._namespace = kubernetes.core.v1.Namespace(
            f"{name}-namespace",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=args.namespace, labels=self._labels()),
            opts=self._child(
                provider=args.provider,
                depends_on=args.after,
                protect=locked,
                retain_on_delete=locked,
                delete_before_replace=True,
            ),
        )
        # What lives in the namespace has fixed names, which leave no room for a successor beside it.
        quota = kubernetes.core.v1.ResourceQuota(
            f"{name}-quota",
            metadata=self._metadata("limits"),
            spec=kubernetes.core.v1.ResourceQuotaSpecArgs(
                hard={**args.quota, "services.loadbalancers": "0", "services.nodeports": "0"}
            ),
            opts=self._child(provider=args.provider, depends_on=[self._namespace], delete_before_replace=True),
        )
        policies = [
            self._policy("deny-all", network_policies.deny_all()),
            self._policy("dns", network_policies.dns()),
            *(self._policy(opening.name, network_policies.policy_spec(opening)) for opening in args.openings),
        ]
        self.ref = NamespaceRef(name=args.namespace, provider=args.provider, ready=(self._namespace, quota, *policies))
        self.register_outputs({"name": args.namespace})

    def _labels(self) -> dict[str, str]:
        level = self._args.pod_security
        warned = PodSecurity.RESTRICTED if level is PodSecurity.BASELINE else level
        return {
            ROLE_LABEL: self._args.role,
            **({STOPPED_LABEL: "true"} if self._args.stopped else {}),
            f"{_POD_SECURITY}/enforce": level,
            f"{_POD_SECURITY}/warn": warned,
            f"{_POD_SECURITY}/audit": warned,
        }

    def _policy(
        self, policy: str, spec: kubernetes.networking.v1.NetworkPolicySpecArgs
    ) -> kubernetes.networking.v1.NetworkPolicy:
        return kubernetes.networking.v1.NetworkPolicy(
            f"{self._logical_name}-policy-{policy}",
            metadata=self._metadata(policy),
            spec=spec,
            opts=self._child(provider=self._args.provider, depends_on=[self._namespace], delete_before_replace=True),
        )

    def _metadata(self, name: str) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=self._args.namespace)
