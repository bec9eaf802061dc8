"""What RDS enforces: identifiers, zones of a subnet group, passwords, deletion."""

import re

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at

RESERVED_ADMINS = frozenset({"admin", "rdsadmin", "rdsrepladmin", "rds_superuser", "replicator"})
"""Names that RDS for PostgreSQL refuses for the administrator. Source: RDS user guide, reserved words of the engine."""

_IDENTIFIER = {t.DB_INSTANCE: "identifier", t.DB_CLUSTER: "clusterIdentifier", t.DB_CLUSTER_INSTANCE: "identifier"}
_DATABASES = (t.DB_INSTANCE, t.DB_CLUSTER)
_WRITE = (Operation.CREATE, Operation.UPDATE)
_MIN_ZONES = 2
_MAX_BACKUP_DAYS = 35

book = RuleBook()


@book.rule("database-identifier-pattern", "InvalidParameterValue", tuple(_IDENTIFIER), *_WRITE)
def _identifier_pattern(attempt: Attempt) -> str | None:
    identifier = attempt.text(_IDENTIFIER[attempt.token])
    if re.fullmatch(r"(?=.{1,63}$)[A-Za-z](-?[A-Za-z0-9])*", identifier):
        return None
    return (
        f"The parameter DBInstanceIdentifier is not a valid identifier: '{identifier}'. Identifiers must begin with a "
        "letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two "
        "consecutive hyphens."
    )


@book.rule("database-identifier-instance", "DBInstanceAlreadyExists", (t.DB_INSTANCE, t.DB_CLUSTER_INSTANCE))
def _instance_identifier(attempt: Attempt) -> str | None:
    identifier = attempt.text("identifier")
    taken = any(attempt.find(token, identifier=identifier) for token in (t.DB_INSTANCE, t.DB_CLUSTER_INSTANCE))
    return "DB instance already exists" if identifier and taken else None


@book.rule("database-identifier-cluster", "DBClusterAlreadyExistsFault", t.DB_CLUSTER)
def _cluster_identifier(attempt: Attempt) -> str | None:
    identifier = attempt.text("clusterIdentifier")
    return "DB Cluster already exists" if attempt.find(t.DB_CLUSTER, clusterIdentifier=identifier) else None


@book.rule("database-group-name", "DBSubnetGroupAlreadyExists", t.DB_SUBNET_GROUP)
def _group_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    return f"The DB subnet group '{name}' already exists." if attempt.find(t.DB_SUBNET_GROUP, name=name) else None


@book.rule(
    "database-parameters-name", "DBParameterGroupAlreadyExists", (t.DB_PARAMETER_GROUP, t.DB_CLUSTER_PARAMETER_GROUP)
)
def _parameters_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    return f"Parameter group {name} already exists" if attempt.find(attempt.token, name=name) else None


@book.rule("database-group-zones", "DBSubnetGroupDoesNotCoverEnoughAZs", t.DB_SUBNET_GROUP, *_WRITE)
def _group_zones(attempt: Attempt) -> str | None:
    subnets = [attempt.lookup(t.SUBNET, subnet) for subnet in attempt.texts("subnetIds")]
    zones = {zone for subnet in subnets if subnet for zone in texts_at(subnet.inputs, "availabilityZone")}
    if len(zones) >= _MIN_ZONES:
        return None
    return (
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage: "
        f"{', '.join(sorted(zones)) or 'none'}. Add subnets to cover at least {_MIN_ZONES} AZs."
    )


@book.rule("database-password", "InvalidParameterCombination", _DATABASES)
def _password(attempt: Attempt) -> str | None:
    managed = attempt.inputs.get("manageMasterUserPassword") is True
    given = any(attempt.text(name) for name in ("password", "passwordWo", "masterPassword", "masterPasswordWo"))
    if managed and given:
        return "You can't specify MasterUserPassword when ManageMasterUserPassword is enabled."
    if not managed and not given and not attempt.text("snapshotIdentifier"):
        return "The parameter MasterUserPassword must be provided and must not be blank."
    return None


@book.rule("database-admin-name", "InvalidParameterValue", _DATABASES)
def _admin_name(attempt: Attempt) -> str | None:
    name = attempt.text("username") or attempt.text("masterUsername")
    if not name or name.lower() in RESERVED_ADMINS:
        return f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,62}", name):
        return f"The parameter MasterUsername is not a valid identifier: '{name}'"
    return None


@book.rule("database-backup-days", "InvalidParameterValue", _DATABASES, *_WRITE)
def _backup_days(attempt: Attempt) -> str | None:
    days = attempt.inputs.get("backupRetentionPeriod")
    least = 1 if attempt.token == t.DB_CLUSTER else 0
    if isinstance(days, (int, float)) and not least <= days <= _MAX_BACKUP_DAYS:
        return f"Invalid backup retention period: {days:g}. Must be between {least} and {_MAX_BACKUP_DAYS}."
    return None


@book.rule("database-monitoring-role", "InvalidParameterCombination", (t.DB_INSTANCE, t.DB_CLUSTER_INSTANCE), *_WRITE)
def _monitoring_role(attempt: Attempt) -> str | None:
    if attempt.inputs.get("monitoringInterval") and not attempt.text("monitoringRoleArn"):
        return "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."
    return None


@book.rule("database-deletion-protection", "InvalidParameterCombination", _DATABASES, Operation.DELETE)
def _deletion_protection(attempt: Attempt) -> str | None:
    if attempt.inputs.get("deletionProtection") is True:
        kind = "Cluster" if attempt.token == t.DB_CLUSTER else "DB Instance"
        return f"Cannot delete protected {kind}, please disable deletion protection and try again."
    return None


@book.rule("database-final-snapshot", "InvalidParameterCombination", _DATABASES, Operation.DELETE)
def _final_snapshot(attempt: Attempt) -> str | None:
    if attempt.inputs.get("skipFinalSnapshot") is True or attempt.text("finalSnapshotIdentifier"):
        return None
    return "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
