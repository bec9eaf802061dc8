"""What a region is asked for: its own arguments, and what an environment decides about each of its parts."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.eks import AccessRoles, ClusterVersions, EndpointAccess, NodePool, StoragePool
from components.files import FilesProfile, LustreSize
from components.images import ImageSource
from components.kafka import KafkaProfile, KafkaVersions
from components.network import NatMode
from components.placement import Placement
from components.platform import ChartSource, MonitoringSize
from components.postgres import AuroraStorage, PostgresProfile
from components.protection import Protection
from components.workspace import WorkspaceRef


@dataclass(frozen=True, kw_only=True)
class PostgresChoice:
    """What an environment decides about its databases; the region adds the surroundings.

    `memory_gib` is what the instance class has.
    """

    profile: PostgresProfile
    engine_version: str
    instance_class: str
    memory_gib: float
    standby: bool
    storage_gib: int
    aurora_storage: AuroraStorage
    backup_retention_days: int
    backup_window: str
    maintenance_window: str


@dataclass(frozen=True, kw_only=True)
class PlatformChoice:
    """What an environment decides about the operators of its clusters; see `PlatformArgs`."""

    charts: Mapping[str, ChartSource]
    images: ImageSource
    monitoring: MonitoringSize
    high_availability: bool


@dataclass(frozen=True, kw_only=True)
class FilesChoice:
    """What an environment decides about shared files; the region adds the surroundings."""

    profile: FilesProfile
    lustre: LustreSize | None
    per_miner: bool
    backup_retention_days: int
    backup_time: str
    maintenance_time: str


@dataclass(frozen=True, kw_only=True)
class KafkaChoice:
    """What an environment decides about its Kafka; the region adds the surroundings."""

    profile: KafkaProfile
    versions: KafkaVersions
    brokers: int
    partitions_high: int
    instance_type: str
    storage_gib: int


@dataclass(frozen=True, kw_only=True)
class RegionArgs:
    """Arguments of `Region`; see `NetworkArgs`, `EksClusterArgs`, `PostgresArgs` and `FilesArgs` for what each does.

    `log_retention_days` holds for flow logs, control-plane logs, the logs of databases and file systems, and access
    logs of buckets alike. `alarm_email` is told of alarms, None tells nobody. `workspace` is where
    alert rules are judged, None where they are not. `copied` says whether its backups are copied to another region.
    """

    placement: Placement
    cidr_block: str
    zones: tuple[str, ...]
    nat: NatMode
    interface_endpoints: tuple[str, ...]
    kubernetes_version: str
    service_cidr: str
    endpoint_access: EndpointAccess
    api_cidrs: tuple[str, ...]
    access: AccessRoles
    pools: tuple[NodePool, ...]
    storage_pools: tuple[StoragePool, ...]
    versions: ClusterVersions
    postgres: PostgresChoice
    files: FilesChoice
    platform: PlatformChoice
    kafka: KafkaChoice
    aerospike_namespaces: tuple[str, ...]
    workspace: WorkspaceRef | None
    alarm_email: str | None
    copied: bool
    log_retention_days: int
    protection: Protection
