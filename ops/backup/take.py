"""Taking a backup: the miner's services stand, its stores are copied, the services run again whatever happened."""

from dataclasses import dataclass
from datetime import UTC, datetime

from ops.backup.hold import Hold
from ops.backup.jobs import Place, backup_job
from ops.backup.model import ID_FORM, BackupError, Manifest, Work, read_result
from ops.backup.site import Hands


@dataclass(frozen=True, slots=True)
class Subject:
    """Which miner is backed up, and what its manifest says of it."""

    stack: str
    miner: str
    chain: str
    release: str


def new_id(now: float) -> str:
    """The name of a backup that begins now."""
    return datetime.fromtimestamp(now, UTC).strftime(ID_FORM)


def back_up(subject: Subject, place: Place, hands: Hands) -> Manifest:
    """Take one backup, and record it.

    The miner runs afterwards if it ran before: also after a failure or an interruption. If even that is not possible
    any more, the journal in its namespace stays, and the next backup begins by starting it.

    Raises:
        HeldError: somebody is at work on the miner.
        BackupError: a step failed; nothing is recorded.
        LookError: the API server cannot be asked.
    """
    hold = Hold.take(hands, Work.BACKUP, place.id)
    began = hands.now()
    try:
        manifest = _copy(subject, place, hold, began)
    finally:
        _resume(hold)
    return manifest


def _copy(subject: Subject, place: Place, hold: Hold, began: float) -> Manifest:
    hands, site = hold.hands, hold.hands.site
    hold.clear_job()
    if hold.journal.enabled:
        hands.tell("stopping the miner's services")
        site.enable(enabled=False)
    hold.until_stopped()
    quiet = site.cluster()
    hands.tell("copying databases, UTXO store and files")
    site.start(backup_job(place))
    said = hold.until_done()
    if site.cluster() != quiet or site.running():
        raise BackupError(
            "somebody changed the miner's Cluster while its data was copied: its parts may be of different moments, "
            "and nothing is recorded. Repeat the command when no update of the stack runs"
        )
    result = read_result(said, "backup")
    ended = hands.now()
    manifest = Manifest(
        id=place.id,
        stack=subject.stack,
        miner=subject.miner,
        chain=subject.chain,
        release=subject.release,
        began=datetime.fromtimestamp(began, UTC),
        ended=datetime.fromtimestamp(ended, UTC),
        stopped_s=round(ended - began) if hold.journal.enabled else 0,
        height=result.block_height,
        files=result.files,
        bytes=result.bytes,
        sha256=result.sha256,
    )
    hands.records.save(manifest)
    return manifest


def _resume(hold: Hold) -> None:
    """The miner as it was, even if a pod of the Job does not end: what it still copies is recorded nowhere."""
    try:
        hold.clear_job()
    finally:
        hold.hands.site.enable(enabled=hold.journal.enabled)
    hold.hands.site.forget()
