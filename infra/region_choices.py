"""What the settings of an environment choose for each of its regions, as the components take it."""

from components.eks import AccessRoles, Architecture, Capacity, ClusterVersions, EndpointAccess, NodePool, StoragePool
from components.files import FilesProfile, LustreSize
from components.images import ImageSource
from components.kafka import KafkaProfile, KafkaVersions
from components.network import NatMode
from components.platform import MonitoringSize
from components.postgres import AuroraStorage, PostgresProfile
from components.region import FilesChoice, KafkaChoice, PlatformChoice, PostgresChoice, RegionArgs
from components.workspace import WorkspaceRef
from infra import catalog, charts, protection, providers, versions
from infra.settings import Environment, NodeSettings, RegionSettings


def platform_of(environment: Environment) -> PlatformChoice:
    """The operators' sources, the same for every region; raises `SettingsError` if a folder of charts is not usable."""
    return PlatformChoice(
        charts=charts.sources(environment),
        images=images_of(environment),
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
            drift=access.drift_role,
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
        copied=environment.copies is not None,
        log_retention_days=environment.log_retention_days,
        protection=protection.of_region(environment, region.name),
    )


def images_of(environment: Environment) -> ImageSource:
    """The pinned images, from the environment's mirrors."""
    return ImageSource(pins=versions.IMAGES, mirrors=environment.platform.image_mirrors)


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
