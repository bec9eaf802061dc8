"""Taking a backup: services stand, stores are copied, services run again whatever happened, checksums are made."""

from dataclasses import dataclass
from datetime import UTC, datetime

from ops.backup.hold import Hold, refuse_without_rights
from ops.backup.jobs import copy_job, seal_job
from ops.backup.model import ID_FORM, BackupError, JobResult, Manifest, Work, read_result
from ops.backup.place import Place
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


@dataclass(frozen=True, slots=True)
class Stood:
    """When the miner's services stood, in seconds since 1970; `was_running` says whether they ran before."""

    began: float
    ended: float
    was_running: bool


def back_up(subject: Subject, place: Place, hands: Hands) -> Manifest:
    """Take one backup, and record it.

    The miner runs as soon as its data is copied, if it ran before: also after a failure or an interruption. If even
    that is not possible any more, the journal in its namespace stays, and the next backup begins by starting it.

    Raises:
        HeldError: somebody is at work on the miner.
        BackupError: a step failed; nothing is recorded.
        LookError: the API server cannot be asked.
        AwsError: S3 cannot be asked, or refused; before anything is stopped, if it is the right to write.
    """
    refuse_without_rights(hands, stops=True)
    hands.records.begin(place.miner, hands.holder)
    hold = Hold.take(hands, Work.BACKUP, place.id)
    stood = _copy(place, hold)
    try:
        result = _seal(place, hold)
        manifest = Manifest(
            id=place.id,
            stack=subject.stack,
            miner=subject.miner,
            chain=subject.chain,
            release=subject.release,
            began=datetime.fromtimestamp(stood.began, UTC),
            ended=datetime.fromtimestamp(hands.now(), UTC),
            stopped_s=round(stood.ended - stood.began) if stood.was_running else 0,
            height=result.block_height,
            files=result.files,
            bytes=result.bytes,
            sha256=result.sha256,
            utxo=hands.records.utxo(place.objects) if place.operated else None,
        )
        hands.records.save(manifest)
    finally:
        hold.clear_job()
        hands.site.forget()
    return manifest


def _copy(place: Place, hold: Hold) -> Stood:
    hands, site = hold.hands, hold.hands.site
    began = hands.now()
    copied = False
    try:
        hold.clear_job()
        if hold.journal.enabled:
            hands.tell("stopping the miner's services")
            site.enable(enabled=False)
        hold.until_stopped()
        quiet = site.cluster()
        hands.tell("copying databases, UTXO store and files")
        site.start(copy_job(place))
        hold.until_done()
        if site.cluster() != quiet or site.running():
            raise BackupError(
                "somebody changed the miner's Cluster while its data was copied: its parts may be of different "
                "moments, and nothing is recorded. Repeat the command when no update of the stack runs"
            )
        copied = True
    finally:
        _resume(hold)
        if not copied:
            site.forget()
    return Stood(began, hands.now(), hold.journal.enabled)


def _resume(hold: Hold) -> None:
    """The miner as it was, even if a pod of the Job does not end: what it still copies is recorded nowhere."""
    try:
        hold.clear_job()
    finally:
        hold.hands.site.enable(enabled=hold.journal.enabled)
    hold.goes_on(Work.SEAL)


def _seal(place: Place, hold: Hold) -> JobResult:
    hands = hold.hands
    hands.tell("the services run again" if hold.journal.enabled else "copied")
    hands.tell("reading the copy for its checksums")
    hands.site.start(seal_job(place))
    return read_result(hold.until_done(), "backup")
