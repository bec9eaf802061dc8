"""The composition of an environment: its regions, side by side, and the mesh that joins them."""

import pulumi

from components.aerospike import LICENCE_KEY, AerospikeChoice, Edition, Records
from components.eks import AccessRoles, Architecture, Capacity, ClusterVersions, EndpointAccess, NodePool, StoragePool
from components.files import FilesProfile, LustreSize
from components.identity import Identity, IdentityArgs
from components.images import ImageSource
from components.kafka import KafkaProfile, KafkaVersions
from components.mesh import Mesh, MeshArgs, MeshMember
from components.miner import CredentialsChoice, Miner, MinerArgs
from components.miner_secrets import WALLET_KEYS
from components.network import NatMode
from components.objects import Purpose
from components.platform import MonitoringSize
from components.postgres import AuroraStorage, PostgresProfile
from components.region import FilesChoice, KafkaChoice, PlatformChoice, PostgresChoice, Region, RegionArgs
from components.stored_secret import SecretRef
from components.teranode import Chain
from components.workspace import WorkspaceRef
from infra import (
    addresses,
    backups,
    catalog,
    charts,
    exports,
    observability,
    protection,
    providers,
    settings,
    teranode,
    versions,
)
from infra.distribution import distribute
from infra.settings import Environment, MinerSettings, NodeSettings, RegionSettings, UtxoStoreSettings

# Shown by `ops preview`, so that nobody takes a preview for more than it is.
NOT_BUILT_YET: tuple[str, ...] = ()


def deploy() -> None:
    """The whole program: read and check the settings, say what they took on trust, build what they describe."""
    environment = settings.load()
    for notice in environment.notices:
        pulumi.log.warn(notice)
    build(environment)


def build(environment: Environment) -> None:
    """Register every resource of a checked environment, and its outputs."""
    protection.announce(environment)
    held = protection.of_environment(environment)
    platform = platform_of(environment)
    members: dict[str, MeshMember] = {}
    regions: dict[str, Region] = {}
    generator = providers.random_provider()
    Identity("identity", _identity(environment), opts=pulumi.ResourceOptions(providers=[generator]))
    clouds = {name: providers.aws_provider(environment, name) for name in environment.regions}
    workspace = observability.workspace(environment, clouds[environment.home], held)
    for name, region_settings in environment.regions.items():
        provider = clouds[name]
        region = Region(
            name,
            region_args(environment, region_settings, platform, workspace),
            opts=pulumi.ResourceOptions(providers=[provider, generator]),
        )
        regions[name] = region
        members[name] = MeshMember(network=region.network.ref, provider=provider)
    miners: dict[str, Miner] = {}
    for miner in environment.miners.values():
        miners[miner.name] = Miner(
            miner.name,
            miner_args(environment, miner, regions[miner.region]),
            opts=pulumi.ResourceOptions(providers=[members[miner.region].provider, generator]),
        )
    public = addresses.publish(environment, regions, miners)
    teranode.build(environment, regions, miners, public, platform)
    mesh = Mesh(
        "mesh",
        MeshArgs(environment=environment.name, home=environment.home, members=members, protection=held),
    )
    observability.alerting(environment, clouds[environment.home], workspace, regions)
    backups.build(environment, regions)
    observability.budget(environment, clouds[environment.home])
    exports.export_distribution(environment, distribute(environment, clouds[environment.home], held))
    reached = addresses.build(environment, regions, members, mesh, miners)
    reached_at = exports.Addresses(mesh=reached, public=public, mining=addresses.mine(environment, regions, miners))
    exports.export(environment, regions, miners, reached_at, mesh)


def _identity(environment: Environment) -> IdentityArgs:
    return IdentityArgs(
        account=environment.account,
        chain=environment.chain,
        home=environment.home,
        tier=environment.tier,
        protection=protection.of_environment(environment),
    )


def miner_args(environment: Environment, miner: MinerSettings, region: Region) -> MinerArgs:
    """A miner's settings as its component takes them."""
    return MinerArgs(
        name=miner.name,
        enabled=miner.enabled,
        chain=Chain(environment.chain),
        placement=providers.placement(environment, environment.regions[miner.region]),
        cluster=region.cluster.ref,
        files=region.files.ref,
        regions=addresses.vpc_blocks(environment),
        public=addresses.public_doors_of(environment),
        partners=addresses.partners_of(environment, miner) is not None,
        api_cidrs=(environment.regions[miner.region].cidr, environment.kubernetes.service_cidr),
        platform=region.platform.ref,
        archive=region.objects.buckets[Purpose.ARCHIVE],
        backups=region.objects.buckets[Purpose.BACKUPS],
        alarm_topic_arn=region.alarms.topic_arn,
        images=images_of(environment),
        aerospike=_aerospike(environment, miner.utxo_store),
        kafka=region.kafka.endpoint,
        databases=region.databases.ref,
        external_secrets=region.external_secrets,
        secrets_key_arn=region.secrets_key_arn,
        credentials=CredentialsChoice(
            generation=miner.credentials,
            test_wallet=environment.chain == "regtest",
            wallet=_wallet(miner),
        ),
        protection=protection.of_miner(environment, miner),
    )


def _wallet(miner: MinerSettings) -> SecretRef | None:
    if miner.wallet_secret is None or miner.mode != "mining":
        return None
    # Its owner adds versions without this program: the current one counts.
    return SecretRef(arn=miner.wallet_secret, keys=(WALLET_KEYS,), key_arn=miner.wallet_key, version=None)


def platform_of(environment: Environment) -> PlatformChoice:
    """The operators' sources, the same for every region; raises `SettingsError` if a folder of charts is not usable."""
    return PlatformChoice(
        charts=charts.sources(environment),
        images=ImageSource(pins=versions.IMAGES, mirrors=environment.platform.image_mirrors),
        monitoring=MonitoringSize(
            storage_gib=environment.defaults.monitoring.storage_gib,
            retention_days=environment.defaults.monitoring.retention_days,
            memory=environment.defaults.monitoring.memory,
        ),
        high_availability=environment.defaults.high_availability,
    )


def region_args(
    environment: Environment,
    region: RegionSettings,
    platform: PlatformChoice,
    workspace: WorkspaceRef | None,
) -> RegionArgs:
    """A region's settings as its component takes them."""
    access, kubernetes = environment.access, environment.kubernetes
    return RegionArgs(
        placement=providers.placement(environment, region),
        cidr_block=region.cidr,
        zones=region.zones,
        nat=NatMode(region.nat),
        interface_endpoints=region.interface_endpoints,
        kubernetes_version=kubernetes.version,
        endpoint_access=EndpointAccess(kubernetes.endpoint_access),
        api_cidrs=access.api_cidrs,
        access=AccessRoles(
            deploy=access.deploy_role,
            admin=access.admin_role,
            operator=access.operator_role,
            read_only=access.read_only_role,
            preview=access.preview_role,
        ),
        pools=_pools(region.nodes),
        storage_pools=_storage_pools(region.nodes),
        service_cidr=kubernetes.service_cidr,
        versions=ClusterVersions(addons=kubernetes.addons, node_release=kubernetes.node_release),
        postgres=_postgres(environment),
        files=_files(environment),
        platform=platform,
        kafka=_kafka(environment),
        aerospike_namespaces=tuple(
            miner.name
            for miner in environment.miners.values()
            if miner.region == region.name and miner.utxo_store.profile == "enterprise"
        ),
        workspace=workspace,
        alarm_email=environment.alarm_email,
        log_retention_days=environment.log_retention_days,
        protection=protection.of_region(environment, region.name),
    )


def images_of(environment: Environment) -> ImageSource:
    """The pinned images, from the environment's mirrors."""
    return ImageSource(pins=versions.IMAGES, mirrors=environment.platform.image_mirrors)


def _aerospike(environment: Environment, store: UtxoStoreSettings) -> AerospikeChoice | None:
    if store.profile == "postgres":
        return None
    tier = environment.defaults.utxo_store
    return AerospikeChoice(
        edition=Edition(store.profile),
        records=Records(
            count=store.records,
            payload_bytes=store.record_bytes,
            yearly_growth_percent=store.yearly_growth_percent,
            horizon_years=store.horizon_years,
            copies=store.replication_factor,
        ),
        servers_by_zone=store.servers_by_zone,
        pool=store.pool,
        machine=store.machine,
        cpu=tier.cpu,
        cpu_limit=tier.cpu_limit,
        durable=store.backups,
        licence=_licence(store),
    )


def _licence(store: UtxoStoreSettings) -> SecretRef | None:
    if store.feature_key is None:
        return None
    return SecretRef(arn=store.feature_key, keys=(LICENCE_KEY,), key_arn=None, version=None, text=True)


def _postgres(environment: Environment) -> PostgresChoice:
    postgres, tier = environment.postgres, environment.defaults.postgres
    return PostgresChoice(
        profile=PostgresProfile(postgres.profile),
        engine_version=postgres.engine_version,
        instance_class=postgres.instance_class,
        memory_gib=catalog.instance_types()[postgres.instance_class.removeprefix("db.")].memory_gib,
        standby=tier.standby,
        storage_gib=postgres.storage_gib,
        aurora_storage=AuroraStorage(postgres.aurora_storage),
        backup_retention_days=postgres.backup_retention_days,
        backup_window=tier.backup_window,
        maintenance_window=tier.maintenance_window,
    )


def _files(environment: Environment) -> FilesChoice:
    files, tier = environment.files, environment.defaults.files
    profile = FilesProfile(files.profile)
    size = LustreSize(capacity_gib=files.capacity_gib, throughput_mbps_per_tib=files.throughput_mbps_per_tib)
    return FilesChoice(
        profile=profile,
        lustre=size if profile is FilesProfile.LUSTRE else None,
        per_miner=tier.per_miner,
        backup_retention_days=tier.backup_retention_days,
        backup_time=tier.backup_time,
        maintenance_time=tier.maintenance_time,
    )


def _kafka(environment: Environment) -> KafkaChoice:
    kafka = environment.kafka
    return KafkaChoice(
        profile=KafkaProfile(kafka.profile),
        versions=KafkaVersions(msk=f"{versions.MSK_VERSION}.x.kraft", strimzi=versions.STRIMZI_KAFKA_VERSION),
        brokers=kafka.brokers,
        partitions_high=kafka.partitions_high,
        instance_type=kafka.instance_type,
        storage_gib=kafka.storage_gib,
    )


def _pools(nodes: NodeSettings) -> tuple[NodePool, ...]:
    return tuple(
        NodePool(
            name=pool.name,
            architecture=Architecture(pool.architecture),
            instance_types=pool.instance_types,
            min_nodes_per_zone=pool.min_nodes_per_zone,
            max_nodes_per_zone=pool.max_nodes_per_zone,
            disk_gib=pool.disk_gib,
            capacity=Capacity(pool.capacity),
        )
        for pool in (nodes.system, nodes.general)
    )


def _storage_pools(nodes: NodeSettings) -> tuple[StoragePool, ...]:
    return tuple(
        StoragePool(
            name=pool.name,
            architecture=Architecture(pool.architecture),
            instance_type=pool.instance_type,
            nodes_per_zone=pool.nodes_per_zone,
            zones=pool.zones,
        )
        for pool in nodes.storage
    )
