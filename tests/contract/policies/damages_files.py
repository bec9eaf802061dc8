"""Damages of shared file systems."""

from tests.contract.policies.files import TLS_ONLY
from tests.contract.policies.names import ACCESS_POINT, EFS, EFS_BACKUPS, EFS_POLICY, LUSTRE, MOUNT_TARGET
from tests.contract.policies.stack import Damage, document, drop, edit

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "FS-1": (
        edit(LUSTRE, "kmsKeyId", None),
        edit(EFS, "kmsKeyId", None),
        edit(EFS, "encrypted", None),
        edit(LUSTRE, "automaticBackupRetentionDays", 0),
        edit(LUSTRE, "skipFinalBackup", None),
        edit(EFS_BACKUPS, "backupPolicy.status", "DISABLED"),
        drop(EFS_BACKUPS),
    ),
    "FS-1-ACCESS": (
        drop(MOUNT_TARGET),
        drop(EFS_POLICY),
        edit(EFS_POLICY, "policy", document({**TLS_ONLY, "Effect": "Allow"})),
        edit(EFS_POLICY, "policy", document({**TLS_ONLY, "Condition": {"Bool": {"aws:SecureTransport": "true"}}})),
        edit(EFS_POLICY, "policy", document({**TLS_ONLY, "Principal": {"AWS": "444455556666"}})),
        edit(ACCESS_POINT, "rootDirectory.path", "/"),
        edit(ACCESS_POINT, "rootDirectory", None),
        edit(ACCESS_POINT, "posixUser", None),
    ),
    "FS-2": (edit(LUSTRE, "deploymentType", "SCRATCH_2"), edit(LUSTRE, "deploymentType", None)),
}
