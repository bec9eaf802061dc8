"""A model region's databases: an Aurora cluster of two, and an instance with its own disk."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Json, Row

_PARAMETERS: list[Row] = [{"name": "rds.force_ssl", "value": "1"}, {"name": "log_statement", "value": "ddl"}]


def build_databases(region: RegionBuilder) -> None:
    """Register both kinds with all that they refer to, and whoever is told of them."""
    region.add(
        "aws:rds/clusterParameterGroup:ClusterParameterGroup", "cluster-parameters", {"parameters": list(_PARAMETERS)}
    )
    region.add("aws:rds/parameterGroup:ParameterGroup", "parameters", {"parameters": list(_PARAMETERS)})
    role = region.role("monitoring-role", "monitoring.rds.amazonaws.com")
    region.attach("monitoring-role", "service-role/AmazonRDSEnhancedMonitoringRole")
    locks: Row = {"protect": True, "retainOnDelete": True}
    watched: Row = {
        "monitoringInterval": 60,
        "monitoringRoleArn": role,
        "performanceInsightsEnabled": True,
        "performanceInsightsKmsKeyId": region.arn_of("key"),
        "autoMinorVersionUpgrade": False,
        "publiclyAccessible": False,
    }
    rights = "monitoring-role-service-role/AmazonRDSEnhancedMonitoringRole"
    common: Row = {
        "engineVersion": "17.9",
        "storageEncrypted": True,
        "kmsKeyId": region.arn_of("key"),
        "manageMasterUserPassword": True,
        "masterUserSecretKmsKeyId": region.arn_of("key"),
        "iamDatabaseAuthenticationEnabled": True,
        "enabledCloudwatchLogsExports": ["postgresql"],
        "backupRetentionPeriod": 14,
        "deletionProtection": True,
        "skipFinalSnapshot": False,
    }
    region.add(
        "aws:rds/cluster:Cluster",
        "aurora",
        {
            **common,
            "engine": "aurora-postgresql",
            "clusterIdentifier": "model-aurora",
            "masterUsername": "model_owner",
            "dbClusterParameterGroupName": region.ref("cluster-parameters"),
            "preferredBackupWindow": "02:00-03:00",
            "preferredMaintenanceWindow": "thu:04:00-thu:05:00",
            "finalSnapshotIdentifier": "model-aurora-final",
        },
        after=["cluster-parameters"],
        **locks,
    )
    for zone in "ab":
        region.add(
            "aws:rds/clusterInstance:ClusterInstance",
            f"aurora-{zone}",
            {
                **watched,
                "clusterIdentifier": region.ref("aurora"),
                "engineVersion": "17.9",
                "availabilityZone": f"{region.name}{zone}",
                "preferredMaintenanceWindow": "thu:04:00-thu:05:00",
            },
            after=["aurora", rights],
            **locks,
        )
    region.add(
        "aws:rds/instance:Instance",
        "postgres",
        {
            **common,
            **watched,
            "engine": "postgres",
            "identifier": "model-postgres",
            "username": "model_owner",
            "multiAz": True,
            "parameterGroupName": region.ref("parameters"),
            "backupWindow": "02:00-03:00",
            "maintenanceWindow": "thu:04:00-thu:05:00",
            "finalSnapshotIdentifier": "model-postgres-final",
        },
        after=["parameters", rights],
        **locks,
    )
    _alarms(region)


def _alarms(region: RegionBuilder) -> None:
    region.add("aws:sns/topic:Topic", "topic", {"kmsMasterKeyId": region.arn_of("key")})
    topic = region.arn_of("topic")
    region.add(
        "aws:sns/topicSubscription:TopicSubscription",
        "email",
        {"topic": topic, "protocol": "email", "endpoint": "devops@example.org"},
    )
    region.add("aws:cloudwatch/metricAlarm:MetricAlarm", "cpu", {"alarmActions": [topic]})
    told: dict[str, tuple[str, list[Json]]] = {
        "model-aurora": ("db-cluster", ["failover", "failure", "maintenance"]),
        "model-postgres": ("db-instance", ["failure", "low storage", "maintenance"]),
    }
    for identifier, (kind, categories) in told.items():
        region.add(
            "aws:rds/eventSubscription:EventSubscription",
            f"events-{kind}",
            {"snsTopic": topic, "sourceType": kind, "sourceIds": [identifier], "eventCategories": categories},
        )
