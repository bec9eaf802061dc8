"""Stack outputs: the one place that exports. Names are an interface; a changed meaning gets a new name.

`ops status`, `ops verify` and `ops release` read them: `ops/outputs.py` has their types.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components import naming
from components.distribution import Distribution
from components.images import ImageSource
from components.mesh import Mesh
from components.miner import Miner
from components.miner_addresses import MinerAddress, MiningAddress, PublicAddress
from components.region import Region
from components.teranode import SERVICES, Chain, Service, enabled_services
from infra import addresses as reach
from infra import teranode, versions
from infra.settings import Environment, MinerSettings

_PRIVATE = ((Service.PEER, "p2p"), (Service.ASSET, "http"), (Service.RPC, "http"))
"""Ports that must never answer from outside the environment; see `ops verify`."""


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where miners are reached, by miner: over the mesh, from the internet and by partners where they are."""

    mesh: Mapping[str, MinerAddress]
    public: Mapping[str, PublicAddress]
    mining: Mapping[str, MiningAddress]


def export(
    environment: Environment,
    regions: Mapping[str, Region],
    miners: Mapping[str, Miner],
    addresses: Addresses,
    mesh: Mesh,
) -> None:
    """Export what people and tools need to reach an environment; nothing in it is a credential."""
    pulumi.export("environment", environment.name)
    pulumi.export("chain", environment.chain)
    pulumi.export("release", environment.release)
    pulumi.export("home", environment.home)
    pulumi.export("privateZone", {"id": mesh.zone_id, "name": mesh.zone_name})
    pulumi.export("regions", {name: _region_outputs(environment, name, region) for name, region in regions.items()})
    pulumi.export(
        "miners",
        {
            name: _miner_outputs(environment, environment.miners[name], miner, addresses)
            for name, miner in miners.items()
        },
    )


def export_distribution(environment: Environment, distribution: Distribution | None) -> None:
    """Export who outside of the account may read what; nothing where nobody may."""
    if distribution is None:
        return
    pulumi.export(
        "distribution",
        {
            "readers": list(environment.testers or ()),
            "repositories": dict(distribution.repositories),
            "bucket": distribution.releases.name,
        },
    )


def _miner_outputs(
    environment: Environment, settings: MinerSettings, miner: Miner, addresses: Addresses
) -> dict[str, pulumi.Input[object]]:
    context = naming.cluster_name(environment.name, settings.region)
    rpc = SERVICES[Service.RPC]
    port = rpc.port("http").number
    address, public = addresses.mesh[settings.name], addresses.public.get(settings.name)
    mining = addresses.mining.get(settings.name)
    peer = teranode.peer(environment, miner, public)
    ports = [SERVICES[service].port(purpose).number for service, purpose in _PRIVATE]
    return {
        "region": settings.region,
        "namespace": miner.namespace.name,
        "peerId": miner.peer_id,
        "enabled": settings.enabled,
        "mode": settings.mode,
        "image": teranode.image(environment, _images(environment)),
        "host": peer.host,
        "peerAddress": peer.identities[0],
        "publicAddresses": list(public.addresses) if public else [],
        # Who keeps the wallet admits this role and no other (docs/runbooks/mining.md).
        "secretsReader": miner.reader_role_arn,
        "miningService": mining.service_name if mining else None,
        "assetUrl": peer.asset_address,
        "publicAssetUrl": reach.asset_url_of(environment, settings),
        # Under the name that resolves outside as well: one that does not says nothing about a door.
        "privateEndpoints": [pulumi.Output.concat(address.dns_name, f":{number}") for number in ports],
        "deployments": [SERVICES[service].deployment for service in enabled_services(Chain(environment.chain))],
        "rpcCommand": (
            f"kubectl --context {context} --namespace {miner.namespace.name} "
            f"port-forward service/{rpc.service} {port}:{port}"
        ),
        **_backup_outputs(miner),
    }


def _backup_outputs(miner: Miner) -> dict[str, pulumi.Input[object]]:
    """What `ops backup` is told of stores that not every miner has: names of Secrets, and none of what is in them."""
    outputs: dict[str, pulumi.Input[object]] = {}
    if miner.volume.watched is not None:
        outputs["fileSystem"] = miner.volume.watched.file_system_id
    if miner.utxo_store is not None and miner.utxo_store.sets is not None:
        sets = miner.utxo_store.sets
        outputs["utxoStoreSets"] = {
            "serviceAccount": sets.service_account,
            "readerSecret": sets.reader_secret,
            "writerSecret": sets.writer_secret,
        }
    return outputs


def _images(environment: Environment) -> ImageSource:
    return ImageSource(pins=versions.IMAGES, mirrors=environment.platform.image_mirrors)


def _region_outputs(environment: Environment, name: str, region: Region) -> dict[str, pulumi.Input[object]]:
    cluster = region.cluster
    # Of several environments in one region each needs a context of its own: whoever means one must not reach another.
    context = naming.cluster_name(environment.name, name)
    outputs: dict[str, pulumi.Input[object]] = {
        "vpcId": region.network.ref.vpc_id,
        "cidr": region.network.ref.cidr_block,
        "zones": sorted(environment.regions[name].zones),
        "clusterName": cluster.ref.name,
        "clusterArn": cluster.ref.arn,
        "buckets": {str(purpose): bucket.name for purpose, bucket in region.objects.buckets.items()},
        "kubernetesContext": context,
    }
    command = pulumi.Output.format(
        "aws eks update-kubeconfig --region {0} --name {1} --alias {2}", name, cluster.ref.name, context
    )
    if cluster.access is not None:
        outputs["tunnelCommand"] = cluster.access.tunnel_command
        command = pulumi.Output.format("{0} --proxy-url {1}", command, cluster.access.proxy_url)
    outputs["kubeconfigCommand"] = command
    if region.alarms.confirmed is not None:
        outputs["alarmsConfirmed"] = region.alarms.confirmed
    return outputs
