"""One miner for rehearsals of backups: its Jobs' own scripts run here, on a real file tree and against a real Postgres.

What Kubernetes does (a Lease, a `Cluster`, an operator that takes pods away, a Job that runs containers in turn) is
played in memory. Of Aerospike there is no server: `absctl` and `asinfo` are strict stubs that accept exactly the
options that their manuals name for what is done here, and keep records in a folder.
"""

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from components.aerospike.config import SERVICE_PORT
from ops.backup.model import BackupError, HeldError, Journal, Manifest
from ops.backup.site import ClusterState, Hands, JobReading, JobState
from simulator.values import JSON

_ABSCTL = f"""#!/bin/sh
# absctl backup|restore --host HOST:PORT --namespace NAME --directory FOLDER --compress zstd --parallel N, in this order
set -eu
[ $# = 11 ] && [ "$2 $4 $6 $8 $9 ${{10}}" = "--host --namespace --directory --compress zstd --parallel" ] || exit 64
[ "$3" = "utxo-store:{SERVICE_PORT}" ] && [ "$5" = utxo-store ] || exit 64
[ "${{11}}" -ge 1 ] && [ "${{11}}" -le 32 ] || exit 64
case $1 in
backup) mkdir "$7" && cp "$RECORDS/"* "$7/" ;;
restore) [ -d "$7" ] && cp "$7/"* "$RECORDS/" ;;
*) exit 64 ;;
esac
"""
_ASINFO = """#!/bin/sh
# asinfo -h HOST -v COMMAND [-l]
set -eu
[ "$1 $3" = "-h -v" ] || exit 64
case "$4 ${5-}" in
"namespace/utxo-store -l") echo "objects=99"; echo "master_objects=$(ls "$RECORDS" | wc -l)" ;;
"truncate-namespace:namespace=utxo-store ") rm -f "$RECORDS/"*; echo ok ;;
*) exit 64 ;;
esac
"""
_GETENT = """#!/bin/sh
[ "$1 $2" = "ahostsv4 utxo-store" ] || exit 2
printf '10.0.0.1 STREAM utxo-store\\n10.0.0.1 DGRAM\\n'
"""


@dataclass
class Memory:
    """The bucket's manifests."""

    kept: dict[str, Manifest] = field(default_factory=dict)

    def save(self, manifest: Manifest) -> None:
        self.kept[manifest.id] = manifest

    def load(self, miner: str, id: str) -> Manifest:  # noqa: A002
        if id not in self.kept:
            raise BackupError(f"no backup {id} of {miner}")
        return self.kept[id]

    def all(self, miner: str) -> list[Manifest]:
        return [one for one in self.kept.values() if one.miner == miner]


class Miner:
    """A miner's namespace, in memory but for its files, its database, and what Jobs do with both.

    `interrupt_at` counts down what is done with the outside world: at 0 the person interrupts once, or, with `kill`,
    the process dies, and nothing that it would still have done is done.
    """

    def __init__(self, folder: Path, *, url: str, psql_folder: Path, enabled: bool = True) -> None:
        self.volume, self.records = folder / "volume", folder / "records"
        self._bin, self._work = folder / "bin", folder / "work"
        for one in (self.volume, self.records, self._bin):
            one.mkdir(parents=True)
        for name, text in {"absctl": _ABSCTL, "asinfo": _ASINFO, "getent": _GETENT}.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755)
        self.url, self.path = url, f"{self._bin}:{psql_folder}:{os.environ['PATH']}"
        self.enabled, self.generation = enabled, 1
        self.stopping = 0
        self.lease: Journal | None = None
        self.reading: JobReading | None = None
        self.interrupt_at: int | None = None
        self.kill = self.killed = False
        self.during_job: Callable[[], None] = lambda: None
        self.before_seal: Callable[[], None] = lambda: None
        self.history: list[str] = []

    def _did(self, what: str) -> None:
        if self.killed:
            raise KeyboardInterrupt
        if self.interrupt_at == 0:
            self.interrupt_at, self.killed = None, self.kill
            raise KeyboardInterrupt
        if self.interrupt_at is not None:
            self.interrupt_at -= 1
        self.history.append(what)

    def journal(self) -> Journal | None:
        self._did("read journal")
        return self.lease

    def write(self, journal: Journal, over: Journal | None) -> None:
        self._did("write journal")
        if self.lease != over:
            raise HeldError("somebody else")
        self.lease = journal

    def forget(self) -> None:
        self._did("forget")
        self.lease = None

    def cluster(self) -> ClusterState:
        self._did("read cluster")
        return ClusterState(self.enabled, self.generation)

    def enable(self, *, enabled: bool) -> None:
        self._did(f"enable {enabled}")
        if self.enabled != enabled:
            self.enabled, self.stopping = enabled, 2
            self.generation += 1

    def running(self) -> tuple[str, ...]:
        self._did("list pods")
        if self.enabled:
            return ("blockchain-0",)
        self.stopping = max(self.stopping - 1, 0)
        return ("blockchain-0",) if self.stopping else ()

    def start(self, job: Mapping[str, JSON]) -> None:
        spec = cast("dict[str, Any]", job)["spec"]["template"]["spec"]
        containers = [*spec["initContainers"], *spec["containers"]]
        seals = [one["name"] for one in containers] == ["seal"]
        self._did("seal" if seals else "start job")
        assert seals or not self.enabled, "the Job would copy under running services"
        self._work.mkdir(exist_ok=True)
        result = self._work / "result"
        result.unlink(missing_ok=True)
        if seals:
            self.before_seal()
        for container in containers:
            code, said = self._run(container)
            if code != 0:
                self.reading = JobReading(JobState.FAILED, said)
                return
            self.reading = JobReading(JobState.RUNNING, said)
        if not seals:
            self.during_job()
        self.reading = JobReading(JobState.DONE, result.read_text() if result.exists() else "")

    def _run(self, container: dict[str, Any]) -> tuple[int, str]:
        """One container: its volumes are folders here, and its clients' addresses those of this machine."""
        environment = {
            one["name"]: self.url if "valueFrom" in one else self._local(one["value"]) for one in container["env"]
        }
        done = subprocess.run(
            [self._local(word) for word in container["command"]],
            env={"PATH": self.path, "RECORDS": str(self.records), "LC_ALL": "C", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    def _local(self, word: str) -> str:
        moved = word.replace("/dev/termination-log", f"{self._work}/result")
        return moved.replace("/scratch/", f"{self._work}/") if "\n" in word else _moved(moved, self.volume, self._work)

    def job(self) -> JobReading | None:
        self._did("read job")
        return self.reading

    def remove_job(self) -> None:
        self._did("remove job")
        self.reading = None

    def job_pods(self) -> tuple[str, ...]:
        self._did("list job pods")
        return ()


def _moved(word: str, volume: Path, work: Path) -> str:
    for mount, folder in (("/data", volume), ("/scratch", work)):
        if word == mount or word.startswith(f"{mount}/"):
            return f"{folder}{word.removeprefix(mount)}"
    return word


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.seconds = 1_780_000_000.0

    def now(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds


def hands(miner: Miner, records: Memory, clock: Clock) -> Hands:
    """Everything that a backup of `miner` takes."""
    return Hands(miner, records, clock.now, clock.wait, lambda _: None, "someone@here")
