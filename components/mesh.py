"""What joins the regions of an environment: peerings, routes and one private zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import pulumi
import pulumi_aws as aws

from components import naming
from components.base import Component
from components.network import NetworkRef
from components.protection import Protection


@dataclass(frozen=True, kw_only=True)
class MeshMember:
    """One region of the mesh: its network, and the provider that acts there."""

    network: NetworkRef
    provider: aws.Provider


@dataclass(frozen=True, kw_only=True)
class MeshArgs:
    """Arguments of `Mesh`.

    - `home`: the region that owns what is global; its VPC anchors the private zone. Fixed for the life of an
      environment.
    - `members`: by region name, `home` among them.
    """

    environment: str
    home: str
    members: Mapping[str, MeshMember]
    protection: Protection

    def __post_init__(self) -> None:
        if self.home not in self.members:
            raise ValueError(f"home {self.home!r} is not a member: {', '.join(sorted(self.members))}")


class Mesh(Component):
    """Peering between every two regions, with a route per table and peer, and a private zone that all VPCs share.

    Every object belongs to one pair of regions or to one VPC, and its name is made of their names in sorted order.
    So a new region creates its own objects and changes none. The zone is created with the home VPC and learns of the
    others by separate associations; its own list is therefore ignored. The zone is protected where data is.
    """

    TOKEN = "teranode:mesh:Mesh"

    zone_id: pulumi.Output[str]
    zone_name: str

    def __init__(self, name: str, args: MeshArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._members = args.members
        for first, second in combinations(sorted(args.members), 2):
            self._peer(first, second)
        self.zone_name = naming.private_zone(args.environment)
        self.zone_id = self._private_zone(args).zone_id
        self.register_outputs({"zoneId": self.zone_id, "zoneName": self.zone_name})

    def _peer(self, first: str, second: str) -> None:
        requester, accepter = self._members[first], self._members[second]
        pair = f"{first}-{second}"
        peering = aws.ec2.VpcPeeringConnection(
            f"{self._logical_name}-peering-{pair}",
            vpc_id=requester.network.vpc_id,
            peer_vpc_id=accepter.network.vpc_id,
            peer_region=second,
            tags={"Name": pair},
            opts=self._child(provider=requester.provider),
        )
        accepted = aws.ec2.VpcPeeringConnectionAccepter(
            f"{self._logical_name}-peering-accepter-{pair}",
            vpc_peering_connection_id=peering.id,
            auto_accept=True,
            tags={"Name": pair},
            opts=self._child(provider=accepter.provider),
        )
        # Options of a peering can be set once it is active, each side in its own region.
        aws.ec2.PeeringConnectionOptions(
            f"{self._logical_name}-peering-options-requester-{pair}",
            vpc_peering_connection_id=accepted.vpc_peering_connection_id,
            requester=aws.ec2.PeeringConnectionOptionsRequesterArgs(allow_remote_vpc_dns_resolution=True),
            opts=self._child(provider=requester.provider),
        )
        aws.ec2.PeeringConnectionOptions(
            f"{self._logical_name}-peering-options-accepter-{pair}",
            vpc_peering_connection_id=accepted.vpc_peering_connection_id,
            accepter=aws.ec2.PeeringConnectionOptionsAccepterArgs(allow_remote_vpc_dns_resolution=True),
            opts=self._child(provider=accepter.provider),
        )
        self._routes(first, second, accepted.vpc_peering_connection_id)
        self._routes(second, first, accepted.vpc_peering_connection_id)

    def _routes(self, source: str, target: str, peering_id: pulumi.Output[str]) -> None:
        member = self._members[source]
        for key, table_id in member.network.peered_route_table_ids.items():
            aws.ec2.Route(
                f"{self._logical_name}-route-{key}-to-{target}",
                route_table_id=table_id,
                destination_cidr_block=self._members[target].network.cidr_block,
                vpc_peering_connection_id=peering_id,
                opts=self._child(provider=member.provider),
            )

    def _private_zone(self, args: MeshArgs) -> aws.route53.Zone:
        home = args.members[args.home]
        zone = aws.route53.Zone(
            f"{self._logical_name}-zone",
            name=self.zone_name,
            force_destroy=False,
            comment=f"Private names of {args.environment}, for all its regions",
            vpcs=[aws.route53.ZoneVpcArgs(vpc_id=home.network.vpc_id, vpc_region=args.home)],
            # Associations of other VPCs appear in this list too, and would be removed by the next update.
            opts=self._child(provider=home.provider, protect=args.protection.protect, ignore_changes=["vpcs"]),
        )
        for region in sorted(args.members):
            if region != args.home:
                aws.route53.ZoneAssociation(
                    f"{self._logical_name}-zone-association-{region}",
                    zone_id=zone.zone_id,
                    vpc_id=args.members[region].network.vpc_id,
                    vpc_region=region,
                    opts=self._child(provider=home.provider),
                )
        return zone
