"""How miners reach each other: rules for every region, an address for every miner."""

from collections.abc import Mapping

import pulumi

from components import naming
from components.mesh import Mesh, MeshMember
from components.miner import Miner
from components.miner_addresses import MinerAddress, MinerAddressArgs, MinerTraffic, MinerTrafficArgs, PrivateZone
from components.objects import Purpose
from components.protection import Protection
from components.region import Region
from infra import providers
from infra.settings import Environment


def build(
    environment: Environment,
    regions: Mapping[str, Region],
    members: Mapping[str, MeshMember],
    mesh: Mesh,
    miners: Mapping[str, Miner],
    protection: Protection,
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
                protection=protection,
            ),
            opts=pulumi.ResourceOptions(parent=miner),
        )
    return made


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
