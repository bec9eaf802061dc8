"""A model region's shared files: a Lustre file system, and an EFS one with its ways in."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row, document

TLS_ONLY: Row = {
    "Effect": "Deny",
    "Principal": {"AWS": "*"},
    "Action": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def build_files(region: RegionBuilder) -> None:
    """Register both kinds with all that refers to them."""
    region.add(
        "aws:fsx/lustreFileSystem:LustreFileSystem",
        "lustre",
        {
            "deploymentType": "PERSISTENT_2",
            "kmsKeyId": region.arn_of("key"),
            "automaticBackupRetentionDays": 14,
            "skipFinalBackup": False,
        },
        protect=True,
        retainOnDelete=True,
    )
    region.add(
        "aws:efs/fileSystem:FileSystem",
        "efs",
        {"encrypted": True, "kmsKeyId": region.arn_of("key")},
        protect=True,
        retainOnDelete=True,
    )
    of_efs: Row = {"fileSystemId": region.ref("efs")}
    region.add("aws:efs/backupPolicy:BackupPolicy", "efs-backups", {**of_efs, "backupPolicy": {"status": "ENABLED"}})
    region.add("aws:efs/fileSystemPolicy:FileSystemPolicy", "efs-policy", {**of_efs, "policy": document(TLS_ONLY)})
    for zone in "abc":
        region.add(
            "aws:efs/mountTarget:MountTarget",
            f"mount-target-{zone}",
            {**of_efs, "subnetId": region.ref(f"private-{zone}")},
        )
    point: Row = {"posixUser": {"uid": 1000, "gid": 1000}, "rootDirectory": {"path": "/miner"}}
    region.add("aws:efs/accessPoint:AccessPoint", "access-point", {**of_efs, **point})
    region.stack.add(
        "kubernetes:core/v1:PersistentVolume",
        f"{region.name}-volume",
        {"spec": {"persistentVolumeReclaimPolicy": "Retain"}},
        provider=f"{region.name}-kubernetes",
        protect=True,
        retainOnDelete=True,
    )
