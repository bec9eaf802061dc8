"""What is named must exist in its region, and some of it cannot be deleted while it is named."""

from pathlib import Path

import pytest

from simulator.rules import RULES
from simulator.rules import tokens as t
from simulator.world import Thing
from tests.plugins.world_builder import VIRGINIA, Ask, Inputs, create, delete, thing, verdict

VPC = thing(t.VPC, "vpc-1", {"cidrBlock": "10.0.0.0/16"}, {"defaultSecurityGroupId": "sg-of-vpc"})
SUBNET = thing(t.SUBNET, "subnet-1", {"vpcId": "vpc-1"})
GROUP = thing(t.SECURITY_GROUP, "sg-1", {"vpcId": "vpc-1"})
TABLE = thing(t.ROUTE_TABLE, "rtb-1", {"vpcId": "vpc-1"})
ROLE = thing(t.ROLE, "role-1", {"name": "role-1"}, {"arn": "arn:aws:iam::111122223333:role/role-1", "name": "role-1"})
KEY = thing(t.KMS_KEY, "key-1", {}, {"arn": "arn:aws:kms:eu-west-1:111122223333:key/key-1", "keyId": "key-1"})
CLUSTER = thing(t.CLUSTER, "blue", {"name": "blue"}, {"name": "blue"})
PEERING = thing(t.PEERING, "pcx-1", {"vpcId": "vpc-1"}, place=VIRGINIA)
ZONE = thing(t.ZONE, "Z1", {"name": "testing.internal"}, {"zoneId": "Z1"})
NAT = thing(t.NAT_GATEWAY, "nat-1")
ADDRESS = thing(t.EIP, "eipalloc-1")
TEMPLATE = thing(t.LAUNCH_TEMPLATE, "lt-1")
GATEWAY = thing(t.INTERNET_GATEWAY, "igw-1")
BUCKET = thing(t.BUCKET, "blocks", {"bucket": "blocks"})
DB_SUBNETS = thing(t.DB_SUBNET_GROUP, "data")
DB_PARAMETERS = thing(t.DB_PARAMETER_GROUP, "p17")
DB_CLUSTER_PARAMETERS = thing(t.DB_CLUSTER_PARAMETER_GROUP, "c17")
DB_CLUSTER = thing(t.DB_CLUSTER, "aurora")
TOPIC = thing(t.TOPIC, "arn:topic")
EVENT_RULE = thing(t.EVENT_RULE, "reads", {"name": "reads"})
REPOSITORY = thing(t.REPOSITORY, "dev/teranode", {"name": "dev/teranode"})
WORKSPACE = thing(t.METRICS_WORKSPACE, "ws-1")
EFS = thing(t.EFS, "fs-1")
SECRET = thing(t.SECRET, "arn:secret", {"name": "db"}, {"arn": "arn:secret"})
LOG_GROUP = thing(t.LOG_GROUP, "/kafka", {"name": "/kafka"})
KAFKA_SETTINGS = thing(t.KAFKA_CONFIGURATION, "arn:settings")
BALANCER = thing(t.LOAD_BALANCER, "arn:lb")
TARGETS = thing(t.TARGET_GROUP, "arn:tg")
VAULT = thing(t.BACKUP_VAULT, "vault", {"name": "vault"}, {"name": "vault", "arn": "arn:vault"})
FAR_VAULT = thing(t.BACKUP_VAULT, "far", {"name": "far"}, {"name": "far", "arn": "arn:far"}, place=VIRGINIA)
PLAN = thing(t.BACKUP_PLAN, "plan-1")
POLICY = thing(t.POLICY, "p-1", {}, {"arn": "arn:aws:iam::111122223333:policy/p-1"})

_ROLE_ARN = ROLE.outputs["arn"]
_KEY_ARN = KEY.outputs["arn"]

NAMING: dict[str, tuple[str, Inputs, Thing, bool]] = {
    "subnet-vpc": (t.SUBNET, {"vpcId": "vpc-1"}, VPC, True),
    "internet-gateway-vpc": (t.INTERNET_GATEWAY, {"vpcId": "vpc-1"}, VPC, True),
    "route-table-vpc": (t.ROUTE_TABLE, {"vpcId": "vpc-1"}, VPC, True),
    "security-group-vpc": (t.SECURITY_GROUP, {"vpcId": "vpc-1"}, VPC, True),
    "endpoint-vpc": (t.VPC_ENDPOINT, {"vpcId": "vpc-1"}, VPC, True),
    "peering-vpc": (t.PEERING, {"vpcId": "vpc-1"}, VPC, False),
    "flow-log-vpc": (t.FLOW_LOG, {"vpcId": "vpc-1"}, VPC, False),
    "zone-association-vpc": (t.ZONE_ASSOCIATION, {"vpcId": "vpc-1"}, VPC, False),
    "nat-gateway-subnet": (t.NAT_GATEWAY, {"subnetId": "subnet-1"}, SUBNET, True),
    "endpoint-subnet": (t.VPC_ENDPOINT, {"subnetIds": ["subnet-1"]}, SUBNET, True),
    "instance-subnet": (t.INSTANCE, {"subnetId": "subnet-1"}, SUBNET, True),
    "cluster-subnet": (t.CLUSTER, {"vpcConfig": {"subnetIds": ["subnet-1"]}}, SUBNET, True),
    "node-group-subnet": (t.NODE_GROUP, {"subnetIds": ["subnet-1"]}, SUBNET, True),
    "association-subnet": (t.ROUTE_TABLE_ASSOCIATION, {"subnetId": "subnet-1"}, SUBNET, False),
    "association-route-table": (t.ROUTE_TABLE_ASSOCIATION, {"routeTableId": "rtb-1"}, TABLE, True),
    "endpoint-route-table": (t.VPC_ENDPOINT, {"routeTableIds": ["rtb-1"]}, TABLE, False),
    "route-route-table": (t.ROUTE, {"routeTableId": "rtb-1"}, TABLE, False),
    "route-nat-gateway": (t.ROUTE, {"natGatewayId": "nat-1"}, NAT, False),
    "route-internet-gateway": (t.ROUTE, {"gatewayId": "igw-1"}, GATEWAY, False),
    "route-peering": (t.ROUTE, {"vpcPeeringConnectionId": "pcx-1"}, PEERING, False),
    "accepter-peering": (t.PEERING_ACCEPTER, {"vpcPeeringConnectionId": "pcx-1"}, PEERING, False),
    "nat-gateway-address": (t.NAT_GATEWAY, {"allocationId": "eipalloc-1"}, ADDRESS, True),
    "ingress-group": (t.INGRESS_RULE, {"securityGroupId": "sg-1"}, GROUP, False),
    "egress-group": (t.EGRESS_RULE, {"securityGroupId": "sg-1"}, GROUP, False),
    "ingress-source": (t.INGRESS_RULE, {"referencedSecurityGroupId": "sg-1"}, GROUP, True),
    "egress-target": (t.EGRESS_RULE, {"referencedSecurityGroupId": "sg-1"}, GROUP, True),
    "endpoint-group": (t.VPC_ENDPOINT, {"securityGroupIds": ["sg-1"]}, GROUP, True),
    "instance-group": (t.INSTANCE, {"vpcSecurityGroupIds": ["sg-1"]}, GROUP, True),
    "cluster-group": (t.CLUSTER, {"vpcConfig": {"securityGroupIds": ["sg-1"]}}, GROUP, True),
    "cluster-role": (t.CLUSTER, {"roleArn": _ROLE_ARN}, ROLE, False),
    "node-group-role": (t.NODE_GROUP, {"nodeRoleArn": _ROLE_ARN}, ROLE, False),
    "pod-identity-role": (t.POD_IDENTITY_ASSOCIATION, {"roleArn": _ROLE_ARN}, ROLE, False),
    "cluster-key": (t.CLUSTER, {"encryptionConfig": {"provider": {"keyArn": _KEY_ARN}}}, KEY, False),
    "log-group-key": (t.LOG_GROUP, {"kmsKeyId": _KEY_ARN}, KEY, False),
    "alias-key": (t.KMS_ALIAS, {"targetKeyId": "key-1"}, KEY, False),
    "bucket-encryption-bucket": (t.BUCKET_ENCRYPTION, {"bucket": "blocks"}, BUCKET, False),
    "bucket-lifecycle-bucket": (t.BUCKET_LIFECYCLE, {"bucket": "blocks"}, BUCKET, False),
    "bucket-logging-bucket": (t.BUCKET_LOGGING, {"bucket": "blocks"}, BUCKET, False),
    "bucket-logging-target": (t.BUCKET_LOGGING, {"targetBucket": "blocks"}, BUCKET, False),
    "bucket-object-lock-bucket": (t.BUCKET_OBJECT_LOCK, {"bucket": "blocks"}, BUCKET, False),
    "bucket-ownership-bucket": (t.BUCKET_OWNERSHIP, {"bucket": "blocks"}, BUCKET, False),
    "bucket-policy-bucket": (t.BUCKET_POLICY, {"bucket": "blocks"}, BUCKET, False),
    "bucket-public-access-bucket": (t.BUCKET_PUBLIC_ACCESS_BLOCK, {"bucket": "blocks"}, BUCKET, False),
    "bucket-versioning-bucket": (t.BUCKET_VERSIONING, {"bucket": "blocks"}, BUCKET, False),
    "bucket-notification-bucket": (t.BUCKET_NOTIFICATION, {"bucket": "blocks"}, BUCKET, False),
    "bucket-replication-bucket": (t.BUCKET_REPLICATION, {"bucket": "blocks"}, BUCKET, False),
    "bucket-replication-key": (
        t.BUCKET_REPLICATION,
        {"rules": [{"destination": {"encryptionConfiguration": {"replicaKmsKeyId": _KEY_ARN}}}]},
        KEY,
        False,
    ),
    "backup-vault-key": (t.BACKUP_VAULT, {"kmsKeyArn": _KEY_ARN}, KEY, False),
    "backup-vault-lock-vault": (t.BACKUP_VAULT_LOCK, {"backupVaultName": "vault"}, VAULT, False),
    "backup-plan-vault": (t.BACKUP_PLAN, {"rules": [{"targetVaultName": "vault"}]}, VAULT, False),
    "backup-plan-copy": (
        t.BACKUP_PLAN,
        {"rules": [{"copyActions": [{"destinationVaultArn": "arn:far"}]}]},
        FAR_VAULT,
        False,
    ),
    "backup-selection-plan": (t.BACKUP_SELECTION, {"planId": "plan-1"}, PLAN, True),
    "backup-selection-role": (t.BACKUP_SELECTION, {"iamRoleArn": _ROLE_ARN}, ROLE, False),
    "secret-key": (t.SECRET, {"kmsKeyId": _KEY_ARN}, KEY, False),
    "secret-version-secret": (t.SECRET_VERSION, {"secretId": "arn:secret"}, SECRET, False),
    "secret-policy-secret": (t.SECRET_POLICY, {"secretArn": "arn:secret"}, SECRET, False),
    "node-group-cluster": (t.NODE_GROUP, {"clusterName": "blue"}, CLUSTER, True),
    "addon-cluster": (t.ADDON, {"clusterName": "blue"}, CLUSTER, False),
    "access-entry-cluster": (t.ACCESS_ENTRY, {"clusterName": "blue"}, CLUSTER, False),
    "pod-identity-cluster": (t.POD_IDENTITY_ASSOCIATION, {"clusterName": "blue"}, CLUSTER, False),
    "node-group-launch-template": (t.NODE_GROUP, {"launchTemplate": {"id": "lt-1"}}, TEMPLATE, False),
    "attachment-role": (t.ROLE_POLICY_ATTACHMENT, {"role": "role-1"}, ROLE, True),
    "inline-policy-role": (t.ROLE_POLICY, {"role": "role-1"}, ROLE, True),
    "instance-profile-role": (t.INSTANCE_PROFILE, {"role": "role-1"}, ROLE, True),
    "attachment-policy": (t.ROLE_POLICY_ATTACHMENT, {"policyArn": POLICY.outputs["arn"]}, POLICY, True),
    "database-subnet": (t.DB_SUBNET_GROUP, {"subnetIds": ["subnet-1"]}, SUBNET, True),
    "db-instance-subnet-group": (t.DB_INSTANCE, {"dbSubnetGroupName": "data"}, DB_SUBNETS, True),
    "db-instance-parameters": (t.DB_INSTANCE, {"parameterGroupName": "p17"}, DB_PARAMETERS, True),
    "db-instance-group": (t.DB_INSTANCE, {"vpcSecurityGroupIds": ["sg-1"]}, GROUP, True),
    "db-instance-key": (t.DB_INSTANCE, {"kmsKeyId": _KEY_ARN}, KEY, False),
    "db-instance-monitoring-role": (t.DB_INSTANCE, {"monitoringRoleArn": _ROLE_ARN}, ROLE, False),
    "db-cluster-subnet-group": (t.DB_CLUSTER, {"dbSubnetGroupName": "data"}, DB_SUBNETS, True),
    "db-cluster-parameters": (t.DB_CLUSTER, {"dbClusterParameterGroupName": "c17"}, DB_CLUSTER_PARAMETERS, True),
    "db-cluster-group": (t.DB_CLUSTER, {"vpcSecurityGroupIds": ["sg-1"]}, GROUP, True),
    "db-cluster-key": (t.DB_CLUSTER, {"kmsKeyId": _KEY_ARN}, KEY, False),
    "db-member-cluster": (t.DB_CLUSTER_INSTANCE, {"clusterIdentifier": "aurora"}, DB_CLUSTER, True),
    "db-member-parameters": (t.DB_CLUSTER_INSTANCE, {"dbParameterGroupName": "p17"}, DB_PARAMETERS, True),
    "db-member-monitoring-role": (t.DB_CLUSTER_INSTANCE, {"monitoringRoleArn": _ROLE_ARN}, ROLE, False),
    "lustre-subnet": (t.LUSTRE, {"subnetIds": "subnet-1"}, SUBNET, True),
    "lustre-group": (t.LUSTRE, {"securityGroupIds": ["sg-1"]}, GROUP, True),
    "lustre-key": (t.LUSTRE, {"kmsKeyId": _KEY_ARN}, KEY, False),
    "efs-key": (t.EFS, {"kmsKeyId": _KEY_ARN}, KEY, False),
    "mount-target-file-system": (t.MOUNT_TARGET, {"fileSystemId": "fs-1"}, EFS, True),
    "mount-target-subnet": (t.MOUNT_TARGET, {"subnetId": "subnet-1"}, SUBNET, True),
    "mount-target-group": (t.MOUNT_TARGET, {"securityGroups": ["sg-1"]}, GROUP, True),
    "access-point-file-system": (t.ACCESS_POINT, {"fileSystemId": "fs-1"}, EFS, False),
    "efs-backup-policy-file-system": (t.EFS_BACKUP_POLICY, {"fileSystemId": "fs-1"}, EFS, False),
    "efs-policy-file-system": (t.EFS_POLICY, {"fileSystemId": "fs-1"}, EFS, False),
    "kafka-subnet": (t.KAFKA_CLUSTER, {"brokerNodeGroupInfo": {"clientSubnets": ["subnet-1"]}}, SUBNET, True),
    "kafka-group": (t.KAFKA_CLUSTER, {"brokerNodeGroupInfo": {"securityGroups": ["sg-1"]}}, GROUP, True),
    "kafka-key": (t.KAFKA_CLUSTER, {"encryptionInfo": {"encryptionAtRestKmsKeyArn": _KEY_ARN}}, KEY, False),
    "kafka-log-group": (
        t.KAFKA_CLUSTER,
        {"loggingInfo": {"brokerLogs": {"cloudwatchLogs": {"logGroup": "/kafka"}}}},
        LOG_GROUP,
        False,
    ),
    "kafka-configuration": (t.KAFKA_CLUSTER, {"configurationInfo": {"arn": "arn:settings"}}, KAFKA_SETTINGS, True),
    "metrics-key": (t.METRICS_WORKSPACE, {"kmsKeyArn": _KEY_ARN}, KEY, False),
    "metrics-rules-workspace": (t.METRICS_RULES, {"workspaceId": "ws-1"}, WORKSPACE, False),
    "alert-manager-workspace": (t.ALERT_MANAGER, {"workspaceId": "ws-1"}, WORKSPACE, False),
    "topic-policy-topic": (t.TOPIC_POLICY, {"arn": "arn:topic"}, TOPIC, False),
    "topic-subscription-topic": (t.TOPIC_SUBSCRIPTION, {"topic": "arn:topic"}, TOPIC, False),
    "event-subscription-topic": (t.EVENT_SUBSCRIPTION, {"snsTopic": "arn:topic"}, TOPIC, False),
    "event-target-rule": (t.EVENT_TARGET, {"rule": "reads"}, EVENT_RULE, True),
    "repository-policy-repository": (t.REPOSITORY_POLICY, {"repository": "dev/teranode"}, REPOSITORY, False),
    "repository-lifecycle-repository": (t.REPOSITORY_LIFECYCLE, {"repository": "dev/teranode"}, REPOSITORY, False),
    "repository-key": (t.REPOSITORY, {"encryptionConfigurations": [{"kmsKey": _KEY_ARN}]}, KEY, False),
    "load-balancer-subnet": (t.LOAD_BALANCER, {"subnets": ["subnet-1"]}, SUBNET, True),
    "load-balancer-mapped-subnet": (
        t.LOAD_BALANCER,
        {"subnetMappings": [{"subnetId": "subnet-1", "allocationId": "eipalloc-2"}]},
        SUBNET,
        True,
    ),
    "load-balancer-address": (t.LOAD_BALANCER, {"subnetMappings": [{"allocationId": "eipalloc-1"}]}, ADDRESS, True),
    "load-balancer-group": (t.LOAD_BALANCER, {"securityGroups": ["sg-1"]}, GROUP, True),
    "load-balancer-bucket": (t.LOAD_BALANCER, {"accessLogs": {"bucket": "blocks"}}, BUCKET, False),
    "target-group-vpc": (t.TARGET_GROUP, {"vpcId": "vpc-1"}, VPC, False),
    "endpoint-service-balancer": (t.ENDPOINT_SERVICE, {"networkLoadBalancerArns": ["arn:lb"]}, BALANCER, True),
    "endpoint-principal-service": (
        t.ENDPOINT_PRINCIPAL,
        {"vpcEndpointServiceId": "vpce-svc-1"},
        thing(t.ENDPOINT_SERVICE, "vpce-svc-1"),
        False,
    ),
    "listener-load-balancer": (t.LISTENER, {"loadBalancerArn": "arn:lb"}, BALANCER, False),
    "listener-target-group": (t.LISTENER, {"defaultActions": [{"targetGroupArn": "arn:tg"}]}, TARGETS, True),
    "binding-target-group": (t.TARGET_GROUP_BINDING, {"spec": {"targetGroupARN": "arn:tg"}}, TARGETS, False),
    "record-zone": (t.RECORD, {"zoneId": "Z1"}, ZONE, True),
    "zone-association-zone": (t.ZONE_ASSOCIATION, {"zoneId": "Z1"}, ZONE, False),
}
"""Reference → who names, how, what is named, and whether that keeps the named thing from being deleted."""

TESTED = {f"{name}-exists" for name in NAMING} | {f"{name}-in-use" for name, row in NAMING.items() if row[3]}


@pytest.mark.parametrize("name", NAMING)
def test_what_does_not_exist_cannot_be_named(name: str, tmp_path: Path) -> None:
    token, inputs, target, _ = NAMING[name]
    assert verdict(f"{name}-exists", create(token, **inputs), tmp_path) is not None
    assert verdict(f"{name}-exists", create(token, target, **inputs), tmp_path) is None


@pytest.mark.parametrize("name", [name for name, row in NAMING.items() if row[3]])
def test_what_is_named_cannot_be_deleted(name: str, tmp_path: Path) -> None:
    token, inputs, target, _ = NAMING[name]
    user = thing(token, "user", inputs)
    assert verdict(f"{name}-in-use", delete(target, user), tmp_path) is not None
    assert verdict(f"{name}-in-use", delete(target), tmp_path) is None


def test_a_thing_of_another_region_is_not_found(tmp_path: Path) -> None:
    elsewhere = thing(t.VPC, "vpc-1", place=VIRGINIA)
    assert verdict("subnet-vpc-exists", create(t.SUBNET, elsewhere, vpcId="vpc-1"), tmp_path) is not None


def test_the_security_group_that_comes_with_a_vpc_can_be_named(tmp_path: Path) -> None:
    rule = create(t.INGRESS_RULE, VPC, securityGroupId="sg-of-vpc")
    assert verdict("ingress-group-exists", rule, tmp_path) is None


def test_policies_that_aws_manages_always_exist(tmp_path: Path) -> None:
    attachment = create(t.ROLE_POLICY_ATTACHMENT, policyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy")
    assert verdict("attachment-policy-exists", attachment, tmp_path) is None


def test_a_role_lets_go_of_its_policies_if_the_program_says_so(tmp_path: Path) -> None:
    role = thing(t.ROLE, "role-1", {"forceDetachPolicies": True}, {"name": "role-1"})
    attached = thing(t.ROLE_POLICY_ATTACHMENT, "a", {"role": "role-1"})
    ask: Ask = delete(role, attached)
    assert verdict("attachment-role-in-use", ask, tmp_path) is None


def test_every_reference_rule_has_a_row_here() -> None:
    rules = {rule.id for rule in RULES if rule.id.endswith(("-in-use",)) or rule.id.removesuffix("-exists") in NAMING}
    assert rules == TESTED
