"""What a backup needs of a miner's namespace and of the bucket of backups, as narrow as it can be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ops.backup.model import Journal, Manifest, UtxoObjects
from simulator.values import JSON


class JobState(StrEnum):
    """How far a Job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class JobReading:
    """A Job.

    - `said`: the last words of its last container, or of the one that failed.
    - `waits`: for what its newest pod waits before its next container runs; empty while one runs.
    """

    state: JobState
    said: str
    waits: str = ""


@dataclass(frozen=True, slots=True)
class ClusterState:
    """What a `Cluster` asks for.

    - `enabled`: whether that is services.
    - `generation`: of its specification; it grows with each change.
    - `claimed`: somebody says whether it is to be enabled. After `Site.stop` nobody does until Pulumi applies it again.
    - `release`: of the image that it runs.
    """

    enabled: bool
    generation: int
    claimed: bool
    release: str


class Site(Protocol):
    """The namespace of one miner. Everything raises `LookError` if the API server cannot be asked."""

    def lacking(self, *, stops: bool) -> tuple[str, ...]:
        """What whoever asks may not do there and would have to: ``stops`` says whether services are to be stopped."""
        ...

    def journal(self) -> Journal | None:
        """What is written down of work under way."""
        ...

    def write(self, journal: Journal, over: Journal | None) -> None:
        """Write ``journal`` down where ``over`` is, or nothing if that is None.

        Raises:
            HeldError: somebody else wrote in between.
        """
        ...

    def forget(self) -> None:
        """Nothing is under way any more."""
        ...

    def cluster(self) -> ClusterState:
        """What the miner's `Cluster` asks for."""
        ...

    def stop(self) -> None:
        """Let the operator take the miner's services away."""
        ...

    def resume(self) -> None:
        """Let it run them again, unless somebody has said since what he wants of them."""
        ...

    def running(self) -> tuple[str, ...]:
        """The pods of the miner's services that there still are."""
        ...

    def start(self, job: Mapping[str, JSON]) -> None:
        """Make the Job."""
        ...

    def job(self) -> JobReading | None:
        """The Job, None if there is none."""
        ...

    def seeding(self) -> JobState | None:
        """How far a snapshot is that is brought into the miner's stores, None if none is."""
        ...

    def remove_job(self) -> None:
        """Remove the Job and its pods, if there is one; they may take a while to end."""
        ...

    def job_pods(self) -> tuple[str, ...]:
        """The pods of the Job that there still are."""
        ...


class Records(Protocol):
    """A region's bucket of backups: manifests, and copies of UTXO stores."""

    def save(self, manifest: Manifest) -> None:
        """Keep a manifest."""
        ...

    def load(self, miner: str, id: str) -> Manifest:  # noqa: A002 (the word of the manifest)
        """A manifest that was kept.

        Raises:
            BackupError: there is none, or a newer version wrote it.
        """
        ...

    def all(self, miner: str) -> list[Manifest]:
        """All manifests of a miner, the oldest first."""
        ...

    def utxo(self, prefix: str) -> UtxoObjects:
        """The copy of a UTXO store that lies there by now."""
        ...

    def abandoned(self, miner: str) -> list[str]:
        """Ids of a miner's backups that have copies of a UTXO store and no manifest: under way, or never finished."""
        ...

    def begin(self, miner: str, holder: str) -> None:
        """Write down who begins, as proof that the end can be written down too."""
        ...

    def remove_utxo(self, prefix: str) -> None:
        """Remove a copy of a UTXO store, as far as the bucket lets go of it."""
        ...

    def remove(self, manifest: Manifest) -> None:
        """Forget a backup."""
        ...


class FileSystem(Protocol):
    """A file system of one miner's own, whose backups are made apart from it."""

    def begin(self, token: str) -> str | None:
        """Begin one, and return its id; None while another one is under way. The same token is the same one."""
        ...

    def remove(self, backup: str) -> None:
        """Remove one, if it is there."""
        ...


@dataclass(frozen=True, slots=True)
class Hands:
    """Everything that a backup does its work with; ``now`` gives seconds since 1970.

    Where the miner has no ``file_system`` of its own, something else keeps backups of it.
    """

    site: Site
    records: Records
    now: Callable[[], float]
    wait: Callable[[float], object]
    tell: Callable[[str], object]
    holder: str
    file_system: FileSystem | None = None
