"""Aerospike operator: the backup service and what it backs up.

Source: aerospike/aerospike-kubernetes-operator 4.5 (definitions, webhooks) and aerospike/aerospike-backup-service 3
(``pkg/dto``) for ``config``, which the definitions leave free. Passwords in clear are not taught on purpose.
"""

from typing import Annotated, Literal

from pydantic import Field

from simulator.custom_resources.aerospike_config import RackId, Section
from simulator.custom_resources.base import (
    Affinity,
    Definition,
    Labels,
    LocalObjectReference,
    NonNegative,
    Part,
    Positive,
    Resources,
    SecurityContext,
    TemplateMetadata,
    Toleration,
    VolumeMount,
    WithSpec,
)

AnyPort = Annotated[int, Field(ge=1, le=65535)]


class HttpServer(Section):
    """Where the service listens."""

    address: str | None = None
    port: AnyPort | None = None
    context_path: str | None = None
    timeout: Positive | None = None


class Logger(Section):
    """What the service says about its work."""

    level: Literal["TRACE", "DEBUG", "INFO", "WARN", "WARNING", "ERROR"] | None = None
    format: Literal["PLAIN", "JSON"] | None = None


class ServiceSettings(Section):
    """The service itself."""

    http: HttpServer | None = None
    logger: Logger | None = None


class RetryPolicy(Section):
    """How a failed backup is repeated; the timeout is in milliseconds."""

    base_timeout: Positive
    multiplier: Annotated[float, Field(ge=1)]
    max_retries: NonNegative


class Retention(Section):
    """How many backups are kept."""

    full: Positive | None = None
    incremental: NonNegative | None = None


class Compression(Section):
    """How files are packed."""

    mode: Literal["NONE", "ZSTD"]
    level: int | None = None


class Encryption(Section):
    """How files are encrypted, with a key from a mounted file."""

    mode: Literal["NONE", "AES128", "AES256"]
    key_file: str | None = None


class BackupPolicy(Section):
    """How a backup is made. Bandwidth is in MiB per second, the limit of a file in MB."""

    parallel: Positive | None = None
    parallel_write: Positive | None = None
    socket_timeout: Positive | None = None
    total_timeout: Positive | None = None
    retry_policy: RetryPolicy | None = None
    retention: Retention | None = None
    no_records: bool | None = None
    no_indexes: bool | None = None
    no_udfs: bool | None = None
    bandwidth: Positive | None = None
    records_per_second: Positive | None = None
    file_limit: Positive | None = None
    compression: Compression | None = None
    encryption: Encryption | None = None
    sealed: bool | None = None
    compact: bool | None = None
    with_cluster_configuration: bool | None = None


class S3Storage(Section):
    """A bucket; credentials come from the pod's identity."""

    bucket: str
    s3_region: str
    path: str | None = None
    s3_endpoint_override: str | None = None
    min_part_size: Positive | None = None
    storage_class: str | None = None


class LocalStorage(Section):
    """A folder of the service's pod."""

    path: str


class Storage(Section):
    """One place for backups."""

    s3_storage: S3Storage | None = None
    local_storage: LocalStorage | None = None


class BackupServiceConfig(Section):
    """Policies and places; clusters and routines come from the backups."""

    service: ServiceSettings
    backup_policies: Annotated[dict[str, BackupPolicy], Field(min_length=1)]
    storage: Annotated[dict[str, Storage], Field(min_length=1)]


class MountedSecret(Part):
    """A Secret that the service sees as files."""

    secret_name: str
    volume_mount: VolumeMount


class ServiceContainer(Part):
    """Share of the node and rights of the service."""

    resources: Resources | None = None
    security_context: SecurityContext | None = None


class BackupPodSpec(Part):
    """Where the service runs, and as whom."""

    affinity: Affinity | None = None
    image_pull_secrets: list[LocalObjectReference] | None = None
    metadata: TemplateMetadata | None = None
    node_selector: Labels | None = None
    service_account_name: str | None = None
    service_container: ServiceContainer | None = None
    tolerations: list[Toleration] | None = None


class ServiceType(Part):
    """How the service is reached."""

    type: Literal["ClusterIP", "LoadBalancer"]


class BackupServiceSpec(Part):
    """One backup service."""

    config: BackupServiceConfig
    image: str
    pod_spec: BackupPodSpec | None = None
    secrets: list[MountedSecret] | None = None
    service: ServiceType | None = None


class SeedNode(Section):
    """A node that knows the others."""

    host_name: str
    port: AnyPort
    tls_name: str | None = None


class Credentials(Section):
    """Who the service is to the database; the password is in a mounted file."""

    user: str
    password_path: str
    auth_mode: Literal["INTERNAL", "EXTERNAL", "EXTERNAL_INSECURE", "PKI"] | None = None


class SourceCluster(Section):
    """The store that is backed up."""

    seed_nodes: Annotated[list[SeedNode], Field(min_length=1)]
    credentials: Credentials | None = None
    conn_timeout: Positive | None = None
    label: str | None = None
    max_parallel_scans: Positive | None = None
    use_services_alternate: bool | None = None


class Routine(Section):
    """What is backed up when, how and where to."""

    backup_policy: str
    interval_cron: str
    source_cluster: str
    storage: str
    incr_interval_cron: str | None = None
    namespaces: list[str] | None = None
    prefer_racks: list[RackId] | None = None
    set_list: list[str] | None = None


class BackupConfig(Section):
    """One store and its routines."""

    aerospike_cluster: Annotated[dict[str, SourceCluster], Field(min_length=1, max_length=1)]
    backup_routines: Annotated[dict[str, Routine], Field(min_length=1)]


class BackupServiceRef(Part):
    """The service that does the work."""

    name: Annotated[str, Field(min_length=1)]
    namespace: Annotated[str, Field(min_length=1)]


class BackupSpec(Part):
    """The backups of one store."""

    backup_service: BackupServiceRef
    config: BackupConfig


_API_VERSION = "asdb.aerospike.com/v1beta1"

DEFINITIONS = (
    Definition(_API_VERSION, "AerospikeBackupService", WithSpec[BackupServiceSpec]),
    Definition(_API_VERSION, "AerospikeBackup", WithSpec[BackupSpec]),
)
