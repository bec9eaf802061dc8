"""Who may talk to the Kubernetes API."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.eks.args import AccessRoles
from components.placement import Placement

# The Kubernetes group of people who operate workloads; `OperatorRights` says what it may do.
OPERATORS_GROUP = "teranode:operators"

# The Kubernetes group that looks for drift; `DriftRights` says what it may read.
DRIFT_GROUP = "teranode:drift"

# EKS user guide, "Review access policy permissions". The view policy reads no secrets. The edit policy would: it also
# opens shells and acts as any service account, so operators get rights of our own on top of viewing.
_POLICY_BY_CLASS = {
    "deploy": "AmazonEKSClusterAdminPolicy",
    "admin": "AmazonEKSClusterAdminPolicy",
    "operator": "AmazonEKSViewPolicy",
    "read-only": "AmazonEKSViewPolicy",
    "preview": "AmazonEKSViewPolicy",
    "drift": "AmazonEKSViewPolicy",
}
_GROUPS_BY_CLASS = {"operator": [OPERATORS_GROUP], "drift": [DRIFT_GROUP]}


@dataclass(frozen=True, kw_only=True)
class AccessEntriesArgs:
    """Arguments of `AccessEntries`; roles that are not given get no entry."""

    placement: Placement
    cluster_name: pulumi.Input[str]
    roles: AccessRoles


class AccessEntries(Component):
    """One access entry with one cluster-wide policy per role class.

    These are AWS calls: they work while the Kubernetes API is out of reach. A changed role replaces its own entry.
    `deploy` holds what every Kubernetes call of this program waits for.
    """

    TOKEN = "teranode:eks:AccessEntries"

    deploy: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: AccessEntriesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._placement = args.placement
        self._cluster_name = args.cluster_name
        self.deploy = self._grant("deploy", args.roles.deploy)
        for role_class, role in (
            ("admin", args.roles.admin),
            ("operator", args.roles.operator),
            ("read-only", args.roles.read_only),
            ("preview", args.roles.preview),
            ("drift", args.roles.drift),
        ):
            if role is not None:
                self._grant(role_class, role)
        self.register_outputs({})

    def _grant(self, role_class: str, role_arn: str) -> tuple[pulumi.Resource, ...]:
        entry = aws.eks.AccessEntry(
            f"{self._logical_name}-entry-{role_class}",
            cluster_name=self._cluster_name,
            principal_arn=role_arn,
            type="STANDARD",
            kubernetes_groups=_GROUPS_BY_CLASS.get(role_class),
            opts=self._child(),
        )
        policy = aws.eks.AccessPolicyAssociation(
            f"{self._logical_name}-policy-{role_class}",
            cluster_name=self._cluster_name,
            principal_arn=entry.principal_arn,
            policy_arn=self._placement.cluster_access_policy(_POLICY_BY_CLASS[role_class]),
            access_scope=aws.eks.AccessPolicyAssociationAccessScopeArgs(type="cluster"),
            opts=self._child(),
        )
        return entry, policy
