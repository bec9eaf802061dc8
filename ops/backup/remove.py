"""Removing old backups: what lies on the miner's files, in the bucket and at FSx, and last what is written down."""

from collections.abc import Callable, Sequence

from ops.backup.hold import Hold, refuse_without_rights
from ops.backup.jobs import remove_job
from ops.backup.model import Manifest, Work
from ops.backup.place import Place
from ops.backup.site import Hands


def too_old(manifests: Sequence[Manifest], keep: int) -> list[Manifest]:
    """All but the ``keep`` newest."""
    return sorted(manifests, key=lambda one: one.id)[: max(len(manifests) - keep, 0)]


def remove(manifests: Sequence[Manifest], place: Callable[[str], Place], hands: Hands) -> None:
    """Remove backups of one miner. Interrupted, it is repeated: what is written down goes after all else is gone.

    The miner may run. What is in the bucket can be had back for as long as it keeps versions of what is deleted.

    Raises:
        HeldError: somebody is at work on the miner.
        BackupError: a restore was not finished, or a step failed.
        LookError: the API server cannot be asked.
        AwsError: S3 or FSx cannot be asked, or refused.
    """
    if not manifests:
        return
    refuse_without_rights(hands, stops=False)
    first = manifests[0]
    hold = Hold.take(hands, Work.REMOVAL, first.id)
    try:
        hold.clear_job()
        hands.tell(f"removing {len(manifests)} from the miner's files")
        hands.site.start(remove_job(place(first.id), [one.id for one in manifests]))
        hold.until_done()
    finally:
        hold.clear_job()
        hands.site.forget()
    for one in manifests:
        if one.utxo is not None:
            hands.records.remove_utxo(one.utxo.prefix)
        if one.file_system_backup is not None and hands.file_system is not None:
            hands.file_system.remove(one.file_system_backup)
        hands.records.remove(one)
