"""What people who operate workloads may do beyond looking."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.eks.access import OPERATORS_GROUP

_ROLE = "teranode-operators"
_RBAC_API = "rbac.authorization.k8s.io"

# Neither secrets, shells and roles, nor anything that leads to them: whoever may patch a workload or create a job can
# make it print what its namespace holds. A restart is the deletion of pods; all else changes through Pulumi.
RULES = (
    ("", ("pods",), ("delete",)),
    ("", ("pods/eviction",), ("create",)),
    # A forward over WebSocket begins with a GET, which is another right than that to POST one.
    ("", ("pods/portforward",), ("create", "get")),
    ("apps", ("deployments/scale", "statefulsets/scale"), ("get", "patch", "update")),
    ("batch", ("jobs",), ("delete",)),
    ("teranode.bsvblockchain.org", ("clusters",), ("get", "list", "watch")),
)
"""API groups, resources and verbs, beside those of the view policy."""


@dataclass(frozen=True, kw_only=True)
class OperatorRightsArgs:
    """Arguments of `OperatorRights`; `provider` is the cluster's."""

    provider: kubernetes.Provider


class OperatorRights(Component):
    """Cluster role of the operators' group: restart, evict and scale workloads, clear failed jobs, forward ports, read
    what Teranode's operator is told.

    Made only where an operator role is given. Its names are fixed, because the access entry's group is.
    """

    TOKEN = "teranode:eks:OperatorRights"

    def __init__(self, name: str, args: OperatorRightsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        role = kubernetes.rbac.v1.ClusterRole(
            f"{name}-role",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_ROLE),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[group], resources=list(resources), verbs=list(verbs))
                for group, resources, verbs in RULES
            ],
            opts=self._child(provider=args.provider, delete_before_replace=True),
        )
        kubernetes.rbac.v1.ClusterRoleBinding(
            f"{name}-binding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_ROLE),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group=_RBAC_API, kind="ClusterRole", name=_ROLE),
            subjects=[kubernetes.rbac.v1.SubjectArgs(api_group=_RBAC_API, kind="Group", name=OPERATORS_GROUP)],
            opts=self._child(provider=args.provider, delete_before_replace=True, depends_on=[role]),
        )
        self.register_outputs({})
