"""Valid arguments for components; a test changes only what it is about."""

from collections.abc import Callable
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.eks import (
    AccessRoles,
    Architecture,
    ClusterVersions,
    EndpointAccess,
    NodePool,
    StoragePool,
)
from components.files import FilesProfile, LustreSize
from components.images import ImageSource
from components.kafka import KafkaProfile, KafkaVersions
from components.network import NatMode
from components.placement import Placement
from components.platform import ChartSource, MonitoringSize
from components.postgres import AuroraStorage, PostgresProfile
from components.protection import Protection
from components.region import FilesChoice, KafkaChoice, PlatformChoice, PostgresChoice, Region, RegionArgs
from infra import versions
from simulator import Simulation, simulate_program

ACCOUNT = "111122223333"
REGION = "eu-west-1"
KAFKA_VERSIONS = KafkaVersions(msk=f"{versions.MSK_VERSION}.x.kraft", strimzi=versions.STRIMZI_KAFKA_VERSION)
IMAGES = ImageSource(pins=versions.IMAGES, mirrors={})
LOCKED = Protection(
    protect=True,
    deletion_protection=True,
    final_snapshots=True,
    kms_deletion_window_days=30,
    secret_recovery_days=30,
    zonal_shift=True,
    retain_volumes=True,
    force_destroy=False,
    object_lock_days=30,
)
UNLOCKED = Protection(
    protect=False,
    deletion_protection=False,
    final_snapshots=False,
    kms_deletion_window_days=7,
    secret_recovery_days=0,
    zonal_shift=False,
    retain_volumes=False,
    force_destroy=True,
    object_lock_days=0,
)


def placement(region: str = REGION) -> Placement:
    """A place in the testing account."""
    return Placement(
        environment="testing",
        account=ACCOUNT,
        region=region,
        partition="aws",
        tags={"environment": "testing", "owner": "devops@example.org"},
    )


def region_args(region: str = REGION) -> RegionArgs:
    """A region with every option in use: three zones, NAT per zone, endpoints, a storage pool, a restricted API."""
    release = versions.KUBERNETES_RELEASES[versions.KUBERNETES_VERSION]
    zones = tuple(f"{region}{letter}" for letter in "abc")
    return RegionArgs(
        placement=placement(region),
        cidr_block="10.16.0.0/16",
        zones=zones,
        nat=NatMode.PER_ZONE,
        interface_endpoints=("ecr.api", "sts"),
        kubernetes_version=versions.KUBERNETES_VERSION,
        service_cidr="172.20.0.0/16",
        endpoint_access=EndpointAccess.RESTRICTED,
        api_cidrs=("198.51.100.0/24",),
        access=AccessRoles(
            deploy=f"arn:aws:iam::{ACCOUNT}:role/deploy",
            admin=f"arn:aws:iam::{ACCOUNT}:role/admin",
        ),
        pools=(
            NodePool(
                name="system",
                architecture=Architecture.ARM64,
                instance_types=("m7g.large",),
                min_nodes_per_zone=1,
                max_nodes_per_zone=2,
                disk_gib=50,
            ),
        ),
        storage_pools=(
            StoragePool(
                name="aerospike",
                architecture=Architecture.AMD64,
                instance_type="i4i.large",
                nodes_per_zone=1,
                zones=zones,
            ),
        ),
        versions=ClusterVersions(addons=release.addons, node_release=release.node_release),
        postgres=PostgresChoice(
            profile=PostgresProfile.AURORA,
            engine_version=versions.POSTGRES_VERSION,
            instance_class="db.r7g.large",
            memory_gib=16,
            standby=True,
            storage_gib=50,
            aurora_storage=AuroraStorage.STANDARD,
            backup_retention_days=35,
            backup_window="02:00-03:00",
            maintenance_window="thu:04:00-thu:05:00",
        ),
        files=FilesChoice(
            profile=FilesProfile.LUSTRE,
            lustre=LustreSize(capacity_gib=1_200, throughput_mbps_per_tib=250),
            per_miner=False,
            backup_retention_days=14,
            backup_time="03:00",
            maintenance_time="4:05:00",
        ),
        platform=PlatformChoice(
            charts={
                name: ChartSource(name=name, version=pin.version, repository=pin.repository)
                for name, pin in versions.CHARTS.items()
            },
            images=IMAGES,
            monitoring=MonitoringSize(storage_gib=200, retention_days=30, memory="6Gi"),
            high_availability=True,
        ),
        kafka=KafkaChoice(
            profile=KafkaProfile.STRIMZI,
            versions=KAFKA_VERSIONS,
            brokers=3,
            partitions_high=32,
            instance_type="kafka.m7g.large",
            storage_gib=50,
        ),
        aerospike_namespaces=("miner-1", "miner-2"),
        workspace=None,
        alarm_email="devops@example.org",
        copied=False,
        log_retention_days=365,
        protection=LOCKED,
    )


def provider(region: str = REGION) -> aws.Provider:
    """The provider of a region, as the environment makes it."""
    return aws.Provider(f"aws-{region}", region=region, allowed_account_ids=[ACCOUNT])


def in_region(make: Callable[[pulumi.ResourceOptions], object], region: str = REGION) -> Simulation:
    """Evaluate a program that makes one component below the region's provider."""
    return simulate_program(
        lambda: make(pulumi.ResourceOptions(providers=[provider(region), random.Provider("random")]))
    )


_BUILT: dict[str, Simulation] = {}


def built_region(region: str = REGION, **changes: object) -> Simulation:
    """A whole region, evaluated once in each process; `changes` are fields of `RegionArgs`."""
    args = replace(region_args(region), **changes)
    key = repr((region, args))  # the arguments hold mappings, so they have no hash
    if key not in _BUILT:
        _BUILT[key] = in_region(lambda opts: Region(region, args, opts), region)
    return _BUILT[key]
