"""One miner for rehearsals of backups: its Jobs' own scripts run here, on a real file tree and against a real Postgres.

What Kubernetes does (a Lease, a `Cluster`, an operator that takes pods away, a Job that runs containers in turn) is
played in memory. Of Aerospike there is no server: `absctl` and `asinfo` are strict stubs that accept exactly the
options that their manuals name for what is done here, and keep records in a folder.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from components.aerospike.config import SERVICE_PORT
from ops.backup.model import BackupError, HeldError, Journal, Manifest, UtxoObjects
from ops.backup.place import Operated
from ops.backup.site import ClusterState, Hands, JobReading, JobState
from simulator.values import JSON

ACCOUNT, READER, WRITER, BUCKET, REGION = "utxo-store-sets", "reader-1", "writer-1", "backups-of-mainnet", "eu-west-1"
OPERATED = Operated(BUCKET, REGION, ACCOUNT, READER, WRITER)

_ABSCTL = f"""#!/bin/sh
# absctl backup|restore --host HOST:PORT --namespace NAME --compress zstd --parallel N, in this order, and then either
#   --directory FOLDER
# or, of a store that asks for a name, and into a bucket
#   --user USER --password file:FILE --directory PREFIX --s3-bucket-name BUCKET --s3-region REGION
#   and to back up --remove-files --s3-calculate-checksum
set -eu
verb=$1
[ "$2 $4 $6 $7 $8" = "--host --namespace --compress zstd --parallel" ] || exit 64
[ "$3" = "utxo-store:{SERVICE_PORT}" ] && [ "$5" = utxo-store ] || exit 64
[ "$9" -ge 1 ] && [ "$9" -le 32 ] || exit 64
shift 9
if [ "$1" = --user ]; then
    [ -n "$USERS" ] || exit 64
    user=$2 password=$(cat "${{4#file:}}")
    [ "$3 $5 $7 $9" = "--password --directory --s3-bucket-name --s3-region" ] || exit 64
    [ "$8 ${{10}}" = "{BUCKET} {REGION}" ] || exit 64
    grep -qxF "$verb $user $password" "$USERS" || {{ echo "not permitted"; exit 1; }}
    folder=$OBJECTS/$6
    shift 10
    if [ "$verb" = backup ]; then
        [ "$*" = "--remove-files --s3-calculate-checksum" ] || exit 64
        rm -rf "$folder" && mkdir -p "${{folder%/*}}"
    else
        [ $# = 0 ] || exit 64
    fi
else
    [ -z "$USERS" ] || {{ echo "a login is needed"; exit 1; }}
    [ $# = 2 ] && [ "$1" = --directory ] || exit 64
    folder=$2
fi
case $verb in
backup) mkdir "$folder" && cp "$RECORDS/"* "$folder/" ;;
restore) [ -d "$folder" ] && cp "$folder/"* "$RECORDS/" ;;
*) exit 64 ;;
esac
"""
_ASINFO = """#!/bin/sh
# asinfo [--config-file FILE] -h HOST -v COMMAND -l
set -eu
user=none password=none
if [ "$1" = --config-file ]; then
    [ "$(stat -c %a "$2")" = 600 ] && [ "$(head -n 1 "$2")" = "[cluster]" ] || exit 64
    user=$(sed -n 's/^user = "\\(.*\\)"$/\\1/p' "$2") password=$(sed -n 's/^password = "\\(.*\\)"$/\\1/p' "$2")
    shift 2
fi
[ $# = 5 ] && [ "$1 $3 $5" = "-h -v -l" ] || exit 64
may() {
    [ -z "$USERS" ] || grep -qxF "$1 $user $password" "$USERS" || { echo "ERROR:81:role violation"; exit 0; }
}
case "$4" in
statistics) may count; echo "cluster_size=${SERVERS:-1}"; echo "migrate_partitions_remaining=0" ;;
namespace/utxo-store) may count; echo "objects=99"; echo "master_objects=$(ls "$RECORDS" | wc -l)" ;;
truncate-namespace:namespace=utxo-store) may truncate; rm -f "$RECORDS/"*; echo ok ;;
*) exit 64 ;;
esac
"""
_USERS = """backup backup password of reader-1
count backup password of reader-1
restore restore password of writer-1
count restore password of writer-1
truncate restore password of writer-1
"""
_GETENT = """#!/bin/sh
[ "$1 $2" = "ahostsv4 utxo-store" ] || exit 2
printf '10.0.0.1 STREAM utxo-store\\n10.0.0.1 DGRAM\\n'
"""


@dataclass
class Memory:
    """The bucket of backups: manifests, and what stores write below its prefixes, a folder here."""

    objects: Path
    kept: dict[str, Manifest] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)

    def begin(self, miner: str, holder: str) -> None:
        self.begun.append(f"{miner} {holder}")

    def abandoned(self, miner: str) -> list[str]:
        copied = sorted(one.name for one in (self.objects / "sets" / miner).glob("*") if any(one.iterdir()))
        return [one for one in copied if one not in self.kept]

    def remove_utxo(self, prefix: str) -> None:
        shutil.rmtree(self.objects / prefix)

    def remove(self, manifest: Manifest) -> None:
        del self.kept[manifest.id]

    def utxo(self, prefix: str) -> UtxoObjects:
        texts = [f"{one.name} {one.read_text()}" for one in sorted((self.objects / prefix).glob("*"))]
        size = sum(len(text) for text in texts)
        return UtxoObjects(
            prefix=prefix,
            objects=len(texts),
            bytes=size,
            sha256=hashlib.sha256("".join(texts).encode()).hexdigest(),
        )

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
    the process dies, and nothing that it would still have done is done. `waits` is why pods do not start, when they
    are tried out, `waits_later` why not afterwards.
    """

    def __init__(self, folder: Path, *, url: str, psql_folder: Path, operated: bool = False) -> None:
        self.volume, self.records = folder / "volume", folder / "records"
        self._bin, self._work, self.objects = folder / "bin", folder / "work", folder / "bucket"
        for one in (self.volume, self.records, self._bin, self.objects):
            one.mkdir(parents=True)
        self._users = folder / "users" if operated else None
        if self._users:
            self._users.write_text(_USERS)
        for name, text in {"absctl": _ABSCTL, "asinfo": _ASINFO, "getent": _GETENT}.items():
            (self._bin / name).write_text(text)
            (self._bin / name).chmod(0o755)
        self.url, self.path = url, f"{self._bin}:{psql_folder}:{os.environ['PATH']}"
        self.enabled, self.generation, self.claimed = True, 1, True
        self.release = "v0.14.4"
        self.stopping = 0
        self.lease: Journal | None = None
        self.reading: JobReading | None = None
        self.seed: JobState | None = None
        self.waits = self.waits_later = ""
        self.interrupt_at: int | None = None
        self.kill = self.killed = False
        self.during_job: Callable[[], None] = lambda: None
        self.before_seal: Callable[[], None] = lambda: None
        self.refused: tuple[str, ...] = ()
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

    def lacking(self, *, stops: bool) -> tuple[str, ...]:
        self._did("ask for rights")
        return tuple(right for right in self.refused if stops or not right.startswith("patch"))

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
        return ClusterState(self.enabled, self.generation, self.claimed, self.release)

    def stop(self) -> None:
        self._did("stop")
        self._turn(enabled=False)

    def resume(self) -> None:
        self._did("resume")
        if not self.claimed:
            self._turn(enabled=True)

    def update(self, *, enabled: bool) -> None:
        """A `pulumi up` with something to change at the `Cluster`: it applies the whole of it."""
        self._turn(enabled=enabled)
        self.claimed = True
        self.generation += 1

    def _turn(self, *, enabled: bool) -> None:
        if self.enabled != enabled:
            self.enabled, self.stopping = enabled, 2
            self.generation, self.claimed = self.generation + 1, False

    def running(self) -> tuple[str, ...]:
        self._did("list pods")
        if self.enabled:
            return ("blockchain-0",)
        self.stopping = max(self.stopping - 1, 0)
        return ("blockchain-0",) if self.stopping else ()

    def start(self, job: Mapping[str, JSON]) -> None:
        spec = cast("dict[str, Any]", job)["spec"]["template"]["spec"]
        containers = [*spec["initContainers"], *spec["containers"]]
        if all(one["command"] == ["/bin/sh", "-c", ":"] for one in containers):
            self._did("try job")
            self.reading = JobReading(JobState.RUNNING, "", self.waits) if self.waits else JobReading(JobState.DONE, "")
            return
        seals = [one["name"] for one in containers] in (["seal"], ["remove"])
        self._did("seal" if seals else "start job")
        assert seals or not self.enabled, "the Job would copy under running services"
        if self.waits_later:
            self.reading = JobReading(JobState.RUNNING, "", self.waits_later)
            return
        self._work.mkdir(exist_ok=True)
        self._mount(cast("dict[str, Any]", job)["spec"]["template"])
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

    def _mount(self, template: dict[str, Any]) -> None:
        """The one Secret of a Job's pods, which then are who may reach the bucket."""
        login = self._work / "login"
        shutil.rmtree(login, ignore_errors=True)
        for volume in template["spec"]["volumes"]:
            if volume["name"] == "login":
                assert template["spec"]["serviceAccountName"] == ACCOUNT
                assert template["metadata"]["labels"]["app.kubernetes.io/name"] == ACCOUNT
                login.mkdir()
                (login / "password").write_text(f"password of {volume['secret']['secretName']}")

    def _run(self, container: dict[str, Any]) -> tuple[int, str]:
        """One container: its volumes are folders here, and its clients' addresses those of this machine."""
        environment = {
            one["name"]: self.url if "valueFrom" in one else self._local(one["value"]) for one in container["env"]
        }
        assert any(mount["name"] == "login" for mount in container["volumeMounts"]) or "/login" not in str(container)
        done = subprocess.run(
            [self._local(word) for word in container["command"]],
            env={
                "PATH": self.path,
                "RECORDS": str(self.records),
                "OBJECTS": str(self.objects),
                "USERS": str(self._users or ""),
                "LC_ALL": "C",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, (done.stdout + done.stderr).strip()

    def _local(self, word: str) -> str:
        moved = word.replace("/dev/termination-log", f"{self._work}/result")
        if moved.startswith("file:"):
            return f"file:{self._local(moved.removeprefix('file:'))}"
        return moved.replace("/scratch/", f"{self._work}/") if "\n" in word else _moved(moved, self.volume, self._work)

    def job(self) -> JobReading | None:
        self._did("read job")
        return self.reading

    def seeding(self) -> JobState | None:
        self._did("read seed")
        return self.seed

    def remove_job(self) -> None:
        self._did("remove job")
        self.reading = None

    def job_pods(self) -> tuple[str, ...]:
        self._did("list job pods")
        return ()


def _moved(word: str, volume: Path, work: Path) -> str:
    for mount, folder in (("/data", volume), ("/scratch", work), ("/login", work / "login"), ("/dev/shm", work)):  # noqa: S108
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


@dataclass
class Disk:
    """A file system of the miner's own: backups by token, and for how many questions another one is under way."""

    busy: int = 0
    backups: dict[str, str] = field(default_factory=dict)

    def begin(self, token: str) -> str | None:
        if self.busy:
            self.busy -= 1
            return None
        return self.backups.setdefault(token, f"backup-{len(self.backups)}")

    def remove(self, backup: str) -> None:
        self.backups = {token: one for token, one in self.backups.items() if one != backup}


def hands(miner: Miner, records: Memory, clock: Clock, disk: Disk | None = None) -> Hands:
    """Everything that a backup of `miner` takes."""
    return Hands(miner, records, clock.now, clock.wait, lambda _: None, "someone@here", disk)
