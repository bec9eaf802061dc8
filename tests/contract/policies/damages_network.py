"""Damages of addresses, routes, security groups and endpoints."""

from tests.contract.policies.names import (
    BALANCER,
    CLUSTER,
    DEFAULT_GROUP,
    EGRESS,
    ENDPOINT,
    FLOW_LOG,
    GROUP,
    GROUP_RULE,
    INGRESS,
    INSTANCE,
    NAT,
    NODES,
    ROUTE,
    SUBNET,
    TEMPLATE,
    VPC,
)
from tests.contract.policies.recipes import P2P, trust, without_zones
from tests.contract.policies.stack import Damage, Row, document, drop, edit, plant

_TLS: Row = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "description": "TLS"}


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "NET-1": (
        edit(VPC, "cidrBlock", "100.64.0.0/16"),
        edit(VPC, "cidrBlock", "10.33.128.0/17"),
        edit(VPC, "cidrBlock", "172.20.0.0/16"),
        edit(CLUSTER, "kubernetesNetworkConfig.serviceIpv4Cidr", "10.32.0.0/20"),
        plant(VPC, {"cidrBlock": "10.40.0.0/16"}),
    ),
    "NET-2": (without_zones(1), edit(SUBNET, "availabilityZone", "", name="private-a")),
    "NET-3": (
        edit(SUBNET, "mapPublicIpOnLaunch", value=True),
        edit(SUBNET, "assignIpv6AddressOnCreation", value=True),
    ),
    "NET-4": (
        edit(NODES, "subnetIds", ["eu-west-1-public-a-id"]),
        edit(CLUSTER, "vpcConfig.subnetIds", ["subnet-of-somebody"]),
        drop("aws:ec2/routeTableAssociation:RouteTableAssociation", name="private-a"),
        plant(ROUTE, {"routeTableId": "eu-west-1-table-a-id", "gatewayId": "eu-west-1-igw-id"}),
        edit(
            "aws:ec2/routeTable:RouteTable",
            "routes",
            [{"cidrBlock": "0.0.0.0/0", "gatewayId": "eu-west-1-igw-id"}],
            name="eu-west-1-table-a",
        ),
        plant("aws:rds/subnetGroup:SubnetGroup", {"subnetIds": ["eu-west-1-public-a-id"]}),
    ),
    "NET-5": (
        edit(ROUTE, "natGatewayId", "eu-west-1-nat-b-id", name="way-out-a"),
        drop(ROUTE, name="way-out-c"),
        edit(NAT, "subnetId", "eu-west-1-public-b-id"),
    ),
    "NET-6": (
        drop(DEFAULT_GROUP),
        edit(DEFAULT_GROUP, "ingress", [{"protocol": "-1", "self": True}]),
        edit(DEFAULT_GROUP, "egress", [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"]}]),
    ),
    "NET-7": (
        drop(FLOW_LOG),
        edit(FLOW_LOG, "trafficType", "REJECT"),
        edit(FLOW_LOG, "logDestination", "arn:aws:s3:::somewhere"),
    ),
    "NET-8": (
        plant(INGRESS, {**_TLS, "cidrIpv4": "0.0.0.0/0"}),
        plant(INGRESS, {**_TLS, "cidrIpv6": "::/0"}),
        plant(INGRESS, {"ipProtocol": "-1", "cidrIpv4": "128.0.0.0/1", "description": "Half of it"}),
        plant(INGRESS, {**P2P, "toPort": 9906, "cidrIpv4": "0.0.0.0/0"}),
        plant(GROUP_RULE, {"type": "ingress", "protocol": "tcp", "fromPort": 80, "toPort": 80, "cidrBlocks": ["::/0"]}),
        edit(GROUP, "ingress", [{"protocol": "-1", "ipv6CidrBlocks": ["::/0"]}]),
    ),
    "NET-9": (
        edit(GROUP, "description", "Managed by Pulumi"),
        edit(INGRESS, "description", ""),
        edit(INGRESS, "cidrIpv4", "10.32.0.0/16"),
        edit(GROUP, "egress", [{"protocol": "tcp", "fromPort": 443, "toPort": 443}]),
    ),
    "NET-10": (
        edit(EGRESS, "ipProtocol", "-1"),
        edit(EGRESS, "toPort", 8443),
        edit(EGRESS, "securityGroupId", "eu-west-1-database-group-id"),
        edit(GROUP, "egress", [{"protocol": "-1", "cidrBlocks": ["0.0.0.0/0"], "description": "All"}]),
    ),
    "NET-12": (
        edit(TEMPLATE, "keyName", "mine"),
        edit(NODES, "remoteAccess", {"ec2SshKey": "mine"}),
        plant("aws:ec2/keyPair:KeyPair", {"publicKey": "ssh-ed25519 AAAA"}),
        plant(INGRESS, {**_TLS, "fromPort": 22, "toPort": 22, "cidrIpv4": "10.0.0.0/8"}),
        plant(INSTANCE, {"keyName": "mine"}),
    ),
    "NET-13": (
        edit(BALANCER, "internal", value=False),
        edit(BALANCER, "enableDeletionProtection", value=False),
        edit(BALANCER, "accessLogs", {"enabled": False}),
    ),
    "NET-11": (
        drop(ENDPOINT, name="s3"),
        drop(ENDPOINT, name="sts"),
        edit(ENDPOINT, "privateDnsEnabled", value=False, name="kms"),
    ),
    "NET-11-POLICY": (
        edit(ENDPOINT, "policy", None),
        edit(ENDPOINT, "policy", trust({"AWS": "*"}, "s3:*")),
        edit(
            ENDPOINT,
            "policy",
            document({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}),
        ),
        edit(
            ENDPOINT,
            "policy",
            document({"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject", "Resource": "x"}),
        ),
    ),
}
