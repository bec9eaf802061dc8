"""Ways to AWS services that do not leave the VPC."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.base import Component
from components.placement import Placement

_SECRETS = "secretsmanager"


def _own_account_policy(placement: Placement) -> str:
    """Any call of this account's own principals: which calls those may make is decided by their roles."""
    return iam.document(_own_account(placement))


def _own_account(placement: Placement) -> iam.Statement:
    return {
        "Sid": "OwnPrincipals",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": placement.account}},
    }


def _s3_policy(placement: Placement) -> str:
    """Own principals do what their roles let them; others' objects can be read, and nothing be written there.

    All traffic to S3 of the region takes the gateway, and much of the internet is S3: layers of ECR, packages of Amazon
    Linux, layers of registry.k8s.io (it sends callers in AWS to a bucket of their region), UTXO snapshots behind
    presigned addresses. Whether an object is for everybody is for its bucket to say.
    """
    read: iam.Statement = {
        "Sid": "Downloads",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:{placement.partition}:s3:::*/*",
    }
    return iam.document(_own_account(placement), read)


@dataclass(frozen=True, kw_only=True)
class EndpointsArgs:
    """Arguments of `Endpoints`.

    - `interface_services`: short names such as `ecr.api`; each gets an endpoint in all `subnet_ids`.
    - `route_table_ids`: tables that reach S3 through the gateway endpoint.
    """

    placement: Placement
    vpc_id: pulumi.Input[str]
    cidr_block: str
    interface_services: tuple[str, ...]
    subnet_ids: Sequence[pulumi.Input[str]]
    route_table_ids: Sequence[pulumi.Input[str]]


class Endpoints(Component):
    """The S3 gateway endpoint and the interface endpoints of a VPC.

    Interface endpoints share one security group that admits HTTPS from the VPC only. Every endpoint policy limits
    callers to the account; reading objects that others publish stays allowed, or nodes could not pull images.
    Adding a service adds one endpoint; its subnets and policy change in place.
    """

    TOKEN = "teranode:network:Endpoints"

    interfaces: tuple[aws.ec2.VpcEndpoint, ...]
    secrets_id: pulumi.Output[str] | None

    def __init__(self, name: str, args: EndpointsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        aws.ec2.VpcEndpoint(
            f"{name}-s3",
            vpc_id=args.vpc_id,
            service_name=f"com.amazonaws.{args.placement.region}.s3",
            vpc_endpoint_type="Gateway",
            route_table_ids=args.route_table_ids,
            policy=_s3_policy(args.placement),
            tags={"Name": "s3"},
            opts=self._child(),
        )
        self.interfaces, self.secrets_id = (), None
        if args.interface_services:
            group = self._security_group(name, args.vpc_id, args.cidr_block)
            self.interfaces = tuple(
                aws.ec2.VpcEndpoint(
                    f"{name}-{service.replace('.', '-')}",
                    vpc_id=args.vpc_id,
                    service_name=f"com.amazonaws.{args.placement.region}.{service}",
                    vpc_endpoint_type="Interface",
                    private_dns_enabled=True,
                    subnet_ids=args.subnet_ids,
                    security_group_ids=[group.id],
                    policy=_own_account_policy(args.placement),
                    tags={"Name": service},
                    opts=self._child(),
                )
                for service in sorted(args.interface_services)
            )
            by_service = dict(zip(sorted(args.interface_services), self.interfaces, strict=True))
            self.secrets_id = by_service[_SECRETS].id if _SECRETS in by_service else None
        self.register_outputs({})

    def _security_group(self, name: str, vpc_id: pulumi.Input[str], cidr_block: str) -> aws.ec2.SecurityGroup:
        group = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=vpc_id,
            description="Interface endpoints",
            tags={"Name": "interface-endpoints"},
            opts=self._child(),
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{name}-ingress-https",
            security_group_id=group.id,
            description="HTTPS from the VPC",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            cidr_ipv4=cidr_block,
            opts=self._child(),
        )
        return group
