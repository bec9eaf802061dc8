"""The way into a cluster whose API is private."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.eks.launch_templates import METADATA_OPTIONS, root_volume, tag_specifications
from components.placement import Placement

PROXY_PORT = 3128
# The smallest with 1 GiB: installing a package takes more memory than half of that.
_INSTANCE_TYPE = "t4g.micro"

# AWS keeps the parameter at the newest Amazon Linux 2023 image; it is read when an instance starts, never at update.
_IMAGE = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"

_USER_DATA = """\
#cloud-config
packages:
  - squid
write_files:
  - path: /etc/squid/squid.conf
    content: |
      http_port 127.0.0.1:{port}
      acl kubernetes_api dstdomain .eks.amazonaws.com
      acl https port 443
      acl connect method CONNECT
      http_access allow connect https kubernetes_api
      http_access deny all
      cache deny all
      access_log syslog:daemon.info
  - path: /etc/systemd/system/squid.service.d/restart.conf
    content: |
      [Service]
      Restart=on-failure
      RestartSec=5
runcmd:
  - [systemctl, enable, --now, squid]
"""


@dataclass(frozen=True, kw_only=True)
class AccessArgs:
    """Arguments of `Access`.

    - `local_port`: port on the caller's machine where the tunnel ends, one per VPC.
    - `after`: ways out of the subnet, without which the instance cannot reach Systems Manager.
    """

    placement: Placement
    vpc_id: pulumi.Input[str]
    subnet_id: pulumi.Input[str]
    cidr_block: str
    local_port: int
    cluster_security_group_id: pulumi.Input[str]
    volume_key_arn: pulumi.Input[str]
    after: Sequence[pulumi.Resource]


class Access(Component):
    """A small instance in a private subnet through which people reach a private Kubernetes API.

    It takes no connection at all: Systems Manager forwards a local port of the caller to a proxy that listens on the
    instance's loopback address and only lets TLS through to EKS endpoints. No key pair, no ingress rule, no public
    address; who may open the tunnel is decided by IAM. Losing it loses nothing, and any change may replace it.

    `tunnel_command` opens the tunnel; `proxy_url` is what a kubeconfig names while it stands.
    """

    TOKEN = "teranode:eks:Access"

    instance_id: pulumi.Output[str]
    tunnel_command: pulumi.Output[str]
    proxy_url: str

    def __init__(self, name: str, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._placement = args.placement
        group = self._security_group(args.vpc_id, args.cidr_block, args.cluster_security_group_id)
        profile, rights = self._profile()
        template = self._launch_template(group, profile, args.volume_key_arn)
        instance = aws.ec2.Instance(
            f"{name}-instance",
            subnet_id=args.subnet_id,
            launch_template=aws.ec2.InstanceLaunchTemplateArgs(
                id=template.id, version=template.latest_version.apply(str)
            ),
            tags={"Name": f"{args.placement.environment}-access"},
            opts=self._child(depends_on=[*args.after, *rights]),
        )
        self.instance_id = instance.id
        self.tunnel_command = pulumi.Output.format(
            "aws ssm start-session --region {0} --target {1} --document-name AWS-StartPortForwardingSession"
            " --parameters portNumber={2},localPortNumber={3}",
            args.placement.region,
            instance.id,
            PROXY_PORT,
            args.local_port,
        )
        self.proxy_url = f"http://127.0.0.1:{args.local_port}"
        self.register_outputs({"instanceId": self.instance_id, "proxyUrl": self.proxy_url})

    def _security_group(
        self, vpc_id: pulumi.Input[str], cidr_block: str, cluster_security_group_id: pulumi.Input[str]
    ) -> aws.ec2.SecurityGroup:
        name = self._logical_name
        group = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=vpc_id,
            description="Access host: accepts nothing",
            tags={"Name": f"{self._placement.environment}-access"},
            opts=self._child(),
        )
        for role, description, protocol, port, block in (
            ("https", "Systems Manager, package repositories, Kubernetes API", "tcp", 443, "0.0.0.0/0"),
            ("dns-udp", "The VPC's resolver", "udp", 53, cidr_block),
            ("dns-tcp", "The VPC's resolver", "tcp", 53, cidr_block),
        ):
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-egress-{role}",
                security_group_id=group.id,
                description=description,
                ip_protocol=protocol,
                from_port=port,
                to_port=port,
                cidr_ipv4=block,
                opts=self._child(),
            )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-api-from-access",
            security_group_id=cluster_security_group_id,
            description="Access host to the Kubernetes API",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            referenced_security_group_id=group.id,
            opts=self._child(),
        )
        return group

    def _profile(self) -> tuple[aws.iam.InstanceProfile, list[pulumi.Resource]]:
        name = self._logical_name
        role = aws.iam.Role(
            f"{name}-role",
            path=self._placement.iam_path,
            permissions_boundary=self._placement.permissions_boundary,
            description="Access host: Systems Manager sessions only",
            assume_role_policy=iam.service_trust("ec2.amazonaws.com"),
            opts=self._child(),
        )
        session = aws.iam.RolePolicyAttachment(
            f"{name}-role-session",
            role=role.name,
            policy_arn=self._placement.aws_managed_policy("AmazonSSMManagedInstanceCore"),
            opts=self._child(),
        )
        profile = aws.iam.InstanceProfile(
            f"{name}-profile", role=role.name, path=self._placement.iam_path, opts=self._child()
        )
        return profile, [session]

    def _launch_template(
        self, group: aws.ec2.SecurityGroup, profile: aws.iam.InstanceProfile, volume_key_arn: pulumi.Input[str]
    ) -> aws.ec2.LaunchTemplate:
        tags = {**self._placement.tags, "Name": f"{self._placement.environment}-access"}
        return aws.ec2.LaunchTemplate(
            f"{self._logical_name}-template",
            description="Access host",
            image_id=_IMAGE,
            instance_type=_INSTANCE_TYPE,
            update_default_version=True,
            iam_instance_profile=aws.ec2.LaunchTemplateIamInstanceProfileArgs(arn=profile.arn),
            vpc_security_group_ids=[group.id],
            block_device_mappings=[root_volume(8, volume_key_arn)],
            metadata_options=METADATA_OPTIONS,
            user_data=base64.b64encode(_USER_DATA.format(port=PROXY_PORT).encode()).decode(),
            tag_specifications=tag_specifications(tags),
            tags={"Name": "access"},
            opts=self._child(),
        )
