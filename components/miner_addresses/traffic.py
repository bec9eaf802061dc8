"""The `MinerTraffic` component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.miner_addresses.doors import DOORS, Door
from components.miner_addresses.pod_rules import PodRules
from components.network import NetworkRef
from components.placement import Placement


@dataclass(frozen=True, kw_only=True)
class MinerTrafficArgs:
    """Arguments of `MinerTraffic`.

    - `node_security_group_id`: of the nodes, whose pods send and receive.
    - `regions`: blocks of the VPCs in which miners may be, by region; this one among them.
    """

    placement: Placement
    network: NetworkRef
    node_security_group_id: pulumi.Input[str]
    regions: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.placement.region not in self.regions:
            raise ValueError(f"{self.placement.region} is not among the regions {', '.join(sorted(self.regions))}")


class MinerTraffic(Component):
    """The security group of a region's load balancers, and every rule by which miners reach each other.

    Security groups of one region mean nothing in another, so that peers are named by the block of their VPC: one rule
    for each region and port, at the load balancers for what comes and at the nodes for what leaves. A region more adds
    rules and changes none; a miner more changes nothing here. All load balancers of a region share the group: with one
    each, the nodes' own group would run out of rules (60 in each direction by default, which is 30 regions here).
    """

    TOKEN = "teranode:miner_addresses:MinerTraffic"

    security_group_id: pulumi.Output[str]

    def __init__(self, name: str, args: MinerTrafficArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._nodes = name, args.node_security_group_id
        self.security_group_id = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=args.network.vpc_id,
            description="Load balancers of miners, for other miners",
            tags={"Name": f"{args.placement.environment}-miners"},
            opts=self._child(),
        ).id
        rules = PodRules(
            parent=self, balancers=self.security_group_id, nodes=self._nodes, whose="load balancers of miners"
        )
        for door in DOORS:
            rules.open(f"{name}-{door.key}", door)
            for region, cidr in sorted(args.regions.items()):
                self._between(door, region, cidr)
        self.register_outputs({"securityGroupId": self.security_group_id})

    def _between(self, door: Door, region: str, cidr: str) -> None:
        aws.vpc.SecurityGroupIngressRule(
            f"{self._label}-{door.key}-from-{region}",
            security_group_id=self.security_group_id,
            description=f"{door.purpose}: from miners in {region}",
            ip_protocol="tcp",
            from_port=door.port,
            to_port=door.port,
            cidr_ipv4=cidr,
            opts=self._child(),
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._label}-{door.key}-to-{region}",
            security_group_id=self._nodes,
            description=f"{door.purpose}: to miners in {region}",
            ip_protocol="tcp",
            from_port=door.port,
            to_port=door.port,
            cidr_ipv4=cidr,
            opts=self._child(),
        )
