"""Roles that pods take through EKS Pod Identity."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.placement import Placement


@dataclass(frozen=True, kw_only=True)
class PodRoleArgs:
    """Arguments of `PodRole`.

    - `cluster_name` is the physical name, for the trust policy; `cluster` the output that waits for the cluster.
    - `namespace`, `service_account`: the one service account that takes the role.
    - `policy`: what it may do, as a policy document.
    """

    placement: Placement
    cluster_name: str
    cluster: pulumi.Input[str]
    namespace: str
    service_account: str
    description: str
    policy: pulumi.Input[str]


class PodRole(Component):
    """An IAM role for one service account of one cluster: the role, its policy and the association.

    A changed namespace or service account replaces the association, never the role. A pod that started before the
    association existed gets no credentials: workloads depend on `ready`.
    """

    TOKEN = "teranode:pod_identity:PodRole"

    role_arn: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: PodRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        role = aws.iam.Role(
            f"{name}-role",
            path=args.placement.iam_path,
            permissions_boundary=args.placement.permissions_boundary,
            description=args.description,
            assume_role_policy=iam.pod_identity_trust(args.placement, args.cluster_name),
            opts=self._child(),
        )
        rights = aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=args.policy, opts=self._child())
        association = aws.eks.PodIdentityAssociation(
            f"{name}-association",
            cluster_name=args.cluster,
            namespace=args.namespace,
            service_account=args.service_account,
            role_arn=role.arn,
            opts=self._child(depends_on=[rights]),
        )
        self.role_arn = role.arn
        self.ready = (association,)
        self.register_outputs({"roleArn": role.arn})
