"""Taking a backup: services stand, stores are copied, services run again whatever happened, checksums are made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from ops.aws.session import AwsError
from ops.backup.hold import Hold, refuse_seeding, refuse_without_rights
from ops.backup.jobs import copy_job, seal_job
from ops.backup.model import ID_FORM, BackupError, Copied, HeldError, JobResult, Manifest, Work, read_result
from ops.backup.place import Place
from ops.backup.site import ClusterState, Hands, Site


@dataclass(frozen=True, slots=True)
class Subject:
    """Which miner is backed up, and what its manifest says of it."""

    stack: str
    miner: str
    chain: str
    release: str
    """Of the stack file: what would read a backup that is restored. A manifest has the one that wrote it."""


def new_id(now: float) -> str:
    """The name of a backup that begins now."""
    return datetime.fromtimestamp(now, UTC).strftime(ID_FORM)


def back_up(subject: Subject, place: Place, hands: Hands) -> Manifest:
    """Take one backup, and record it.

    The miner runs as soon as its data is copied, if it ran before: also after a failure or an interruption. If even
    that is not possible any more, the journal in its namespace stays, and the next backup begins by starting it. What
    is copied is not lost when its checksums are interrupted: the next backup goes on there.

    Raises:
        HeldError: somebody is at work on the miner.
        BackupError: a step failed; nothing is recorded, and the next one begins anew.
        LookError: the API server cannot be asked.
        AwsError: S3 cannot be asked, or refused; before anything is stopped, if it is the right to write.
    """
    refuse_without_rights(hands, stops=True)
    refuse_seeding(hands)
    hands.records.begin(place.miner, hands.holder)
    hold = Hold.take(hands, Work.BACKUP, place.id)
    copied = hold.journal.copied
    if copied is None:
        copied = _copy(place, hold)
    place = replace(place, id=hold.journal.id)
    try:
        hold.clear_job()
        result = _seal(place, hold)
        manifest = Manifest(
            id=place.id,
            stack=subject.stack,
            miner=subject.miner,
            chain=subject.chain,
            release=copied.release,
            began=copied.began,
            ended=datetime.fromtimestamp(hands.now(), UTC),
            stopped_s=copied.stopped_s,
            height=result.block_height,
            files=result.files,
            bytes=result.bytes,
            sha256=result.sha256,
            utxo=hands.records.utxo(place.objects) if place.operated else None,
        )
        hold.renew()
        hands.records.save(manifest)
    except BaseException as error:
        hold.renew()
        hold.clear_job()
        if isinstance(error, BackupError):
            hands.site.forget()
        else:
            hold.let_go()
        raise
    hold.clear_job()
    abandoned = hands.records.abandoned(place.miner) if place.operated else []
    hands.site.forget()
    _remove_copies(abandoned, place, hands)
    return manifest


def _remove_copies(abandoned: Sequence[str], place: Place, hands: Hands) -> None:
    """What earlier attempts left in the bucket. Who may not delete there has a backup all the same."""
    try:
        for id in abandoned:  # noqa: A001 (the word of the manifest)
            hands.tell(f"removing the objects of {id}, which was not finished")
            hands.records.remove_utxo(replace(place, id=id).objects)
    except AwsError as error:
        hands.tell(f"the objects of unfinished backups stay, until ops backup-remove removes them: {error}")


def _copy(place: Place, hold: Hold) -> Copied:
    hands, site = hold.hands, hold.hands.site
    copying = copy_job(place)
    try:
        hold.try_out(copying)
        began = hands.now()
        if hold.journal.enabled:
            hands.tell("stopping the miner's services")
            site.stop()
        hold.until_stopped()
        quiet = site.cluster()
        hands.tell("copying databases, UTXO store and files")
        site.start(copying)
        hold.until_done(lambda: _refuse_moved(site, quiet))
    except BaseException:
        _resume(hold)
        site.forget()
        raise
    _resume(hold)
    found = Copied(
        release=quiet.release,
        began=datetime.fromtimestamp(began, UTC),
        stopped_s=round(hands.now() - began) if hold.journal.enabled else 0,
    )
    hold.goes_on(Work.SEAL, found)
    return found


def _refuse_moved(site: Site, quiet: ClusterState) -> None:
    if site.cluster() != quiet or site.running():
        raise BackupError(
            "somebody changed the miner's Cluster while its data was copied, as pulumi up does: the copy was given up, "
            "and nothing is recorded. The services are as that update wants them. Repeat the command when none runs"
        )


def _resume(hold: Hold) -> None:
    """The miner as it was, even if a pod of the Job does not end: what it still copies is recorded nowhere.

    Raises:
        HeldError: somebody took over, whose matter that is by now.
    """
    ours = True
    try:
        hold.renew()
        hold.clear_job()
    except HeldError:
        ours = False
        raise
    finally:
        if ours:
            hold.resume()


def _seal(place: Place, hold: Hold) -> JobResult:
    hands = hold.hands
    hands.tell("the services run again: reading the copy for its checksums" if hold.journal.enabled else "copied")
    hands.site.start(seal_job(place))
    return read_result(hold.until_done(), "backup")
