"""A miner's own file system, whose backups outlive it: the sets on it are in them."""

from dataclasses import dataclass

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ops.aws.session import code_of, faults_worded

_BUSY = "BackupInProgress"
_GONE = "BackupNotFound"


@dataclass(frozen=True, slots=True)
class Lustre:
    """A file system of FSx. What it is tagged with its backups are tagged with, by itself."""

    fsx: BaseClient
    id: str

    def begin(self, token: str) -> str | None:
        """Begin a backup, and return its id; None while another one is under way. The same token is the same backup.

        Raises:
            AwsError: FSx cannot be asked, or refused.
        """
        with faults_worded():
            try:
                made = self.fsx.create_backup(FileSystemId=self.id, ClientRequestToken=token)
            except ClientError as error:
                if code_of(error) == _BUSY:
                    return None
                raise
        return str(made["Backup"]["BackupId"])

    def remove(self, backup: str) -> None:
        """Remove a backup, if it is there.

        Raises:
            AwsError: FSx cannot be asked, or refused.
        """
        with faults_worded():
            try:
                self.fsx.delete_backup(BackupId=backup)
            except ClientError as error:
                if code_of(error) != _GONE:
                    raise
