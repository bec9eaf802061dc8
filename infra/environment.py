"""The composition of an environment: its regions, side by side, and the mesh that joins them."""

import pulumi

from components.identity import Identity, IdentityArgs
from components.mesh import Mesh, MeshArgs, MeshMember
from components.miner import Miner
from components.region import Region
from infra import addresses, assets, backups, exports, observability, protection, providers, settings, teranode
from infra.distribution import distribute
from infra.miner_choices import miner_args
from infra.region_choices import platform_of, region_args
from infra.settings import Environment


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
    assets.build(environment, regions, public)
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
