"""Rule → a call that breaks it, and one that passes: databases, Kafka, file systems, and buckets."""

from typing import Any

from simulator.rules import tokens as t
from tests.plugins.things import SUBNET_A, SUBNET_A2, SUBNET_B, bucket_policy, policy
from tests.plugins.world_builder import ACCOUNT, VIRGINIA, Ask, create, delete, thing, update


def lustre_ingress(port: int) -> Any:
    """A rule that lets one port in to sg-1."""
    return thing(t.INGRESS_RULE, "sgr-1", {"securityGroupId": "sg-1", "fromPort": port, "toPort": port})


LOCKED_BUCKET = thing(t.BUCKET, "blocks", {"bucket": "blocks", "objectLockEnabled": True})
PUBLIC_ACCESS_BLOCK = thing(t.BUCKET_PUBLIC_ACCESS_BLOCK, "blocks", {"bucket": "blocks", "blockPublicPolicy": True})
MOUNT_A = thing(t.MOUNT_TARGET, "fsmt-1", {"fileSystemId": "fs-1", "subnetId": "subnet-a"})
AURORA = thing(t.DB_CLUSTER, "aurora", {"clusterIdentifier": "aurora"})
KAFKA = thing(t.KAFKA_CLUSTER, "k", {"clusterName": "k"})
KAFKA_SETTINGS = thing(t.KAFKA_CONFIGURATION, "arn:c", {"name": "c"}, {"arn": "arn:c", "latestRevision": 2})


def brokers(gib: int = 20, *ids: str) -> dict[str, Any]:
    """Where the brokers of a Kafka cluster stand, and their disk."""
    return {"clientSubnets": list(ids), "storageInfo": {"ebsStorageInfo": {"volumeSize": gib}}}


CASES: dict[str, tuple[Ask, Ask]] = {
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
}
