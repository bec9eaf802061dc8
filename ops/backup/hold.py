"""One at a time on a miner, and nothing left behind by whoever was interrupted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infra.miner_namespace import SEED_JOB
from ops.backup.jobs import trial
from ops.backup.model import BackupError, Copied, HeldError, Journal, RefusedError, Work
from ops.backup.site import Hands, JobReading, JobState
from simulator.values import JSON

POLL_S = 10
_HOLDS = timedelta(seconds=60)
"""Six looks at the work: whoever is silent for longer is gone."""
_MOST_STOP_POLLS = 120
_STOP_MINUTES = _MOST_STOP_POLLS * POLL_S // 60
_MOST_WAIT_POLLS = 30
_WAIT_MINUTES = _MOST_WAIT_POLLS * POLL_S // 60
"""A new node and a large image together take less; what waits for longer needs a person, and the miner does not."""


def refuse_without_rights(hands: Hands, *, stops: bool) -> None:
    """Ask the API server first: nobody is to stop a miner and then have no right to go on, or to start it.

    Raises:
        BackupError: a right is missing.
        LookError: the API server cannot be asked.
    """
    if lacking := hands.site.lacking(stops=stops):
        raise BackupError(
            f"nothing was done, for these credentials may not {', '.join(lacking)} in the miner's namespace: "
            "docs/runbooks/backup-and-restore.md, Rights"
        )


def refuse_seeding(hands: Hands) -> None:
    """A node whose snapshot is not all in its stores has the data of no moment, and the import goes on writing.

    Raises:
        BackupError: the Job is under way, or it failed.
        LookError: the API server cannot be asked.
    """
    state = hands.site.seeding()
    if state is JobState.RUNNING:
        raise BackupError(f"a snapshot is being imported: wait until the Job {SEED_JOB} is complete. Nothing was done")
    if state is JobState.FAILED:
        raise BackupError(
            f"a snapshot was imported by halves, or not at all: the Job {SEED_JOB} failed. Put that in order first "
            "(docs/runbooks/seeding.md); to restore a backup instead, remove the miner's snapshot from the stack file, "
            "and run pulumi up. Nothing was done"
        )


@dataclass(slots=True)
class Hold:
    """Work on a miner that is written down in its namespace until it is over."""

    hands: Hands
    journal: Journal

    @classmethod
    def take(cls, hands: Hands, work: Work, id: str) -> "Hold":  # noqa: A002 (the word of the manifest)
        """Begin; what somebody else has left unfinished is put in order first.

        Raises:
            HeldError: somebody is at work.
            BackupError: a restore was not finished: its data is of no node, and cannot be backed up.
        """
        found = hands.site.journal()
        now = datetime.fromtimestamp(hands.now(), UTC)
        if found is not None:
            if found.until > now:
                raise HeldError(
                    f"{found.holder} is at work: {found.work} {found.id}. Wait until it has ended; if it was "
                    f"killed, repeat the command after {found.until:%H:%M:%S} UTC"
                )
            if found.work is Work.RESTORE and work is not Work.RESTORE:
                raise BackupError(
                    f"restore {found.id} was not finished, and the data is of no node until it is: repeat it. "
                    "Nothing was done"
                )
            if found.work is Work.SEAL and work is Work.REMOVAL:
                raise BackupError(f"backup {found.id} was not finished: repeat ops backup first. Nothing was done")
            if found.work is Work.BACKUP:
                hands.tell(f"backup {found.id} of {found.holder} was left unfinished: putting it in order first")
        enabled = found.enabled if found and found.work is Work.BACKUP else hands.site.cluster().enabled
        journal = Journal(work=work, id=id, holder=hands.holder, enabled=enabled, until=now + _HOLDS)
        if found is not None and found.work is Work.SEAL and work is Work.BACKUP:
            hands.tell(f"backup {found.id} of {found.holder} is copied: going on with its checksums")
            journal = found.model_copy(update={"holder": hands.holder, "until": now + _HOLDS})
        hands.site.write(journal, found)
        hold = cls(hands, journal)
        if found is not None and found.work is Work.BACKUP:
            hold.clear_job()
            hold.resume()
        return hold

    def renew(self) -> None:
        """Say that somebody is still here.

        Raises:
            HeldError: somebody else took over.
        """
        self._write(self.journal)

    def goes_on(self, work: Work, copied: Copied | None) -> None:
        """Say at what somebody is by now.

        Raises:
            HeldError: somebody else took over.
        """
        self._write(self.journal.model_copy(update={"work": work, "copied": copied}))

    def _write(self, journal: Journal) -> None:
        until = datetime.fromtimestamp(self.hands.now(), UTC) + _HOLDS
        renewed = journal.model_copy(update={"until": until})
        self.hands.site.write(renewed, self.journal)
        self.journal = renewed

    def resume(self) -> None:
        """Start a miner that ran before."""
        if self.journal.enabled:
            self.hands.site.resume()

    def let_go(self) -> None:
        """Leave the journal, for whoever repeats the command at once."""
        over = self.journal.model_copy(update={"until": datetime.fromtimestamp(self.hands.now(), UTC)})
        self.hands.site.write(over, self.journal)
        self.journal = over

    def pause(self) -> None:
        """Wait a while, and be heard of."""
        self.hands.wait(POLL_S)
        self.renew()

    def until_stopped(self) -> None:
        """Wait until no service of the miner is left.

        Raises:
            BackupError: that takes far too long.
        """
        for _ in range(_MOST_STOP_POLLS):
            left = self.hands.site.running()
            if not left:
                return
            self.hands.tell(f"stopping: {len(left)} to go")
            self.pause()
        raise BackupError(
            f"services are there after {_STOP_MINUTES} minutes: {', '.join(self.hands.site.running())}. Look at these "
            "pods, then repeat the command"
        )

    def until_done(self, undisturbed: Callable[[], object] = lambda: None) -> str:
        """Wait for the Job, and return what it said last.

        Args:
            undisturbed: raises an error as soon as the Job works for nothing.

        Raises:
            BackupError: it failed, it does not start, or somebody removed it.
        """
        said, waited = "", 0
        while True:
            reading = self.hands.site.job()
            undisturbed()
            if reading is None:
                raise BackupError("somebody removed the Job: repeat the command")
            if reading.state is not JobState.RUNNING:
                return _ended(reading)
            waited = waited + 1 if reading.waits else 0
            if waited > _MOST_WAIT_POLLS:
                raise BackupError(f"a pod of the Job has not started for {_WAIT_MINUTES} minutes: {reading.waits}")
            if reading.said != said:
                said = reading.said
                self.hands.tell(said)
            self.pause()

    def try_out(self, job: Mapping[str, JSON]) -> None:
        """Prove that the pods of ``job`` start: their images can be had, and some node takes them.

        Raises:
            BackupError: they do not.
        """
        self.hands.tell("trying whether the Job's pods start")
        self.clear_job()
        self.hands.site.start(trial(job))
        self.until_done()
        self.clear_job()

    def clear_job(self) -> None:
        """Remove the Job, and wait until nothing of it writes any more.

        Raises:
            BackupError: a pod does not end.
        """
        self.hands.site.remove_job()
        for _ in range(_MOST_STOP_POLLS):
            if not self.hands.site.job_pods():
                return
            self.pause()
        raise BackupError(f"a pod of the Job does not end: {', '.join(self.hands.site.job_pods())}. Look at it")


def _ended(reading: JobReading) -> str:
    if reading.state is JobState.FAILED and "refused: " in reading.said:
        raise RefusedError(reading.said)
    if reading.state is JobState.FAILED:
        raise BackupError(f"the Job failed: {reading.said or 'it said nothing'}")
    return reading.said
