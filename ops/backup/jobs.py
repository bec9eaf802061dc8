"""The Jobs of a backup and of a restore, as Kubernetes takes them. No input or output.

They run in the miner's namespace with what Teranode itself has there, its volume and the login of its database, and
with a login of their own where the UTXO store asks for one. The program knows nothing of them, and they are removed
when the work is done.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import cast

from infra.miner_namespace import (
    CLAIM,
    DATA_FOLDER,
    GENERAL_POOL,
    PASSWORD_KEY,
    PODS,
    SECRET,
    SETS_LABELS,
    UTXO_NAMESPACE,
    UTXO_PORT,
    UTXO_READER,
    UTXO_STORE,
    UTXO_WRITER,
)
from ops.backup.place import Operated, Place
from simulator.values import JSON, at

JOB = "backup"
"""Name of the Job: a second one at the same time is refused by the API server too."""

REFUSED = 42
"""Exit code of a script whose refusal another attempt does not change: no program that it calls ends with that."""
_REFUSING = ("check", "seal")
"""The steps that refuse."""

_SCRIPTS = Path(__file__).parent / "scripts"
_SCRATCH = "/scratch"
_COUNT_ROWS = f"{_SCRATCH}/count-rows.sql"
_RESULT = "/dev/termination-log"
_LOGIN = "blockchain_store"
_ATTEMPTS = 2
_DEADLINE_SECONDS = 12 * 3600
_CONNECTIONS_TO_FILES, _CONNECTIONS_TO_S3 = "4", "16"
"""Partitions that are read at once. Nobody else reads a store whose miner stands: it is the disks' turn."""

_LOGIN_FOLDER = "/login"
_PASSWORD_FILE = f"{_LOGIN_FOLDER}/{PASSWORD_KEY}"
_LOGIN_FILE = "/dev/shm/login.conf"  # noqa: S108 (memory of the one container)

_RESOURCES: JSON = {
    "requests": {"cpu": "250m", "memory": "512Mi"},
    "limits": {"cpu": "2", "memory": "512Mi"},
}
_UNHURRIED: JSON = {
    "requests": {"cpu": "250m", "memory": "512Mi"},
    "limits": {"cpu": "500m", "memory": "512Mi"},
}
"""Of what reads all files while a miner runs on the same file system: half a processor leaves most of that to it."""
_TRIAL: JSON = {
    "requests": {"cpu": "10m", "memory": "64Mi"},
    "limits": {"cpu": "100m", "memory": "64Mi"},
}
_COPYING: JSON = {
    "requests": {"cpu": "2", "memory": "2Gi"},
    "limits": {"cpu": "8", "memory": "4Gi"},
}
"""Of what compresses hundreds of gigabytes while a miner stands, and holds a part of each upload that is under way."""


def trial(job: Mapping[str, JSON]) -> dict[str, JSON]:
    """The same pods, whose steps do nothing: what they take of images, volumes, secrets and nodes is there or not.

    They ask for next to no room: that is found when the services stand.
    """
    tried = copy.deepcopy(dict(job))
    pod = at(tried, "spec.template.spec")
    for place in ("initContainers", "containers"):
        steps = at(cast("dict[str, JSON]", pod), place)
        for step in steps if isinstance(steps, list) else ():
            cast("dict[str, JSON]", step).update(command=["/bin/sh", "-c", ":"], env=[], resources=_TRIAL)
    return tried


def copy_job(place: Place) -> dict[str, JSON]:
    """Databases, then the UTXO store, then the files: each is as of the moment the services stood."""
    steps = [_script(place, "databases", "postgres-client", "databases-backup.sh", login=True)]
    if place.aerospike:
        # Nobody writes to it by now; a store that is not whole is found before its terabytes are read.
        steps += [
            _asking(place, "utxo-count", UTXO_READER, {"COUNT_FILE": f"{place.partial}/utxo.records"}),
            _control(place, "backup", place.partial, UTXO_READER),
        ]
    return _job(place, [*steps, _script(place, "files", "postgres-client", "files-backup.sh")], UTXO_READER)


def seal_job(place: Place) -> dict[str, JSON]:
    """Checksums of all of it, and its name. The services run by then, and keep most of the disk to themselves."""
    return _job(place, [{**_script(place, "seal", "postgres-client", "seal.sh"), "resources": _UNHURRIED}])


def remove_job(place: Place, keep: Iterable[str]) -> dict[str, JSON]:
    """Remove all backups but those from the miner's files; it may run."""
    environment = {"KEEP": " ".join(sorted(keep))}
    return _job(place, [_script(place, "remove", "postgres-client", "sets-remove.sh", environment=environment)])


def restore_job(place: Place, sha256: str, *, replace_data: bool) -> dict[str, JSON]:
    """Checks first; the files last, whose end takes the mark away that says that the data is of no node."""
    steps = [
        _script(
            place,
            "check",
            "postgres-client",
            "restore-check.sh",
            login=True,
            environment={"SHA256": sha256, "REPLACE_DATA": "yes" if replace_data else "no"},
        ),
        _script(place, "databases", "postgres-client", "databases-restore.sh", login=True),
    ]
    if place.aerospike:
        steps += [
            _asking(place, "utxo-empty", UTXO_WRITER, {}),
            _control(place, "restore", place.set, UTXO_WRITER),
            _asking(place, "utxo-count", UTXO_WRITER, {"COUNT_FILE": f"{place.set}/utxo.records"}),
        ]
    return _job(place, [*steps, _script(place, "files", "postgres-client", "files-restore.sh")], UTXO_WRITER)


def _script(
    place: Place,
    name: str,
    image: str,
    *scripts: str,
    login: bool = False,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, JSON]:
    """Scripts in one; with ``login`` it gets the URL by which Teranode reaches its database, and no other secret."""
    text = "".join((_SCRIPTS / script).read_text(encoding="utf-8") for script in scripts)
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


def _asking(place: Place, name: str, user: str, environment: Mapping[str, str]) -> dict[str, JSON]:
    """A script that asks the servers of the UTXO store, as ``user`` if they want a name."""
    scripts = ("ask-utxo-store.sh", f"{name}.sh")
    if place.operated is None:
        return _script(place, name, "aerospike-server", *scripts, environment=environment)
    login = {"UTXO_USER": user, "UTXO_PASSWORD_FILE": _PASSWORD_FILE, "UTXO_LOGIN_FILE": _LOGIN_FILE}
    image = "aerospike-server-enterprise"
    return _with_login(_script(place, name, image, *scripts, environment={**environment, **login}))


def _control(place: Place, verb: str, folder: str, user: str) -> dict[str, JSON]:
    words = [
        "absctl",
        verb,
        "--host",
        f"{UTXO_STORE}:{UTXO_PORT}",
        "--namespace",
        UTXO_NAMESPACE,
        "--compress",
        "zstd",
    ]
    if place.operated is None:
        words += ["--parallel", _CONNECTIONS_TO_FILES, "--directory", f"{folder}/utxo"]
        return _container(place, "utxo", "aerospike-backup-control", words, {"HOME": _SCRATCH})
    words += [
        *("--parallel", _CONNECTIONS_TO_S3),
        *("--user", user, "--password", f"file:{_PASSWORD_FILE}"),
        *("--directory", place.objects),
        *("--s3-bucket-name", place.operated.bucket, "--s3-region", place.operated.region),
    ]
    if verb == "backup":
        # What an interrupted attempt has left there is no part of it; a bucket with a lock wants checksums.
        words += ["--remove-files", "--s3-calculate-checksum"]
    step = _container(place, "utxo", "aerospike-backup-control", words, {"HOME": _SCRATCH})
    return _with_login({**step, "resources": _COPYING})


def _with_login(step: dict[str, JSON]) -> dict[str, JSON]:
    mounts = step["volumeMounts"]
    login: JSON = {"name": "login", "mountPath": _LOGIN_FOLDER, "readOnly": True}
    return {**step, "volumeMounts": [*(mounts if isinstance(mounts, list) else []), login]}


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


def _job(place: Place, steps: list[dict[str, JSON]], user: str | None = None) -> dict[str, JSON]:
    """The steps, one after the other; where the UTXO store wants a name, with the password of ``user``."""
    *before, last = steps
    operated = place.operated if user is not None else None
    refusals: list[JSON] = [
        {
            "action": "FailJob",
            "onExitCodes": {"containerName": step["name"], "operator": "In", "values": [REFUSED]},
        }
        for step in steps
        if step["name"] in _REFUSING
    ]
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
            "podFailurePolicy": {"rules": [*refusals, drained]},
            "template": {
                "metadata": {"labels": {**PODS, **(SETS_LABELS if operated else {})}},
                "spec": {
                    **({"serviceAccountName": operated.service_account} if operated else {}),
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
                        *(_login_volume(operated, user) if operated else ()),
                    ],
                },
            },
        },
    }


def _login_volume(operated: Operated, user: str | None) -> Iterator[dict[str, JSON]]:
    secret = operated.reader_secret if user == UTXO_READER else operated.writer_secret
    yield {"name": "login", "secret": {"secretName": secret, "defaultMode": 0o400}}
