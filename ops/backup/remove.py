"""Removing old backups, and what is left of unfinished ones: files, objects, backups at FSx, and last manifests."""

from collections.abc import Callable, Sequence

from ops.backup.hold import Hold, refuse_without_rights
from ops.backup.jobs import remove_job
from ops.backup.model import Manifest, Work
from ops.backup.place import Place
from ops.backup.site import Hands


def too_old(manifests: Sequence[Manifest], keep: int) -> list[Manifest]:
    """All but the ``keep`` newest."""
    return sorted(manifests, key=lambda one: one.id)[: max(len(manifests) - keep, 0)]


def remove(miner: str, manifests: Sequence[Manifest], place: Callable[[str], Place], hands: Hands) -> list[str]:
    """Remove backups of one miner, and whatever has no manifest. Interrupted, it is repeated: manifests go last.

    The miner may run. What is in the bucket can be had back for as long as it keeps versions of what is deleted.

    Returns:
        The ids without a manifest that had copies in the bucket.

    Raises:
        HeldError: somebody is at work on the miner.
        BackupError: a backup or a restore was not finished and can be, or a step failed.
        LookError: the API server cannot be asked.
        AwsError: S3 or FSx cannot be asked, or refused.
    """
    refuse_without_rights(hands, stops=False)
    hold = Hold.take(hands, Work.REMOVAL, manifests[0].id if manifests else "")
    try:
        hold.clear_job()
        # Nobody else is at work from here on: what has no manifest by now gets none.
        abandoned = hands.records.abandoned(miner)
        keep = {one.id for one in hands.records.all(miner)} - {one.id for one in manifests}
        hands.tell(f"removing all but {len(keep)} from the miner's files")
        hands.site.start(remove_job(place(""), keep))
        hold.until_done()
    finally:
        hold.clear_job()
        hands.site.forget()
    for id in abandoned:  # noqa: A001 (the word of the manifest)
        hands.records.remove_utxo(place(id).objects)
    for one in manifests:
        if one.utxo is not None:
            hands.records.remove_utxo(one.utxo.prefix)
        if one.file_system_backup is not None and hands.file_system is not None:
            hands.file_system.remove(one.file_system_backup)
        hands.records.remove(one)
    return abandoned
