"""What other Teranodes fetch of a miner, from the internet, through a proxy that lets nothing else pass."""

from components.asset_proxy.component import IMAGE, REPLICAS, AssetProxy, AssetProxyArgs, pods
from components.asset_proxy.configuration import ProxySettings, render
from components.asset_proxy.openings import asset_opening, namespace_of, openings

__all__ = [
    "IMAGE",
    "REPLICAS",
    "AssetProxy",
    "AssetProxyArgs",
    "ProxySettings",
    "asset_opening",
    "namespace_of",
    "openings",
    "pods",
    "render",
]
