"""The settings of one environment, checked and complete: what the rest of the program reads."""

from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from components.aerospike.sizing import Machine
from components.decommission import Part
from infra.catalog import Architecture
from infra.settings.defaults import TierDefaults
from infra.settings.fields import (
    AlertRules,
    AuroraStorage,
    Capacity,
    Chain,
    EndpointAccess,
    FilesProfile,
    KafkaProfile,
    Mode,
    NatMode,
    PostgresProfile,
    Rotation,
    StoreDevice,
    Tier,
    UtxoProfile,
)


class _Resolved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class NodePoolSettings(_Resolved):
    """A pool that may grow. All `instance_types` have `architecture`; the first is the preferred one."""

    name: str
    architecture: Architecture
    instance_types: tuple[str, ...]
    min_nodes_per_zone: int
    max_nodes_per_zone: int
    disk_gib: int
    capacity: Capacity


class StoragePoolSettings(_Resolved):
    """A pool of fixed size with local NVMe disks: `nodes_per_zone` nodes in each of `zones`."""

    name: str
    instance_type: str
    architecture: Architecture
    nodes_per_zone: int
    zones: tuple[str, ...]


class NodeSettings(_Resolved):
    """The node pools of one region; storage pools are sorted by name."""

    system: NodePoolSettings
    general: NodePoolSettings
    storage: tuple[StoragePoolSettings, ...]


class RegionSettings(_Resolved):
    """One region. `zones` are full names, `leaving_zones` those of them that no rack is to stay in;
    `interface_endpoints` are short service names such as `ecr.api`.
    """

    name: str
    partition: str
    cidr: str
    zones: tuple[str, ...]
    leaving_zones: frozenset[str]
    nat: NatMode
    interface_endpoints: tuple[str, ...]
    nodes: NodeSettings


class AccessSettings(_Resolved):
    """Who may act on the clusters, and from where.

    Roles and `permissions_boundary` are ARNs; the boundary is a policy that no role of the environment can exceed.
    `api_cidrs` are the blocks from which a restricted endpoint answers.
    """

    deploy_role: str
    admin_role: str
    operator_role: str | None
    read_only_role: str | None
    preview_role: str | None
    drift_role: str | None
    permissions_boundary: str | None
    api_cidrs: tuple[str, ...]


class KubernetesSettings(_Resolved):
    """What every cluster of the environment has in common; `addons` maps an EKS add-on to its pinned build."""

    version: str
    endpoint_access: EndpointAccess
    service_cidr: str
    node_release: str
    addons: Mapping[str, str]


class PostgresSettings(_Resolved):
    """The database server of each region; `storage_gib` counts with `rds` only, `aurora_storage` with `aurora` only."""

    profile: PostgresProfile
    engine_version: str
    instance_class: str
    storage_gib: int
    aurora_storage: AuroraStorage
    backup_retention_days: int


class CopiesSettings(_Resolved):
    """Where copies of backups lie, and for how long."""

    region: str
    partition: str
    retention_days: int


class FilesSettings(_Resolved):
    """The files that a miner's pods share; size and speed count with `lustre` only."""

    profile: FilesProfile
    capacity_gib: int
    throughput_mbps_per_tib: int


class PlatformSettings(_Resolved):
    """Where what runs on the clusters comes from: each chart's repository, and mirrors by the registry they replace."""

    chart_repositories: Mapping[str, str]
    image_mirrors: Mapping[str, str]


class UtxoStoreSettings(_Resolved):
    """The UTXO store of one miner; with the profile `postgres` only `profile` counts.

    - `servers_by_zone`: by full zone name; with `community` it is what an even spread gives.
    - `pool`: of the local disks, None with `gp3`; `device_gib` counts with `gp3` only.
    - `machine`: the memory of the node that each server runs on, and the disks that it gets.
    - `feature_key`: ARN of the secret with the licence, with `enterprise` only.
    - `backups`: whether the tier asks for them.
    """

    profile: UtxoProfile
    records: int
    record_bytes: int
    yearly_growth_percent: int
    horizon_years: int
    replication_factor: int
    servers_by_zone: Mapping[str, int]
    device: StoreDevice
    device_gib: int
    pool: str | None
    machine: Machine
    feature_key: str | None
    backups: bool


class KafkaSettings(_Resolved):
    """The Kafka of each region; `instance_type` counts with `msk` only, and `single` has one broker."""

    profile: KafkaProfile
    brokers: int
    partitions_high: int
    instance_type: str
    storage_gib: int


class BlockGeneratorSettings(_Resolved):
    """How a chain without proof of work is kept moving."""

    interval_seconds: int
    spread_seconds: int
    rotation: Rotation


class TransactionLoadSettings(_Resolved):
    """Transactions that are sent to each of `miners`."""

    per_second: int
    miners: tuple[str, ...]


class SnapshotSettings(_Resolved):
    """The UTXO set that a node begins with; checksums as 64 hex digits."""

    url: str
    hash: str
    height: int
    headers_sha256: str
    utxo_set_sha256: str


class MinerSettings(_Resolved):
    """One Teranode, and what it is for. `credentials` is the generation of its passwords; the wallet is named by ARNs,
    never held, and read while the miner mines.

    `sv_nodes` are the only SV nodes that it speaks to, as host:port; empty are the seeds of the chain.
    """

    name: str
    region: str
    utxo_store: UtxoStoreSettings
    credentials: int
    wallet_secret: str | None
    wallet_key: str | None
    enabled: bool
    mode: Mode
    sv_nodes: tuple[str, ...]
    snapshot: SnapshotSettings | None


class MiningSettings(_Resolved):
    """Who mines with the miners: a certificate by region, and the ARNs of each partner by its name."""

    certificates: Mapping[str, str]
    partners: Mapping[str, tuple[str, ...]]


class PublicAssetsSettings(_Resolved):
    """Where other Teranodes fetch blocks: a certificate by region, and a name in DNS by miner."""

    certificates: Mapping[str, str]
    hosts: Mapping[str, str]
    requests_per_second: int


class DecommissionSettings(_Resolved):
    """What leaves: it may be removed from `day` on."""

    part: Part
    day: date
    reason: str


class Environment(_Resolved):
    """One environment. Regions and miners are sorted by name, so that their order in the file means nothing.

    `notices` says what validation could not know offline and took on trust. `alarm_email` is told of alarms, None
    tells nobody. `alert_rules` says who judges recorded series. `monthly_budget_usd` None is no budget. `pages` is
    where the repository is read, empty where nobody said. Without a `block_generator` others mine, without a
    `transaction_load` nothing is sent. Without `copies` backups stay in their region. Without `mining` nobody outside
    brings hash power; `public_peers` says whether the internet reaches the peer ports, and without `public_assets` it
    fetches no blocks; `testers` are accounts that get releases, None where there is no place for them. After `expires`
    the environment may be destroyed, None lets it stay. `decommission` is by the name of what leaves. While it is
    `asleep` no miner is enabled and pools may
    be empty, whatever the file says of them.
    """

    name: str
    account: str
    owner: str
    tier: Tier
    chain: Chain
    release: str
    home: str
    expires: datetime | None
    asleep: bool
    decommission: Mapping[str, DecommissionSettings]
    access: AccessSettings
    kubernetes: KubernetesSettings
    postgres: PostgresSettings
    files: FilesSettings
    platform: PlatformSettings
    kafka: KafkaSettings
    copies: CopiesSettings | None
    block_generator: BlockGeneratorSettings | None
    transaction_load: TransactionLoadSettings | None
    mining: MiningSettings | None
    public_peers: bool
    public_assets: PublicAssetsSettings | None
    alarm_email: str | None
    alert_rules: AlertRules
    monthly_budget_usd: int | None
    pages: str
    testers: tuple[str, ...] | None
    log_retention_days: int
    defaults: TierDefaults
    regions: dict[str, RegionSettings]
    miners: dict[str, MinerSettings]
    notices: tuple[str, ...]
