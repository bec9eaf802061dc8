"""The `PublicAssets` component."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.miner_addresses.balanced import Balanced
from components.miner_addresses.doors import ASSETS_DOOR
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.placement import Placement
from components.watched import WatchedBalancer


@dataclass(frozen=True, kw_only=True)
class PublicAssetsArgs:
    """Arguments of `PublicAssets`.

    - `balancer`: the miner's public one, which gets one more listener.
    - `certificate_arn`: in ACM, of the name by which the miner is known.
    - `namespace`: of the proxy.
    - `controller`: puts pods into target groups.
    """

    placement: Placement
    network: NetworkRef
    balancer: aws.lb.LoadBalancer
    certificate_arn: str
    namespace: NamespaceRef
    controller: tuple[pulumi.Resource, ...]


class PublicAssets(Component):
    """The way in to a miner's proxy: TLS at the miner's own public addresses, which stay what they are.

    The proxy is told who its clients are by PROXY protocol. With preserved addresses it would have to admit packets of
    the whole internet; like this nothing reaches it but its VPC's load balancers.
    """

    TOKEN = "teranode:miner_addresses:PublicAssets"

    watched: WatchedBalancer

    def __init__(self, name: str, args: PublicAssetsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        balanced = Balanced(
            label=name,
            parent=self,
            placement=args.placement,
            network=args.network,
            namespace=args.namespace,
            controller=args.controller,
        )
        group = balanced.target_group(ASSETS_DOOR, "public", preserve_client_ip=False, proxy_protocol=True)
        balanced.listen(ASSETS_DOOR, args.balancer, group, "public", certificate_arn=args.certificate_arn)
        balanced.bind(ASSETS_DOOR, group, f"public-{ASSETS_DOOR.key}")
        self.watched = WatchedBalancer(balancer=args.balancer.arn_suffix, groups={ASSETS_DOOR.key: group.arn_suffix})
        self.register_outputs({})
