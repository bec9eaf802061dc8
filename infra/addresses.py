"""How miners reach each other and their chain: rules for every region, addresses for every miner."""

from collections.abc import Mapping, Sequence

import pulumi

from components import naming
from components.alarms import MetricAlarms, MetricAlarmsArgs, target_watches
from components.mesh import Mesh, MeshMember
from components.miner import Miner
from components.miner_addresses import (
    ASSETS_DOOR,
    DOORS,
    MINING_DOOR,
    ChainTraffic,
    ChainTrafficArgs,
    Door,
    MinerAddress,
    MinerAddressArgs,
    MinerTraffic,
    MinerTrafficArgs,
    MiningAddress,
    MiningAddressArgs,
    PrivateZone,
    PublicAddress,
    PublicAddressArgs,
    PublicAssets,
    public_doors,
)
from components.objects import Purpose
from components.region import Region
from components.teranode import PRESETS, Chain, chain_ports
from components.teranode.sizes import REPLICAS
from infra import protection, providers
from infra.settings import Environment, MinerSettings, MiningSettings

_HTTPS_PORT = 443


def build(
    environment: Environment,
    regions: Mapping[str, Region],
    members: Mapping[str, MeshMember],
    mesh: Mesh,
    miners: Mapping[str, Miner],
) -> dict[str, MinerAddress]:
    """Register what lets miners talk. A record waits for the zone, nothing else for what is in another region."""
    made: dict[str, MinerAddress] = {}
    traffic = {name: _traffic(environment, name, region) for name, region in regions.items()}
    zone = PrivateZone(zone_id=mesh.zone_id, provider=members[environment.home].provider)
    for settings in environment.miners.values():
        region, miner = regions[settings.region], miners[settings.name]
        made[settings.name] = MinerAddress(
            f"{settings.name}-address",
            MinerAddressArgs(
                placement=providers.placement(environment, environment.regions[settings.region]),
                host=naming.miner_host(environment.name, settings.name),
                zone=zone,
                network=region.network.ref,
                security_group_id=traffic[settings.region].security_group_id,
                namespace=miner.namespace,
                controller=region.platform.ref.load_balancer_controller,
                logs=region.objects.buckets[Purpose.LOGS],
                protection=protection.of_miner(environment, settings),
            ),
            opts=pulumi.ResourceOptions(parent=miner),
        )
        watch(environment, settings, region, made[settings.name], _replicas(environment, DOORS), "address")
    return made


def publish(
    environment: Environment, regions: Mapping[str, Region], miners: Mapping[str, Miner]
) -> dict[str, PublicAddress]:
    """Register what passes between the environment and its chain; by miner, its public addresses if it has any."""
    chain, doors = Chain(environment.chain), public_doors_of(environment)
    if PRESETS[chain].isolated:
        return {}
    groups = {
        name: _chain_traffic(environment, name, region, (*doors, *_asset_doors(environment, name)))
        for name, region in regions.items()
    }
    made: dict[str, PublicAddress] = {}
    for settings in environment.miners.values():
        region, miner, group = regions[settings.region], miners[settings.name], groups[settings.region]
        if group is None:
            continue
        made[settings.name] = PublicAddress(
            f"{settings.name}-public",
            PublicAddressArgs(
                placement=providers.placement(environment, environment.regions[settings.region]),
                network=region.network.ref,
                doors=doors,
                security_group_id=group,
                namespace=miner.namespace,
                controller=region.platform.ref.load_balancer_controller,
                logs=region.objects.buckets[Purpose.LOGS],
                protection=protection.of_miner(environment, settings),
            ),
            opts=pulumi.ResourceOptions(parent=miner),
        )
        watch(environment, settings, region, made[settings.name], _replicas(environment, doors), "public")
    return made


def mine(
    environment: Environment, regions: Mapping[str, Region], miners: Mapping[str, Miner]
) -> dict[str, MiningAddress]:
    """Register the way in for partners, at the miners that mine for somebody."""
    made: dict[str, MiningAddress] = {}
    for settings in environment.miners.values():
        mining = partners_of(environment, settings)
        if mining is None:
            continue
        region, miner = regions[settings.region], miners[settings.name]
        made[settings.name] = MiningAddress(
            f"{settings.name}-mining",
            MiningAddressArgs(
                placement=providers.placement(environment, environment.regions[settings.region]),
                network=region.network.ref,
                certificate_arn=mining.certificates[settings.region],
                partners=mining.partners,
                node_security_group_id=region.cluster.ref.node_security_group_id,
                namespace=miner.namespace,
                controller=region.platform.ref.load_balancer_controller,
                logs=region.objects.buckets[Purpose.LOGS],
                protection=protection.of_miner(environment, settings),
            ),
            opts=pulumi.ResourceOptions(parent=miner),
        )
        watch(environment, settings, region, made[settings.name], _replicas(environment, (MINING_DOOR,)), "mining")
    return made


def partners_of(environment: Environment, miner: MinerSettings) -> MiningSettings | None:
    """Who mines with a miner; None where nobody does."""
    return environment.mining if environment.mining and miner.mode == "mining" else None


def public_doors_of(environment: Environment) -> tuple[Door, ...]:
    """What the nodes of the chain reach."""
    return public_doors(Chain(environment.chain)) if environment.public_peers else ()


def asset_host_of(environment: Environment, miner: MinerSettings) -> str | None:
    """The name under which other Teranodes fetch a miner's blocks; None where they do not. Who listens offers none."""
    shown = environment.public_assets
    return shown.hosts.get(miner.name) if shown and miner.mode == "mining" else None


def asset_url_of(environment: Environment, miner: MinerSettings) -> str | None:
    """What a miner announces to other Teranodes as the place of its blocks."""
    host = asset_host_of(environment, miner)
    return f"https://{host}/api/v1" if host else None


def _asset_doors(environment: Environment, region: str) -> tuple[Door, ...]:
    """What a region's load balancers let through beside peers: assets, where one of its miners shows them."""
    miners = [one for one in environment.miners.values() if one.region == region]
    return (ASSETS_DOOR,) if any(asset_host_of(environment, one) for one in miners) else ()


def _replicas(environment: Environment, doors: Sequence[Door]) -> dict[Door, int]:
    return {door: REPLICAS[environment.defaults.scale][door.service] for door in doors}


def watch(
    environment: Environment,
    miner: MinerSettings,
    region: Region,
    address: MinerAddress | PublicAddress | PublicAssets | MiningAddress,
    doors: Mapping[Door, int],
    what: str,
) -> None:
    """The alarms on a running miner's doors, each with its number of pods. Like the address they wait for nothing in
    the cluster.
    """
    if not miner.enabled:
        return
    watched = address.watched
    MetricAlarms(
        f"{miner.name}-{what}-alarms",
        MetricAlarmsArgs(
            placement=providers.placement(environment, environment.regions[miner.region]),
            topic_arn=region.alarms.topic_arn,
            watches=tuple(
                one
                for door, replicas in doors.items()
                for one in target_watches(
                    door.key,
                    f"{door.key} of {miner.name} ({what})",
                    watched.balancer,
                    watched.groups[door.key],
                    replicas=replicas,
                )
            ),
        ),
        opts=pulumi.ResourceOptions(parent=address),
    )


def vpc_blocks(environment: Environment) -> dict[str, str]:
    """The block of the VPC in which a miner's load balancer stands, by region: those of later miners too."""
    return {name: region.cidr for name, region in environment.regions.items()}


def _traffic(environment: Environment, name: str, region: Region) -> MinerTraffic:
    return MinerTraffic(
        f"{name}-miners",
        MinerTrafficArgs(
            placement=providers.placement(environment, environment.regions[name]),
            network=region.network.ref,
            node_security_group_id=region.cluster.ref.node_security_group_id,
            regions=vpc_blocks(environment),
        ),
        opts=pulumi.ResourceOptions(parent=region),
    )


def _chain_traffic(
    environment: Environment, name: str, region: Region, doors: tuple[Door, ...]
) -> pulumi.Output[str] | None:
    return ChainTraffic(
        f"{name}-chain",
        ChainTrafficArgs(
            placement=providers.placement(environment, environment.regions[name]),
            network=region.network.ref,
            node_security_group_id=region.cluster.ref.node_security_group_id,
            # Nodes reach the world at 443 in any case.
            outgoing=tuple(port for port in chain_ports(Chain(environment.chain)) if port != _HTTPS_PORT),
            doors=doors,
        ),
        opts=pulumi.ResourceOptions(parent=region),
    ).security_group_id
