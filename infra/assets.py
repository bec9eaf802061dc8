"""The assets of miners on the internet: a proxy for each that shows them, and the way in to it."""

import ipaddress
from collections.abc import Mapping

import pulumi

from components.asset_proxy import IMAGE, REPLICAS, AssetProxy, AssetProxyArgs
from components.miner_addresses import ASSETS_DOOR, PublicAddress, PublicAssets, PublicAssetsArgs
from components.region import Region
from infra import addresses, protection, providers
from infra.region_choices import images_of
from infra.settings import Environment

_DNS_SERVERS = 10
"""EKS gives its DNS servers the tenth address of the services' block."""


def build(environment: Environment, regions: Mapping[str, Region], public: Mapping[str, PublicAddress]) -> None:
    """Register proxies and ways in. A proxy waits for no miner: until it answers there is nothing to fetch."""
    shown = environment.public_assets
    for settings in environment.miners.values():
        if shown is None or addresses.asset_host_of(environment, settings) is None:
            continue
        region, address = regions[settings.region], public[settings.name]
        proxy = AssetProxy(
            f"{settings.name}-asset-proxy",
            AssetProxyArgs(
                miner=settings.name,
                stopped=not settings.enabled,
                vpc_cidr=environment.regions[settings.region].cidr,
                resolver=str(ipaddress.ip_network(environment.kubernetes.service_cidr)[_DNS_SERVERS]),
                image=images_of(environment).reference(IMAGE),
                requests_per_second=shown.requests_per_second,
                provider=region.cluster.ref.provider,
                protection=protection.of_miner(environment, settings),
            ),
            opts=pulumi.ResourceOptions(parent=address),
        )
        way_in = PublicAssets(
            f"{settings.name}-public-assets",
            PublicAssetsArgs(
                placement=providers.placement(environment, environment.regions[settings.region]),
                network=region.network.ref,
                balancer=address.balancer,
                certificate_arn=shown.certificates[settings.region],
                namespace=proxy.namespace,
                controller=region.platform.ref.load_balancer_controller,
            ),
            opts=pulumi.ResourceOptions(parent=address),
        )
        addresses.watch(environment, settings, region, way_in, {ASSETS_DOOR: REPLICAS}, "public-assets")
