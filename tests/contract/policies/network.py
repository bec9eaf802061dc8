"""Network, keys and logs of a model region."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import ACCOUNT, Row, arn, document

_INTERFACES = ("ecr.api", "ecr.dkr", "sts", "kms", "secretsmanager", "logs", "ec2", "eks-auth")


def build_network(region: RegionBuilder) -> None:
    """Register everything below the cluster."""
    _keys_and_logs(region)
    _network(region)
    _security_groups(region)


def _keys_and_logs(region: RegionBuilder) -> None:
    root: Row = {
        "Sid": "Root",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    use: Row = {
        "Sid": "Logs",
        "Effect": "Allow",
        "Principal": {"Service": f"logs.{region.name}.amazonaws.com"},
        "Action": ["kms:Encrypt", "kms:Decrypt"],
        "Resource": "*",
        "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn("logs", region.name, "*")}},
    }
    region.add(
        "aws:kms/key:Key",
        "key",
        {
            "description": "logs",
            "enableKeyRotation": True,
            "deletionWindowInDays": 30,
            "policy": document(root, use),
        },
        protect=True,
        retainOnDelete=True,
    )
    key = region.arn_of("key")
    region.add(
        "aws:cloudwatch/logGroup:LogGroup",
        "logs",
        {"name": "/aws/eks/model/cluster", "kmsKeyId": key, "retentionInDays": 365},
    )


def _network(region: RegionBuilder) -> None:
    region.add("aws:ec2/vpc:Vpc", "vpc", {"cidrBlock": region.cidr}, protect=True)
    vpc: Row = {"vpcId": region.ref("vpc")}
    region.add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", {**vpc, "ingress": [], "egress": []})
    region.add("aws:ec2/internetGateway:InternetGateway", "igw", vpc)
    for index, zone in enumerate("abc"):
        _zone(region, index, zone)
    role = region.role("flow-role", "vpc-flow-logs.amazonaws.com")
    region.add(
        "aws:iam/rolePolicy:RolePolicy",
        "flow-policy",
        {
            "role": region.ref("flow-role"),
            "policy": document(
                {
                    "Effect": "Allow",
                    "Action": ["logs:PutLogEvents", "kms:Decrypt"],
                    "Resource": [arn("kms", region.name, "key/1234")],
                }
            ),
        },
    )
    region.add(
        "aws:ec2/flowLog:FlowLog",
        "flow-log",
        {**vpc, "trafficType": "ALL", "logDestination": region.arn_of("logs"), "iamRoleArn": role},
        after=["flow-policy"],
    )
    _endpoints(region, vpc)


def _zone(region: RegionBuilder, index: int, zone: str) -> None:
    vpc: Row = {"vpcId": region.ref("vpc"), "availabilityZone": f"{region.name}{zone}"}
    region.add("aws:ec2/eip:Eip", f"address-{zone}", protect=True)
    for tier, offset in (("public", 100), ("private", 0)):
        name = f"{tier}-{zone}"
        table = f"table-{zone}" if tier == "private" else f"public-table-{zone}"
        block = f"{region.prefix}.{offset + index}.0/24"
        region.add(
            "aws:ec2/subnet:Subnet", name, {**vpc, "cidrBlock": block, "mapPublicIpOnLaunch": False}, protect=True
        )
        region.add("aws:ec2/routeTable:RouteTable", table, {"vpcId": region.ref("vpc")})
        region.add(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            f"association-{name}",
            {"subnetId": region.ref(name), "routeTableId": region.ref(table)},
        )
    region.add(
        "aws:ec2/natGateway:NatGateway",
        f"nat-{zone}",
        {"subnetId": region.ref(f"public-{zone}"), "allocationId": region.ref(f"address-{zone}")},
    )
    default: Row = {"destinationCidrBlock": "0.0.0.0/0"}
    region.add(
        "aws:ec2/route:Route",
        f"way-out-{zone}",
        {**default, "routeTableId": region.ref(f"table-{zone}"), "natGatewayId": region.ref(f"nat-{zone}")},
    )
    region.add(
        "aws:ec2/route:Route",
        f"internet-{zone}",
        {**default, "routeTableId": region.ref(f"public-table-{zone}"), "gatewayId": region.ref("igw")},
    )


def _endpoints(region: RegionBuilder, vpc: Row) -> None:
    own: Row = {
        "Sid": "Own",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    }
    for service in ("s3", *_INTERFACES):
        region.add(
            "aws:ec2/vpcEndpoint:VpcEndpoint",
            f"endpoint-{service.replace('.', '-')}",
            {
                **vpc,
                "serviceName": f"com.amazonaws.{region.name}.{service}",
                "vpcEndpointType": "Gateway" if service == "s3" else "Interface",
                "privateDnsEnabled": service != "s3",
                "policy": document(own),
            },
        )


def _security_groups(region: RegionBuilder) -> None:
    for name in ("nodes", "database"):
        region.add(
            "aws:ec2/securityGroup:SecurityGroup",
            f"{name}-group",
            {"vpcId": region.ref("vpc"), "description": f"{name} of the model"},
        )
    region.add(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "database-from-nodes",
        {
            "securityGroupId": region.ref("database-group"),
            "referencedSecurityGroupId": region.ref("nodes-group"),
            "description": "Nodes to Postgres",
            "ipProtocol": "tcp",
            "fromPort": 5432,
            "toPort": 5432,
        },
    )
    region.add(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "nodes-https",
        {
            "securityGroupId": region.ref("nodes-group"),
            "cidrIpv4": "0.0.0.0/0",
            "description": "Registries",
            "ipProtocol": "tcp",
            "fromPort": 443,
            "toPort": 443,
        },
    )
