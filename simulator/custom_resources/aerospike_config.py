"""``aerospikeConfig``: the server's configuration as its operator takes it.

The published definition leaves it free; these are the parts that a store of this project may set, everything else is
an error. Source: aerospike/schemas ``json/aerospike/8.1.*.json``, which the operator validates against.
"""

from typing import Annotated, Literal

from pydantic import AliasGenerator, ConfigDict, Field

from simulator.custom_resources.base import Part

_LARGEST_RECORD_BYTES = 8 * 1024**2
_SMALLEST_STAGE_BYTES = 128 * 1024**2
_LARGEST_RACK = 1_000_000

Percent = Annotated[int, Field(ge=0, le=100)]
Uint32 = Annotated[int, Field(ge=0, le=2**32 - 1)]
Uint64 = Annotated[int, Field(ge=0, le=2**64 - 1)]
Port = Annotated[int, Field(ge=1024, le=65535)]
Threads = Annotated[int, Field(ge=1, le=128)]
Seconds = Annotated[int, Field(ge=0, le=315_360_000)]
FileBytes = Annotated[int, Field(ge=_SMALLEST_STAGE_BYTES, le=2 * 1024**4)]
RackId = Annotated[int, Field(ge=0, le=_LARGEST_RACK)]
Level = Literal["critical", "warning", "info", "debug", "detail", "CRITICAL", "WARNING", "INFO", "DEBUG", "DETAIL"]


class Section(Part):
    """A section of the configuration, whose parameters are written with hyphens."""

    model_config = ConfigDict(alias_generator=AliasGenerator(alias=lambda name: name.replace("_", "-")))


class Service(Section):
    """The server process."""

    advertise_ipv6: bool | None = None
    auto_pin: Literal["none", "cpu", "numa", "adq"] | None = None
    batch_index_threads: Annotated[int, Field(ge=1, le=256)] | None = None
    batch_max_buffers_per_queue: Uint32 | None = None
    batch_max_requests: Uint32 | None = None
    cgroup_mem_tracking: bool | None = None
    cluster_name: str | None = None
    enable_health_check: bool | None = None
    enforce_best_practices: bool | None = None
    feature_key_file: str | None = None
    feature_key_files: list[str] | None = None
    indent_allocations: bool | None = None
    info_max_ms: Annotated[int, Field(ge=500, le=10_000)] | None = None
    info_threads: Annotated[int, Field(ge=1, le=256)] | None = None
    log_local_time: bool | None = None
    log_millis: bool | None = None
    microsecond_histograms: bool | None = None
    migrate_fill_delay: Uint32 | None = None
    migrate_max_num_incoming: Annotated[int, Field(ge=0, le=256)] | None = None
    migrate_threads: Percent | None = None
    min_cluster_size: Annotated[int, Field(ge=0, le=256)] | None = None
    proto_fd_max: Annotated[int, Field(ge=1024, le=2**31 - 1)] | None = None
    query_threads_limit: Annotated[int, Field(ge=1, le=1024)] | None = None
    service_threads: Annotated[int, Field(ge=1, le=4096)] | None = None
    sindex_builder_threads: Annotated[int, Field(ge=1, le=32)] | None = None
    ticker_interval: Uint32 | None = None
    transaction_max_ms: Uint32 | None = None
    transaction_retry_ms: Uint32 | None = None
    work_directory: str | None = None


class Logging(Section):
    """One sink of the log and how much each part of the server says there."""

    name: str
    any: Level | None = None
    as_: Annotated[Level | None, Field(alias="as")] = None
    audit: Level | None = None
    clustering: Level | None = None
    drv_ssd: Annotated[Level | None, Field(alias="drv_ssd")] = None
    hb: Level | None = None
    migrate: Level | None = None
    namespace: Level | None = None
    nsup: Level | None = None
    security: Level | None = None
    service: Level | None = None
    udf: Level | None = None


class ServiceAddress(Section):
    """Where clients connect."""

    port: Port | None = None
    access_port: Port | None = None
    addresses: list[str] | None = None
    disable_localhost: bool | None = None
    tls_name: str | None = None
    tls_port: Port | None = None


class Heartbeat(Section):
    """How nodes find and watch each other. In Kubernetes only by mesh, which the operator sets."""

    port: Port | None = None
    mode: Literal["mesh"] | None = None
    addresses: list[str] | None = None
    interval: Annotated[int, Field(ge=50, le=600_000)] | None = None
    timeout: Annotated[int, Field(ge=3, le=2**32 - 1)] | None = None
    connect_timeout_ms: Annotated[int, Field(ge=50, le=2**32 - 1)] | None = None
    tls_name: str | None = None
    tls_port: Port | None = None


class Fabric(Section):
    """How nodes exchange records."""

    port: Port | None = None
    addresses: list[str] | None = None
    channel_bulk_fds: Threads | None = None
    channel_rw_fds: Threads | None = None
    channel_rw_recv_threads: Threads | None = None
    send_threads: Threads | None = None
    tls_name: str | None = None
    tls_port: Port | None = None


class Tls(Section):
    """A named set of certificate files."""

    name: str
    ca_file: str | None = None
    ca_path: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    protocols: str | None = None


class Network(Section):
    """All ports. The operator refuses a configuration without these three."""

    service: ServiceAddress
    heartbeat: Heartbeat
    fabric: Fabric
    tls: list[Tls] | None = None


class StorageEngine(Section):
    """Where the records of a namespace are."""

    type: Literal["device", "memory"]
    cache_replica_writes: bool | None = None
    cold_start_empty: bool | None = None
    commit_to_device: bool | None = None
    compression: Literal["none", "lz4", "snappy", "zstd"] | None = None
    compression_acceleration: Annotated[int, Field(ge=1, le=65_537)] | None = None
    compression_level: Annotated[int, Field(ge=1, le=9)] | None = None
    data_size: Annotated[int, Field(ge=512 * 1024**2, le=2**48)] | None = None
    defrag_lwm_pct: Annotated[int, Field(ge=1, le=99)] | None = None
    defrag_queue_min: Uint32 | None = None
    defrag_sleep: Uint32 | None = None
    defrag_startup_minimum: Annotated[int, Field(ge=0, le=99)] | None = None
    devices: Annotated[list[str], Field(min_length=1)] | None = None
    direct_files: bool | None = None
    disable_odsync: bool | None = None
    evict_used_pct: Percent | None = None
    files: Annotated[list[str], Field(min_length=1)] | None = None
    filesize: FileBytes | None = None
    flush_max_ms: Annotated[int, Field(ge=0, le=1000)] | None = None
    flush_size: Annotated[int, Field(ge=4096, le=_LARGEST_RECORD_BYTES)] | None = None
    max_write_cache: Uint64 | None = None
    post_write_cache: Uint64 | None = None
    read_page_cache: bool | None = None
    sindex_startup_device_scan: bool | None = None
    stop_writes_avail_pct: Percent | None = None
    stop_writes_used_pct: Percent | None = None


class IndexType(Section):
    """Where the primary index is."""

    type: Literal["shmem", "flash"]
    mounts: list[str] | None = None
    mounts_budget: Uint64 | None = None
    evict_mounts_pct: Percent | None = None


class Set(Section):
    """What differs for one set of a namespace."""

    name: str
    default_ttl: Seconds | None = None
    disable_eviction: bool | None = None
    enable_index: bool | None = None
    stop_writes_count: Uint64 | None = None
    stop_writes_size: Uint64 | None = None


class Namespace(Section):
    """One database. Its replication factor says how many nodes hold each record."""

    name: str
    storage_engine: StorageEngine
    replication_factor: Annotated[int, Field(ge=1, le=256)] | None = None
    active_rack: RackId | None = None
    allow_ttl_without_nsup: bool | None = None
    background_query_max_rps: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    conflict_resolution_policy: Literal["generation", "last-update-time"] | None = None
    conflict_resolve_writes: bool | None = None
    default_ttl: Seconds | None = None
    disable_cold_start_eviction: bool | None = None
    disable_write_dup_res: bool | None = None
    evict_indexes_memory_pct: Percent | None = None
    evict_tenths_pct: Uint32 | None = None
    index_stage_size: Annotated[int, Field(ge=_SMALLEST_STAGE_BYTES, le=16 * 1024**3)] | None = None
    index_type: IndexType | None = None
    indexes_memory_budget: Uint64 | None = None
    inline_short_queries: bool | None = None
    max_record_size: Annotated[int, Field(ge=64, le=_LARGEST_RECORD_BYTES)] | None = None
    migrate_order: Annotated[int, Field(ge=1, le=10)] | None = None
    migrate_sleep: Uint32 | None = None
    nsup_hist_period: Uint32 | None = None
    nsup_period: Uint32 | None = None
    nsup_threads: Threads | None = None
    partition_tree_sprigs: Annotated[int, Field(ge=256, le=2**28)] | None = None
    prefer_uniform_balance: bool | None = None
    rack_id: RackId | None = None
    read_consistency_level_override: Literal["all", "off", "one"] | None = None
    sets: list[Set] | None = None
    sindex_stage_size: Annotated[int, Field(ge=_SMALLEST_STAGE_BYTES, le=4 * 1024**3)] | None = None
    single_query_threads: Threads | None = None
    stop_writes_sys_memory_pct: Percent | None = None
    strong_consistency: bool | None = None
    strong_consistency_allow_expunge: bool | None = None
    tomb_raider_eligible_age: Uint32 | None = None
    tomb_raider_period: Uint32 | None = None
    transaction_pending_limit: Uint32 | None = None
    truncate_threads: Threads | None = None
    write_commit_level_override: Literal["all", "master", "off"] | None = None


class SecurityLog(Section):
    """What the audit trail holds."""

    report_authentication: bool | None = None
    report_data_op: list[str] | None = None
    report_sys_admin: bool | None = None
    report_user_admin: bool | None = None
    report_violation: bool | None = None


class Security(Section):
    """Users and roles are on as soon as this section exists."""

    default_password_file: str | None = None
    enable_quotas: bool | None = None
    log: SecurityLog | None = None
    privilege_refresh_period: Annotated[int, Field(ge=10, le=86_400)] | None = None
    session_ttl: Annotated[int, Field(ge=120, le=864_000)] | None = None


class AerospikeConfig(Section):
    """The whole configuration of a cluster."""

    network: Network
    namespaces: Annotated[list[Namespace], Field(min_length=1)]
    service: Service | None = None
    logging: list[Logging] | None = None
    security: Security | None = None


class RackConfiguration(Section):
    """What one rack may have of its own: network and security are the same for all."""

    namespaces: list[Namespace] | None = None
    service: Service | None = None
    logging: list[Logging] | None = None
