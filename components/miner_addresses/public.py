"""The `PublicAddress` and `ChainTraffic` components."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.bucket_access import BucketRef
from components.miner_addresses.balanced import Balanced
from components.miner_addresses.doors import Door
from components.miner_addresses.pod_rules import PodRules
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.network_policies import ANYWHERE
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedBalancer


@dataclass(frozen=True, kw_only=True)
class ChainTrafficArgs:
    """Arguments of `ChainTraffic`.

    - `node_security_group_id`: of the nodes, whose pods send and receive.
    - `outgoing`: ports at which the chain's nodes answer.
    - `doors`: at which they may call; none where the miners have no public addresses.
    """

    placement: Placement
    network: NetworkRef
    node_security_group_id: pulumi.Input[str]
    outgoing: tuple[int, ...]
    doors: tuple[Door, ...]


class ChainTraffic(Component):
    """What passes between a region and the nodes of a public chain, of whom nobody knows where they are.

    Out, the nodes' group lets ports, and network policies choose the pods. In, the world comes to the group of the
    public load balancers alone; the nodes admit that group, which holds for what it sends on under its clients' own
    addresses too.
    """

    TOKEN = "teranode:miner_addresses:ChainTraffic"

    security_group_id: pulumi.Output[str] | None

    def __init__(self, name: str, args: ChainTrafficArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._nodes = name, args.node_security_group_id
        for port in args.outgoing:
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-to-{port}",
                security_group_id=self._nodes,
                description=f"Nodes of the chain at {port}",
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                cidr_ipv4=ANYWHERE,
                opts=self._child(),
            )
        self.security_group_id = None
        if args.doors:
            self.security_group_id = aws.ec2.SecurityGroup(
                f"{name}-security-group",
                vpc_id=args.network.vpc_id,
                description="Public load balancers of miners, for nodes of the chain",
                tags={"Name": f"{args.placement.environment}-chain"},
                opts=self._child(),
            ).id
            for door in args.doors:
                self._admit(door, self.security_group_id)
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _admit(self, door: Door, group: pulumi.Output[str]) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._label}-{door.key}-from-anywhere",
            security_group_id=group,
            description=f"{door.purpose}: from nodes of the chain",
            ip_protocol="tcp",
            from_port=door.listens_at,
            to_port=door.listens_at,
            cidr_ipv4=ANYWHERE,
            opts=self._child(),
        )
        rules = PodRules(parent=self, balancers=group, nodes=self._nodes, whose="public load balancers")
        rules.open(f"{self._label}-{door.key}", door)


@dataclass(frozen=True, kw_only=True)
class PublicAddressArgs:
    """Arguments of `PublicAddress`.

    - `doors`: what is public.
    - `security_group_id`: of the region's public load balancers; see `ChainTraffic`.
    - `controller`: puts pods into target groups.
    - `logs`: bucket for access logs.
    """

    placement: Placement
    network: NetworkRef
    doors: tuple[Door, ...]
    security_group_id: pulumi.Input[str]
    namespace: NamespaceRef
    controller: tuple[pulumi.Resource, ...]
    logs: BucketRef
    protection: Protection


class PublicAddress(Component):
    """A miner's addresses on the internet: one for each zone, at a load balancer of its own.

    Peers put the addresses on lists, so they are allocated here, stay when the load balancer is replaced, and are
    protected where data is. They are known before the load balancer is there: settings announce them without waiting
    for it.

    Clients' addresses are preserved. With the load balancer's own, which are private, Teranode would take every peer
    for one of a private network and refuse it (bsv-blockchain/go-p2p-message-bus: client.go), and the bridge would ban
    one peer and mean all.
    """

    TOKEN = "teranode:miner_addresses:PublicAddress"

    addresses: tuple[pulumi.Output[str], ...]
    """IPv4, by the order of the zones."""
    balancer: aws.lb.LoadBalancer
    watched: WatchedBalancer

    def __init__(self, name: str, args: PublicAddressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        self._balanced = Balanced(
            label=name,
            parent=self,
            placement=args.placement,
            network=args.network,
            namespace=args.namespace,
            controller=args.controller,
        )
        allocated = {zone: self._allocated(zone) for zone in sorted(args.network.public_subnet_ids)}
        self.addresses = tuple(address.public_ip for address in allocated.values())
        self.balancer = balancer = self._balanced.load_balancer(
            "chain-", args.security_group_id, args.logs, args.protection, "public", addresses=allocated
        )
        groups: dict[str, pulumi.Output[str]] = {}
        for door in args.doors:
            group = self._balanced.target_group(door, "public", preserve_client_ip=True)
            self._balanced.listen(door, balancer, group, "public")
            self._balanced.bind(door, group, f"public-{door.key}")
            groups[door.key] = group.arn_suffix
        self.watched = WatchedBalancer(balancer=balancer.arn_suffix, groups=groups)
        self.register_outputs({"addresses": list(self.addresses)})

    def _allocated(self, zone: str) -> aws.ec2.Eip:
        return aws.ec2.Eip(
            f"{self._label}-address-{zone}",
            domain="vpc",
            tags=self._balanced.tags("public", zone),
            opts=self._child(protect=self._args.protection.in_zone(zone).protect),
        )
