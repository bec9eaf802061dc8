"""Restoring a backup over whatever a stopped miner has: checked before, counted and compared after."""

from ops.backup.hold import Hold, refuse_seeding, refuse_without_rights
from ops.backup.jobs import restore_job
from ops.backup.model import BackupError, JobResult, Manifest, RefusedError, Work, read_result
from ops.backup.place import Place
from ops.backup.site import Hands
from ops.backup.take import Subject


def refuse_another(manifest: Manifest, subject: Subject, *, accept_release: bool) -> None:
    """Everything about a manifest that speaks against restoring it here.

    Raises:
        BackupError: it is of another miner, chain or release.
    """
    for what, theirs, own in (
        ("stack", manifest.stack, subject.stack),
        ("miner", manifest.miner, subject.miner),
        ("chain", manifest.chain, subject.chain),
    ):
        if theirs != own:
            raise BackupError(f"backup {manifest.id} is of {what} {theirs}, not {own}: nothing was done")
    if manifest.release != subject.release and not accept_release:
        raise BackupError(
            f"backup {manifest.id} was written by release {manifest.release}, and the stack file says "
            f"{subject.release}, which may not read it: set the release in the stack file, or say --accept-release"
        )


def refuse_changed(manifest: Manifest, place: Place, hands: Hands) -> None:
    """What lies in the bucket must be what was taken: the rest of a backup is compared where it is, by the Job.

    Raises:
        BackupError: it is not, or the miner's UTXO store is of another kind than the one that was copied.
        AwsError: S3 cannot be asked, or refused.
    """
    if (manifest.utxo is None) != (place.operated is None):
        raise BackupError(
            f"backup {manifest.id} was taken of a UTXO store of another edition than {manifest.miner} has: set the one "
            "that it had in the stack file, and run pulumi up. Nothing was done"
        )
    if manifest.utxo is not None and (found := hands.records.utxo(manifest.utxo.prefix)) != manifest.utxo:
        raise BackupError(
            f"backup {manifest.id}: {found.objects} objects of {found.bytes} bytes are below {found.prefix}, and "
            f"{manifest.utxo.objects} of {manifest.utxo.bytes} were taken, or their versions differ. Nothing was done; "
            "what was deleted has its versions there for as long as the bucket keeps them (docs/stores.md)"
        )


def refuse_running(hands: Hands) -> None:
    """A restore under a running miner would be of no moment at all.

    Raises:
        BackupError: the `Cluster` asks for services.
        LookError: the API server cannot be asked.
    """
    if hands.site.cluster().enabled:
        raise BackupError(
            "the miner is not stopped: set enabled: false for it in the stack file, and run pulumi up. Nothing was done"
        )


def _refuse_started(hands: Hands) -> None:
    if hands.site.cluster().enabled:
        raise BackupError(
            "somebody started the miner while its data was being replaced: stop it again (enabled: false in the stack "
            "file, pulumi up)"
        )


def restore(manifest: Manifest, place: Place, hands: Hands, *, replace_data: bool) -> JobResult:
    """Restore a backup. It can be repeated until it ends well, and until then nothing else may be done with the miner.

    Raises:
        HeldError: somebody is at work on the miner.
        BackupError: refused, or a step failed.
        LookError: the API server cannot be asked.
    """
    refuse_without_rights(hands, stops=False)
    refuse_seeding(hands)
    refuse_running(hands)
    unfinished = hands.site.journal()
    hold = Hold.take(hands, Work.RESTORE, manifest.id)
    begun = unfinished is not None and unfinished.work is Work.RESTORE
    try:
        restoring = restore_job(place, manifest.sha256, replace_data=replace_data)
        hold.try_out(restoring)
        refuse_running(hands)
        hold.until_stopped()
        hands.site.start(restoring)
        begun = True
        result = read_result(hold.until_done(lambda: _refuse_started(hands)), "restore")
    except BaseException as error:
        hold.clear_job()
        if begun and not isinstance(error, RefusedError):
            hold.let_go()
        else:
            hands.site.forget()
        raise
    hold.clear_job()
    hands.site.forget()
    return result
