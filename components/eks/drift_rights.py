"""What whoever looks for drift may read beyond the view policy."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.eks.access import DRIFT_GROUP

_ROLE = "teranode-drift"
_RBAC_API = "rbac.authorization.k8s.io"
_READS = ("get", "list", "watch")

# What this program makes and the view policy leaves out. No secrets: those of miners are nobody's but their pods'. What
# Helm keeps of a chart is a secret too, so each chart's own namespace opens its own (`Chart`).
KINDS = (
    ("", ("persistentvolumes",)),
    ("asdb.aerospike.com", ("aerospikebackups", "aerospikebackupservices", "aerospikeclusters")),
    ("cert-manager.io", ("certificates", "issuers")),
    ("elbv2.k8s.aws", ("targetgroupbindings",)),
    ("external-secrets.io", ("externalsecrets", "secretstores")),
    ("kafka.strimzi.io", ("kafkanodepools", "kafkas")),
    ("monitoring.coreos.com", ("podmonitors", "prometheusrules")),
    (_RBAC_API, ("clusterrolebindings", "clusterroles", "rolebindings", "roles")),
    ("storage.k8s.io", ("storageclasses",)),
    ("teranode.bsvblockchain.org", ("clusters",)),
)
"""API groups and resources."""


@dataclass(frozen=True, kw_only=True)
class DriftRightsArgs:
    """Arguments of `DriftRights`; `provider` is the cluster's."""

    provider: kubernetes.Provider


class DriftRights(Component):
    """Cluster role of the group that looks for drift: reads the kinds that this program makes, changes nothing.

    Made only where a drift role is given. Its names are fixed, because the access entry's group is.
    """

    TOKEN = "teranode:eks:DriftRights"

    def __init__(self, name: str, args: DriftRightsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        role = kubernetes.rbac.v1.ClusterRole(
            f"{name}-role",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_ROLE),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[group], resources=list(kinds), verbs=list(_READS))
                for group, kinds in KINDS
            ],
            opts=self._child(provider=args.provider, delete_before_replace=True),
        )
        kubernetes.rbac.v1.ClusterRoleBinding(
            f"{name}-binding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=_ROLE),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(api_group=_RBAC_API, kind="ClusterRole", name=_ROLE),
            subjects=[kubernetes.rbac.v1.SubjectArgs(api_group=_RBAC_API, kind="Group", name=DRIFT_GROUP)],
            opts=self._child(provider=args.provider, delete_before_replace=True, depends_on=[role]),
        )
        self.register_outputs({})
