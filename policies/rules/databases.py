"""Databases of RDS (RDS-1 to RDS-8)."""

import re
from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_CLUSTER_PARAMETER_GROUP,
    DB_EVENT_SUBSCRIPTION,
    DB_INSTANCE,
    DB_PARAMETER_GROUP,
)
from .values import View

_DATABASES = (DB_CLUSTER, DB_INSTANCE)
_SERVERS = (DB_INSTANCE, DB_CLUSTER_INSTANCE)
_MIN_BACKUP_DAYS = {"mainnet": 14, "testing": 1}
_MIN_INSTANCES = 2
_AURORA_ZONES = 3
_DEFAULT_ADMINS = frozenset({"", "admin", "postgres", "root", "administrator", "rdsadmin"})
_VERSION = re.compile(r"\d+\.\d+")
_LOGS_STATEMENTS = frozenset({"ddl", "mod", "all"})
_EVENTS = {
    DB_CLUSTER: ("clusterIdentifier", frozenset({"failover", "failure", "maintenance"})),
    DB_INSTANCE: ("identifier", frozenset({"failure", "low storage", "maintenance"})),
}

SUPPORTED_MAJORS = frozenset({"16", "17", "18"})
"""Majors of PostgreSQL with years of standard support left, as of 2026-11-22. Source: RDS release calendar."""


@rule(
    "RDS-1",
    title="Databases are encrypted with a key of the account, private, and refuse connections without TLS",
    reason="Disks, snapshots and passwords on the wire.",
    source="RDS.2/3/27/38",
    remedy="Use the Postgres component; its parameter groups set rds.force_ssl to 1.",
    on=(*_DATABASES, DB_CLUSTER_INSTANCE),
    guards_data=True,
)
def encrypted_and_private(graph: Graph, database: Resource) -> Iterator[Problem]:
    if database.type in _SERVERS and database.inputs.flag("publiclyAccessible"):
        yield Problem("the database has a public address", "publiclyAccessible")
    if database.type == DB_CLUSTER_INSTANCE:
        return
    if not database.inputs.flag("storageEncrypted"):
        yield Problem("storage is not encrypted", "storageEncrypted")
    if not database.inputs.has("kmsKeyId"):
        yield Problem("no customer-managed key", "kmsKeyId")
    if _parameters(graph, database).get("rds.force_ssl") != "1":
        yield Problem("connections without TLS are taken: rds.force_ssl is not 1 in the parameter group")


@rule(
    "RDS-2",
    title="Databases carry deletion protection and leave a final snapshot of a fixed name",
    reason="The lock that also holds outside Pulumi, and what is left when it is lifted.",
    source="RDS.7/8",
    remedy="Set deletion_protection and the final snapshot from the environment's Protection.",
    on=_DATABASES,
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def deletion_guarded(_graph: Graph, database: Resource) -> Iterator[Problem]:
    if not database.inputs.flag("deletionProtection"):
        yield Problem("deletion protection is off", "deletionProtection")
    if database.inputs.flag("skipFinalSnapshot"):
        yield Problem("the final snapshot is skipped", "skipFinalSnapshot")
    if not database.inputs.text("finalSnapshotIdentifier"):
        yield Problem("the final snapshot has no name, so a deletion fails half-way", "finalSnapshotIdentifier")


@rule(
    "RDS-3",
    title="Backups are kept long enough and made at a stated hour",
    reason="Damage is often noticed late.",
    source="RDS.11/26",
    remedy="Raise postgres.backupRetentionDays; state the backup window.",
    on=_DATABASES,
    guards_data=True,
)
def backed_up(graph: Graph, database: Resource) -> Iterator[Problem]:
    days = database.inputs.number("backupRetentionPeriod")
    least = _MIN_BACKUP_DAYS.get(graph.tier, _MIN_BACKUP_DAYS["mainnet"])
    if days < least:
        yield Problem(f"{days:g} days; {graph.tier} needs at least {least}", "backupRetentionPeriod")
    window = "preferredBackupWindow" if database.type == DB_CLUSTER else "backupWindow"
    if not database.inputs.text(window):
        yield Problem("AWS chooses the hour of backups", window)


@rule(
    "RDS-4",
    title="A database survives the loss of a zone",
    reason="Teranode stops without it.",
    source="RDS.5/15",
    remedy="Give Aurora instances in two zones, or an RDS instance multi_az.",
    on=_DATABASES,
    tiers=MAINNET_ONLY,
)
def survives_zone(graph: Graph, database: Resource) -> Iterator[Problem]:
    if database.type == DB_INSTANCE:
        if not database.inputs.flag("multiAz"):
            yield Problem("there is no standby in another zone", "multiAz")
        return
    members = graph.referrers(database, "clusterIdentifier", DB_CLUSTER_INSTANCE)
    zones = {member.inputs.text("availabilityZone") for member in members} - {""}
    if len(members) < _MIN_INSTANCES or len(zones) < _MIN_INSTANCES:
        yield Problem(f"{len(members)} instances in {len(zones)} stated zones, two of each are needed")


@rule(
    "RDS-5",
    title="Administrators have no default name and no password that the program knows; IAM may log users in",
    reason="A default name is half of the credentials; what is not in the state cannot leak from it.",
    source="RDS.10/12/24/25",
    remedy="Set manage_master_user_password with a key, a name of your own, and IAM authentication.",
    on=_DATABASES,
)
def administrator(_graph: Graph, database: Resource) -> Iterator[Problem]:
    inputs = database.inputs
    if not inputs.flag("manageMasterUserPassword"):
        yield Problem("the password is not managed by RDS", "manageMasterUserPassword")
    if not inputs.has("masterUserSecretKmsKeyId"):
        yield Problem("the password's secret has no customer-managed key", "masterUserSecretKmsKeyId")
    path = "masterUsername" if database.type == DB_CLUSTER else "username"
    if inputs.text(path).lower() in _DEFAULT_ADMINS:
        yield Problem("the administrator has a default name", path)
    if not inputs.flag("iamDatabaseAuthenticationEnabled"):
        yield Problem("IAM cannot log users in", "iamDatabaseAuthenticationEnabled")


@rule(
    "RDS-6",
    title="The server log is exported; on mainnet statements, machine and waits are recorded, and events told",
    reason="Without them neither an intruder nor a slow query can be traced, and a failover goes unheard.",
    source="RDS.6/9/19-22/36/37",
    remedy="Use the Postgres component, and Alarms for its events.",
    on=(*_DATABASES, DB_CLUSTER_INSTANCE),
)
def observed(graph: Graph, database: Resource) -> Iterator[Problem]:
    inputs = database.inputs
    if database.type in _DATABASES and "postgresql" not in inputs.strings("enabledCloudwatchLogsExports"):
        yield Problem("the server log is not exported", "enabledCloudwatchLogsExports")
    if not graph.strict:
        return
    if database.type in _DATABASES and _parameters(graph, database).get("log_statement") not in _LOGS_STATEMENTS:
        yield Problem("statements are not logged: log_statement is not set in the parameter group")
    if database.type in _SERVERS:
        yield from _unwatched(inputs)
    if database.type in _EVENTS:
        missing = _untold(graph, database)
        if missing:
            yield Problem(f"no event subscription tells of {', '.join(sorted(missing))}")


def _untold(graph: Graph, database: Resource) -> frozenset[str]:
    """Categories of events of the database that no subscription of its region names."""
    path, wanted = _EVENTS[database.type]
    region, identifier = graph.region_of(database), database.inputs.text(path)
    return wanted - {
        category
        for subscription in graph.of_type(DB_EVENT_SUBSCRIPTION)
        if graph.region_of(subscription) == region and identifier in subscription.inputs.strings("sourceIds")
        for category in subscription.inputs.strings("eventCategories")
    }


def _unwatched(inputs: View) -> Iterator[Problem]:
    if inputs.number("monitoringInterval") == 0:
        yield Problem("enhanced monitoring is off", "monitoringInterval")
    if not inputs.flag("performanceInsightsEnabled"):
        yield Problem("performance insights are off", "performanceInsightsEnabled")
    elif not inputs.has("performanceInsightsKmsKeyId"):
        yield Problem("performance insights have no customer-managed key", "performanceInsightsKmsKeyId")


@rule(
    "RDS-7",
    title="The version is pinned; nothing restarts or upgrades a database outside its window",
    reason="No surprise restarts, and no upgrade that the next update tries to undo.",
    source="RDS.13/35; project",
    remedy="Take the version from infra/versions.py; state the maintenance window; leave apply_immediately off.",
    on=(*_DATABASES, DB_CLUSTER_INSTANCE),
    tiers=MAINNET_ONLY,
)
def changes_expected(_graph: Graph, database: Resource) -> Iterator[Problem]:
    inputs = database.inputs
    version = inputs.text("engineVersion")
    if not _VERSION.fullmatch(version) or version.partition(".")[0] not in SUPPORTED_MAJORS:
        majors = ", ".join(sorted(SUPPORTED_MAJORS))
        yield Problem(f"'{version}' is no <major>.<minor> of the majors {majors}", "engineVersion")
    for path in ("applyImmediately", "allowMajorVersionUpgrade"):
        if inputs.flag(path):
            yield Problem("is on", path)
    if database.type in _SERVERS and inputs.flag("autoMinorVersionUpgrade", default=True):
        yield Problem("AWS moves the pinned minor", "autoMinorVersionUpgrade")
    window = "maintenanceWindow" if database.type == DB_INSTANCE else "preferredMaintenanceWindow"
    if not inputs.text(window):
        yield Problem("AWS chooses the maintenance window", window)


@rule(
    "RDS-8",
    title="Identifiers are fixed, and a cluster's zones left out or complete",
    reason="A made-up identifier changes with a replacement; incomplete zones are a replacement at every up.",
    source="pulumi-aws rds.Cluster documentation",
    remedy="Name the database by components/naming.py; leave availability_zones out.",
    on=_DATABASES,
    guards_data=True,
    hidden_from_pack="a policy pack sees the zones that AWS filled in, not what the program asked for",
)
def identity_static(_graph: Graph, database: Resource) -> Iterator[Problem]:
    path = "clusterIdentifier" if database.type == DB_CLUSTER else "identifier"
    if path in database.inputs.strings("__defaults") or not database.inputs.text(path):
        yield Problem("the identifier is made up by the provider", path)
    zones = database.inputs.strings("availabilityZones")
    if database.type == DB_CLUSTER and zones and len(set(zones)) < _AURORA_ZONES:
        yield Problem(f"{len(set(zones))} zones are given, Aurora fills them up to three", "availabilityZones")


def _parameters(graph: Graph, database: Resource) -> dict[str, str]:
    """What the database's parameter group sets."""
    if database.type == DB_CLUSTER:
        groups = graph.follow(database, "dbClusterParameterGroupName", DB_CLUSTER_PARAMETER_GROUP)
    else:
        groups = graph.follow(database, "parameterGroupName", DB_PARAMETER_GROUP)
    return {
        parameter.text("name"): parameter.text("value")
        for group in groups
        for parameter in group.inputs.views("parameters")
    }


RULES: tuple[Rule, ...] = (
    encrypted_and_private,
    deletion_guarded,
    backed_up,
    survives_zone,
    administrator,
    observed,
    changes_expected,
    identity_static,
)
