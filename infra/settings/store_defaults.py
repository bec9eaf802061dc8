"""What a tier says of the stores: the shape of their defaults; the values stand in `defaults.py`."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.settings.fields import FilesProfile, KafkaProfile, PostgresProfile, StoreDevice, UtxoProfile


@dataclass(frozen=True, slots=True)
class PostgresDefaults:
    """Default database server. The windows are UTC; the standby and the least retention are no key's to change."""

    profile: PostgresProfile
    instance_classes: Mapping[PostgresProfile, str]
    storage_gib: int
    backup_retention_days: int
    min_backup_retention_days: int
    standby: bool
    backup_window: str
    maintenance_window: str


@dataclass(frozen=True, slots=True)
class CopiesDefaults:
    """Default copies of backups in another region: whether the tier has them, and how long they are kept."""

    made: bool
    retention_days: int
    min_retention_days: int


@dataclass(frozen=True, slots=True)
class AerospikeDefaults:
    """Default UTXO store of one edition; `servers` is per zone with `enterprise`, in all with `community`."""

    servers: int
    replication_factor: int
    device: StoreDevice
    device_gib: int = 50
    pool: str = "aerospike"


@dataclass(frozen=True, slots=True)
class UtxoStoreDefaults:
    """Default UTXO store. Horizon, least replication and racks, backups and processors (of each server,
    in Kubernetes' notation) are no key's to change.
    """

    profile: UtxoProfile
    records: int
    record_bytes: int
    yearly_growth_percent: int
    horizon_years: int
    editions: Mapping[UtxoProfile, AerospikeDefaults]
    min_replication_factor: int
    min_racks: int
    backups: bool
    cpu: str
    cpu_limit: str


@dataclass(frozen=True, slots=True)
class FilesDefaults:
    """Default shared files. Times are UTC, the maintenance begins at `d:hh:mm` (Monday is 1).

    Whether each miner has a Lustre file system of its own, and the days of backups, are no key's to change.
    """

    profile: FilesProfile
    capacity_gib: int
    throughput_mbps_per_tib: int
    per_miner: bool
    backup_retention_days: int
    backup_time: str
    maintenance_time: str


@dataclass(frozen=True, slots=True)
class KafkaDefaults:
    """Default Kafka; `brokers` counts where the profile has more than one."""

    profile: KafkaProfile
    brokers: int
    partitions_high: int
    storage_gib: int
