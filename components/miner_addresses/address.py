"""The `MinerAddress` component."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.bucket_access import BucketRef
from components.miner_addresses.doors import DOORS, Door
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

_FIXED_IN_A_BINDING = ["spec.targetGroupARN", "spec.targetType", "spec.ipAddressType", "spec.vpcID"]


@dataclass(frozen=True, kw_only=True)
class PrivateZone:
    """The zone that all VPCs of an environment share, and the provider of the region that owns it."""

    zone_id: pulumi.Input[str]
    provider: aws.Provider


@dataclass(frozen=True, kw_only=True)
class MinerAddressArgs:
    """Arguments of `MinerAddress`.

    - `host`: name in the zone, known before anything exists: other miners' settings contain it.
    - `security_group_id`: of the region's load balancers; see `MinerTraffic`.
    - `controller`: puts pods into target groups.
    - `logs`: bucket for access logs.
    """

    placement: Placement
    host: str
    zone: PrivateZone
    network: NetworkRef
    security_group_id: pulumi.Input[str]
    namespace: NamespaceRef
    controller: tuple[pulumi.Resource, ...]
    logs: BucketRef
    protection: Protection


class MinerAddress(Component):
    """A name under which the other miners reach one, with an internal load balancer behind it.

    Everything in AWS is made beside the cluster and waits for none of it; Kubernetes only says which pods belong to a
    target group. The name stays when the miner moves: its record belongs to the region that owns the zone, and is
    changed in place, while the load balancer is replaced. Its names in AWS, of 32 characters, have a prefix that says
    what they are; whose they are says the tag `Name`.

    Clients' addresses are not preserved: with them a pod could not reach a miner that runs on its own node. So a pod
    sees connections from one address for each zone, of which libp2p by default takes eight at a time.
    """

    TOKEN = "teranode:miner_addresses:MinerAddress"

    host: str
    load_balancer_arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    """AWS's own name of the load balancer: it resolves everywhere, to addresses that are reached from within alone."""

    def __init__(self, name: str, args: MinerAddressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        self.host = args.host
        balancer = self._load_balancer()
        self.load_balancer_arn = balancer.arn
        self.dns_name = balancer.dns_name
        for door in DOORS:
            self._bind(door, self._listen(door, balancer))
        aws.route53.Record(
            f"{name}-record",
            zone_id=args.zone.zone_id,
            name=args.host,
            type="A",
            aliases=[
                aws.route53.RecordAliasArgs(
                    name=balancer.dns_name,
                    zone_id=balancer.zone_id,
                    # There is no second answer to give.
                    evaluate_target_health=False,
                )
            ],
            # The name must be free before it can be given again.
            opts=self._child(provider=args.zone.provider, delete_before_replace=True),
        )
        self.register_outputs({"host": self.host})

    def _tags(self, *parts: str) -> dict[str, str]:
        return {"Name": "-".join((self._args.placement.environment, self._args.namespace.name, *parts))}

    def _load_balancer(self) -> aws.lb.LoadBalancer:
        args = self._args
        subnets = args.network.private_subnet_ids
        return aws.lb.LoadBalancer(
            f"{self._label}-load-balancer",
            name_prefix="miner-",
            load_balancer_type="network",
            internal=True,
            ip_address_type="ipv4",
            subnets=[subnets[zone] for zone in sorted(subnets)],
            security_groups=[args.security_group_id],
            # A service may have one pod only: without it, the addresses of all other zones would lead nowhere.
            enable_cross_zone_load_balancing=True,
            enable_deletion_protection=args.protection.deletion_protection,
            # Written for TLS only, which Teranode does not speak: until then the VPC's flow log knows who came.
            access_logs=aws.lb.LoadBalancerAccessLogsArgs(bucket=args.logs.name, prefix=LOG_PREFIX, enabled=True),
            tags=self._tags(),
            opts=self._child(depends_on=args.logs.ready),
        )

    def _listen(self, door: Door, balancer: aws.lb.LoadBalancer) -> aws.lb.TargetGroup:
        group = aws.lb.TargetGroup(
            f"{self._label}-target-group-{door.key}",
            name_prefix=f"{door.key}-",
            vpc_id=self._args.network.vpc_id,
            target_type="ip",
            ip_address_type="ipv4",
            protocol="TCP",
            port=door.port,
            preserve_client_ip="false",
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
            tags=self._tags(door.key),
            opts=self._child(),
        )
        aws.lb.Listener(
            f"{self._label}-listener-{door.key}",
            load_balancer_arn=balancer.arn,
            port=door.port,
            protocol="TCP",
            default_actions=[aws.lb.ListenerDefaultActionArgs(type="forward", target_group_arn=group.arn)],
            tags=self._tags(door.key),
            # A target group belongs to one load balancer at a time.
            opts=self._child(delete_before_replace=True),
        )
        return group

    def _bind(self, door: Door, group: aws.lb.TargetGroup) -> None:
        """Keep the pods in the target group by a Service of our own: the operator's come, go and change as it likes."""
        namespace, name = self._args.namespace, f"miners-{door.key}"
        service = kubernetes.core.v1.Service(
            f"{self._label}-service-{door.key}",
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
            f"{self._label}-binding-{door.key}",
            api_version="elbv2.k8s.aws/v1beta1",
            kind="TargetGroupBinding",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace.name),
            spec={
                "serviceRef": {"name": name, "port": door.port},
                "targetGroupARN": group.arn,
                "targetType": "ip",
                "ipAddressType": "ipv4",
                "vpcID": self._args.network.vpc_id,
            },
            opts=self._child(
                provider=namespace.provider,
                depends_on=[service, *namespace.ready, *self._args.controller],
                delete_before_replace=True,
                replace_on_changes=_FIXED_IN_A_BINDING,
            ),
        )
