"""The `MinerAddress` component."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.bucket_access import BucketRef
from components.miner_addresses.balanced import Balanced
from components.miner_addresses.doors import DOORS
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedBalancer


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
    changed in place, while the load balancer is replaced.

    Clients' addresses are not preserved: with them a pod could not reach a miner that runs on its own node. So a pod
    sees connections from one address for each zone, of which libp2p by default takes eight at a time.
    """

    TOKEN = "teranode:miner_addresses:MinerAddress"

    host: str
    watched: WatchedBalancer
    load_balancer_arn: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    """AWS's own name of the load balancer: it resolves everywhere, to addresses that are reached from within alone."""

    def __init__(self, name: str, args: MinerAddressArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._balanced = Balanced(
            label=name,
            parent=self,
            placement=args.placement,
            network=args.network,
            namespace=args.namespace,
            controller=args.controller,
        )
        self.host = args.host
        balancer = self._balanced.load_balancer("miner-", args.security_group_id, args.logs, args.protection)
        self.load_balancer_arn = balancer.arn
        self.dns_name = balancer.dns_name
        groups: dict[str, pulumi.Output[str]] = {}
        for door in DOORS:
            group = self._balanced.target_group(door, preserve_client_ip=False)
            self._balanced.listen(door, balancer, group)
            self._balanced.bind(door, group, f"miners-{door.key}")
            groups[door.key] = group.arn_suffix
        self.watched = WatchedBalancer(balancer=balancer.arn_suffix, groups=groups)
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
