"""What holds where a stack file says nothing: one table per tier, and the guard rails that no key can lower."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from components.teranode.sizes import Scale
from infra.catalog import Architecture
from infra.settings.fields import (
    AlarmRecipient,
    Capacity,
    EndpointAccess,
    InterfaceEndpoints,
    NatMode,
    Tier,
)
from infra.settings.platform import MonitoringDefaults
from infra.settings.store_defaults import (
    AerospikeDefaults,
    CopiesDefaults,
    FilesDefaults,
    KafkaDefaults,
    PostgresDefaults,
    UtxoStoreDefaults,
)

STANDARD_ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "secretsmanager", "sts")
"""AWS services that nodes and operators call (control NET-11); short names, as in `com.amazonaws.<region>.<name>`."""

SESSION_ENDPOINTS = ("ec2messages", "ssm", "ssmmessages")
"""Added where the Kubernetes API is private: the access host is reached by Session Manager and by nothing else."""

KUBERNETES_SERVICE_CIDR = "172.20.0.0/16"
"""Addresses of Kubernetes services in every cluster; stated, because EKS else picks one of two by the VPC's block."""

DEFAULT_ARCHITECTURE: Architecture = "arm64"
"""Graviton costs about a fifth less than the same size of x86; Teranode's images exist for both."""


DEFAULT_BROKER_TYPE = "kafka.m7g.large"
"""MSK's smallest broker of a current family: 1,000 partition replicas, twice what a mainnet miner asks for."""


@dataclass(frozen=True, slots=True)
class PoolDefaults:
    """Default size of a pool that may grow; the instance types depend on the architecture."""

    instance_types: Mapping[Architecture, tuple[str, ...]]
    min_nodes_per_zone: int
    max_nodes_per_zone: int
    disk_gib: int
    capacity: Capacity = "onDemand"


@dataclass(frozen=True, slots=True)
class StorageDefaults:
    """Default storage pool, in the regions where a store keeps its records on NVMe."""

    instance_type: str
    nodes_per_zone: int


@dataclass(frozen=True, slots=True)
class TierDefaults:
    """Everything that follows from the tier alone.

    `scale`, how large Teranode is, has no key of its own. The rest of the first block are defaults that a stack file
    may change, the second are guard rails that it may not: `protect` (Pulumi's lock), `deletion_protection`
    (the cloud's), `final_snapshots` (a deleted database leaves one),
    `secret_recovery_days` (a deleted secret can be restored so long), `retain_volumes` (a volume outlives its claim),
    `high_availability` (operators run twice), `force_destroy` (a bucket is deleted with its objects),
    `object_lock_days` (a backup cannot be deleted before; 0 is no lock).
    """

    scale: Scale
    zones_per_region: int
    nat: NatMode
    interface_endpoints: InterfaceEndpoints
    endpoint_access: EndpointAccess
    log_retention_days: int
    system: PoolDefaults
    general: PoolDefaults
    storage: Mapping[str, StorageDefaults]
    postgres: PostgresDefaults
    monitoring: MonitoringDefaults
    utxo_store: UtxoStoreDefaults
    files: FilesDefaults
    kafka: KafkaDefaults
    copies: CopiesDefaults
    alarm_recipient: AlarmRecipient

    min_zones: int
    min_log_retention_days: int
    min_storage_nodes_per_zone: int
    protect: bool
    deletion_protection: bool
    final_snapshots: bool
    kms_deletion_window_days: int
    secret_recovery_days: int
    retain_volumes: bool
    zonal_shift: bool
    high_availability: bool
    force_destroy: bool
    object_lock_days: int


# m7g first: current Graviton, offered in 28 of the 30 regions with data; m6g is offered in all of them.
_TESTING = TierDefaults(
    scale=Scale.SMALL,
    zones_per_region=2,
    nat="single",
    interface_endpoints="none",
    endpoint_access="restricted",
    log_retention_days=30,
    system=PoolDefaults(
        instance_types={"arm64": ("m7g.large",), "amd64": ("m7i.large",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=2,
        disk_gib=50,
    ),
    # A miner's eleven services ask for about 16 CPU and 45 GiB at upstream's replica counts.
    general=PoolDefaults(
        instance_types={"arm64": ("m7g.2xlarge",), "amd64": ("m7i.2xlarge",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=3,
        disk_gib=100,
    ),
    # For the stores that ask for NVMe. i4i is the family with the widest offer; a regtest set fits its smallest size.
    storage={"aerospike": StorageDefaults(instance_type="i4i.large", nodes_per_zone=1)},
    # Teranode asks for one CPU, 2 GB and 20 GB a miner in small environments; AWS's maintenance comes here first.
    monitoring=MonitoringDefaults(storage_gib=20, retention_days=7, memory="1Gi"),
    postgres=PostgresDefaults(
        profile="rds",
        instance_classes={"aurora": "db.t4g.medium", "rds": "db.t4g.medium"},
        storage_gib=20,
        backup_retention_days=7,
        min_backup_retention_days=1,
        standby=False,
        backup_window="02:00-03:00",
        maintenance_window="mon:04:00-mon:05:00",
    ),
    # Ten million records: the published 50 GB and 8 GB of a testnet node leave room for twice as many.
    utxo_store=UtxoStoreDefaults(
        profile="community",
        records=10_000_000,
        record_bytes=1250,
        yearly_growth_percent=0,
        horizon_years=2,
        editions={
            "enterprise": AerospikeDefaults(servers=1, replication_factor=2, device="nvme"),
            "community": AerospikeDefaults(servers=1, replication_factor=1, device="gp3"),
        },
        min_replication_factor=1,
        min_racks=1,
        backups=False,
        cpu="500m",
        cpu_limit="2",
    ),
    # Upstream asks for 50 GB of shared files on testnet, and regtest writes less: a twentieth of the smallest Lustre.
    files=FilesDefaults(
        profile="efs",
        capacity_gib=1_200,
        throughput_mbps_per_tib=125,
        per_miner=False,
        backup_retention_days=0,
        backup_time="03:00",
        maintenance_time="1:05:00",
    ),
    # Teranode's own compose set-up has 8 partitions a topic; what is kept for half an hour fits the smallest disk.
    # Two brokers: a multiple of the tier's zones, where somebody chooses a profile that has several.
    kafka=KafkaDefaults(profile="single", brokers=2, partitions_high=8, storage_gib=20),
    copies=CopiesDefaults(made=False, retention_days=7, min_retention_days=1),
    alarm_recipient="nobody",
    min_zones=2,
    min_log_retention_days=30,
    min_storage_nodes_per_zone=1,
    protect=False,
    deletion_protection=False,
    final_snapshots=False,
    kms_deletion_window_days=7,
    secret_recovery_days=0,
    retain_volumes=False,
    zonal_shift=False,
    high_availability=False,
    force_destroy=True,
    object_lock_days=0,
)

_MAINNET = TierDefaults(
    scale=Scale.FULL,
    zones_per_region=3,
    nat="perZone",
    interface_endpoints="standard",
    endpoint_access="private",
    log_retention_days=365,
    system=PoolDefaults(
        instance_types={"arm64": ("m7g.xlarge",), "amd64": ("m7i.xlarge",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=2,
        disk_gib=50,
    ),
    general=PoolDefaults(
        instance_types={"arm64": ("m7g.4xlarge",), "amd64": ("m7i.4xlarge",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=3,
        disk_gib=200,
    ),
    # A server of a rack in each of three zones, and a spare for it. Aerospike uses 2 TiB of the disk of 3.75 TB: two
    # zones hold the 1.5 TiB each that the mainnet set of two years from now needs (components/aerospike/sizing.py).
    storage={"aerospike": StorageDefaults(instance_type="i7i.4xlarge", nodes_per_zone=2)},
    # r7g: offered for Aurora in all usable regions but one, r8g in half of them. Headers and state stay below 1 GB.
    monitoring=MonitoringDefaults(storage_gib=200, retention_days=30, memory="6Gi"),
    postgres=PostgresDefaults(
        profile="aurora",
        instance_classes={"aurora": "db.r7g.large", "rds": "db.m7g.large"},
        storage_gib=50,
        backup_retention_days=35,
        min_backup_retention_days=14,
        standby=True,
        backup_window="02:00-03:00",
        maintenance_window="thu:04:00-thu:05:00",
    ),
    # The mainnet set of 2026: 340 million records, 400 to 500 GB. Two racks could not take over all of a third.
    utxo_store=UtxoStoreDefaults(
        profile="enterprise",
        records=340_000_000,
        record_bytes=1250,
        yearly_growth_percent=30,
        horizon_years=2,
        editions={
            "enterprise": AerospikeDefaults(servers=1, replication_factor=2, device="nvme"),
            "community": AerospikeDefaults(servers=3, replication_factor=2, device="nvme"),
        },
        min_replication_factor=2,
        min_racks=3,
        backups=True,
        cpu="4",
        cpu_limit="14",
    ),
    # Blobs are about 600 GB and upstream asks for 1 TB: the smallest step holds that and grows in place. A day's
    # traffic (200 GB, says upstream) is 2.3 MB/s; 250 MB/s per TiB, 290 in all, are for a node that catches up.
    files=FilesDefaults(
        profile="lustre",
        capacity_gib=1_200,
        throughput_mbps_per_tib=250,
        per_miner=True,
        backup_retention_days=14,
        backup_time="03:00",
        maintenance_time="4:05:00",
    ),
    # Teranode's settings for an operator: 32 partitions, 3 copies; its sizing: 50 GB.
    kafka=KafkaDefaults(profile="strimzi", brokers=3, partitions_high=32, storage_gib=50),
    # As long as the database can be restored to any moment, and never shorter than the lock on a backup.
    copies=CopiesDefaults(made=True, retention_days=35, min_retention_days=30),
    alarm_recipient="owner",
    min_zones=3,
    min_log_retention_days=365,
    min_storage_nodes_per_zone=2,
    protect=True,
    deletion_protection=True,
    final_snapshots=True,
    kms_deletion_window_days=30,
    secret_recovery_days=30,
    retain_volumes=True,
    zonal_shift=True,
    high_availability=True,
    force_destroy=False,
    object_lock_days=30,
)

TIER_DEFAULTS: Mapping[Tier, TierDefaults] = MappingProxyType({"testing": _TESTING, "mainnet": _MAINNET})
