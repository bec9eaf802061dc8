"""The facts that one thing names another: the words of the API when what is named is missing, or still named.

Both halves of a row come from one table because they are one fact. The words are those of the EC2, EKS, EFS, FSx, IAM,
KMS, RDS, S3, Secrets Manager and Route 53 APIs; ``{id}`` is the id of what is missing or cannot be deleted.
"""

from dataclasses import dataclass

from simulator.rules import tokens as t


@dataclass(frozen=True, slots=True)
class Reference:
    """One property that names a thing of another type."""

    id: str
    token: str
    path: str
    target: str
    missing: tuple[str, str]
    """Error code and message when the named thing does not exist."""
    in_use: tuple[str, str] | None = None
    """Error code and message when the named thing is deleted first; None where AWS allows it."""


_NO_VPC = ("InvalidVpcID.NotFound", "The vpc ID '{id}' does not exist")
_NO_SUBNET = ("InvalidSubnetID.NotFound", "The subnet ID '{id}' does not exist")
_NO_GROUP = ("InvalidGroup.NotFound", "The security group '{id}' does not exist")
_NO_ROUTE_TABLE = ("InvalidRouteTableID.NotFound", "The routeTable ID '{id}' does not exist")
_NO_PEERING = ("InvalidVpcPeeringConnectionID.NotFound", "The vpcPeeringConnection ID '{id}' does not exist")
_NO_ROLE = ("NoSuchEntity", "The role with name {id} cannot be found.")
_NO_ZONE = ("NoSuchHostedZone", "No hosted zone found with ID: {id}")
_NO_CLUSTER = ("ResourceNotFoundException", "No cluster found for name: {id}.")
_NO_KEY = ("NotFoundException", "Key '{id}' does not exist")
_NO_BUCKET = ("NoSuchBucket", "The specified bucket does not exist: {id}")
_NO_PASSED_ROLE = (
    "InvalidParameterException",
    "Role with arn: {id}, could not be assumed because it does not exist or the trusted entity is not correct",
)

_VPC_IN_USE = ("DependencyViolation", "The vpc '{id}' has dependencies and cannot be deleted.")
_SUBNET_IN_USE = ("DependencyViolation", "The subnet '{id}' has dependencies and cannot be deleted.")
_GROUP_IN_USE = ("DependencyViolation", "resource {id} has a dependent object")
_ROUTE_TABLE_IN_USE = ("DependencyViolation", "The routeTable '{id}' has dependencies and cannot be deleted.")
_ADDRESS_IN_USE = ("InvalidIPAddress.InUse", "Address {id} is in use.")
_NODES_ATTACHED = ("ResourceInUseException", "Cluster has nodegroups attached")
_DETACH_POLICIES = ("DeleteConflict", "Cannot delete entity, must detach all policies first.")
_DELETE_POLICIES = ("DeleteConflict", "Cannot delete entity, must delete policies first.")
_LEAVE_PROFILES = ("DeleteConflict", "Cannot delete entity, must remove roles from instance profile first.")
_POLICY_ATTACHED = ("DeleteConflict", "Cannot delete a policy attached to entities.")
_ZONE_NOT_EMPTY = (
    "HostedZoneNotEmpty",
    "The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
)

_SUBNET_GROUP = (
    t.DB_SUBNET_GROUP,
    ("DBSubnetGroupNotFoundFault", "DB subnet group '{id}' does not exist."),
    ("InvalidDBSubnetGroupStateFault", "Cannot delete the subnet group '{id}' because a database is using it."),
)
_PARAMETERS_IN_USE = (
    "InvalidDBParameterGroupState",
    "One or more database instances are still members of this parameter group {id}, so the group cannot be deleted",
)
_PARAMETERS = (
    t.DB_PARAMETER_GROUP,
    ("DBParameterGroupNotFound", "DBParameterGroup not found: {id}"),
    _PARAMETERS_IN_USE,
)
_CLUSTER_PARAMETERS = (
    t.DB_CLUSTER_PARAMETER_GROUP,
    ("DBClusterParameterGroupNotFound", "DBClusterParameterGroup not found: {id}"),
    _PARAMETERS_IN_USE,
)
_DATABASE_CLUSTER = (
    t.DB_CLUSTER,
    ("DBClusterNotFoundFault", "DBCluster {id} not found."),
    ("InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances in non-deleting state."),
)
_NO_DATABASE_KEY = (
    "KMSKeyNotAccessibleFault",
    "The specified KMS key [{id}] does not exist, is not enabled or is not accessible.",
)
_NO_SECRET = ("ResourceNotFoundException", "Secrets Manager can't find the specified secret: {id}")
_NO_SECRET_KEY = (
    "EncryptionFailure",
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key: {id} does not exist.",
)
_NO_MONITORING_ROLE = ("InvalidParameterValue", "The MonitoringRoleArn {id} does not exist or cannot be assumed.")
_NO_FILE_SYSTEM = ("FileSystemNotFound", "File system '{id}' does not exist.")
_MOUNTED = ("FileSystemInUse", "File system '{id}' still has mount targets.")
_NO_FILES_KEY = ("BadRequest", "The KMS key '{id}' does not exist or is not accessible.")

REFERENCES = (
    Reference("subnet-vpc", t.SUBNET, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("internet-gateway-vpc", t.INTERNET_GATEWAY, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("route-table-vpc", t.ROUTE_TABLE, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("security-group-vpc", t.SECURITY_GROUP, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("endpoint-vpc", t.VPC_ENDPOINT, "vpcId", t.VPC, _NO_VPC, _VPC_IN_USE),
    Reference("peering-vpc", t.PEERING, "vpcId", t.VPC, _NO_VPC),
    Reference("flow-log-vpc", t.FLOW_LOG, "vpcId", t.VPC, _NO_VPC),
    Reference("zone-association-vpc", t.ZONE_ASSOCIATION, "vpcId", t.VPC, ("InvalidVPCId", "The VPC {id} is invalid.")),
    Reference("nat-gateway-subnet", t.NAT_GATEWAY, "subnetId", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("endpoint-subnet", t.VPC_ENDPOINT, "subnetIds", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("instance-subnet", t.INSTANCE, "subnetId", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("cluster-subnet", t.CLUSTER, "vpcConfig.subnetIds", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("node-group-subnet", t.NODE_GROUP, "subnetIds", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("association-subnet", t.ROUTE_TABLE_ASSOCIATION, "subnetId", t.SUBNET, _NO_SUBNET),
    Reference(
        *("association-route-table", t.ROUTE_TABLE_ASSOCIATION, "routeTableId", t.ROUTE_TABLE),
        *(_NO_ROUTE_TABLE, _ROUTE_TABLE_IN_USE),
    ),
    Reference("endpoint-route-table", t.VPC_ENDPOINT, "routeTableIds", t.ROUTE_TABLE, _NO_ROUTE_TABLE),
    Reference("route-route-table", t.ROUTE, "routeTableId", t.ROUTE_TABLE, _NO_ROUTE_TABLE),
    Reference(
        *("route-nat-gateway", t.ROUTE, "natGatewayId", t.NAT_GATEWAY),
        ("InvalidNatGatewayID.NotFound", "The natGateway ID '{id}' does not exist"),
    ),
    Reference(
        *("route-internet-gateway", t.ROUTE, "gatewayId", t.INTERNET_GATEWAY),
        ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{id}' does not exist"),
    ),
    Reference("route-peering", t.ROUTE, "vpcPeeringConnectionId", t.PEERING, _NO_PEERING),
    Reference("accepter-peering", t.PEERING_ACCEPTER, "vpcPeeringConnectionId", t.PEERING, _NO_PEERING),
    Reference(
        *("nat-gateway-address", t.NAT_GATEWAY, "allocationId", t.EIP),
        ("InvalidAllocationID.NotFound", "The allocation ID '{id}' does not exist"),
        _ADDRESS_IN_USE,
    ),
    Reference("ingress-group", t.INGRESS_RULE, "securityGroupId", t.SECURITY_GROUP, _NO_GROUP),
    Reference("egress-group", t.EGRESS_RULE, "securityGroupId", t.SECURITY_GROUP, _NO_GROUP),
    Reference(
        *("ingress-source", t.INGRESS_RULE, "referencedSecurityGroupId", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE)
    ),
    Reference(
        *("egress-target", t.EGRESS_RULE, "referencedSecurityGroupId", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE)
    ),
    Reference("endpoint-group", t.VPC_ENDPOINT, "securityGroupIds", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("instance-group", t.INSTANCE, "vpcSecurityGroupIds", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("cluster-group", t.CLUSTER, "vpcConfig.securityGroupIds", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("cluster-role", t.CLUSTER, "roleArn", t.ROLE, _NO_PASSED_ROLE),
    Reference("node-group-role", t.NODE_GROUP, "nodeRoleArn", t.ROLE, _NO_PASSED_ROLE),
    Reference("pod-identity-role", t.POD_IDENTITY_ASSOCIATION, "roleArn", t.ROLE, _NO_PASSED_ROLE),
    Reference("cluster-key", t.CLUSTER, "encryptionConfig.provider.keyArn", t.KMS_KEY, _NO_KEY),
    Reference("log-group-key", t.LOG_GROUP, "kmsKeyId", t.KMS_KEY, _NO_KEY),
    Reference("alias-key", t.KMS_ALIAS, "targetKeyId", t.KMS_KEY, _NO_KEY),
    Reference("bucket-encryption-bucket", t.BUCKET_ENCRYPTION, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-lifecycle-bucket", t.BUCKET_LIFECYCLE, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-logging-bucket", t.BUCKET_LOGGING, "bucket", t.BUCKET, _NO_BUCKET),
    Reference(
        *("bucket-logging-target", t.BUCKET_LOGGING, "targetBucket", t.BUCKET),
        ("InvalidTargetBucketForLogging", "The target bucket for logging does not exist in this region: {id}"),
    ),
    Reference("bucket-object-lock-bucket", t.BUCKET_OBJECT_LOCK, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-ownership-bucket", t.BUCKET_OWNERSHIP, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-policy-bucket", t.BUCKET_POLICY, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-public-access-bucket", t.BUCKET_PUBLIC_ACCESS_BLOCK, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-versioning-bucket", t.BUCKET_VERSIONING, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("node-group-cluster", t.NODE_GROUP, "clusterName", t.CLUSTER, _NO_CLUSTER, _NODES_ATTACHED),
    Reference("addon-cluster", t.ADDON, "clusterName", t.CLUSTER, _NO_CLUSTER),
    Reference("access-entry-cluster", t.ACCESS_ENTRY, "clusterName", t.CLUSTER, _NO_CLUSTER),
    Reference("pod-identity-cluster", t.POD_IDENTITY_ASSOCIATION, "clusterName", t.CLUSTER, _NO_CLUSTER),
    Reference(
        *("node-group-launch-template", t.NODE_GROUP, "launchTemplate.id", t.LAUNCH_TEMPLATE),
        ("InvalidLaunchTemplateId.NotFoundException", "The specified launch template, {id}, does not exist."),
    ),
    Reference("attachment-role", t.ROLE_POLICY_ATTACHMENT, "role", t.ROLE, _NO_ROLE, _DETACH_POLICIES),
    Reference("inline-policy-role", t.ROLE_POLICY, "role", t.ROLE, _NO_ROLE, _DELETE_POLICIES),
    Reference("instance-profile-role", t.INSTANCE_PROFILE, "role", t.ROLE, _NO_ROLE, _LEAVE_PROFILES),
    Reference(
        *("attachment-policy", t.ROLE_POLICY_ATTACHMENT, "policyArn", t.POLICY),
        ("NoSuchEntity", "Policy {id} does not exist or is not attachable."),
        _POLICY_ATTACHED,
    ),
    Reference("database-subnet", t.DB_SUBNET_GROUP, "subnetIds", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("db-instance-subnet-group", t.DB_INSTANCE, "dbSubnetGroupName", *_SUBNET_GROUP),
    Reference("db-instance-parameters", t.DB_INSTANCE, "parameterGroupName", *_PARAMETERS),
    Reference("db-instance-group", t.DB_INSTANCE, "vpcSecurityGroupIds", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("db-instance-key", t.DB_INSTANCE, "kmsKeyId", t.KMS_KEY, _NO_DATABASE_KEY),
    Reference("db-instance-monitoring-role", t.DB_INSTANCE, "monitoringRoleArn", t.ROLE, _NO_MONITORING_ROLE),
    Reference("db-cluster-subnet-group", t.DB_CLUSTER, "dbSubnetGroupName", *_SUBNET_GROUP),
    Reference("db-cluster-parameters", t.DB_CLUSTER, "dbClusterParameterGroupName", *_CLUSTER_PARAMETERS),
    Reference("db-cluster-group", t.DB_CLUSTER, "vpcSecurityGroupIds", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("db-cluster-key", t.DB_CLUSTER, "kmsKeyId", t.KMS_KEY, _NO_DATABASE_KEY),
    Reference("db-member-cluster", t.DB_CLUSTER_INSTANCE, "clusterIdentifier", *_DATABASE_CLUSTER),
    Reference("db-member-parameters", t.DB_CLUSTER_INSTANCE, "dbParameterGroupName", *_PARAMETERS),
    Reference("db-member-monitoring-role", t.DB_CLUSTER_INSTANCE, "monitoringRoleArn", t.ROLE, _NO_MONITORING_ROLE),
    Reference("lustre-subnet", t.LUSTRE, "subnetIds", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("lustre-group", t.LUSTRE, "securityGroupIds", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("lustre-key", t.LUSTRE, "kmsKeyId", t.KMS_KEY, _NO_FILES_KEY),
    Reference("efs-key", t.EFS, "kmsKeyId", t.KMS_KEY, _NO_FILES_KEY),
    Reference("mount-target-file-system", t.MOUNT_TARGET, "fileSystemId", t.EFS, _NO_FILE_SYSTEM, _MOUNTED),
    Reference("mount-target-subnet", t.MOUNT_TARGET, "subnetId", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE),
    Reference("mount-target-group", t.MOUNT_TARGET, "securityGroups", t.SECURITY_GROUP, _NO_GROUP, _GROUP_IN_USE),
    Reference("access-point-file-system", t.ACCESS_POINT, "fileSystemId", t.EFS, _NO_FILE_SYSTEM),
    Reference("efs-backup-policy-file-system", t.EFS_BACKUP_POLICY, "fileSystemId", t.EFS, _NO_FILE_SYSTEM),
    Reference("efs-policy-file-system", t.EFS_POLICY, "fileSystemId", t.EFS, _NO_FILE_SYSTEM),
    Reference("secret-key", t.SECRET, "kmsKeyId", t.KMS_KEY, _NO_SECRET_KEY),
    Reference("secret-version-secret", t.SECRET_VERSION, "secretId", t.SECRET, _NO_SECRET),
    Reference("secret-policy-secret", t.SECRET_POLICY, "secretArn", t.SECRET, _NO_SECRET),
    Reference(
        "kafka-subnet", t.KAFKA_CLUSTER, "brokerNodeGroupInfo.clientSubnets", t.SUBNET, _NO_SUBNET, _SUBNET_IN_USE
    ),
    Reference(
        *("kafka-group", t.KAFKA_CLUSTER, "brokerNodeGroupInfo.securityGroups", t.SECURITY_GROUP),
        *(_NO_GROUP, _GROUP_IN_USE),
    ),
    Reference("kafka-key", t.KAFKA_CLUSTER, "encryptionInfo.encryptionAtRestKmsKeyArn", t.KMS_KEY, _NO_KEY),
    Reference(
        *("kafka-log-group", t.KAFKA_CLUSTER, "loggingInfo.brokerLogs.cloudwatchLogs.logGroup", t.LOG_GROUP),
        ("BadRequestException", "The specified log group {id} does not exist."),
    ),
    Reference(
        *("kafka-configuration", t.KAFKA_CLUSTER, "configurationInfo.arn", t.KAFKA_CONFIGURATION),
        ("NotFoundException", "The configuration {id} does not exist."),
        ("BadRequestException", "Configuration {id} is in use by one or more clusters and cannot be deleted."),
    ),
    Reference("record-zone", t.RECORD, "zoneId", t.ZONE, _NO_ZONE, _ZONE_NOT_EMPTY),
    Reference("zone-association-zone", t.ZONE_ASSOCIATION, "zoneId", t.ZONE, _NO_ZONE),
)
