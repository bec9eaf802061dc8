"""What names what in stores and notifications, in the words of S3, RDS, MSK, FSx, EFS, Secrets Manager and SNS."""

from simulator.rules import tokens as t
from simulator.rules.reference import GROUP_IN_USE, NO_GROUP, NO_KEY, NO_SUBNET, SUBNET_IN_USE, Reference

_NO_BUCKET = ("NoSuchBucket", "The specified bucket does not exist: {id}")
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
_NO_WORKSPACE = ("ResourceNotFoundException", "Workspace not found: {id}")
_NO_TOPIC = ("NotFound", "Topic does not exist: {id}")
_NO_EVENT_RULE = ("ResourceNotFoundException", "Rule {id} does not exist on EventBus default.")
_EVENT_RULE_IN_USE = ("ValidationException", "Rule can't be deleted since it has targets.")
_NO_REPOSITORY = ("RepositoryNotFoundException", "The repository with name '{id}' does not exist in the registry")
_NO_EVENT_TOPIC = ("SNSTopicArnNotFound", "SNS topic ARN {id} does not exist.")

_NO_VAULT = ("ResourceNotFoundException", "Backup vault {id} was not found.")
_NO_PLAN = ("ResourceNotFoundException", "Cannot find Backup plan with ID {id}")
_PLAN_IN_USE = (
    "InvalidRequestException",
    "Related backup plan selections must be deleted prior to backup plan deletion",
)

REFERENCES = (
    Reference(
        *("backup-vault-key", t.BACKUP_VAULT, "kmsKeyArn", t.KMS_KEY),
        ("InvalidParameterValueException", "The KMS key {id} does not exist or is not accessible."),
    ),
    Reference("backup-vault-lock-vault", t.BACKUP_VAULT_LOCK, "backupVaultName", t.BACKUP_VAULT, _NO_VAULT),
    Reference("backup-plan-vault", t.BACKUP_PLAN, "rules.targetVaultName", t.BACKUP_VAULT, _NO_VAULT),
    Reference("backup-plan-copy", t.BACKUP_PLAN, "rules.copyActions.destinationVaultArn", t.BACKUP_VAULT, _NO_VAULT),
    Reference("backup-selection-plan", t.BACKUP_SELECTION, "planId", t.BACKUP_PLAN, _NO_PLAN, _PLAN_IN_USE),
    Reference(
        *("backup-selection-role", t.BACKUP_SELECTION, "iamRoleArn", t.ROLE),
        ("InvalidParameterValueException", "IAM Role {id} does not exist or cannot be assumed by AWS Backup"),
    ),
    Reference("bucket-notification-bucket", t.BUCKET_NOTIFICATION, "bucket", t.BUCKET, _NO_BUCKET),
    Reference("bucket-replication-bucket", t.BUCKET_REPLICATION, "bucket", t.BUCKET, _NO_BUCKET),
    Reference(
        *("bucket-replication-key", t.BUCKET_REPLICATION),
        *("rules.destination.encryptionConfiguration.replicaKmsKeyId", t.KMS_KEY),
        ("InvalidRequest", "Replica KMS key {id} does not exist."),
    ),
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
    Reference("database-subnet", t.DB_SUBNET_GROUP, "subnetIds", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("db-instance-subnet-group", t.DB_INSTANCE, "dbSubnetGroupName", *_SUBNET_GROUP),
    Reference("db-instance-parameters", t.DB_INSTANCE, "parameterGroupName", *_PARAMETERS),
    Reference("db-instance-group", t.DB_INSTANCE, "vpcSecurityGroupIds", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference("db-instance-key", t.DB_INSTANCE, "kmsKeyId", t.KMS_KEY, _NO_DATABASE_KEY),
    Reference("db-instance-monitoring-role", t.DB_INSTANCE, "monitoringRoleArn", t.ROLE, _NO_MONITORING_ROLE),
    Reference("db-cluster-subnet-group", t.DB_CLUSTER, "dbSubnetGroupName", *_SUBNET_GROUP),
    Reference("db-cluster-parameters", t.DB_CLUSTER, "dbClusterParameterGroupName", *_CLUSTER_PARAMETERS),
    Reference("db-cluster-group", t.DB_CLUSTER, "vpcSecurityGroupIds", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference("db-cluster-key", t.DB_CLUSTER, "kmsKeyId", t.KMS_KEY, _NO_DATABASE_KEY),
    Reference("db-member-cluster", t.DB_CLUSTER_INSTANCE, "clusterIdentifier", *_DATABASE_CLUSTER),
    Reference("db-member-parameters", t.DB_CLUSTER_INSTANCE, "dbParameterGroupName", *_PARAMETERS),
    Reference("db-member-monitoring-role", t.DB_CLUSTER_INSTANCE, "monitoringRoleArn", t.ROLE, _NO_MONITORING_ROLE),
    Reference("lustre-subnet", t.LUSTRE, "subnetIds", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("lustre-group", t.LUSTRE, "securityGroupIds", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference("lustre-key", t.LUSTRE, "kmsKeyId", t.KMS_KEY, _NO_FILES_KEY),
    Reference("efs-key", t.EFS, "kmsKeyId", t.KMS_KEY, _NO_FILES_KEY),
    Reference("mount-target-file-system", t.MOUNT_TARGET, "fileSystemId", t.EFS, _NO_FILE_SYSTEM, _MOUNTED),
    Reference("mount-target-subnet", t.MOUNT_TARGET, "subnetId", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference("mount-target-group", t.MOUNT_TARGET, "securityGroups", t.SECURITY_GROUP, NO_GROUP, GROUP_IN_USE),
    Reference("access-point-file-system", t.ACCESS_POINT, "fileSystemId", t.EFS, _NO_FILE_SYSTEM),
    Reference("efs-backup-policy-file-system", t.EFS_BACKUP_POLICY, "fileSystemId", t.EFS, _NO_FILE_SYSTEM),
    Reference("efs-policy-file-system", t.EFS_POLICY, "fileSystemId", t.EFS, _NO_FILE_SYSTEM),
    Reference("secret-key", t.SECRET, "kmsKeyId", t.KMS_KEY, _NO_SECRET_KEY),
    Reference("secret-version-secret", t.SECRET_VERSION, "secretId", t.SECRET, _NO_SECRET),
    Reference("secret-policy-secret", t.SECRET_POLICY, "secretArn", t.SECRET, _NO_SECRET),
    Reference("kafka-subnet", t.KAFKA_CLUSTER, "brokerNodeGroupInfo.clientSubnets", t.SUBNET, NO_SUBNET, SUBNET_IN_USE),
    Reference(
        *("kafka-group", t.KAFKA_CLUSTER, "brokerNodeGroupInfo.securityGroups", t.SECURITY_GROUP),
        *(NO_GROUP, GROUP_IN_USE),
    ),
    Reference("kafka-key", t.KAFKA_CLUSTER, "encryptionInfo.encryptionAtRestKmsKeyArn", t.KMS_KEY, NO_KEY),
    Reference(
        *("kafka-log-group", t.KAFKA_CLUSTER, "loggingInfo.brokerLogs.cloudwatchLogs.logGroup", t.LOG_GROUP),
        ("BadRequestException", "The specified log group {id} does not exist."),
    ),
    Reference(
        *("kafka-configuration", t.KAFKA_CLUSTER, "configurationInfo.arn", t.KAFKA_CONFIGURATION),
        ("NotFoundException", "The configuration {id} does not exist."),
        ("BadRequestException", "Configuration {id} is in use by one or more clusters and cannot be deleted."),
    ),
    Reference("metrics-key", t.METRICS_WORKSPACE, "kmsKeyArn", t.KMS_KEY, NO_KEY),
    Reference("metrics-rules-workspace", t.METRICS_RULES, "workspaceId", t.METRICS_WORKSPACE, _NO_WORKSPACE),
    Reference("alert-manager-workspace", t.ALERT_MANAGER, "workspaceId", t.METRICS_WORKSPACE, _NO_WORKSPACE),
    Reference("topic-policy-topic", t.TOPIC_POLICY, "arn", t.TOPIC, _NO_TOPIC),
    Reference("topic-subscription-topic", t.TOPIC_SUBSCRIPTION, "topic", t.TOPIC, _NO_TOPIC),
    Reference("event-target-rule", t.EVENT_TARGET, "rule", t.EVENT_RULE, _NO_EVENT_RULE, _EVENT_RULE_IN_USE),
    Reference("repository-policy-repository", t.REPOSITORY_POLICY, "repository", t.REPOSITORY, _NO_REPOSITORY),
    Reference("repository-lifecycle-repository", t.REPOSITORY_LIFECYCLE, "repository", t.REPOSITORY, _NO_REPOSITORY),
    Reference("repository-key", t.REPOSITORY, "encryptionConfigurations.kmsKey", t.KMS_KEY, NO_KEY),
    Reference("event-subscription-topic", t.EVENT_SUBSCRIPTION, "snsTopic", t.TOPIC, _NO_EVENT_TOPIC),
)
