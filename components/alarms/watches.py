"""What is watched of databases and files, and from which value on somebody is told. No resources.

Thresholds of AWS are those of the CloudWatch user guide, "Recommended alarms"; the others say where they come from.
"""

from collections.abc import Mapping

import pulumi

from components.alarms.watch import MINUTE_SECONDS, Comparison, Silence, Watch
from components.watched import WatchedDatabase, WatchedEfs, WatchedLustre

_GIB = 1024**3
_HOUR_SECONDS = 3_600

BYTES_PER_CONNECTION, MAX_CONNECTIONS = 9_531_392, 5_000
"""RDS's default of `max_connections`: LEAST(DBInstanceClassMemory / 9531392, 5000), in both profiles."""

CPU_PERCENT = 90
BALANCE_PERCENT = 10
CONNECTIONS_SHARE = 0.8
FREE_MEMORY_SHARE = 0.05
FREE_DISK_SHARE = 0.1
FREE_LUSTRE_SHARE = 0.15
REPLICA_LAG_MILLISECONDS = 1_000
IO_LIMIT_PERCENT = 100


def database_watches(database: WatchedDatabase, memory_gib: float) -> tuple[Watch, ...]:
    """The watches of every server, of its disk where it has one, and of the standby's lag.

    Aurora's storage grows by itself to 128 TiB, so nothing watches it: its volume tells of growth and of no fault.
    """
    watches: list[Watch] = []
    for role, identifier in database.servers.items():
        watches += _server(role, {"DBInstanceIdentifier": identifier}, memory_gib)
        if database.burstable:
            watches.append(_credits(role, {"DBInstanceIdentifier": identifier}))
        if database.storage_gib is not None:
            watches += _disk(role, {"DBInstanceIdentifier": identifier}, database.storage_gib)
    if database.cluster is not None and len(database.servers) > 1:
        watches.append(_lag(database.cluster))
    return tuple(watches)


def max_connections(memory_gib: float) -> int:
    """Connections that RDS admits by default on a class of this memory.

    The class gives the server a little less than its nominal memory, which `CONNECTIONS_SHARE` leaves room for.
    """
    return min(int(memory_gib * _GIB / BYTES_PER_CONNECTION), MAX_CONNECTIONS)


def _server(role: str, dimensions: Mapping[str, pulumi.Input[str]], memory_gib: float) -> list[Watch]:
    """CPU, connections and memory of one server.

    - CPU: 90 % for five minutes (AWS). It is reported once a minute by every running server, so it is also the one
      that goes off when nothing is heard: one message for a dead server, not three.
    - Connections: four fifths of the default limit, since Postgres refuses the next one without warning.
    - Memory: a twentieth of the class for fifteen minutes. A choice of this project: Aurora gives three quarters to
      its cache, so a healthy server has little more than a tenth free, and less than this comes before swapping.
    """
    return [
        Watch(
            name=f"{role}-cpu",
            section="DatabaseCpu",
            namespace="AWS/RDS",
            metric="CPUUtilization",
            dimensions=dimensions,
            statistic="Average",
            comparison=Comparison.ABOVE,
            threshold=CPU_PERCENT,
            periods=5,
            silence=Silence.BROKEN,
            description=f"Postgres ({role}) is at its CPU's limit, or reports nothing. Look at Performance Insights "
            "for the query; a larger postgres.instanceClass comes in the maintenance window.",
        ),
        Watch(
            name=f"{role}-connections",
            section="DatabaseConnections",
            namespace="AWS/RDS",
            metric="DatabaseConnections",
            dimensions=dimensions,
            statistic="Average",
            comparison=Comparison.ABOVE,
            threshold=int(max_connections(memory_gib) * CONNECTIONS_SHARE),
            periods=5,
            description=f"Postgres ({role}) soon refuses connections. Find who holds them in pg_stat_activity; "
            "a class with more memory admits more.",
        ),
        Watch(
            name=f"{role}-memory",
            section="DatabaseMemory",
            namespace="AWS/RDS",
            metric="FreeableMemory",
            dimensions=dimensions,
            statistic="Average",
            comparison=Comparison.BELOW,
            threshold=int(memory_gib * _GIB * FREE_MEMORY_SHARE),
            periods=15,
            description=f"Postgres ({role}) has hardly any memory left. Fewer connections, or a larger "
            "postgres.instanceClass.",
        ),
    ]


def _credits(role: str, dimensions: Mapping[str, pulumi.Input[str]]) -> Watch:
    """A class with credits that spends more than it earns in a day, and is billed for it.

    RDS runs these classes unlimited (RDS user guide, "DB instance class types"): an empty balance slows nothing, and a
    new server starts with one, so the balance itself is no alarm.
    """
    return Watch(
        name=f"{role}-credits",
        section="DatabaseCredits",
        namespace="AWS/RDS",
        metric="CPUSurplusCreditsCharged",
        dimensions=dimensions,
        statistic="Maximum",
        comparison=Comparison.ABOVE,
        threshold=0,
        periods=1,
        period_seconds=_HOUR_SECONDS,
        description=f"Postgres ({role}) works above what its class earns, and AWS bills the difference. "
        "Take a class without credits (db.m, db.r).",
    )


def _disk(role: str, dimensions: Mapping[str, pulumi.Input[str]], storage_gib: int) -> list[Watch]:
    """Space and bursts of the disk.

    - Space: a tenth of what was asked for (AWS), for a quarter of an hour. RDS adds space after five minutes below a
      tenth; it did not, so the disk is at its limit or grew within the last six hours.
    - Bursts: 10 % of the balance of bytes and of operations (AWS), which a small class has between itself and its
      disk; gp3 itself has none. Larger classes report nothing.
    """
    space = Watch(
        name=f"{role}-storage",
        section="DatabaseStorage",
        namespace="AWS/RDS",
        metric="FreeStorageSpace",
        dimensions=dimensions,
        statistic="Minimum",
        comparison=Comparison.BELOW,
        threshold=int(storage_gib * _GIB * FREE_DISK_SHARE),
        periods=15,
        description="Postgres' disk is nearly full and did not grow by itself. Raise postgres.storageGib.",
    )
    bursts = (("burst-bytes", "EBSByteBalance%"), ("burst-operations", "EBSIOBalance%"))
    return [
        space,
        *(
            Watch(
                name=f"{role}-{name}",
                section="DatabaseBursts",
                namespace="AWS/RDS",
                metric=metric,
                dimensions=dimensions,
                statistic="Average",
                comparison=Comparison.BELOW,
                threshold=BALANCE_PERCENT,
                periods=3,
                period_seconds=5 * MINUTE_SECONDS,
                description="Postgres' class soon reads and writes at its lower, steady speed. A larger "
                "postgres.instanceClass has a higher one.",
            )
            for name, metric in bursts
        ),
    ]


def _lag(cluster: pulumi.Input[str]) -> Watch:
    """How far readers are behind: a second, ten times what is usual (Aurora user guide: "much less than 100 ms").

    By role and not by instance, since a failover swaps the roles.
    """
    return Watch(
        name="replica-lag",
        section="DatabaseReplicaLag",
        namespace="AWS/RDS",
        metric="AuroraReplicaLag",
        dimensions={"DBClusterIdentifier": cluster, "Role": "READER"},
        statistic="Maximum",
        comparison=Comparison.ABOVE,
        threshold=REPLICA_LAG_MILLISECONDS,
        periods=5,
        description="Postgres' standby is behind; a failover would take longer. Look for a long transaction on it.",
    )


def lustre_watches(lustre: WatchedLustre) -> tuple[Watch, ...]:
    """Free capacity of a Lustre file system, the sum over its targets, each of which reports once a minute.

    15 % is a choice of this project: capacity grows in place, but in steps, and AWS spreads the data for hours.
    """
    return (
        Watch(
            name="lustre-capacity",
            section="LustreCapacity",
            namespace="AWS/FSx",
            metric="FreeDataStorageCapacity",
            dimensions={"FileSystemId": lustre.file_system_id},
            statistic="Sum",
            comparison=Comparison.BELOW,
            threshold=int(lustre.capacity_gib * _GIB * FREE_LUSTRE_SHARE),
            periods=15,
            description="Shared files on Lustre are nearly full; Teranode stops when they are. Raise "
            "files.capacityGib, which can never be lowered.",
        ),
    )


def efs_watches(efs: WatchedEfs) -> tuple[Watch, ...]:
    """Operations against what the file system takes: at its limit for a quarter of an hour (AWS).

    Space is not watched, EFS grows by itself; nor credits, elastic throughput has none.
    """
    return (
        Watch(
            name="efs-operations",
            section="EfsOperations",
            namespace="AWS/EFS",
            metric="PercentIOLimit",
            dimensions={"FileSystemId": efs.file_system_id},
            statistic="Average",
            comparison=Comparison.AT_LEAST,
            threshold=IO_LIMIT_PERCENT,
            periods=15,
            description="Shared files on EFS answer as fast as they can. Fewer miners in the region, or files.profile "
            "lustre for a new environment.",
        ),
    )


def files_watches(files: WatchedLustre | WatchedEfs) -> tuple[Watch, ...]:
    """The watches of shared files of either kind."""
    return lustre_watches(files) if isinstance(files, WatchedLustre) else efs_watches(files)
