"""Each thing that the simulated APIs enforce: a call that breaks it, and a call that differs and passes."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from simulator.rules import RULES
from simulator.rules import tokens as t
from simulator.world import Status
from tests.plugins import rules_in_clusters, rules_of_backups, rules_of_load_balancers, test_references
from tests.plugins.plugin_process import PROJECT_DIR
from tests.plugins.world_builder import ACCOUNT, CLUSTER_ARN, VIRGINIA, Ask, create, delete, thing, update, verdict

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"


def policy(**statement: Any) -> str:
    """A policy document with one allowing statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trust(service: str) -> str:
    """A trust policy for one service."""
    return policy(Principal={"Service": service}, Action="sts:AssumeRole")


def role(service: str) -> Any:
    """A role that ``service`` may assume."""
    return thing(t.ROLE, "r", {"assumeRolePolicy": trust(service)}, {"arn": "arn:r", "name": "r"})


def lustre_ingress(port: int) -> Any:
    """A rule that lets one port in to sg-1."""
    return thing(t.INGRESS_RULE, "sgr-1", {"securityGroupId": "sg-1", "fromPort": port, "toPort": port})


VPC = thing(t.VPC, "vpc-1", {"cidrBlock": "10.0.0.0/16"})
FAR_VPC = thing(t.VPC, "vpc-2", {"cidrBlock": "10.0.0.0/16"}, place=VIRGINIA)
OTHER_VPC = thing(t.VPC, "vpc-3", {"cidrBlock": "10.3.0.0/16"})
SUBNET_A = thing(t.SUBNET, "subnet-a", {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-west-1a"})
SUBNET_B = thing(t.SUBNET, "subnet-b", {"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24", "availabilityZone": "eu-west-1b"})
SUBNET_A2 = thing(t.SUBNET, "subnet-a2", {"vpcId": "vpc-1", "availabilityZone": "eu-west-1a"})
GATEWAY = thing(t.INTERNET_GATEWAY, "igw-1", {"vpcId": "vpc-1"})
NAT = thing(t.NAT_GATEWAY, "nat-1", {"subnetId": "subnet-a", "allocationId": "eipalloc-1"})
TABLE = thing(t.ROUTE_TABLE, "rtb-1", {"vpcId": "vpc-1"})
TABLE_OF_3 = thing(t.ROUTE_TABLE, "rtb-3", {"vpcId": "vpc-3"})
S3 = "com.amazonaws.eu-west-1.s3"
PEERING = thing(t.PEERING, "pcx-1", {"vpcId": "vpc-1", "peerVpcId": "vpc-2", "peerRegion": "us-east-1"})
PRIVATE_ZONE = thing(t.ZONE, "Z1", {"name": "testing.internal", "vpcs": [{"vpcId": "vpc-1"}]})
CLUSTER = thing(t.CLUSTER, "blue", {"name": "blue", "version": "1.36"}, {"name": "blue", "arn": CLUSTER_ARN})
NODES = thing(t.NODE_GROUP, "blue:n", {"clusterName": "blue", "nodeGroupName": "n"})
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
ENTRY = thing(t.ACCESS_ENTRY, "blue:admin", {"clusterName": "blue", "principalArn": ADMIN})
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
KEY = thing(t.KMS_KEY, "key-1", {"policy": policy(Action="kms:*", Principal="x")}, {"arn": "arn:key-1"})
DOOMED_KEY = thing(t.KMS_KEY, "key-2", {}, {"arn": "arn:key-2"}, status=Status.PENDING_DELETION)
LOCKED_BUCKET = thing(t.BUCKET, "blocks", {"bucket": "blocks", "objectLockEnabled": True})
PUBLIC_ACCESS_BLOCK = thing(t.BUCKET_PUBLIC_ACCESS_BLOCK, "blocks", {"bucket": "blocks", "blockPublicPolicy": True})
SECRET = thing(t.SECRET, "arn:secret", {"name": "miner-1/db"}, {"arn": "arn:secret", "name": "miner-1/db"})
DOOMED_SECRET = thing(t.SECRET, "arn:secret", {"name": "miner-1/db"}, status=Status.PENDING_DELETION)
TEMPLATE = thing(t.LAUNCH_TEMPLATE, "lt-1", {"instanceType": "m7g.large", "name": "lt"}, {"latestVersion": 2})
MOUNT_A = thing(t.MOUNT_TARGET, "fsmt-1", {"fileSystemId": "fs-1", "subnetId": "subnet-a"})
AURORA = thing(t.DB_CLUSTER, "aurora", {"clusterIdentifier": "aurora"})
KAFKA = thing(t.KAFKA_CLUSTER, "k", {"clusterName": "k"})
KAFKA_SETTINGS = thing(t.KAFKA_CONFIGURATION, "arn:c", {"name": "c"}, {"arn": "arn:c", "latestRevision": 2})
WEB: dict[str, Any] = {
    "securityGroupId": "sg-1",
    "ipProtocol": "tcp",
    "fromPort": 443,
    "toPort": 443,
    "cidrIpv4": "10.0.0.0/8",
}
PARAMETERS: dict[str, Any] = {"metadata": {"name": "settings"}}


def cluster(**inputs: Any) -> Any:
    """The cluster of these tests with other inputs."""
    return thing(t.CLUSTER, "blue", {"name": "blue", **inputs}, {"name": "blue", "arn": CLUSTER_ARN})


def bucket_policy(bucket: str, principal: str) -> str:
    """A policy that lets ``principal`` read a bucket."""
    return policy(Principal={"AWS": principal}, Action="s3:GetObject", Resource=f"arn:aws:s3:::{bucket}/*")


def object_named(token: str, name: str, namespace: str = "default") -> Any:
    """A Kubernetes object that exists."""
    return thing(token, f"{namespace}/{name}", {"metadata": {"name": name, "namespace": namespace}})


def alert_manager(**receiver: Any) -> str:
    """An Alertmanager's settings with one receiver, as the service takes them."""
    settings = {"route": {"receiver": "topic"}, "receivers": [{"name": "topic", "sns_configs": [receiver]}]}
    return json.dumps({"alertmanager_config": json.dumps(settings)})


def brokers(gib: int = 20, *ids: str) -> dict[str, Any]:
    """Where the brokers of a Kafka cluster stand, and their disk."""
    return {"clientSubnets": list(ids), "storageInfo": {"ebsStorageInfo": {"volumeSize": gib}}}


def subnets(*ids: str) -> dict[str, Any]:
    """A cluster's network."""
    return {"subnetIds": list(ids)}


# Rule → a call that breaks it, and one that passes.
CASES: dict[str, tuple[Ask, Ask]] = {
    # --- network
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
    # --- security groups
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
    # --- peering and DNS
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
    # --- IAM
    "iam-name": (
        create(t.ROLE, thing(t.ROLE, "Deploy", {"name": "Deploy"}, place=VIRGINIA), name="deploy"),
        create(t.ROLE, thing(t.ROLE, "Deploy", {"name": "Deploy"}), name="deploy-2"),
    ),
    "trust-policy": (
        create(t.ROLE, assumeRolePolicy=policy(Principal={"AWS": "*"}, Action="s3:GetObject")),
        create(t.ROLE, assumeRolePolicy=trust("ec2.amazonaws.com")),
    ),
    "identity-policy": (
        create(t.POLICY, policy=policy(Action="s3:GetObject")),
        create(t.POLICY, policy=policy(Action="s3:GetObject", Resource="*")),
    ),
    "policy-size": (
        create(t.POLICY, policy=policy(Action=["ec2:Describe"] * 500, Resource="*")),
        create(t.ROLE_POLICY, policy=policy(Action=["ec2:Describe"] * 500, Resource="*")),
    ),
    "attached-policies-quota": (
        create(
            t.ROLE_POLICY_ATTACHMENT,
            *(thing(t.ROLE_POLICY_ATTACHMENT, f"a-{i}", {"role": "r"}) for i in range(10)),
            role="r",
        ),
        create(
            t.ROLE_POLICY_ATTACHMENT,
            *(thing(t.ROLE_POLICY_ATTACHMENT, f"a-{i}", {"role": "r"}) for i in range(9)),
            role="r",
        ),
    ),
    # --- keys and logs
    "alias-name": (
        create(t.KMS_ALIAS, thing(t.KMS_ALIAS, "a", {"name": "alias/x"}), name="alias/x"),
        create(t.KMS_ALIAS, thing(t.KMS_ALIAS, "a", {"name": "alias/x"}, place=VIRGINIA), name="alias/x"),
    ),
    "alias-prefix": (create(t.KMS_ALIAS, name="alias/aws/eks"), create(t.KMS_ALIAS, name="alias/eks")),
    "key-pending-deletion": (
        create(t.LOG_GROUP, DOOMED_KEY, kmsKeyId="arn:key-2"),
        create(t.LOG_GROUP, KEY, kmsKeyId="arn:key-1"),
    ),
    "key-window": (create(t.KMS_KEY, deletionWindowInDays=5), create(t.KMS_KEY, deletionWindowInDays=7)),
    "key-lockout": (
        create(t.KMS_KEY, policy=policy(Action="kms:Decrypt", Principal="x", Resource="*")),
        create(t.KMS_KEY, policy=policy(Action="kms:*", Principal="x", Resource="*")),
    ),
    "log-group-name": (
        create(t.LOG_GROUP, thing(t.LOG_GROUP, "/a", {"name": "/a"}), name="/a"),
        create(t.LOG_GROUP, thing(t.LOG_GROUP, "/a", {"name": "/a"}, place=VIRGINIA), name="/a"),
    ),
    "log-group-made-by-cluster": (
        create(t.LOG_GROUP, cluster(enabledClusterLogTypes=["api"]), name="/aws/eks/blue/cluster"),
        create(t.LOG_GROUP, cluster(), name="/aws/eks/blue/cluster"),
    ),
    "log-retention": (create(t.LOG_GROUP, retentionInDays=31), create(t.LOG_GROUP, retentionInDays=30)),
    "log-group-key-policy": (
        create(t.LOG_GROUP, KEY, name="/a", kmsKeyId="arn:key-1"),
        create(
            t.LOG_GROUP,
            KEY,
            thing(t.KMS_KEY_POLICY, "key-1", {"keyId": "key-1", "policy": trust("logs.eu-west-1.amazonaws.com")}),
            name="/a",
            kmsKeyId="arn:key-1",
        ),
    ),
    # --- buckets
    "bucket-name-pattern": (create(t.BUCKET, bucket="Blocks"), create(t.BUCKET, bucket="blocks-1")),
    "bucket-name": (
        create(t.BUCKET, thing(t.BUCKET, "blocks", {"bucket": "blocks"}, place=VIRGINIA), bucket="blocks"),
        create(t.BUCKET, thing(t.BUCKET, "blocks", {"bucket": "blocks"}, place=VIRGINIA), bucket="blocks-2"),
    ),
    "bucket-policy-document": (
        create(t.BUCKET_POLICY, bucket="blocks", policy=bucket_policy("other", ACCOUNT)),
        create(t.BUCKET_POLICY, bucket="blocks", policy=bucket_policy("blocks", ACCOUNT)),
    ),
    "bucket-policy-public": (
        create(t.BUCKET_POLICY, PUBLIC_ACCESS_BLOCK, bucket="blocks", policy=bucket_policy("blocks", "*")),
        create(t.BUCKET_POLICY, PUBLIC_ACCESS_BLOCK, bucket="blocks", policy=bucket_policy("blocks", ACCOUNT)),
    ),
    "object-lock-versioning": (
        create(t.BUCKET_OBJECT_LOCK, thing(t.BUCKET, "blocks", {"bucket": "blocks"}), bucket="blocks"),
        create(t.BUCKET_OBJECT_LOCK, LOCKED_BUCKET, bucket="blocks"),
    ),
    "versioning-under-object-lock": (
        create(t.BUCKET_VERSIONING, LOCKED_BUCKET, bucket="blocks", versioningConfiguration={"status": "Suspended"}),
        create(t.BUCKET_VERSIONING, LOCKED_BUCKET, bucket="blocks", versioningConfiguration={"status": "Enabled"}),
    ),
    "lifecycle-infrequent-access": (
        create(t.BUCKET_LIFECYCLE, rules=[{"transitions": [{"days": 29, "storageClass": "STANDARD_IA"}]}]),
        create(t.BUCKET_LIFECYCLE, rules=[{"transitions": [{"days": 29, "storageClass": "INTELLIGENT_TIERING"}]}]),
    ),
    # --- clusters
    "cluster-name": (create(t.CLUSTER, CLUSTER, name="blue"), create(t.CLUSTER, CLUSTER, name="green")),
    "cluster-name-pattern": (create(t.CLUSTER, name="blue.1"), create(t.CLUSTER, name="blue-1")),
    "cluster-version": (create(t.CLUSTER, version="1.20"), create(t.CLUSTER, version="1.36")),
    "cluster-version-step": (update(CLUSTER, version="1.38"), update(CLUSTER, version="1.37")),
    "cluster-two-zones": (
        create(t.CLUSTER, SUBNET_A, SUBNET_A2, vpcConfig=subnets("subnet-a", "subnet-a2")),
        create(t.CLUSTER, SUBNET_A, SUBNET_B, vpcConfig=subnets("subnet-a", "subnet-b")),
    ),
    "cluster-one-vpc": (
        create(t.CLUSTER, SUBNET_A, thing(t.SUBNET, "s", {"vpcId": "vpc-3"}), vpcConfig=subnets("subnet-a", "s")),
        create(t.CLUSTER, SUBNET_A, SUBNET_B, vpcConfig=subnets("subnet-a", "subnet-b")),
    ),
    "cluster-endpoint": (
        create(t.CLUSTER, vpcConfig={"endpointPublicAccess": False}),
        create(t.CLUSTER, vpcConfig={"endpointPublicAccess": False, "endpointPrivateAccess": True}),
    ),
    "cluster-public-cidrs": (
        create(t.CLUSTER, vpcConfig={"publicAccessCidrs": ["10.0.0.0/8"]}),
        create(t.CLUSTER, vpcConfig={"publicAccessCidrs": ["198.51.100.0/24"]}),
    ),
    "cluster-role-trust": (
        create(t.CLUSTER, role("ec2.amazonaws.com"), roleArn="arn:r"),
        create(t.CLUSTER, role("eks.amazonaws.com"), roleArn="arn:r"),
    ),
    "cluster-authentication": (
        update(cluster(accessConfig={"authenticationMode": "API"}), accessConfig={"authenticationMode": "CONFIG_MAP"}),
        update(cluster(), accessConfig={"authenticationMode": "API"}),
    ),
    "cluster-encryption-stays": (
        update(cluster(encryptionConfig={"provider": {"keyArn": "arn:key-1"}}), name="blue"),
        update(cluster(), encryptionConfig={"provider": {"keyArn": "arn:key-1"}}),
    ),
    "cluster-deletion-protection": (delete(cluster(deletionProtection=True)), delete(cluster())),
    "cluster-active": (
        create(
            t.NODE_GROUP,
            thing(t.CLUSTER, "blue", {"name": "blue"}, {"name": "blue"}, status=Status.CREATING),
            clusterName="blue",
        ),
        create(t.NODE_GROUP, CLUSTER, clusterName="blue"),
    ),
    "addon-name": (create(t.ADDON, addonName="vpc-cnl"), create(t.ADDON, addonName="vpc-cni")),
    "addon-once": (
        create(
            t.ADDON,
            thing(t.ADDON, "a", {"clusterName": "blue", "addonName": "vpc-cni"}),
            clusterName="blue",
            addonName="vpc-cni",
        ),
        create(t.ADDON, clusterName="blue", addonName="vpc-cni"),
    ),
    "addon-needs-nodes": (
        create(t.ADDON, CLUSTER, clusterName="blue", addonName="coredns"),
        create(t.ADDON, CLUSTER, NODES, clusterName="blue", addonName="coredns"),
    ),
    "access-entry-once": (
        create(t.ACCESS_ENTRY, ENTRY, clusterName="blue", principalArn=ADMIN),
        create(t.ACCESS_ENTRY, ENTRY, clusterName="green", principalArn=ADMIN),
    ),
    "access-entry-principal": (
        create(t.ACCESS_ENTRY, principalArn=f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/me"),
        create(t.ACCESS_ENTRY, principalArn=ADMIN),
    ),
    "access-policy-entry": (
        create(t.ACCESS_POLICY_ASSOCIATION, clusterName="blue", principalArn=ADMIN),
        create(t.ACCESS_POLICY_ASSOCIATION, ENTRY, clusterName="blue", principalArn=ADMIN),
    ),
    "access-policy-known": (
        create(t.ACCESS_POLICY_ASSOCIATION, policyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
        create(t.ACCESS_POLICY_ASSOCIATION, policyArn=ADMIN_POLICY),
    ),
    "pod-identity-once": (
        create(
            t.POD_IDENTITY_ASSOCIATION,
            thing(t.POD_IDENTITY_ASSOCIATION, "a-1", {"clusterName": "blue", "namespace": "n", "serviceAccount": "s"}),
            clusterName="blue",
            namespace="n",
            serviceAccount="s",
        ),
        create(t.POD_IDENTITY_ASSOCIATION, clusterName="blue", namespace="n", serviceAccount="s"),
    ),
    "pod-identity-trust": (
        create(t.POD_IDENTITY_ASSOCIATION, role("ec2.amazonaws.com"), roleArn="arn:r"),
        create(t.POD_IDENTITY_ASSOCIATION, role("pods.eks.amazonaws.com"), roleArn="arn:r"),
    ),
    # --- machines
    "launch-template-name": (
        create(t.LAUNCH_TEMPLATE, TEMPLATE, name="lt"),
        create(t.LAUNCH_TEMPLATE, TEMPLATE, name="lt-2"),
    ),
    "user-data-size": (
        create(t.LAUNCH_TEMPLATE, userData=base64.b64encode(b"x" * 16_385).decode()),
        create(t.LAUNCH_TEMPLATE, userData=base64.b64encode(b"x" * 16_384).decode()),
    ),
    "node-group-name": (
        create(t.NODE_GROUP, NODES, clusterName="blue", nodeGroupName="n"),
        create(t.NODE_GROUP, NODES, clusterName="green", nodeGroupName="n"),
    ),
    "node-group-quota": (
        create(t.NODE_GROUP, NODES, clusterName="blue", quotas={"node-group-quota": 1}),
        create(t.NODE_GROUP, NODES, clusterName="green", quotas={"node-group-quota": 1}),
    ),
    "node-group-scaling": (
        create(t.NODE_GROUP, scalingConfig={"minSize": 3, "desiredSize": 2, "maxSize": 4}),
        create(t.NODE_GROUP, scalingConfig={"minSize": 2, "desiredSize": 2, "maxSize": 4}),
    ),
    "node-group-version": (
        create(t.NODE_GROUP, CLUSTER, clusterName="blue", version="1.37"),
        create(t.NODE_GROUP, CLUSTER, clusterName="blue", version="1.36"),
    ),
    "launch-template-version": (
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1", "version": "3"}),
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1", "version": "2"}),
    ),
    "node-group-instance-type": (
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1"}, instanceTypes=["m7g.large"]),
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1"}),
    ),
    "node-role-trust": (
        create(t.NODE_GROUP, role("eks.amazonaws.com"), nodeRoleArn="arn:r"),
        create(t.NODE_GROUP, role("ec2.amazonaws.com"), nodeRoleArn="arn:r"),
    ),
    "node-role-policies": (
        create(t.NODE_GROUP, role("ec2.amazonaws.com"), nodeRoleArn="arn:r"),
        create(
            t.NODE_GROUP,
            role("ec2.amazonaws.com"),
            thing(t.ROLE_POLICY_ATTACHMENT, "a", {"role": "r", "policyArn": "arn:aws:x/AmazonEKSWorkerNodePolicy"}),
            nodeRoleArn="arn:r",
        ),
    ),
    "nodes-way-out": (
        create(t.NODE_GROUP, SUBNET_A, subnetIds=["subnet-a"]),
        create(
            t.NODE_GROUP,
            SUBNET_A,
            thing(t.ROUTE_TABLE_ASSOCIATION, "a", {"subnetId": "subnet-a", "routeTableId": "rtb-1"}),
            thing(t.ROUTE, "r", {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}),
            subnetIds=["subnet-a"],
        ),
    ),
    "nodes-need-network-plugin": (
        create(t.NODE_GROUP, cluster(bootstrapSelfManagedAddons=False), clusterName="blue"),
        create(t.NODE_GROUP, cluster(), clusterName="blue"),
    ),
    # --- databases
    "database-identifier-pattern": (
        create(t.DB_INSTANCE, identifier="my--database"),
        create(t.DB_INSTANCE, identifier="my-database"),
    ),
    "database-identifier-instance": (
        create(t.DB_INSTANCE, thing(t.DB_CLUSTER_INSTANCE, "x", {"identifier": "x"}), identifier="x"),
        create(t.DB_INSTANCE, thing(t.DB_CLUSTER_INSTANCE, "y", {"identifier": "y"}), identifier="x"),
    ),
    "database-identifier-cluster": (
        create(t.DB_CLUSTER, AURORA, clusterIdentifier="aurora"),
        create(t.DB_CLUSTER, AURORA, clusterIdentifier="other"),
    ),
    "database-group-name": (
        create(t.DB_SUBNET_GROUP, thing(t.DB_SUBNET_GROUP, "data", {"name": "data"}), name="data"),
        create(t.DB_SUBNET_GROUP, thing(t.DB_SUBNET_GROUP, "data", {"name": "data"}), name="more"),
    ),
    "database-parameters-name": (
        create(t.DB_PARAMETER_GROUP, thing(t.DB_PARAMETER_GROUP, "p17", {"name": "p17"}), name="p17"),
        create(t.DB_CLUSTER_PARAMETER_GROUP, thing(t.DB_PARAMETER_GROUP, "p17", {"name": "p17"}), name="p17"),
    ),
    "database-group-zones": (
        create(t.DB_SUBNET_GROUP, SUBNET_A, SUBNET_A2, subnetIds=["subnet-a", "subnet-a2"]),
        create(t.DB_SUBNET_GROUP, SUBNET_A, SUBNET_B, subnetIds=["subnet-a", "subnet-b"]),
    ),
    "database-password": (
        create(t.DB_INSTANCE, identifier="x"),
        create(t.DB_INSTANCE, identifier="x", manageMasterUserPassword=True),
    ),
    "database-admin-name": (
        create(t.DB_CLUSTER, masterUsername="rdsadmin"),
        create(t.DB_CLUSTER, masterUsername="teranode_admin"),
    ),
    "database-backup-days": (
        create(t.DB_CLUSTER, backupRetentionPeriod=36),
        create(t.DB_CLUSTER, backupRetentionPeriod=35),
    ),
    "database-monitoring-role": (
        create(t.DB_INSTANCE, monitoringInterval=60),
        create(t.DB_INSTANCE, monitoringInterval=60, monitoringRoleArn="arn:r"),
    ),
    "database-deletion-protection": (
        delete(thing(t.DB_INSTANCE, "db-1", {"deletionProtection": True})),
        delete(thing(t.DB_INSTANCE, "db-1", {"deletionProtection": False})),
    ),
    "database-final-snapshot": (
        delete(thing(t.DB_CLUSTER, "aurora", {"skipFinalSnapshot": False})),
        delete(thing(t.DB_CLUSTER, "aurora", {"finalSnapshotIdentifier": "aurora-final"})),
    ),
    # --- Notifications
    "subscription-email": (
        create(t.TOPIC_SUBSCRIPTION, protocol="email", endpoint="devops"),
        create(t.TOPIC_SUBSCRIPTION, protocol="email", endpoint="devops@example.org"),
    ),
    "topic-policy-document": (
        create(t.TOPIC_POLICY, arn="arn:topic", policy=policy(Principal="*", Resource="*")),
        create(t.TOPIC_POLICY, arn="arn:topic", policy=policy(Principal="*", Resource="arn:topic")),
    ),
    "alarm-action-region": (
        create(t.METRIC_ALARM, alarmActions=[f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms"]),
        create(t.METRIC_ALARM, alarmActions=[f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"]),
    ),
    "alarm-period": (
        create(t.METRIC_ALARM, period=90, evaluationPeriods=1),
        create(t.METRIC_ALARM, period=60, evaluationPeriods=15),
    ),
    "alarm-metric": (
        create(t.METRIC_ALARM, metricQueries=[{"id": "a", "metric": {}}, {"id": "b", "expression": "a"}]),
        create(
            t.METRIC_ALARM,
            metricQueries=[{"id": "a", "metric": {}}, {"id": "b", "expression": "a", "returnData": True}],
        ),
    ),
    "event-pattern": (
        create(t.EVENT_RULE, eventPattern='{"source": "aws.secretsmanager"}'),
        create(t.EVENT_RULE, eventPattern='{"source": ["aws.secretsmanager"]}'),
    ),
    "budget-notifications": (
        create(t.BUDGET, notifications=[{"threshold": 80}]),
        create(t.BUDGET, notifications=[{"threshold": 80, "subscriberEmailAddresses": ["devops@example.org"]}]),
    ),
    "event-source-exists": (
        create(t.EVENT_SUBSCRIPTION, sourceType="db-instance", sourceIds=["pg"]),
        create(
            t.EVENT_SUBSCRIPTION,
            thing(t.DB_INSTANCE, "db-1", {"identifier": "pg"}),
            sourceType="db-instance",
            sourceIds=["pg"],
        ),
    ),
    "event-source-type": (
        create(t.EVENT_SUBSCRIPTION, sourceIds=["pg"]),
        create(t.EVENT_SUBSCRIPTION, sourceType="db-instance", sourceIds=["pg"]),
    ),
    "event-category": (
        create(t.EVENT_SUBSCRIPTION, sourceType="db-cluster", eventCategories=["low storage"]),
        create(t.EVENT_SUBSCRIPTION, sourceType="db-instance", eventCategories=["low storage"]),
    ),
    # --- Managed Prometheus
    "metrics-log-group": (
        create(t.METRICS_WORKSPACE, loggingConfiguration={"logGroupArn": "arn:aws:logs:x:1:log-group:metrics:*"}),
        create(
            t.METRICS_WORKSPACE,
            loggingConfiguration={"logGroupArn": "arn:aws:logs:x:1:log-group:/aws/vendedlogs/metrics:*"},
        ),
    ),
    "metrics-rules-name": (
        create(
            t.METRICS_RULES,
            thing(t.METRICS_RULES, "arn:rules", {"name": "nodes", "workspaceId": "ws-1"}),
            name="nodes",
            workspaceId="ws-1",
        ),
        create(
            t.METRICS_RULES,
            thing(t.METRICS_RULES, "arn:rules", {"name": "nodes", "workspaceId": "ws-1"}),
            name="nodes",
            workspaceId="ws-2",
        ),
    ),
    "metrics-rules-data": (
        create(t.METRICS_RULES, data="groups: [{name: nodes, rules: [{alert: Silent}]}]"),
        create(t.METRICS_RULES, data="groups: [{name: nodes, rules: [{alert: Silent, expr: up == 0}]}]"),
    ),
    "alert-manager-one": (
        create(t.ALERT_MANAGER, thing(t.ALERT_MANAGER, "ws-1", {"workspaceId": "ws-1"}), workspaceId="ws-1"),
        create(t.ALERT_MANAGER, thing(t.ALERT_MANAGER, "ws-1", {"workspaceId": "ws-1"}), workspaceId="ws-2"),
    ),
    "alert-manager-receivers": (
        create(t.ALERT_MANAGER, definition=alert_manager(topic_arn="arn:topic")),
        create(t.ALERT_MANAGER, definition=alert_manager(topic_arn="arn:topic", sigv4={"region": "eu-west-1"})),
    ),
    # --- File systems
    "lustre-capacity": (
        create(t.LUSTRE, deploymentType="PERSISTENT_2", storageCapacity=3600),
        create(t.LUSTRE, deploymentType="PERSISTENT_2", storageCapacity=4800),
    ),
    "lustre-throughput": (
        create(t.LUSTRE, deploymentType="PERSISTENT_2", perUnitStorageThroughput=200),
        create(t.LUSTRE, deploymentType="PERSISTENT_2", perUnitStorageThroughput=250),
    ),
    "lustre-one-subnet": (
        create(t.LUSTRE),
        create(t.LUSTRE, subnetIds="subnet-a"),
    ),
    "lustre-network": (
        create(t.LUSTRE, lustre_ingress(2049), securityGroupIds=["sg-1"]),
        create(t.LUSTRE, lustre_ingress(988), securityGroupIds=["sg-1"]),
    ),
    "lustre-backups": (
        create(t.LUSTRE, automaticBackupRetentionDays=0, dailyAutomaticBackupStartTime="03:00"),
        create(t.LUSTRE, automaticBackupRetentionDays=14, dailyAutomaticBackupStartTime="03:00"),
    ),
    "lustre-log-group": (
        create(t.LUSTRE, logConfiguration={"destination": "arn:aws:logs:eu-west-1:1:log-group:/files"}),
        create(t.LUSTRE, logConfiguration={"destination": "arn:aws:logs:eu-west-1:1:log-group:/aws/fsx/files"}),
    ),
    "file-system-token": (
        create(t.EFS, thing(t.EFS, "fs-1", {"creationToken": "files"}), creationToken="files"),
        create(t.EFS, thing(t.EFS, "fs-1", {"creationToken": "files"}), creationToken="other"),
    ),
    "file-system-key": (
        create(t.EFS, kmsKeyId="arn:key-1"),
        create(t.EFS, kmsKeyId="arn:key-1", encrypted=True),
    ),
    "mount-target-zone": (
        create(t.MOUNT_TARGET, SUBNET_A, SUBNET_A2, MOUNT_A, fileSystemId="fs-1", subnetId="subnet-a2"),
        create(t.MOUNT_TARGET, SUBNET_A, SUBNET_B, MOUNT_A, fileSystemId="fs-1", subnetId="subnet-b"),
    ),
    "access-point-directory": (
        create(t.ACCESS_POINT, rootDirectory={"path": "/a/b/c/d/e"}),
        create(t.ACCESS_POINT, rootDirectory={"path": "/miner-1"}),
    ),
    "file-system-policy-document": (
        create(t.EFS_POLICY, policy=policy(Action="elasticfilesystem:ClientMount")),
        create(t.EFS_POLICY, policy=policy(Action="elasticfilesystem:ClientMount", Principal="*")),
    ),
    # --- secrets
    "secret-name": (create(t.SECRET, SECRET, name="miner-1/db"), create(t.SECRET, SECRET, name="miner-2/db")),
    "secret-name-scheduled": (
        create(t.SECRET, DOOMED_SECRET, name="miner-1/db"),
        create(t.SECRET, DOOMED_SECRET, name="miner-1/db-2"),
    ),
    "secret-name-pattern": (create(t.SECRET, name="miner 1"), create(t.SECRET, name="miner-1/db")),
    "secret-recovery-window": (create(t.SECRET, recoveryWindowInDays=3), create(t.SECRET, recoveryWindowInDays=0)),
    "secret-scheduled": (
        create(t.SECRET_VERSION, DOOMED_SECRET, secretId="arn:secret"),
        create(t.SECRET_VERSION, SECRET, secretId="arn:secret"),
    ),
    "secret-value-size": (
        create(t.SECRET_VERSION, secretString="x" * 65_537),
        create(t.SECRET_VERSION, secretString="x" * 65_536),
    ),
    "secret-policy-document": (
        create(t.SECRET_POLICY, policy=policy(Action="secretsmanager:GetSecretValue", Resource="*")),
        create(t.SECRET_POLICY, policy=bucket_policy("x", ACCOUNT)),
    ),
    # --- Kafka
    "kafka-name-pattern": (
        create(t.KAFKA_CLUSTER, clusterName="my_kafka"),
        create(t.KAFKA_CLUSTER, clusterName="my-kafka"),
    ),
    "kafka-name": (
        create(t.KAFKA_CLUSTER, KAFKA, clusterName="k"),
        create(t.KAFKA_CLUSTER, KAFKA, clusterName="l"),
    ),
    "kafka-configuration-name": (
        create(t.KAFKA_CONFIGURATION, KAFKA_SETTINGS, name="c"),
        create(t.KAFKA_CONFIGURATION, KAFKA_SETTINGS, name="d"),
    ),
    "kafka-subnets": (
        create(t.KAFKA_CLUSTER, SUBNET_A, SUBNET_A2, brokerNodeGroupInfo=brokers(20, "subnet-a", "subnet-a2")),
        create(t.KAFKA_CLUSTER, SUBNET_A, SUBNET_B, brokerNodeGroupInfo=brokers(20, "subnet-a", "subnet-b")),
    ),
    "kafka-brokers": (
        create(t.KAFKA_CLUSTER, numberOfBrokerNodes=3, brokerNodeGroupInfo=brokers(20, "subnet-a", "subnet-b")),
        create(t.KAFKA_CLUSTER, numberOfBrokerNodes=4, brokerNodeGroupInfo=brokers(20, "subnet-a", "subnet-b")),
    ),
    "kafka-version": (
        create(t.KAFKA_CLUSTER, kafkaVersion="4.1.0"),
        create(t.KAFKA_CLUSTER, kafkaVersion="4.1.x.kraft"),
    ),
    "kafka-volume": (
        update(thing(t.KAFKA_CLUSTER, "k", {"brokerNodeGroupInfo": brokers(50)}), brokerNodeGroupInfo=brokers(40)),
        update(thing(t.KAFKA_CLUSTER, "k", {"brokerNodeGroupInfo": brokers(50)}), brokerNodeGroupInfo=brokers(60)),
    ),
    "kafka-revision": (
        create(t.KAFKA_CLUSTER, KAFKA_SETTINGS, configurationInfo={"arn": "arn:c", "revision": 3}),
        create(t.KAFKA_CLUSTER, KAFKA_SETTINGS, configurationInfo={"arn": "arn:c", "revision": 2}),
    ),
    # --- Kubernetes
    "cluster-reachable": (create(CONFIG_MAP, **PARAMETERS), create(CONFIG_MAP, CLUSTER, **PARAMETERS)),
    "cluster-access": (
        create(CONFIG_MAP, cluster(accessConfig={"bootstrapClusterCreatorAdminPermissions": False})),
        create(
            CONFIG_MAP,
            cluster(accessConfig={"bootstrapClusterCreatorAdminPermissions": False}),
            thing(t.ACCESS_POLICY_ASSOCIATION, "a", {"clusterName": "blue", "policyArn": ADMIN_POLICY}),
        ),
    ),
    "namespace-exists": (
        create(CONFIG_MAP, metadata={"name": "x", "namespace": "miner-1"}),
        create(CONFIG_MAP, object_named(t.NAMESPACE, "miner-1"), metadata={"name": "x", "namespace": "miner-1"}),
    ),
    "object-name": (
        create(CONFIG_MAP, object_named(CONFIG_MAP, "x"), metadata={"name": "x"}),
        create(CONFIG_MAP, object_named(CONFIG_MAP, "x", "kube-system"), metadata={"name": "x"}),
    ),
    "object-name-pattern": (
        create(CONFIG_MAP, metadata={"name": "Settings"}),
        create(CONFIG_MAP, metadata={"name": "settings"}),
    ),
    "claim-class": (
        create(t.PERSISTENT_VOLUME_CLAIM, spec={"storageClassName": "gp3"}),
        create(t.PERSISTENT_VOLUME_CLAIM, object_named(t.STORAGE_CLASS, "gp3"), spec={"storageClassName": "gp3"}),
    ),
}

CASES |= rules_in_clusters.CASES | rules_of_load_balancers.CASES | rules_of_backups.CASES


@pytest.mark.parametrize("rule_id", CASES)
def test_the_rule_refuses_what_breaks_it_and_nothing_else(rule_id: str, tmp_path: Path) -> None:
    breaking, passing = CASES[rule_id]
    assert verdict(rule_id, breaking, tmp_path), "the call that breaks the rule went through"
    assert verdict(rule_id, passing, tmp_path) is None


def test_every_rule_has_a_test_that_breaks_it() -> None:
    assert {rule.id for rule in RULES} == set(CASES) | test_references.TESTED


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(set(ids)) == sorted(ids)


def test_the_documentation_lists_every_rule_with_its_code() -> None:
    rows = (PROJECT_DIR / "docs" / "simulator.md").read_text(encoding="utf-8").splitlines()
    listed = {row.split("`")[1]: row.split("|")[-2].strip() for row in rows if row.startswith("| `") and "_" not in row}
    assert listed == {rule.id: rule.code for rule in RULES}
