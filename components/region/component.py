"""The `Region` component."""

from collections.abc import Mapping

import pulumi

from components import naming
from components.alarms import Alarms, AlarmsArgs
from components.base import Component
from components.databases import Databases, DatabasesArgs
from components.eks import (
    CsiDriver,
    EksCluster,
    EksClusterArgs,
)
from components.external_secrets import OperatorRef
from components.files import FilesArgs, FilesProfile, SharedFiles
from components.kafka import Kafka, KafkaArgs, KafkaProfile, namespace_args
from components.keys import DataKey, DataKeyArgs, logs_use
from components.namespace import Namespace, NamespaceRef
from components.network import Network, NetworkArgs
from components.objects import Objects, ObjectsArgs
from components.observability import Observability, ObservabilityArgs
from components.platform import Platform, PlatformArgs
from components.postgres import Postgres, PostgresArgs
from components.region.args import RegionArgs

_CSI_DRIVERS: Mapping[FilesProfile, CsiDriver] = {FilesProfile.EFS: CsiDriver.EFS, FilesProfile.LUSTRE: CsiDriver.FSX}


class Region(Component):
    """Network, Kubernetes cluster, operators, Postgres, shared files, object storage and alarms of one region.

    It takes the region's AWS provider by `opts.providers` and hands it down; nothing in it refers to another region,
    so regions build, and fail, side by side.
    """

    TOKEN = "teranode:region:Region"

    network: Network
    cluster: EksCluster
    objects: Objects
    postgres: Postgres
    files: SharedFiles
    platform: Platform
    kafka: Kafka
    alarms: Alarms
    secrets_key_arn: pulumi.Output[str]
    external_secrets: OperatorRef
    databases: Databases

    def __init__(self, name: str, args: RegionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        cluster_name = naming.cluster_name(args.placement.environment, args.placement.region)
        log_key = DataKey(
            f"{name}-logs-encryption",
            DataKeyArgs(
                placement=args.placement,
                data_class="logs",
                protection=args.protection,
                uses=(logs_use(args.placement),),
            ),
            opts=self._child(),
        )
        self.network = Network(
            f"{name}-network",
            NetworkArgs(
                placement=args.placement,
                cidr_block=args.cidr_block,
                zones=args.zones,
                nat=args.nat,
                interface_endpoints=args.interface_endpoints,
                flow_log_retention_days=args.log_retention_days,
                log_key_arn=log_key.arn,
                cluster_name=cluster_name,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        self.cluster = EksCluster(
            f"{name}-eks",
            EksClusterArgs(
                placement=args.placement,
                cluster_name=cluster_name,
                kubernetes_version=args.kubernetes_version,
                network=self.network.ref,
                service_cidr=args.service_cidr,
                endpoint_access=args.endpoint_access,
                api_cidrs=args.api_cidrs,
                access=args.access,
                pools=args.pools,
                storage_pools=args.storage_pools,
                versions=args.versions,
                log_retention_days=args.log_retention_days,
                log_key_arn=log_key.arn,
                protection=args.protection,
                csi_drivers=frozenset({_CSI_DRIVERS[args.files.profile]}),
            ),
            opts=self._child(),
        )
        self.secrets_key_arn = DataKey(
            f"{name}-secrets-encryption",
            DataKeyArgs(placement=args.placement, data_class="secrets", protection=args.protection),
            opts=self._child(),
        ).arn
        self.objects = Objects(
            f"{name}-objects",
            ObjectsArgs(
                placement=args.placement, log_retention_days=args.log_retention_days, protection=args.protection
            ),
            opts=self._child(),
        )
        self.postgres = Postgres(f"{name}-postgres", self._postgres_args(args, log_key.arn), opts=self._child())
        self.files = SharedFiles(f"{name}-files", self._files_args(args, log_key.arn), opts=self._child())
        kafka_namespace = self._kafka_namespace(name, args)
        self.platform = Platform(
            f"{name}-platform",
            PlatformArgs(
                placement=args.placement,
                cluster_name=cluster_name,
                cluster=self.cluster.ref,
                network=self.network.ref,
                service_cidr=args.service_cidr,
                charts=args.platform.charts,
                images=args.platform.images,
                kafka_namespace=kafka_namespace if args.kafka.profile is KafkaProfile.STRIMZI else None,
                aerospike_namespaces=args.aerospike_namespaces,
                local_disks=bool(args.storage_pools),
                monitoring=args.platform.monitoring,
                workspace=args.workspace,
                high_availability=args.platform.high_availability,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        Observability(
            f"{name}-observability",
            ObservabilityArgs(
                namespace=self.platform.ref.monitoring_namespace, monitoring=self.platform.ref.monitoring
            ),
            opts=self._child(),
        )
        self.kafka = Kafka(f"{name}-kafka", self._kafka_args(args, kafka_namespace, log_key.arn), opts=self._child())
        self.alarms = Alarms(
            f"{name}-alarms",
            AlarmsArgs(
                placement=args.placement,
                email=args.alarm_email,
                database=self.postgres.watched,
                database_memory_gib=args.postgres.memory_gib,
                files=self.files.ref.watched,
                cluster=self.cluster.ref.name,
                nat_gateways=self.network.nat_gateway_ids,
                workspace_arn=_publisher(args),
                copied=args.copied,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        self.external_secrets = OperatorRef(
            role_arn=self.platform.ref.external_secrets_role_arn, ready=self.platform.ref.external_secrets
        )
        self.databases = Databases(
            f"{name}-databases",
            DatabasesArgs(
                placement=args.placement,
                provider=self.cluster.ref.provider,
                vpc_cidr=args.cidr_block,
                postgres=self.postgres.endpoint,
                operator=self.external_secrets,
                image=args.platform.images.reference("postgres-client"),
                protection=args.protection,
            ),
            opts=self._child(),
        )
        self.register_outputs({})

    def _files_args(self, args: RegionArgs, log_key_arn: pulumi.Output[str]) -> FilesArgs:
        choice = args.files
        return FilesArgs(
            placement=args.placement,
            network=self.network.ref,
            client_security_group_id=self.cluster.ref.node_security_group_id,
            profile=choice.profile,
            lustre=choice.lustre,
            per_miner=choice.per_miner,
            backup_retention_days=choice.backup_retention_days,
            backup_time=choice.backup_time,
            maintenance_time=choice.maintenance_time,
            log_retention_days=args.log_retention_days,
            log_key_arn=log_key_arn,
            protection=args.protection,
        )

    def _postgres_args(self, args: RegionArgs, log_key_arn: pulumi.Output[str]) -> PostgresArgs:
        choice = args.postgres
        return PostgresArgs(
            placement=args.placement,
            network=self.network.ref,
            client_security_group_id=self.cluster.ref.node_security_group_id,
            profile=choice.profile,
            engine_version=choice.engine_version,
            instance_class=choice.instance_class,
            standby=choice.standby,
            storage_gib=choice.storage_gib,
            aurora_storage=choice.aurora_storage,
            backup_retention_days=choice.backup_retention_days,
            backup_window=choice.backup_window,
            maintenance_window=choice.maintenance_window,
            log_retention_days=args.log_retention_days,
            log_key_arn=log_key_arn,
            protection=args.protection,
        )

    def _kafka_namespace(self, name: str, args: RegionArgs) -> NamespaceRef | None:
        """Made before the operators, because Strimzi is given its rights in it and nowhere else."""
        if args.kafka.profile is KafkaProfile.MSK:
            return None
        wanted = namespace_args(
            args.kafka.profile,
            self.cluster.ref.provider,
            args.protection,
            self.cluster.ref.workloads_ready,
            (args.cidr_block, args.service_cidr),
        )
        return Namespace(f"{name}-kafka-namespace", wanted, opts=self._child()).ref

    def _kafka_args(
        self, args: RegionArgs, namespace: NamespaceRef | None, log_key_arn: pulumi.Output[str]
    ) -> KafkaArgs:
        choice, cluster = args.kafka, self.cluster.ref
        return KafkaArgs(
            placement=args.placement,
            network=self.network.ref,
            profile=choice.profile,
            versions=choice.versions,
            images=args.platform.images,
            brokers=choice.brokers,
            partitions_high=choice.partitions_high,
            instance_type=choice.instance_type,
            storage_gib=choice.storage_gib,
            client_security_group_id=cluster.node_security_group_id,
            provider=cluster.provider,
            workloads_ready=cluster.workloads_ready,
            namespace=namespace,
            operator=self.platform.ref.kafka_operator,
            monitoring=self.platform.ref.monitoring,
            log_retention_days=args.log_retention_days,
            log_key_arn=log_key_arn,
            protection=args.protection,
        )


def _publisher(args: RegionArgs) -> pulumi.Output[str] | None:
    """The workspace tells the topic of its own region."""
    if args.workspace is None or args.workspace.region != args.placement.region:
        return None
    return args.workspace.arn
