"""The `Network` component."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components import cidr
from components.base import Component
from components.cidr import Tier
from components.network.args import NatMode, NetworkArgs, NetworkRef
from components.network.endpoints import Endpoints, EndpointsArgs
from components.network.flow_logs import FlowLogs, FlowLogsArgs

_LOAD_BALANCER_TAG = {
    Tier.PUBLIC: {"kubernetes.io/role/elb": "1"},
    Tier.PRIVATE: {"kubernetes.io/role/internal-elb": "1"},
    Tier.DATA: {},
}


class Network(Component):
    """A VPC with private, data and public subnets in every zone, and nothing reachable from outside.

    Creates the VPC, its emptied default security group, an internet gateway, per zone three subnets with a route table
    each and a reservation for pod prefixes, NAT gateways as asked, the S3 gateway endpoint, interface endpoints and
    flow logs. Only public subnets route to the internet gateway and none assigns public addresses; data subnets have
    no way out.

    A changed `cidr_block` replaces everything; a changed zone list adds or removes that zone's resources alone.
    VPC, subnets and NAT addresses (which peers put on allow-lists) are protected where the environment says so.
    """

    TOKEN = "teranode:network:Network"

    ref: NetworkRef
    nat_gateway_ids: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self._zones = tuple(sorted(args.zones))

        vpc = aws.ec2.Vpc(
            f"{name}-vpc",
            cidr_block=args.cidr_block,
            enable_dns_support=True,
            enable_dns_hostnames=True,
            tags={"Name": f"{args.placement.environment}-{args.placement.region}"},
            opts=self._child(protect=args.protection.protect),
        )
        self._vpc_id = vpc.id
        aws.ec2.DefaultSecurityGroup(
            f"{name}-default-security-group",
            vpc_id=vpc.id,
            ingress=[],
            egress=[],
            tags={"Name": "default: unused, allows nothing"},
            opts=self._child(),
        )

        subnets = {tier: {zone: self._subnet(tier, zone) for zone in self._zones} for tier in Tier}
        tables = {tier: {zone: self._route_table(tier, zone) for zone in self._zones} for tier in Tier}
        associations = {
            tier: [self._association(tier, zone, subnets[tier][zone], tables[tier][zone]) for zone in self._zones]
            for tier in Tier
        }
        for zone in self._zones:
            self._reserve_pod_prefixes(zone, subnets[Tier.PRIVATE][zone])
        public_routes = self._internet(tables[Tier.PUBLIC])
        gateways = self._nat_gateways(subnets[Tier.PUBLIC], public_routes)
        egress = self._nat_routes(gateways, tables[Tier.PRIVATE])
        self.nat_gateway_ids = {zone: gateway.id for zone, gateway in gateways.items()}

        endpoints = Endpoints(
            f"{name}-endpoints",
            EndpointsArgs(
                placement=args.placement,
                vpc_id=vpc.id,
                cidr_block=args.cidr_block,
                interface_services=args.interface_endpoints,
                subnet_ids=[subnets[Tier.PRIVATE][zone].id for zone in self._zones],
                route_table_ids=[tables[tier][zone].id for tier in Tier for zone in self._zones],
            ),
            opts=self._child(),
        )
        FlowLogs(
            f"{name}-flow-logs",
            FlowLogsArgs(
                placement=args.placement,
                vpc_id=vpc.id,
                retention_days=args.flow_log_retention_days,
                key_arn=args.log_key_arn,
            ),
            opts=self._child(),
        )

        self.ref = NetworkRef(
            vpc_id=vpc.id,
            cidr_block=args.cidr_block,
            private_subnet_ids={zone: subnet.id for zone, subnet in subnets[Tier.PRIVATE].items()},
            data_subnet_ids={zone: subnet.id for zone, subnet in subnets[Tier.DATA].items()},
            public_subnet_ids={zone: subnet.id for zone, subnet in subnets[Tier.PUBLIC].items()},
            peered_route_table_ids={
                f"{tier}-{zone}": tables[tier][zone].id for tier in (Tier.PRIVATE, Tier.DATA) for zone in self._zones
            },
            egress=(*egress, *associations[Tier.PRIVATE], *endpoints.interfaces),
            secrets_endpoint_id=endpoints.secrets_id,
        )
        self.register_outputs({"vpcId": vpc.id})

    def _subnet(self, tier: Tier, zone: str) -> aws.ec2.Subnet:
        tags = {"Name": f"{self._args.placement.environment}-{tier}-{zone}", **_LOAD_BALANCER_TAG[tier]}
        if tier is not Tier.DATA:
            tags[f"kubernetes.io/cluster/{self._args.cluster_name}"] = "shared"
        return aws.ec2.Subnet(
            f"{self._logical_name}-subnet-{tier}-{zone}",
            vpc_id=self._vpc_id,
            availability_zone=zone,
            cidr_block=str(cidr.subnet_network(self._args.cidr_block, zone, tier)),
            map_public_ip_on_launch=False,
            tags=tags,
            opts=self._child(protect=self._args.protection.in_zone(zone).protect),
        )

    def _reserve_pod_prefixes(self, zone: str, subnet: aws.ec2.Subnet) -> None:
        aws.ec2.SubnetCidrReservation(
            f"{self._logical_name}-pod-prefixes-{zone}",
            subnet_id=subnet.id,
            cidr_block=str(cidr.pod_prefix_network(self._args.cidr_block, zone)),
            reservation_type="prefix",
            description="Prefixes for pods (VPC CNI prefix delegation)",
            opts=self._child(),
        )

    def _route_table(self, tier: Tier, zone: str) -> aws.ec2.RouteTable:
        return aws.ec2.RouteTable(
            f"{self._logical_name}-route-table-{tier}-{zone}",
            vpc_id=self._vpc_id,
            tags={"Name": f"{self._args.placement.environment}-{tier}-{zone}"},
            opts=self._child(),
        )

    def _association(
        self, tier: Tier, zone: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable
    ) -> aws.ec2.RouteTableAssociation:
        """Nodes wait for it: until then their subnet has the table of the VPC, which leads nowhere."""
        return aws.ec2.RouteTableAssociation(
            f"{self._logical_name}-route-table-association-{tier}-{zone}",
            route_table_id=table.id,
            subnet_id=subnet.id,
            opts=self._child(),
        )

    def _internet(self, tables: dict[str, aws.ec2.RouteTable]) -> dict[str, aws.ec2.Route]:
        gateway = aws.ec2.InternetGateway(
            f"{self._logical_name}-internet-gateway",
            vpc_id=self._vpc_id,
            tags={"Name": f"{self._args.placement.environment}-{self._args.placement.region}"},
            opts=self._child(),
        )
        return {
            zone: aws.ec2.Route(
                f"{self._logical_name}-route-internet-{zone}",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=gateway.id,
                opts=self._child(),
            )
            for zone, table in tables.items()
        }

    def _nat_gateways(
        self, public_subnets: dict[str, aws.ec2.Subnet], public_routes: dict[str, aws.ec2.Route]
    ) -> dict[str, aws.ec2.NatGateway]:
        if self._args.nat is NatMode.NONE:
            return {}
        gateway_zones = self._zones if self._args.nat is NatMode.PER_ZONE else self._zones[:1]
        gateways: dict[str, aws.ec2.NatGateway] = {}
        for zone in gateway_zones:
            label = {"Name": f"{self._args.placement.environment}-nat-{zone}"}
            address = aws.ec2.Eip(
                f"{self._logical_name}-nat-address-{zone}",
                domain="vpc",
                tags=label,
                opts=self._child(protect=self._args.protection.in_zone(zone).protect),
            )
            gateways[zone] = aws.ec2.NatGateway(
                f"{self._logical_name}-nat-{zone}",
                subnet_id=public_subnets[zone].id,
                allocation_id=address.allocation_id,
                tags=label,
                # A gateway without a way to the internet fails to become available. One that is replaced holds its
                # address until it is gone, so its successor cannot be made beside it.
                opts=self._child(depends_on=[public_routes[zone]], delete_before_replace=True),
            )
        return gateways

    def _nat_routes(
        self, gateways: dict[str, aws.ec2.NatGateway], private_tables: dict[str, aws.ec2.RouteTable]
    ) -> tuple[pulumi.Resource, ...]:
        """The private default routes, which nodes wait for; a zone without a gateway of its own takes the first."""
        if not gateways:
            return ()
        first = gateways[min(gateways)]
        return tuple(
            aws.ec2.Route(
                f"{self._logical_name}-route-nat-{zone}",
                route_table_id=table.id,
                destination_cidr_block="0.0.0.0/0",
                nat_gateway_id=gateways.get(zone, first).id,
                opts=self._child(),
            )
            for zone, table in private_tables.items()
        )
