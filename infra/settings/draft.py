"""A stack file half-way: what of it is well-formed, whatever else is wrong.

The rules across keys run over a draft, so that a misspelt miner does not hide overlapping networks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from infra import catalog, versions
from infra.settings.backups import BackupsKeys
from infra.settings.clusters import AccessKeys, KubernetesKeys
from infra.settings.databases import PostgresKeys
from infra.settings.decommission import DecommissionKeys
from infra.settings.defaults import (
    DEFAULT_BROKER_TYPE,
    KUBERNETES_SERVICE_CIDR,
    SESSION_ENDPOINTS,
    STANDARD_ENDPOINTS,
    TIER_DEFAULTS,
    TierDefaults,
)
from infra.settings.distribution import DistributionKeys
from infra.settings.environment import (
    BlockGeneratorSettings,
    FilesSettings,
    KafkaSettings,
    KubernetesSettings,
    MinerSettings,
    NodeSettings,
    PlatformSettings,
    PostgresSettings,
    RegionSettings,
    UtxoStoreSettings,
)
from infra.settings.fields import AlertRules, Chain, EndpointAccess, Mode, Tier, is_zone_name
from infra.settings.files import FilesKeys
from infra.settings.generator import BlockGeneratorKeys, block_generator_settings
from infra.settings.kafka import KafkaKeys
from infra.settings.miners import MinerKeys
from infra.settings.modes import MiningKeys, PublicKeys, mode_of
from infra.settings.node_resolution import node_settings
from infra.settings.notifications import NotificationsKeys
from infra.settings.platform import PlatformKeys
from infra.settings.pools import NodesKeys
from infra.settings.regions import RegionKeys
from infra.settings.siblings import Sibling
from infra.settings.snapshots import snapshot_settings
from infra.settings.store_resolution import on_nvme, utxo_store_settings
from infra.settings.transaction_load import TransactionLoadKeys
from infra.settings.utxo_stores import UtxoStoreKeys


@dataclass(frozen=True, slots=True)
class Draft:
    """The well-formed values of a stack file; None or absent where the file has none.

    Inside a region, miner, pool or `access`, a required text that is missing or malformed is empty. `region_names` and
    `miner_names` are all names in the file, `regions` and `miners` those followed by a mapping. `refused` are the key
    paths whose own value is at fault; what stands here in its place was not written by anyone.
    """

    stack: str
    siblings: Sequence[Sibling] = ()
    account: str | None = None
    owner: str | None = None
    tier: Tier | None = None
    chain: Chain | None = None
    release: str | None = None
    home: str | None = None
    expires: str | None = None
    asleep: bool | None = None
    log_retention_days: int | None = None
    access: AccessKeys | None = None
    kubernetes: KubernetesKeys | None = None
    nodes: NodesKeys | None = None
    postgres: PostgresKeys | None = None
    files: FilesKeys | None = None
    platform: PlatformKeys | None = None
    notifications: NotificationsKeys | None = None
    distribution: DistributionKeys | None = None
    utxo_store: UtxoStoreKeys | None = None
    kafka: KafkaKeys | None = None
    block_generator: BlockGeneratorKeys | None = None
    transaction_load: TransactionLoadKeys | None = None
    backups: BackupsKeys | None = None
    mode: Mode | None = None
    mining: MiningKeys | None = None
    public: PublicKeys | None = None
    decommission: Mapping[str, DecommissionKeys] = field(default_factory=dict)
    regions: Mapping[str, RegionKeys] = field(default_factory=dict)
    miners: Mapping[str, MinerKeys] = field(default_factory=dict)
    region_names: tuple[str, ...] | None = None
    miner_names: tuple[str, ...] | None = None
    refused: frozenset[str] = frozenset()

    @property
    def defaults(self) -> TierDefaults | None:
        """The defaults of the environment's tier; None while the tier itself is not known."""
        return TIER_DEFAULTS[self.tier] if self.tier else None

    @property
    def networks(self) -> dict[str, str]:
        """The CIDR of each region that has a well-formed one."""
        return {name: region.cidr for name, region in self.regions.items() if region.cidr}

    def environment_of(self, account: str) -> str | None:
        """The stack of the project whose account it is; None where it is the own one or nobody's."""
        owners = sorted(sibling.stack for sibling in self.siblings if sibling.account == account)
        return owners[0] if owners and account != self.account else None

    def endpoint_access(self, defaults: TierDefaults) -> EndpointAccess:
        """How the Kubernetes API is reached."""
        return (self.kubernetes and self.kubernetes.endpoint_access) or defaults.endpoint_access

    def kubernetes_settings(self, defaults: TierDefaults) -> KubernetesSettings:
        """Resolve the clusters' common settings; the version must be one that is pinned."""
        version = (self.kubernetes and self.kubernetes.version) or versions.KUBERNETES_VERSION
        release = versions.KUBERNETES_RELEASES[version]
        return KubernetesSettings(
            version=version,
            endpoint_access=self.endpoint_access(defaults),
            service_cidr=KUBERNETES_SERVICE_CIDR,
            node_release=release.node_release,
            addons=release.addons,
        )

    def postgres_settings(self, defaults: TierDefaults) -> PostgresSettings:
        """Resolve the database servers; the class that holds by default depends on the profile."""
        keys, tier = self.postgres or PostgresKeys(), defaults.postgres
        profile = keys.profile or tier.profile
        return PostgresSettings(
            profile=profile,
            engine_version=versions.POSTGRES_VERSION,
            instance_class=keys.instance_class or tier.instance_classes[profile],
            storage_gib=keys.storage_gib or tier.storage_gib,
            aurora_storage=keys.aurora_storage or "standard",
            backup_retention_days=keys.backup_retention_days or tier.backup_retention_days,
        )

    def files_settings(self, defaults: TierDefaults) -> FilesSettings:
        """Resolve the shared files."""
        keys, tier = self.files or FilesKeys(), defaults.files
        return FilesSettings(
            profile=keys.profile or tier.profile,
            capacity_gib=keys.capacity_gib or tier.capacity_gib,
            throughput_mbps_per_tib=keys.throughput_mbps_per_tib or tier.throughput_mbps_per_tib,
        )

    def platform_settings(self) -> PlatformSettings:
        """Resolve where charts and images come from."""
        keys = self.platform or PlatformKeys()
        own = {name: chart.repository for name, chart in (keys.charts or {}).items()}
        return PlatformSettings(
            chart_repositories={name: own.get(name, pin.repository) for name, pin in versions.CHARTS.items()},
            image_mirrors=keys.image_mirrors or {},
        )

    def alarm_email(self, defaults: TierDefaults) -> str | None:
        """Who is told of alarms; None is nobody."""
        written = self.notifications and self.notifications.email
        return written or (self.owner if defaults.alarm_recipient == "owner" else None)

    def monthly_budget_usd(self) -> int | None:
        """What a month may cost; None where nobody said."""
        return self.notifications.monthly_budget_usd if self.notifications else None

    def pages(self) -> str:
        """Where the repository's pages are read; empty where nobody said."""
        return (self.notifications and self.notifications.pages) or ""

    def alert_rules(self) -> AlertRules:
        """Who judges recorded series."""
        written = self.notifications and self.notifications.rules
        return written or ("managed" if catalog.has_managed_prometheus(self.home or "") else "none")

    def utxo_store_keys(self, miner: str) -> UtxoStoreKeys:
        """What the file says about a miner's UTXO store: its own section or the environment's, never both."""
        return self.miners[miner].utxo_store or self.utxo_store or UtxoStoreKeys()

    def utxo_store_settings(self, miner: str, defaults: TierDefaults) -> UtxoStoreSettings:
        """Resolve the UTXO store of a well-formed miner, in a region that can be resolved."""
        region = self.region_settings(self.miners[miner].region, defaults)
        return utxo_store_settings(self.utxo_store_keys(miner), region, defaults.utxo_store)

    def kafka_settings(self, defaults: TierDefaults) -> KafkaSettings:
        """Resolve the Kafka of the regions; a profile of one broker has one, whatever else is written."""
        keys, tier = self.kafka or KafkaKeys(), defaults.kafka
        profile = keys.profile or tier.profile
        return KafkaSettings(
            profile=profile,
            brokers=1 if profile == "single" else keys.brokers or tier.brokers,
            partitions_high=keys.partitions_high or tier.partitions_high,
            instance_type=keys.instance_type or DEFAULT_BROKER_TYPE,
            storage_gib=keys.storage_gib or tier.storage_gib,
        )

    def block_generator_settings(self) -> BlockGeneratorSettings | None:
        """Resolve who mines, and how often; None where nobody does."""
        return block_generator_settings(self.block_generator or BlockGeneratorKeys(), self.chain)

    def miner_settings(self, name: str, defaults: TierDefaults) -> MinerSettings:
        """Resolve one well-formed miner, in a region that can be resolved."""
        keys = self.miners[name]
        return MinerSettings(
            name=name,
            region=keys.region,
            utxo_store=self.utxo_store_settings(name, defaults),
            credentials=keys.credentials or 1,
            wallet_secret=keys.wallet_secret,
            wallet_key=keys.wallet_key,
            enabled=keys.enabled is not False,
            mode=mode_of(keys.mode, self.mode, self.chain),
            sv_nodes=keys.sv_nodes,
            snapshot=snapshot_settings(keys.snapshot),
        )

    def region_settings(self, name: str, defaults: TierDefaults) -> RegionSettings:
        """Resolve one well-formed region of the catalogue: what it says, else the environment, else the tier."""
        keys, known = self.regions[name], catalog.regions()[name]
        zones = self.region_zones(name, defaults)
        endpoints: tuple[str, ...] = ()
        if (keys.interface_endpoints or defaults.interface_endpoints) == "standard":
            private = self.endpoint_access(defaults) == "private"
            endpoints = tuple(sorted(STANDARD_ENDPOINTS + (SESSION_ENDPOINTS if private else ())))
        return RegionSettings(
            name=name,
            partition=known.partition,
            cidr=keys.cidr,
            zones=zones,
            leaving_zones=frozenset(zones).intersection(self.decommission),
            nat=keys.nat or defaults.nat,
            interface_endpoints=endpoints,
            nodes=self._node_settings(name, zones, defaults),
        )

    def region_zones(self, name: str, defaults: TierDefaults) -> tuple[str, ...]:
        """The zones of one well-formed region of the catalogue, sorted; the tier's while what is written is amiss."""
        written = set(self.regions[name].zones or ())
        if len(written) >= defaults.min_zones and all(is_zone_name(zone, name) for zone in written):
            return tuple(sorted(written))
        return tuple(sorted(catalog.regions()[name].default_zones[: defaults.zones_per_region]))

    def _node_settings(self, region: str, zones: tuple[str, ...], defaults: TierDefaults) -> NodeSettings:
        layers = [keys for keys in (self.regions[region].nodes, self.nodes) if keys]
        miners = (name for name, miner in self.miners.items() if miner.region == region)
        keys = [self.utxo_store_keys(miner) for miner in miners]
        by_default = defaults.storage if any(on_nvme(one, defaults.utxo_store) for one in keys) else {}
        return node_settings(layers, zones, by_default, defaults)
