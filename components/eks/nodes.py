"""What all nodes of a cluster share: their role, their security group, the key of their volumes."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.keys import DataKey, DataKeyArgs, autoscaling_uses
from components.placement import Placement
from components.protection import Protection

_NODE_POLICIES = {
    "worker": "AmazonEKSWorkerNodePolicy",
    "image-pull": "AmazonEC2ContainerRegistryPullOnly",
    "session": "AmazonSSMManagedInstanceCore",
}


@dataclass(frozen=True, kw_only=True)
class NodeFoundationArgs:
    """Arguments of `NodeFoundation`.

    - `cidr_block`: the VPC's, whose resolver answers DNS.
    - `cluster_security_group_id`: the group that EKS made for the control plane.
    """

    placement: Placement
    cluster_name: str
    vpc_id: pulumi.Input[str]
    cidr_block: str
    cluster_security_group_id: pulumi.Input[str]
    protection: Protection


class NodeFoundation(Component):
    """Role, security group and volume key of a cluster's nodes.

    The role may join the cluster, pull images and open Systems Manager sessions; what pods need they get by roles of
    their own. The security group admits the cluster's nodes and control plane, and lets out HTTPS, DNS inside the VPC
    and what stays among nodes: each opening is a rule of its own, so that a later one adds and changes nothing.
    """

    TOKEN = "teranode:eks:NodeFoundation"

    role_arn: pulumi.Output[str]
    security_group_id: pulumi.Output[str]
    volume_key_arn: pulumi.Output[str]
    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: NodeFoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self.volume_key_arn = DataKey(
            f"{name}-volumes-encryption",
            DataKeyArgs(
                placement=args.placement,
                data_class="volumes",
                protection=args.protection,
                uses=autoscaling_uses(args.placement),
            ),
            opts=self._child(),
        ).arn
        role, attachments = self._role(args.placement, args.cluster_name)
        self.role_arn = role.arn
        group = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=args.vpc_id,
            description=f"Nodes of {args.cluster_name}",
            tags={"Name": f"{args.cluster_name}-nodes"},
            opts=self._child(),
        )
        self.security_group_id = group.id
        rules = self._rules(args.cidr_block, args.cluster_security_group_id)
        self.ready = (*attachments, *rules)
        self.register_outputs({"roleArn": self.role_arn, "securityGroupId": self.security_group_id})

    def _role(self, placement: Placement, cluster_name: str) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
        role = aws.iam.Role(
            f"{self._logical_name}-role",
            path=placement.iam_path,
            permissions_boundary=placement.permissions_boundary,
            description=f"Nodes of {cluster_name}",
            assume_role_policy=iam.service_trust("ec2.amazonaws.com"),
            opts=self._child(),
        )
        attachments: list[pulumi.Resource] = [
            aws.iam.RolePolicyAttachment(
                f"{self._logical_name}-role-{purpose}",
                role=role.name,
                policy_arn=placement.aws_managed_policy(policy),
                opts=self._child(),
            )
            for purpose, policy in _NODE_POLICIES.items()
        ]
        return role, attachments

    def _rules(self, cidr_block: str, cluster_group_id: pulumi.Input[str]) -> list[pulumi.Resource]:
        def ingress(
            role: str, description: str, protocol: str, ports: tuple[int, int] | None, source: pulumi.Input[str]
        ) -> pulumi.Resource:
            return aws.vpc.SecurityGroupIngressRule(
                f"{self._logical_name}-ingress-{role}",
                security_group_id=self.security_group_id,
                description=description,
                ip_protocol=protocol,
                from_port=ports[0] if ports else None,
                to_port=ports[1] if ports else None,
                referenced_security_group_id=source,
                opts=self._child(),
            )

        def egress(
            role: str,
            description: str,
            protocol: str,
            port: int | None,
            *,
            group_id: pulumi.Input[str] | None = None,
            cidr: str | None = None,
        ) -> pulumi.Resource:
            return aws.vpc.SecurityGroupEgressRule(
                f"{self._logical_name}-egress-{role}",
                security_group_id=self.security_group_id,
                description=description,
                ip_protocol=protocol,
                from_port=port,
                to_port=port,
                referenced_security_group_id=group_id,
                cidr_ipv4=cidr,
                opts=self._child(),
            )

        return [
            ingress("nodes", "Everything among nodes and their pods", "-1", None, self.security_group_id),
            ingress("kubelet", "Control plane to kubelet", "tcp", (10250, 10250), cluster_group_id),
            # Operators choose their webhooks' ports freely above 1024.
            ingress(
                "webhooks", "Control plane to webhooks and aggregated APIs", "tcp", (1025, 65535), cluster_group_id
            ),
            ingress("webhooks-https", "Control plane to webhooks on 443", "tcp", (443, 443), cluster_group_id),
            egress("nodes", "Everything among nodes and their pods", "-1", None, group_id=self.security_group_id),
            egress("api", "Kubernetes API", "tcp", 443, group_id=cluster_group_id),
            egress("https", "Registries and AWS services", "tcp", 443, cidr="0.0.0.0/0"),
            egress("dns-udp", "The VPC's resolver", "udp", 53, cidr=cidr_block),
            egress("dns-tcp", "The VPC's resolver", "tcp", 53, cidr=cidr_block),
            aws.vpc.SecurityGroupIngressRule(
                f"{self._logical_name}-api-from-nodes",
                security_group_id=cluster_group_id,
                description="Nodes and pods to the Kubernetes API",
                ip_protocol="tcp",
                from_port=443,
                to_port=443,
                referenced_security_group_id=self.security_group_id,
                opts=self._child(),
            ),
        ]
