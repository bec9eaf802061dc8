"""The configuration of a UTXO store's servers: one model, rendered for both editions. No resources."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from components.aerospike import sizing

NAMESPACE = "utxo-store"
SET = "utxo"
SERVICE_PORT, FABRIC_PORT, HEARTBEAT_PORT = 3000, 3001, 3002
SECURE_FABRIC_PORT, SECURE_HEARTBEAT_PORT = 3011, 3012

Value: TypeAlias = "str | int | bool"
Tree: TypeAlias = Mapping[str, object]
"""A section of the configuration: values, lists of names, sections in it."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the server, with the reason for its value. Sizes are bytes, times milliseconds unless named."""

    name: str
    value: Value
    why: str


SERVICE_SETTINGS = (
    Setting("proto-fd-max", 15000, "connections of eleven services with a pool each, below the container's file limit"),
    Setting("sindex-builder-threads", 8, "Teranode makes its two indexes over all records when it first starts"),
)

NAMESPACE_SETTINGS = (
    Setting("default-ttl", 0, "an unspent output never expires"),
    Setting("nsup-period", 120, "what Teranode itself writes with an end expires within minutes of it"),
    Setting("nsup-threads", 1, "hardly anything expires, and the supervisor reads the whole index"),
    Setting(
        "transaction-pending-limit", 0, "many transactions spend outputs of one record at once: let all of them wait"
    ),
    Setting("partition-tree-sprigs", 4096, "short search trees at hundreds of millions of records, for 134 MB at most"),
    Setting("stop-writes-sys-memory-pct", sizing.MEMORY_PERCENT, "writes stop before the kernel stops the server"),
)

STORAGE_SETTINGS = (
    Setting("flush-size", 128 * 2**10, "local disks take writes of this size fastest"),
    Setting("flush-max-ms", 1000, "a record reaches the disk within a second, however little is written"),
    Setting("max-write-cache", sizing.WRITE_CACHE_BYTES, "large blocks write faster than a disk: DEVICE_OVERLOAD else"),
    Setting("post-write-cache", sizing.READ_CACHE_BYTES, "young outputs are spent first, and are read from here"),
    Setting("read-page-cache", value=True, why="spends read what was just read for validation"),
    Setting("defrag-lwm-pct", sizing.LOW_WATER_PERCENT, "the part of a disk that may lie idle; sizing reckons with it"),
    Setting(
        "defrag-sleep", 2000, "microseconds between blocks: spending leaves holes faster than the default closes them"
    ),
    Setting(
        "evict-used-pct", 0, "upstream has 70, which evicts nothing while nothing expires; an evicted coin is lost"
    ),
    Setting("stop-writes-avail-pct", 5, "defragmentation needs free blocks to work with"),
    Setting(
        "sindex-startup-device-scan", value=True, why="indexes are rebuilt in the order of the disk, not of the keys"
    ),
)


@dataclass(frozen=True, kw_only=True)
class Device:
    """Where records lie: a raw disk with its `shadow` on the network, or a file of `file_bytes`."""

    path: str
    shadow: str | None = None
    file_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Tls:
    """Certificate, key and authority of the traffic between servers, as files; `name` is in the certificate."""

    name: str
    certificate_file: str
    key_file: str
    authority_file: str


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """What differs between stores.

    - `seeds`: host names of the other servers, where no operator fills them in.
    - `node_id`: a server's own, kept over restarts, or it would be a new one that takes over anew; a placeholder.
    - `feature_key_file`, `tls`: of the enterprise edition, with which security goes.
    """

    replication_factor: int
    devices: tuple[Device, ...]
    seeds: tuple[str, ...] = ()
    cluster_name: str | None = None
    node_id: str | None = None
    work_directory: str | None = None
    feature_key_file: str | None = None
    tls: Tls | None = None

    def __post_init__(self) -> None:
        if not self.devices:
            raise ValueError("a UTXO store needs a device: in memory alone it would be lost at every restart")
        if len({device.file_bytes is None for device in self.devices}) > 1:
            raise ValueError("a UTXO store lies on disks or in files, not on both")


def operator_config(config: ServerConfig) -> Tree:
    """The configuration as the Kubernetes operator takes it (`aerospikeConfig`); it adds node ids, seeds and racks."""
    secured = {"security": {}} if config.feature_key_file else {}
    tls = {"tls": [_certificate(config.tls)]} if config.tls else {}
    return {
        "service": {**_service(config), "cgroup-mem-tracking": True},
        "network": {**_network(config), **tls},
        "namespaces": [{"name": NAMESPACE, **_namespace(config)}],
        **secured,
    }


def configuration_file(config: ServerConfig) -> str:
    """The configuration as the server reads it (`aerospike.conf`)."""
    network = _network(config)
    sections: Tree = {
        "service": _service(config),
        "logging": {"console": {"context": "any info"}},
        "network": {
            "service": {"address": "any", **network["service"]},
            "heartbeat": {
                "mode": "mesh",
                "address": "any",
                **network["heartbeat"],
                "mesh-seed-address-port": [f"{seed} {HEARTBEAT_PORT}" for seed in config.seeds],
            },
            "fabric": {"address": "any", **network["fabric"]},
        },
        f"namespace {NAMESPACE}": _namespace(config),
        # Not derived from the work directory: the default lies in the image, which is read-only.
        **({"mod-lua": {"user-path": f"{config.work_directory}/usr/udf/lua"}} if config.work_directory else {}),
    }
    return "\n".join(_lines(sections, 0)) + "\n"


def _service(config: ServerConfig) -> dict[str, Value]:
    own = {
        "cluster-name": config.cluster_name,
        "node-id": config.node_id,
        "work-directory": config.work_directory,
        "feature-key-file": config.feature_key_file,
    }
    return {**{name: value for name, value in own.items() if value is not None}, **_values(SERVICE_SETTINGS)}


def _certificate(tls: Tls) -> Tree:
    return {
        "name": tls.name,
        "cert-file": tls.certificate_file,
        "key-file": tls.key_file,
        "ca-file": tls.authority_file,
    }


def _network(config: ServerConfig) -> dict[str, dict[str, Value]]:
    # Three missed beats in 450 ms would be a lost server; a busy node pauses longer than that.
    beats: dict[str, Value] = {"interval": 150, "timeout": 20}
    if config.tls is None:
        return {
            "service": {"port": SERVICE_PORT},
            "heartbeat": {"port": HEARTBEAT_PORT, **beats},
            "fabric": {"port": FABRIC_PORT},
        }
    tls = config.tls
    return {
        # Teranode's client speaks no TLS.
        "service": {"port": SERVICE_PORT},
        "heartbeat": {"tls-name": tls.name, "tls-port": SECURE_HEARTBEAT_PORT, **beats},
        "fabric": {"tls-name": tls.name, "tls-port": SECURE_FABRIC_PORT},
    }


def _namespace(config: ServerConfig) -> dict[str, object]:
    storage: dict[str, object] = {"type": "device"}
    if config.devices[0].file_bytes is None:
        # The server wants a disk and its shadow on one line.
        storage["devices"] = [" ".join(filter(None, (device.path, device.shadow))) for device in config.devices]
    else:
        storage["files"] = [device.path for device in config.devices]
        storage["filesize"] = config.devices[0].file_bytes
    return {
        "replication-factor": config.replication_factor,
        **_values(NAMESPACE_SETTINGS),
        "storage-engine": {**storage, **_values(STORAGE_SETTINGS)},
    }


def _values(settings: Sequence[Setting]) -> dict[str, Value]:
    return {setting.name: setting.value for setting in settings}


_SINGULAR = {"devices": "device", "files": "file"}


def _lines(sections: Tree, depth: int) -> Iterator[str]:
    indent = "    " * depth
    for name, value in sections.items():
        if isinstance(value, Mapping):
            kind = value.get("type")
            rest = {key: inner for key, inner in value.items() if key != "type"}
            yield f"{indent}{name} {kind} {{" if kind else f"{indent}{name} {{"
            yield from _lines(rest, depth + 1)
            yield f"{indent}}}"
        elif isinstance(value, str | int):
            yield f"{indent}{name} {str(value).lower() if isinstance(value, bool) else value}"
        elif isinstance(value, Sequence):
            yield from (f"{indent}{_SINGULAR.get(name, name)} {one}" for one in value)
