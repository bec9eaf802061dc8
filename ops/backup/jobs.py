"""The Jobs of a backup and of a restore, as Kubernetes takes them. No input or output.

They run in the miner's namespace with what Teranode itself has there: its volume, and the logins of its stores. The
program knows nothing of them, and they are removed when the work is done.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.miner_namespace import (
    CLAIM,
    DATA_FOLDER,
    GENERAL_POOL,
    PODS,
    SECRET,
    UTXO_NAMESPACE,
    UTXO_PORT,
    UTXO_STORE,
    ImageSource,
)
from simulator.values import JSON

JOB = "backup"
"""Name of the Job: a second one at the same time is refused by the API server too."""

SETS = "backups"
"""The folder of a miner's files that holds its backups."""

REFUSED = 3
"""Exit code of a script whose refusal another attempt does not change."""

_SCRIPTS = Path(__file__).parent / "scripts"
_SCRATCH = "/scratch"
_COUNT_ROWS = f"{_SCRATCH}/count-rows.sql"
_RESULT = "/dev/termination-log"
_LOGIN = "blockchain_store"
_ATTEMPTS = 2
_DEADLINE_SECONDS = 12 * 3600
_CONNECTIONS_PER_STORE = "4"
"""Partitions that are read at once."""

_RESOURCES: JSON = {
    "requests": {"cpu": "250m", "memory": "512Mi"},
    "limits": {"cpu": "2", "memory": "512Mi"},
}


@dataclass(frozen=True, slots=True)
class Place:
    """One backup of one miner on its files; ``aerospike`` says whether its UTXO store is one."""

    miner: str
    id: str
    images: ImageSource
    aerospike: bool

    @property
    def data(self) -> str:
        """Where the miner's files are."""
        return f"{DATA_FOLDER}/{self.miner}"

    @property
    def sets(self) -> str:
        """Where its backups are."""
        return f"{self.data}/{SETS}"

    @property
    def set(self) -> str:
        """Where this one is when it is whole."""
        return f"{self.sets}/{self.id}"

    @property
    def partial(self) -> str:
        """Where this one is until then."""
        return f"{self.set}.partial"


def copy_job(place: Place) -> dict[str, JSON]:
    """Databases, then the UTXO store, then the files: each is as of the moment the services stood."""
    steps = [_script(place, "databases", "postgres-client", "databases-backup.sh", login=True)]
    if place.aerospike:
        folder, count = f"{place.partial}/utxo", f"{place.partial}/utxo.records"
        steps += [
            _control(place, "utxo", "backup", folder),
            _script(place, "utxo-count", "aerospike-server", "utxo-count.sh", COUNT_FILE=count),
        ]
    return _job([*steps, _script(place, "files", "postgres-client", "files-backup.sh")])


def seal_job(place: Place) -> dict[str, JSON]:
    """Checksums of all of it, and its name. The services run by then, and keep most of the disk to themselves."""
    return _job([_script(place, "seal", "postgres-client", "seal.sh")])


def restore_job(place: Place, sha256: str, *, replace_data: bool) -> dict[str, JSON]:
    """Checks first; the files last, whose end takes the mark away that says that the data is of no node."""
    steps = [
        _script(
            place,
            "check",
            "postgres-client",
            "restore-check.sh",
            login=True,
            SHA256=sha256,
            REPLACE_DATA="yes" if replace_data else "no",
        ),
        _script(place, "databases", "postgres-client", "databases-restore.sh", login=True),
    ]
    if place.aerospike:
        count = f"{place.set}/utxo.records"
        steps += [
            _script(place, "utxo-empty", "aerospike-server", "utxo-empty.sh"),
            _control(place, "utxo", "restore", f"{place.set}/utxo"),
            _script(place, "utxo-count", "aerospike-server", "utxo-count.sh", COUNT_FILE=count),
        ]
    return _job([*steps, _script(place, "files", "postgres-client", "files-restore.sh")])


def _script(
    place: Place, name: str, image: str, script: str, *, login: bool = False, **environment: str
) -> dict[str, JSON]:
    """One script; with ``login`` it gets the URL by which Teranode reaches its database, and no other secret."""
    text = (_SCRIPTS / script).read_text(encoding="utf-8")
    if login:
        # Beside the script there is no other way to bring a file into the pod that needs no object of its own.
        rows = (_SCRIPTS / "count-rows.sql").read_text(encoding="utf-8")
        text = f"cat >{_COUNT_ROWS} <<'END'\n{rows}END\n{text}"
    container = _container(
        place,
        name,
        image,
        ["/bin/sh", "-c", text],
        {
            "COUNT_ROWS": _COUNT_ROWS,
            "DATA": place.data,
            "HOME": _SCRATCH,
            "PARTIAL": place.partial,
            "RESULT": _RESULT,
            "SCRATCH": _SCRATCH,
            "SET": place.set,
            "SETS": place.sets,
            "UTXO_HOST": UTXO_STORE,
            "UTXO_NAMESPACE": UTXO_NAMESPACE,
            **environment,
        },
    )
    if not login:
        return container
    url: JSON = {"name": _LOGIN, "valueFrom": {"secretKeyRef": {"name": SECRET, "key": _LOGIN}}}
    plain = container["env"]
    return {**container, "env": [*(plain if isinstance(plain, list) else []), url]}


def _control(place: Place, name: str, verb: str, folder: str) -> dict[str, JSON]:
    command = [
        "absctl",
        verb,
        "--host",
        f"{UTXO_STORE}:{UTXO_PORT}",
        "--namespace",
        UTXO_NAMESPACE,
        "--directory",
        folder,
        "--compress",
        "zstd",
        "--parallel",
        _CONNECTIONS_PER_STORE,
    ]
    return _container(place, name, "aerospike-backup-control", command, {"HOME": _SCRATCH})


def _container(
    place: Place, name: str, image: str, command: list[str], environment: Mapping[str, str]
) -> dict[str, JSON]:
    """One step, as root without capabilities, as Teranode is: the folder belongs to root."""
    return {
        "name": name,
        "image": place.images.reference(image),
        "command": list(command),
        "env": [{"name": key, "value": value} for key, value in sorted(environment.items())],
        "resources": _RESOURCES,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsUser": 0,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "volumeMounts": [{"name": "data", "mountPath": DATA_FOLDER}, {"name": "work", "mountPath": _SCRATCH}],
    }


def _job(steps: list[dict[str, JSON]]) -> dict[str, JSON]:
    *before, last = steps
    refusal: dict[str, JSON] = {
        "action": "FailJob",
        "onExitCodes": {"operator": "In", "values": [REFUSED]},
    }
    drained: dict[str, JSON] = {
        "action": "Ignore",
        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": JOB},
        "spec": {
            "backoffLimit": _ATTEMPTS,
            "activeDeadlineSeconds": _DEADLINE_SECONDS,
            "podFailurePolicy": {"rules": [refusal, drained]},
            "template": {
                "metadata": {"labels": dict(PODS)},
                "spec": {
                    "restartPolicy": "Never",
                    "automountServiceAccountToken": False,
                    "enableServiceLinks": False,
                    "nodeSelector": dict(GENERAL_POOL),
                    "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
                    "initContainers": list(before),
                    "containers": [last],
                    "volumes": [
                        {"name": "data", "persistentVolumeClaim": {"claimName": CLAIM}},
                        {"name": "work", "emptyDir": {"sizeLimit": "1Gi"}},
                    ],
                },
            },
        },
    }
