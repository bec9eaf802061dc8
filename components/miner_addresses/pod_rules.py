"""The way from load balancers to pods, as rules of security groups."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.miner_addresses.doors import Door


@dataclass(frozen=True, kw_only=True)
class PodRules:
    """Both halves of the way from load balancers to pods, whose addresses belong to the nodes' interfaces.

    Not a component: its rules are children of `parent`. `balancers` and `nodes` are ids of security groups, `whose`
    completes "from …" for whoever reads the rules.
    """

    parent: pulumi.Resource
    balancers: pulumi.Input[str]
    nodes: pulumi.Input[str]
    whose: str

    def open(self, label: str, door: Door) -> None:
        """Let the port of a door through; the rules are named after `label`."""
        aws.vpc.SecurityGroupEgressRule(
            f"{label}-to-nodes",
            security_group_id=self.balancers,
            description=f"{door.purpose}: to the pods, health checks too",
            ip_protocol="tcp",
            from_port=door.port,
            to_port=door.port,
            referenced_security_group_id=self.nodes,
            opts=self._child(),
        )
        aws.vpc.SecurityGroupIngressRule(
            f"{label}-at-nodes",
            security_group_id=self.nodes,
            description=f"{door.purpose}: from {self.whose}",
            ip_protocol="tcp",
            from_port=door.port,
            to_port=door.port,
            referenced_security_group_id=self.balancers,
            opts=self._child(),
        )

    def _child(self) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self.parent)
