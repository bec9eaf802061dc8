"""What every load balancer of a miner has in common."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.bucket_access import BucketRef
from components.miner_addresses.doors import Door
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection
from components.teranode.services import APP_LABEL

LOG_PREFIX = "load-balancers"
"""Folder of the logs bucket into which load balancers may deliver."""

# Seen by libp2p as connections of the load balancer, of which it takes one in five seconds for long
# (libp2p/go-libp2p, p2p/host/resource-manager). Where all targets are ill, traffic goes to all: nothing is gained by
# looking more often at the only one.
_HEALTH_INTERVAL_SECONDS = 30
_DRAIN_SECONDS = 30
"""What Kubernetes gives a pod to end."""

_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
"""TLS 1.3 and 1.2 with forward secrecy."""

_EXPOSURE = {"exposure": "public"}
"""On load balancers that are public on purpose (control NET-13)."""

_FIXED_IN_A_BINDING = ["spec.targetGroupARN", "spec.targetType", "spec.ipAddressType", "spec.vpcID"]


@dataclass(frozen=True, kw_only=True)
class Balanced:
    """Pods of a miner behind a network load balancer: listeners, target groups, and what binds the pods to them.

    Not a component: what it registers are children of `parent`, named after `label`. Names in AWS, of 32 characters,
    have a prefix that says what they are; whose they are says the tag `Name`.
    """

    label: str
    parent: pulumi.Resource
    placement: Placement
    network: NetworkRef
    namespace: NamespaceRef
    controller: Sequence[pulumi.Resource]

    def tags(self, *parts: str) -> dict[str, str]:
        """Whose it is, and what for."""
        return {"Name": "-".join((self.placement.environment, self.namespace.name, *parts))}

    def load_balancer(
        self,
        prefix: str,
        security_group_id: pulumi.Input[str],
        logs: BucketRef,
        protection: Protection,
        *tags: str,
        addresses: Mapping[str, aws.ec2.Eip] | None = None,
        private_link: bool = False,
    ) -> aws.lb.LoadBalancer:
        """A network load balancer; its name in AWS begins with `prefix`, of six characters.

        With `addresses`, by zone, it is public at these and nowhere else; else it is internal, in all zones. With
        `private_link` an endpoint service may lead to it past its security group.
        """
        subnets = self.network.public_subnet_ids if addresses else self.network.private_subnet_ids
        zones = sorted(addresses or subnets)
        return aws.lb.LoadBalancer(
            f"{self.label}-load-balancer",
            name_prefix=prefix,
            load_balancer_type="network",
            internal=addresses is None,
            ip_address_type="ipv4",
            subnets=None if addresses else [subnets[zone] for zone in zones],
            subnet_mappings=[
                aws.lb.LoadBalancerSubnetMappingArgs(
                    subnet_id=subnets[zone], allocation_id=addresses[zone].allocation_id
                )
                for zone in zones
            ]
            if addresses
            else None,
            security_groups=[security_group_id],
            enforce_security_group_inbound_rules_on_private_link_traffic="off" if private_link else None,
            # A service may have one pod only: without it, the addresses of all other zones would lead nowhere.
            enable_cross_zone_load_balancing=True,
            # Another balancer takes its place when a zone leaves: AWS takes no subnet away from one.
            enable_deletion_protection=protection.across(zones).deletion_protection,
            # Written for TLS only: who came over plain TCP, the VPC's flow log knows.
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(bucket=logs.name, prefix=LOG_PREFIX, enabled=True),
            tags=self.tags(*tags) | (_EXPOSURE if addresses else {}),
            # An address must be free before the successor takes it.
            opts=self._child(depends_on=logs.ready, delete_before_replace=True if addresses else None),
        )

    def target_group(
        self, door: Door, *tags: str, preserve_client_ip: bool, proxy_protocol: bool = False
    ) -> aws.lb.TargetGroup:
        """The pods of one port. Clients' addresses are shown to them or not, but never left to AWS's default; with
        `proxy_protocol` they are told, ahead of what the client says, and packets come from the load balancer.
        """
        return aws.lb.TargetGroup(
            f"{self.label}-target-group-{door.key}",
            name_prefix=f"{door.key}-"[:6],
            vpc_id=self.network.vpc_id,
            target_type="ip",
            ip_address_type="ipv4",
            protocol="TCP",
            port=door.port,
            preserve_client_ip="true" if preserve_client_ip else "false",
            proxy_protocol_v2=True if proxy_protocol else None,
            # A pod that is gone answers nobody: its connections are cut, so that peers dial again at once.
            connection_termination=True,
            deregistration_delay=_DRAIN_SECONDS,
            # At the port itself: the pods' own health page says that all is well whatever is (and while a node is
            # idle, its peers are not answered).
            health_check=aws.lb.TargetGroupHealthCheckArgs(
                protocol="TCP",
                port="traffic-port",
                interval=_HEALTH_INTERVAL_SECONDS,
                healthy_threshold=2,
                unhealthy_threshold=2,
            ),
            tags=self.tags(*tags, door.key),
            opts=self._child(),
        )

    def listen(
        self,
        door: Door,
        balancer: aws.lb.LoadBalancer,
        group: aws.lb.TargetGroup,
        *tags: str,
        certificate_arn: str | None = None,
    ) -> None:
        """Let the load balancer answer at the door's port: as TLS with a certificate, else as it comes."""
        tls = certificate_arn is not None
        aws.lb.Listener(
            f"{self.label}-listener-{door.key}",
            load_balancer_arn=balancer.arn,
            port=door.listens_at,
            protocol="TLS" if tls else "TCP",
            certificate_arn=certificate_arn,
            ssl_policy=_TLS_POLICY if tls else None,
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)],
            tags=self.tags(*tags, door.key),
            # A target group belongs to one load balancer at a time.
            opts=self._child(delete_before_replace=True),
        )

    def bind(self, door: Door, group: aws.lb.TargetGroup, name: str) -> None:
        """Keep the pods in the target group by a Service of our own: the operator's come, go and change as it likes."""
        namespace = self.namespace
        service = kubernetes.core.v1.Service(
            f"{self.label}-service-{door.key}",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=name,
                namespace=namespace.name,
                # Its pods come with the node, which does not wait for its address, nor the address for it.
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                type="ClusterIP",
                selector={APP_LABEL: door.app},
                ports=[
                    kubernetes.core.v1.ServicePortArgs(
                        name=door.key, port=door.port, target_port=door.port, protocol="TCP"
                    )
                ],
            ),
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready, delete_before_replace=True),
        )
        kubernetes.apiextensions.CustomResource(
            f"{self.label}-binding-{door.key}",
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace.name),
            spec={
                "serviceRef": {"name": name, "port": door.port},
                "targetGroupARN": group.arn,
                "targetType": "ip",
                "ipAddressType": "ipv4",
                "vpcID": self.network.vpc_id,
            },
            opts=self._child(
                provider=namespace.provider,
                depends_on=[service, *namespace.ready, *self.controller],
                delete_before_replace=True,
                replace_on_changes=_FIXED_IN_A_BINDING,
            ),
        )

    def _child(
        self,
        *,
        provider: pulumi.ProviderResource | None = None,
        depends_on: Sequence[pulumi.Resource] | None = None,
        delete_before_replace: bool | None = None,
        replace_on_changes: list[str] | None = None,
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self.parent,
            provider=provider,
            depends_on=depends_on,
            delete_before_replace=delete_before_replace,
            replace_on_changes=replace_on_changes,
        )
