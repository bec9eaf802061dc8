"""Rule → a call that breaks it, and one that passes: networks, security groups, peerings, and private zones."""

from typing import Any

from simulator.rules import tokens as t
from tests.plugins.things import SUBNET_A, SUBNET_A2, SUBNET_B
from tests.plugins.world_builder import VIRGINIA, Ask, create, delete, thing

VPC = thing(t.VPC, "vpc-1", {"cidrBlock": "10.0.0.0/16"})
FAR_VPC = thing(t.VPC, "vpc-2", {"cidrBlock": "10.0.0.0/16"}, place=VIRGINIA)
OTHER_VPC = thing(t.VPC, "vpc-3", {"cidrBlock": "10.3.0.0/16"})
GATEWAY = thing(t.INTERNET_GATEWAY, "igw-1", {"vpcId": "vpc-1"})
NAT = thing(t.NAT_GATEWAY, "nat-1", {"subnetId": "subnet-a", "allocationId": "eipalloc-1"})
TABLE = thing(t.ROUTE_TABLE, "rtb-1", {"vpcId": "vpc-1"})
TABLE_OF_3 = thing(t.ROUTE_TABLE, "rtb-3", {"vpcId": "vpc-3"})
S3 = "com.amazonaws.eu-west-1.s3"
PEERING = thing(t.PEERING, "pcx-1", {"vpcId": "vpc-1", "peerVpcId": "vpc-2", "peerRegion": "us-east-1"})
PRIVATE_ZONE = thing(t.ZONE, "Z1", {"name": "testing.internal", "vpcs": [{"vpcId": "vpc-1"}]})
WEB: dict[str, Any] = {
    "securityGroupId": "sg-1",
    "ipProtocol": "tcp",
    "fromPort": 443,
    "toPort": 443,
    "cidrIpv4": "10.0.0.0/8",
}

CASES: dict[str, tuple[Ask, Ask]] = {
    "vpc-cidr-size": (create(t.VPC, cidrBlock="10.0.0.0/15"), create(t.VPC, cidrBlock="10.0.0.0/16")),
    "vpc-quota": (
        create(t.VPC, *(thing(t.VPC, f"vpc-{i}") for i in range(5))),
        create(t.VPC, *(thing(t.VPC, f"vpc-{i}") for i in range(5)), quotas={"vpc-quota": 6}),
    ),
    "subnet-cidr-size": (create(t.SUBNET, cidrBlock="10.0.0.0/29"), create(t.SUBNET, cidrBlock="10.0.0.0/28")),
    "subnet-inside-vpc": (
        create(t.SUBNET, VPC, vpcId="vpc-1", cidrBlock="10.1.0.0/24"),
        create(t.SUBNET, VPC, vpcId="vpc-1", cidrBlock="10.0.255.0/24"),
    ),
    "subnet-overlap": (
        create(t.SUBNET, SUBNET_A, vpcId="vpc-1", cidrBlock="10.0.0.128/25"),
        create(t.SUBNET, SUBNET_A, vpcId="vpc-1", cidrBlock="10.0.1.0/24"),
    ),
    "subnet-zone": (
        create(t.SUBNET, availabilityZone="us-east-1a"),
        create(t.SUBNET, availabilityZone="eu-west-1a"),
    ),
    "one-internet-gateway": (
        create(t.INTERNET_GATEWAY, GATEWAY, vpcId="vpc-1"),
        create(t.INTERNET_GATEWAY, GATEWAY, vpcId="vpc-3"),
    ),
    "internet-gateway-addresses": (delete(GATEWAY, NAT, SUBNET_A), delete(GATEWAY, SUBNET_A)),
    "address-quota": (
        create(t.EIP, *(thing(t.EIP, f"eip-{i}") for i in range(5))),
        create(t.EIP, *(thing(t.EIP, f"eip-{i}", place=VIRGINIA) for i in range(5))),
    ),
    "nat-gateway-attached-vpc": (
        create(t.NAT_GATEWAY, SUBNET_A, subnetId="subnet-a"),
        create(t.NAT_GATEWAY, SUBNET_A, GATEWAY, subnetId="subnet-a"),
    ),
    "nat-gateway-address-free": (
        create(t.NAT_GATEWAY, NAT, allocationId="eipalloc-1"),
        create(t.NAT_GATEWAY, NAT, allocationId="eipalloc-2"),
    ),
    "nat-gateway-quota": (
        create(t.NAT_GATEWAY, SUBNET_A, NAT, subnetId="subnet-a", quotas={"nat-gateway-quota": 1}),
        create(t.NAT_GATEWAY, SUBNET_A, SUBNET_B, NAT, subnetId="subnet-b", quotas={"nat-gateway-quota": 1}),
    ),
    "route-duplicate": (
        create(
            t.ROUTE,
            thing(t.ROUTE, "r", {"routeTableId": "rtb-1", "destinationCidrBlock": "10.9.0.0/16"}),
            routeTableId="rtb-1",
            destinationCidrBlock="10.9.0.0/16",
        ),
        create(
            t.ROUTE,
            thing(t.ROUTE, "r", {"routeTableId": "rtb-2", "destinationCidrBlock": "10.9.0.0/16"}),
            routeTableId="rtb-1",
            destinationCidrBlock="10.9.0.0/16",
        ),
    ),
    "route-local": (
        create(t.ROUTE, VPC, TABLE, routeTableId="rtb-1", destinationCidrBlock="10.0.0.0/16"),
        create(t.ROUTE, VPC, TABLE, routeTableId="rtb-1", destinationCidrBlock="10.1.0.0/16"),
    ),
    "one-route-table": (
        create(
            t.ROUTE_TABLE_ASSOCIATION,
            thing(t.ROUTE_TABLE_ASSOCIATION, "a", {"subnetId": "subnet-a"}),
            subnetId="subnet-a",
        ),
        create(t.ROUTE_TABLE_ASSOCIATION, subnetId="subnet-a"),
    ),
    "association-same-vpc": (
        create(t.ROUTE_TABLE_ASSOCIATION, SUBNET_A, TABLE_OF_3, subnetId="subnet-a", routeTableId="rtb-3"),
        create(t.ROUTE_TABLE_ASSOCIATION, SUBNET_A, TABLE, subnetId="subnet-a", routeTableId="rtb-1"),
    ),
    "endpoint-dns-support": (
        create(t.VPC_ENDPOINT, VPC, vpcId="vpc-1", privateDnsEnabled=True),
        create(t.VPC_ENDPOINT, thing(t.VPC, "v", {"enableDnsHostnames": True}), vpcId="v", privateDnsEnabled=True),
    ),
    "endpoint-private-dns": (
        create(
            t.VPC_ENDPOINT,
            thing(t.VPC_ENDPOINT, "e", {"vpcId": "vpc-1", "serviceName": "x.sts", "privateDnsEnabled": True}),
            vpcId="vpc-1",
            serviceName="x.sts",
            privateDnsEnabled=True,
        ),
        create(
            t.VPC_ENDPOINT,
            thing(t.VPC_ENDPOINT, "e", {"vpcId": "vpc-3", "serviceName": "x.sts", "privateDnsEnabled": True}),
            vpcId="vpc-1",
            serviceName="x.sts",
            privateDnsEnabled=True,
        ),
    ),
    "endpoint-one-subnet-per-zone": (
        create(t.VPC_ENDPOINT, SUBNET_A, SUBNET_A2, subnetIds=["subnet-a", "subnet-a2"]),
        create(t.VPC_ENDPOINT, SUBNET_A, SUBNET_B, subnetIds=["subnet-a", "subnet-b"]),
    ),
    "endpoint-gateway-route": (
        create(
            t.VPC_ENDPOINT,
            thing(t.VPC_ENDPOINT, "e", {"serviceName": S3, "routeTableIds": ["rtb-1"]}),
            serviceName=S3,
            routeTableIds=["rtb-1", "rtb-2"],
        ),
        create(
            t.VPC_ENDPOINT,
            thing(t.VPC_ENDPOINT, "e", {"serviceName": S3, "routeTableIds": ["rtb-3"]}),
            serviceName=S3,
            routeTableIds=["rtb-1", "rtb-2"],
        ),
    ),
    "group-name": (
        create(t.SECURITY_GROUP, thing(t.SECURITY_GROUP, "g", {"name": "web", "vpcId": "v"}), name="web", vpcId="v"),
        create(t.SECURITY_GROUP, thing(t.SECURITY_GROUP, "g", {"name": "web", "vpcId": "w"}), name="web", vpcId="v"),
    ),
    "group-name-prefix": (create(t.SECURITY_GROUP, name="sg-web"), create(t.SECURITY_GROUP, name="web-sg")),
    "group-rule-duplicate": (
        create(t.INGRESS_RULE, thing(t.INGRESS_RULE, "r", WEB), **WEB),
        create(t.INGRESS_RULE, thing(t.INGRESS_RULE, "r", WEB), **{**WEB, "cidrIpv4": "10.1.0.0/16"}),
    ),
    "group-rule-quota": (
        create(t.INGRESS_RULE, thing(t.INGRESS_RULE, "r", WEB), quotas={"group-rule-quota": 1}, **WEB),
        create(t.INGRESS_RULE, quotas={"group-rule-quota": 1}, **WEB),
    ),
    "group-rule-one-peer": (
        create(t.INGRESS_RULE, **{**WEB, "referencedSecurityGroupId": "sg-2"}),
        create(t.INGRESS_RULE, **WEB),
    ),
    "group-rule-ports": (
        create(t.EGRESS_RULE, ipProtocol="tcp", fromPort=90, toPort=80),
        create(t.EGRESS_RULE, ipProtocol="-1"),
    ),
    "peering-target-exists": (
        create(t.PEERING, FAR_VPC, peerVpcId="vpc-2", peerRegion="ap-southeast-1"),
        create(t.PEERING, FAR_VPC, peerVpcId="vpc-2", peerRegion="us-east-1"),
    ),
    "peering-overlap": (
        create(t.PEERING, VPC, FAR_VPC, vpcId="vpc-1", peerVpcId="vpc-2"),
        create(t.PEERING, VPC, OTHER_VPC, vpcId="vpc-1", peerVpcId="vpc-3"),
    ),
    "peering-duplicate": (
        create(t.PEERING, PEERING, vpcId="vpc-2", peerVpcId="vpc-1"),
        create(t.PEERING, PEERING, vpcId="vpc-3", peerVpcId="vpc-1"),
    ),
    "peering-auto-accept": (
        create(t.PEERING, peerRegion="us-east-1", autoAccept=True),
        create(t.PEERING, peerRegion="us-east-1", autoAccept=False),
    ),
    "peering-accepted-once": (
        create(
            t.PEERING_ACCEPTER,
            thing(t.PEERING_ACCEPTER, "a", {"vpcPeeringConnectionId": "pcx-1"}),
            vpcPeeringConnectionId="pcx-1",
        ),
        create(t.PEERING_ACCEPTER, vpcPeeringConnectionId="pcx-1"),
    ),
    "peering-accepter-region": (
        create(t.PEERING_ACCEPTER, PEERING, vpcPeeringConnectionId="pcx-1"),
        create(
            t.PEERING_ACCEPTER,
            thing(t.PEERING, "pcx-2", {"peerRegion": "eu-west-1"}, place=VIRGINIA),
            vpcPeeringConnectionId="pcx-2",
        ),
    ),
    "peering-active": (
        create(t.PEERING_OPTIONS, PEERING, vpcPeeringConnectionId="pcx-1"),
        create(
            t.PEERING_OPTIONS,
            PEERING,
            thing(t.PEERING_ACCEPTER, "a", {"vpcPeeringConnectionId": "pcx-1"}, place=VIRGINIA),
            vpcPeeringConnectionId="pcx-1",
        ),
    ),
    "zone-association-duplicate": (
        create(t.ZONE_ASSOCIATION, PRIVATE_ZONE, zoneId="Z1", vpcId="vpc-1"),
        create(t.ZONE_ASSOCIATION, PRIVATE_ZONE, zoneId="Z1", vpcId="vpc-2"),
    ),
    "zone-association-private": (
        create(t.ZONE_ASSOCIATION, thing(t.ZONE, "Z2"), zoneId="Z2", vpcId="vpc-1"),
        create(t.ZONE_ASSOCIATION, PRIVATE_ZONE, zoneId="Z1", vpcId="vpc-2"),
    ),
    "zone-vpc-exists": (
        create(t.ZONE, name="x", vpcs=[{"vpcId": "vpc-1"}]),
        create(t.ZONE, VPC, name="x", vpcs=[{"vpcId": "vpc-1"}]),
    ),
    "zone-same-name": (
        create(t.ZONE, PRIVATE_ZONE, name="testing.internal", vpcs=[{"vpcId": "vpc-1"}]),
        create(t.ZONE, PRIVATE_ZONE, name="mainnet.internal", vpcs=[{"vpcId": "vpc-1"}]),
    ),
    "record-duplicate": (
        create(
            t.RECORD, thing(t.RECORD, "r", {"zoneId": "Z", "name": "a", "type": "A"}), zoneId="Z", name="a", type="A"
        ),
        create(
            t.RECORD, thing(t.RECORD, "r", {"zoneId": "Z", "name": "a", "type": "A"}), zoneId="Z", name="a", type="AAAA"
        ),
    ),
}
