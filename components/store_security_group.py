"""Who reaches a store outside the cluster: the cluster's nodes, by its ports, and nobody else."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component

Ports = tuple[int, int]
"""First and last of a range of TCP ports."""


@dataclass(frozen=True, kw_only=True)
class StoreSecurityGroupArgs:
    """Arguments of `StoreSecurityGroup`.

    - `store`: what the rules call it, for example `Postgres`.
    - `tag_name`: the group's `Name`.
    - `client_security_group_id`: the only source of connections, the cluster's nodes and their pods.
    - `calls_back`: its servers also open connections to its clients and to each other.
    """

    vpc_id: pulumi.Input[str]
    environment: str
    store: str
    tag_name: str
    client_security_group_id: pulumi.Input[str]
    ports: tuple[Ports, ...]
    calls_back: bool = False


class StoreSecurityGroup(Component):
    """A store's security group, which lets nothing out, and both halves of every way in.

    The nodes' group lets out only what is named, so a way needs a rule at each of its ends. Whoever uses the store
    waits for `openings`, not for the group alone.
    """

    TOKEN = "teranode:store_security_group:StoreSecurityGroup"

    group_id: pulumi.Output[str]
    openings: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: StoreSecurityGroupArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        group = aws.ec2.SecurityGroup(
            f"{name}-security-group",
            vpc_id=args.vpc_id,
            description=f"{args.store} of {args.environment}",
            tags={"Name": args.tag_name},
            opts=self._child(),
        )
        nodes, store = args.client_security_group_id, args.store
        ways: list[tuple[str, pulumi.Input[str], pulumi.Input[str], str]] = [
            ("nodes-to-store", nodes, group.id, f"Nodes and their pods to {store}")
        ]
        if args.calls_back:
            ways.append(("store-to-nodes", group.id, nodes, f"{store} calls back nodes and their pods"))
            ways.append(("store-to-store", group.id, group.id, f"{store}: servers among themselves"))
        self.group_id = group.id
        self.openings = tuple(
            half
            for role, source, target, description in ways
            for ports in args.ports
            for half in self._way(role, source, target, description, ports)
        )
        self.register_outputs({"groupId": group.id})

    def _way(
        self, role: str, source: pulumi.Input[str], target: pulumi.Input[str], description: str, ports: Ports
    ) -> tuple[pulumi.Resource, pulumi.Resource]:
        first, last = ports
        return (
            aws.vpc.SecurityGroupEgressRule(
                f"{self._logical_name}-{role}-egress-{first}",
                security_group_id=source,
                referenced_security_group_id=target,
                description=description,
                ip_protocol="tcp",
                from_port=first,
                to_port=last,
                opts=self._child(),
            ),
            aws.vpc.SecurityGroupIngressRule(
                f"{self._logical_name}-{role}-ingress-{first}",
                security_group_id=target,
                referenced_security_group_id=source,
                description=description,
                ip_protocol="tcp",
                from_port=first,
                to_port=last,
                opts=self._child(),
            ),
        )
