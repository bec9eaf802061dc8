"""The EKS control plane."""

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.eks.args import EksClusterArgs, EndpointAccess
from components.keys import DataKey, DataKeyArgs

_LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"]


class ControlPlane(Component):
    """An EKS cluster without nodes, with the key of its secrets, its log group and its role.

    Authentication is by access entries only, nobody gets access by having created the cluster, secrets are encrypted
    with an own key, all five logs go to a group that exists before EKS would make one without key or expiry, and
    EKS's self-managed add-ons are left out because managed ones take their place.

    Name, role, service range and the two bootstrap flags are create-only: the cluster is protected where data is, and
    has the cloud's own deletion lock beside it.
    """

    TOKEN = "teranode:eks:ControlPlane"

    cluster: aws.eks.Cluster
    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        secrets_key = DataKey(
            f"{name}-secrets-encryption",
            DataKeyArgs(placement=args.placement, data_class="kubernetes-secrets", protection=args.protection),
            opts=self._child(),
        )
        log_group = aws.cloudwatch.LogGroup(
            f"{name}-log-group",
            name=f"/aws/eks/{args.cluster_name}/cluster",  # where EKS writes, whatever else exists
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={"data-class": "logs"},
            opts=self._child(),
        )
        role, role_ready = self._role(name, args, secrets_key)
        restricted = args.endpoint_access is EndpointAccess.RESTRICTED
        self.cluster = aws.eks.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            version=args.kubernetes_version,
            role_arn=role.arn,
            access_config=aws.eks.ClusterAccessConfigArgs(
                authentication_mode="API", bootstrap_cluster_creator_admin_permissions=False
            ),
            bootstrap_self_managed_addons=False,
            deletion_protection=args.protection.deletion_protection,
            enabled_cluster_log_types=_LOG_TYPES,
            encryption_config=aws.eks.ClusterEncryptionConfigArgs(
                provider=aws.eks.ClusterEncryptionConfigProviderArgs(key_arn=secrets_key.arn), resources=["secrets"]
            ),
            kubernetes_network_config=aws.eks.ClusterKubernetesNetworkConfigArgs(
                ip_family="ipv4", service_ipv4_cidr=args.service_cidr
            ),
            upgrade_policy=aws.eks.ClusterUpgradePolicyArgs(support_type="STANDARD"),
            vpc_config=aws.eks.ClusterVpcConfigArgs(
                subnet_ids=[args.network.private_subnet_ids[zone] for zone in sorted(args.network.private_subnet_ids)],
                endpoint_private_access=True,
                endpoint_public_access=restricted,
                public_access_cidrs=list(args.api_cidrs) if restricted else None,
            ),
            zonal_shift_config=aws.eks.ClusterZonalShiftConfigArgs(enabled=args.protection.zonal_shift),
            tags={"Name": args.cluster_name},
            opts=self._child(
                depends_on=[*role_ready, log_group],
                protect=args.protection.protect,
                custom_timeouts=pulumi.CustomTimeouts(create="30m", update="60m", delete="20m"),
            ),
        )
        self.security_group_id = self.cluster.vpc_config.apply(lambda config: config.cluster_security_group_id or "")
        self.register_outputs({"clusterName": self.cluster.name, "clusterArn": self.cluster.arn})

    def _role(
        self, name: str, args: EksClusterArgs, secrets_key: DataKey
    ) -> tuple[aws.iam.Role, tuple[pulumi.Resource, ...]]:
        role = aws.iam.Role(
            f"{name}-role",
            path=args.placement.iam_path,
            permissions_boundary=args.placement.permissions_boundary,
            description=f"Control plane of {args.cluster_name}",
            assume_role_policy=iam.service_trust(
                "eks.amazonaws.com", {"StringEquals": {"aws:SourceAccount": args.placement.account}}
            ),
            opts=self._child(),
        )
        managed = aws.iam.RolePolicyAttachment(
            f"{name}-role-cluster-policy",
            role=role.name,
            policy_arn=args.placement.aws_managed_policy("AmazonEKSClusterPolicy"),
            opts=self._child(),
        )
        key_use = aws.iam.RolePolicy(
            f"{name}-role-secrets-key",
            role=role.name,
            policy=iam.document_output(
                {
                    "Effect": "Allow",
                    "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
                    "Resource": [secrets_key.arn],
                }
            ),
            opts=self._child(),
        )
        # A dying control plane would make its log group again, unencrypted and in the way of the next cluster.
        own_log_group = aws.iam.RolePolicy(
            f"{name}-role-no-log-group",
            role=role.name,
            policy=iam.document({"Effect": "Deny", "Action": "logs:CreateLogGroup", "Resource": "*"}),
            opts=self._child(),
        )
        return role, (managed, key_use, own_log_group)
