"""What AWS made by itself from something that the state knows, and gave its tags: no state has ever known that."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from ops.preflight.reading import Reader, Record, batches

_IDS_AT_A_TIME = 100
_VOLUME, _INTERFACE = ":volume/", ":network-interface/"
_AUTOMATED_SNAPSHOT = re.compile(r"(?P<before>.+):(?P<of>cluster-)?snapshot:rds:(?P<name>.+)-\d{4}(-\d\d){4}")
"""RDS alone makes snapshots of such names: `rds:` is refused in those of others."""
_RETAINED = re.compile(r":rds:[^:]*:\d*:(cluster-)?auto-backup:")
_FILE_BACKUP = re.compile(r":fsx:[^:]*:\d*:backup/")
_RECOVERY_POINT = re.compile(
    rf":backup:[^:]*:\d*:recovery-point:|:(cluster-)?snapshot:awsbackup:|{_FILE_BACKUP.pattern}"
)
"""Of EFS they are AWS Backup's own, of databases and of FSx they are theirs."""

Known = frozenset[str]


def with_their_instance(reader: Reader, region: str, arns: Sequence[str]) -> set[str]:
    """The disks and network interfaces that are an instance's: they come and go with it, and it shows by itself."""
    return {*_attached_volumes(reader, region, arns), *_attached_interfaces(reader, region, arns)}


def by_the_cloud(reader: Reader, region: str, arns: Sequence[str], known: Known) -> set[str]:
    """The backups that services made, by the settings in the state, of what the state knows.

    A backup that somebody asked for is none of them, nor one whose database or file system is gone. Each service is
    asked only if there is something of it.
    """
    made = {arn for arn in arns if _is_automated_snapshot(arn, known)}
    if not known:
        return made
    for pattern, look in _LOOKS:
        wanted = {arn for arn in arns if arn not in made and pattern.search(arn)}
        if wanted:
            made.update(wanted.intersection(look(reader, region, known)))
    return made


def _attached_volumes(reader: Reader, region: str, arns: Sequence[str]) -> Iterator[str]:
    for one in _described(reader, region, arns, _VOLUME, "volume-id", "describe_volumes", "Volumes"):
        if one["State"] == "in-use":
            yield str(one["VolumeId"])


def _attached_interfaces(reader: Reader, region: str, arns: Sequence[str]) -> Iterator[str]:
    """Those that end with their instance: one that somebody attached by hand stays behind it."""
    call, key = "describe_network_interfaces", "NetworkInterfaces"
    for one in _described(reader, region, arns, _INTERFACE, "network-interface-id", call, key):
        attachment = one.get("Attachment")
        if isinstance(attachment, Mapping) and attachment.get("InstanceId") and attachment.get("DeleteOnTermination"):
            yield str(one["NetworkInterfaceId"])


def _described(
    reader: Reader, region: str, arns: Sequence[str], kind: str, name: str, call: str, key: str
) -> Iterator[Record]:
    ids = [arn.rsplit("/", 1)[-1] for arn in arns if kind in arn]
    for some in batches(ids, _IDS_AT_A_TIME):
        # By filter, which one that went in the meantime does not break.
        yield from reader.all("ec2", region, call, key, Filters=[{"Name": name, "Values": list(some)}])


def _is_automated_snapshot(arn: str, known: Known) -> bool:
    found = _AUTOMATED_SNAPSHOT.fullmatch(arn)
    return found is not None and f"{found['before']}:{'cluster' if found['of'] else 'db'}:{found['name']}" in known


def _retained_backups(reader: Reader, region: str, known: Known) -> Iterator[str]:
    """From which a database that runs is brought back to a moment; of one that is gone they are `retained`."""
    for kind in ("Instance", "Cluster"):
        call, key = f"describe_db_{kind.lower()}_automated_backups", f"DB{kind}AutomatedBackups"
        for one in reader.all("rds", region, call, key):
            if one["Status"] == "active" and one[f"DB{kind}Arn"] in known:
                yield str(one[f"{key}Arn"])


def _daily_file_backups(reader: Reader, region: str, known: Known) -> Iterator[str]:
    automatic = [{"Name": "backup-type", "Values": ["AUTOMATIC"]}]
    for one in reader.all("fsx", region, "describe_backups", "Backups", Filters=automatic):
        system = one.get("FileSystem")
        if isinstance(system, Mapping) and system.get("FileSystemId") in known:
            yield str(one["ResourceARN"])


def _planned_recovery_points(reader: Reader, region: str, known: Known) -> Iterator[str]:
    """What a plan of the state made in a vault of the state, or was copied there from another such vault."""
    for vault in sorted(arn for arn in known if f":backup:{region}:" in arn and ":backup-vault:" in arn):
        call, name = "list_recovery_points_by_backup_vault", vault.rsplit(":", 1)[-1]
        for one in reader.all("backup", region, call, "RecoveryPoints", BackupVaultName=name):
            by = one.get("CreatedBy")
            planned = isinstance(by, Mapping) and by.get("BackupPlanId") in known
            if planned or one.get("SourceBackupVaultArn") in known:
                yield str(one["RecoveryPointArn"])


_LOOKS: Sequence[tuple[re.Pattern[str], Callable[[Reader, str, Known], Iterator[str]]]] = (
    (_RETAINED, _retained_backups),
    (_FILE_BACKUP, _daily_file_backups),
    (_RECOVERY_POINT, _planned_recovery_points),
)
