"""What keeps a backup beyond the file system that it lies on: a backup of that, begun as soon as the set is whole."""

from ops.backup.model import BackupError, Manifest
from ops.backup.site import Hands

_POLL_S = 30
_MOST_POLLS = 240
_HOURS = _POLL_S * _MOST_POLLS // 3600


def keep_beyond(manifest: Manifest, hands: Hands) -> Manifest:
    """Begin that backup, and write its id down too. The miner runs, so that there is time for one under way to end.

    Raises:
        BackupError: there was no end of it.
        AwsError: FSx or S3 cannot be asked, or refused.
    """
    if hands.file_system is None:
        return manifest
    for turn in range(_MOST_POLLS):
        begun = hands.file_system.begin(f"{manifest.miner}-{manifest.id}")
        if begun is not None:
            kept = manifest.model_copy(update={"file_system_backup": begun})
            hands.records.save(kept)
            return kept
        if turn == 0:
            hands.tell("the file system is being backed up already: waiting for its turn")
        hands.wait(_POLL_S)
    raise BackupError(f"another backup of the file system has not ended after {_HOURS} hours")
