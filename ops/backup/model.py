"""What a backup is, what is written down about it, and how one is refused. No input or output."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from ops.errors import UsageError

FORMAT = 2
"""Of manifests and of what lies on the miner's files. Format 1, whose files are in an archive, can be read too."""

ID_FORM = "%Y%m%dt%H%M%Sz"
"""A backup is called by the second in which it began, in UTC."""


class BackupError(UsageError):
    """A backup or a restore is refused, or it failed; the message has the remedy."""


class HeldError(BackupError):
    """Somebody else is at work on the miner."""


class RefusedError(BackupError):
    """A restore was refused before it changed anything."""


class Work(StrEnum):
    """What is under way on a miner."""

    BACKUP = "backup"
    SEAL = "seal"  # the end of a backup: the services run again
    RESTORE = "restore"
    REMOVAL = "removal"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Copied(_Record):
    """What a manifest says of the time in which the data was copied."""

    release: str
    began: datetime
    stopped_s: int


class Journal(_Record):
    """What must be known of unfinished work by whoever finds it: kept in the miner's namespace.

    - `id`: of the backup.
    - `enabled`: whether the miner ran before, and so has to run again once it is copied.
    - `until`: when whoever holds it must have been heard of again; after that he is gone.
    - `copied`: of a backup that lacks its seal alone: who finds it need not stop the miner again.
    """

    work: Work
    id: str
    holder: str
    enabled: bool
    until: datetime
    copied: Copied | None = None


class UtxoObjects(_Record):
    """The part of a backup that is the UTXO store's, where it lies in the bucket of backups.

    - `sha256`: of names, versions and sizes of its objects. A version never changes, and S3 keeps it whole.
    """

    prefix: str
    objects: int
    bytes: int
    sha256: str


class Manifest(_Record):
    """One whole backup, as it is written down in the bucket of backups.

    - `height`: of the last block in the database, None for a node without any.
    - `sha256`: of the list of checksums that lies beside the data, on the miner's own files.
    - `stopped_s`: for how long the miner's services stood.
    - `utxo`: None where the UTXO store is on those files too, or in a database.
    - `file_system_backup`: of those files as a whole, begun after this one was whole; None where nobody began one.
    """

    format: Literal[1, 2] = FORMAT
    id: str
    stack: str
    miner: str
    chain: str
    release: str
    began: datetime
    ended: datetime
    stopped_s: int
    height: int | None
    files: int
    bytes: int
    sha256: str
    utxo: UtxoObjects | None = None
    file_system_backup: str | None = None


class JobResult(BaseModel):
    """The last line of a Job of a backup, or of a restore, which says less."""

    model_config = ConfigDict(frozen=True)

    height: str
    files: int
    bytes: int = 0
    sha256: str = ""

    @property
    def block_height(self) -> int | None:
        """The height as a number; None for a node without blocks."""
        return int(self.height) if self.height.isdigit() else None


def read_manifest(text: str, source: str) -> Manifest:
    """A manifest from its JSON.

    Raises:
        BackupError: a newer version of this project wrote it, or it is none.
    """
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        places = ", ".join(
            sorted({".".join(str(part) for part in one["loc"]) or "the whole" for one in error.errors()})
        )
        raise BackupError(
            f"{source}: is no manifest of a format up to {FORMAT} ({places}): use the version of this "
            "project that wrote it"
        ) from None


def read_result(text: str, job: str) -> JobResult:
    """What a Job said last.

    Raises:
        BackupError: something else than its result.
    """
    try:
        return JobResult.model_validate_json(text.strip().splitlines()[-1] if text.strip() else "")
    except ValidationError:
        raise BackupError(
            f"Job {job} ended well and did not say with what ({text.strip()!r}): nothing is recorded"
        ) from None
