"""The `MiningAddress` component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.bucket_access import BucketRef
from components.miner_addresses.balanced import Balanced
from components.miner_addresses.doors import MINING_DOOR
from components.miner_addresses.pod_rules import PodRules
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedBalancer


@dataclass(frozen=True, kw_only=True)
class MiningAddressArgs:
    """Arguments of `MiningAddress`.

    - `certificate_arn`: in ACM, of the miner's region: partners send the login of RPC.
    - `partners`: ARNs of accounts, roles or users, by the partner's name.
    - `node_security_group_id`: of the nodes, on which the pods run.
    - `controller`: puts pods into target groups.
    - `logs`: bucket for access logs.
    """

    placement: Placement
    network: NetworkRef
    certificate_arn: str
    partners: Mapping[str, tuple[str, ...]]
    node_security_group_id: pulumi.Input[str]
    namespace: NamespaceRef
    controller: tuple[pulumi.Resource, ...]
    logs: BucketRef
    protection: Protection


class MiningAddress(Component):
    """RPC of one miner for partners with hash power, by PrivateLink and by no other way.

    A service that named accounts can find, whose every connection somebody accepts, in front of a load balancer to
    which nothing else leads: its security group has no rule for what comes, and PrivateLink, which the service itself
    judges, is exempt from it. TLS ends at the load balancer, and its access log says who came.

    A partner more adds rights, and one less takes them away; connections that were accepted before stay until they are
    rejected (docs/runbooks/mining.md).
    """

    TOKEN = "teranode:miner_addresses:MiningAddress"

    service_name: pulumi.Output[str]
    watched: WatchedBalancer

    def __init__(self, name: str, args: MiningAddressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
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
        # RPC has one pod, and partners may connect in any zone.
        balancer = self._balanced.load_balancer(
            "mining", self._security_group(), args.logs, args.protection, "mining", private_link=True
        )
        group = self._balanced.target_group(MINING_DOOR, "mining", preserve_client_ip=False)
        self._balanced.listen(MINING_DOOR, balancer, group, "mining", certificate_arn=args.certificate_arn)
        self._balanced.bind(MINING_DOOR, group, f"partners-{MINING_DOOR.key}")
        self.watched = WatchedBalancer(balancer=balancer.arn_suffix, groups={MINING_DOOR.key: group.arn_suffix})
        service = aws.ec2.VpcEndpointService(
            f"{name}-service",
            acceptance_required=True,
            network_load_balancer_arns=[balancer.arn],
            supported_ip_address_types=["ipv4"],
            tags=self._balanced.tags("mining"),
            opts=self._child(),
        )
        self.service_name = service.service_name
        for partner, principals in sorted(args.partners.items()):
            for principal in sorted(principals):
                aws.ec2.VpcEndpointServiceAllowedPrinciple(
                    f"{name}-partner-{partner}-{_words(principal)}",
                    vpc_endpoint_service_id=service.id,
                    principal_arn=principal,
                    opts=self._child(),
                )
        self.register_outputs({"serviceName": self.service_name})

    def _security_group(self) -> pulumi.Output[str]:
        door, nodes = MINING_DOOR, self._args.node_security_group_id
        group = aws.ec2.SecurityGroup(
            f"{self._label}-security-group",
            vpc_id=self._args.network.vpc_id,
            description=f"Mining RPC of {self._args.namespace.name}: for PrivateLink alone, which needs no rule",
            tags=self._balanced.tags("mining"),
            opts=self._child(),
        ).id
        whose = f"the load balancer of {self._args.namespace.name}"
        PodRules(parent=self, balancers=group, nodes=nodes, whose=whose).open(self._label, door)
        return group


def _words(principal: str) -> str:
    """An ARN as part of a name: account and what follows, for example `777788889999-root`."""
    account, _, rest = principal.removeprefix("arn:aws:iam::").partition(":")
    return f"{account}-{rest.replace('/', '-')}"
