"""Damages of databases and of their alarms."""

from tests.contract.policies.names import (
    ALARM,
    AURORA,
    CLUSTER_PARAMETERS,
    DATABASE,
    EVENTS,
    MEMBER,
    PARAMETERS,
    TOPIC,
    TOPIC_SUBSCRIPTION,
)
from tests.contract.policies.stack import Damage, Json, drop, edit

_TLS_ONLY: list[Json] = [{"name": "rds.force_ssl", "value": "1"}]
_LOGGING_ONLY: list[Json] = [{"name": "log_statement", "value": "ddl"}]


def _without_groups(token: str, path: str) -> Damage:
    return edit(token, path, "default")


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "RDS-1": (
        edit(AURORA, "storageEncrypted", value=False),
        edit(DATABASE, "storageEncrypted", None),
        edit(AURORA, "kmsKeyId", None),
        edit(DATABASE, "publiclyAccessible", value=True),
        edit(MEMBER, "publiclyAccessible", value=True),
        edit(CLUSTER_PARAMETERS, "parameters", _LOGGING_ONLY),
        edit(PARAMETERS, "parameters.0.value", "0"),
        _without_groups(DATABASE, "parameterGroupName"),
        _without_groups(AURORA, "dbClusterParameterGroupName"),
    ),
    "RDS-2": (
        edit(AURORA, "deletionProtection", value=False),
        edit(DATABASE, "deletionProtection", None),
        edit(AURORA, "skipFinalSnapshot", value=True),
        edit(DATABASE, "finalSnapshotIdentifier", None),
    ),
    "RDS-3": (
        edit(AURORA, "backupRetentionPeriod", 13),
        edit(DATABASE, "backupRetentionPeriod", None),
        edit(AURORA, "preferredBackupWindow", None),
        edit(DATABASE, "backupWindow", None),
    ),
    "RDS-4": (
        drop(MEMBER),
        edit(MEMBER, "availabilityZone", "eu-west-1b", name="aurora-a"),
        edit(MEMBER, "availabilityZone", None),
        edit(DATABASE, "multiAz", value=False),
    ),
    "RDS-5": (
        edit(AURORA, "manageMasterUserPassword", None),
        edit(AURORA, "masterUserSecretKmsKeyId", None),
        edit(AURORA, "masterUsername", "postgres"),
        edit(DATABASE, "username", "Admin"),
        edit(DATABASE, "iamDatabaseAuthenticationEnabled", value=False),
    ),
    "RDS-6": (
        edit(AURORA, "enabledCloudwatchLogsExports", []),
        edit(DATABASE, "enabledCloudwatchLogsExports", ["upgrade"]),
        edit(CLUSTER_PARAMETERS, "parameters", _TLS_ONLY),
        edit(PARAMETERS, "parameters.1.value", "none"),
        edit(MEMBER, "monitoringInterval", 0),
        edit(DATABASE, "performanceInsightsEnabled", value=False),
        edit(MEMBER, "performanceInsightsKmsKeyId", None),
        drop(EVENTS),
        edit(EVENTS, "sourceIds", ["another"]),
        edit(EVENTS, "eventCategories", ["failure", "maintenance"], name="events-db-instance"),
    ),
    "OBS-3": (
        edit(TOPIC, "kmsMasterKeyId", None),
        edit(TOPIC, "kmsMasterKeyId", "alias/aws/sns"),
        drop(TOPIC_SUBSCRIPTION),
        edit(TOPIC_SUBSCRIPTION, "topic", "arn:aws:sns:eu-west-1:444455556666:another"),
        edit(ALARM, "alarmActions", []),
        edit(ALARM, "actionsEnabled", value=False),
    ),
    "RDS-7": (
        edit(AURORA, "engineVersion", "17"),
        edit(AURORA, "engineVersion", None),
        edit(DATABASE, "engineVersion", "13.20"),
        edit(AURORA, "applyImmediately", value=True),
        edit(DATABASE, "allowMajorVersionUpgrade", value=True),
        edit(MEMBER, "autoMinorVersionUpgrade", None),
        edit(AURORA, "preferredMaintenanceWindow", None),
        edit(DATABASE, "maintenanceWindow", None),
    ),
    "RDS-8": (
        edit(AURORA, "clusterIdentifier", None),
        edit(DATABASE, "__defaults", ["identifier"]),
        edit(AURORA, "availabilityZones", ["eu-west-1a", "eu-west-1b"]),
    ),
}
