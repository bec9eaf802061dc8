"""The `Node` component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.namespace import NamespaceRef
from components.protection import Protection
from components.teranode.cluster import CONFIG_MAP
from components.teranode.cluster_types import API_VERSION, KIND, ClusterSpec

CLUSTER = "teranode"
"""Name of the `Cluster`; it is the first part of the names of the operator's own resources."""


DELETED_AT_ONCE = {"pulumi.com/deletionPropagationPolicy": "background"}
"""Pulumi would otherwise wait until all that the `Cluster` owns is gone, and its operator, which does not look whether
a `Cluster` is being deleted, makes it anew for as long. So it goes first, and what it owned some seconds later."""


@dataclass(frozen=True, kw_only=True)
class NodeArgs:
    """Arguments of `Node`.

    - `settings`: data of the ConfigMap; no secrets.
    - `after`: the operator, the Secret and every store. The operator starts all services at once and orders nothing,
      so what is not there yet makes them crash and come back until it is.
    """

    namespace: NamespaceRef
    spec: ClusterSpec
    settings: Mapping[str, pulumi.Input[str]]
    after: Sequence[pulumi.Resource]
    protection: Protection


class Node(Component):
    """One Teranode: its settings, and the `Cluster` from which the operator makes all services.

    The `Cluster` owns the claim of the node's files: whoever deletes it deletes those. So it is protected and retained
    where the environment protects its data, and a node is stopped by `enabled` in the spec. Another namespace replaces
    it, nothing else does. That it exists says nothing about its pods, nor does its condition `Reconciled`; and changed
    settings restart no pod.
    """

    TOKEN = "teranode:teranode:Node"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: NodeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        namespace, locked = args.namespace, args.protection.protect
        settings = kubernetes.core.v1.ConfigMap(
            f"{name}-settings",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=CONFIG_MAP, namespace=namespace.name),
            data=args.settings,
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        cluster = kubernetes.apiextensions.CustomResource(
            f"{name}-cluster",
            api_version=API_VERSION,
            kind=KIND,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=CLUSTER, namespace=namespace.name, annotations=DELETED_AT_ONCE
            ),
            spec=args.spec,
            opts=self._child(
                provider=namespace.provider,
                depends_on=[settings, *namespace.ready, *args.after],
                protect=locked,
                retain_on_delete=locked,
                delete_before_replace=True,
            ),
        )
        self.ready = (cluster,)
        self.register_outputs({"cluster": CLUSTER})
