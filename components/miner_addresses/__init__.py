"""How miners reach each other: an address for each, the rights to come and go, and nothing but the ports for it;
and how a public chain reaches them."""

from components.miner_addresses.address import MinerAddress, MinerAddressArgs, PrivateZone
from components.miner_addresses.assets import PublicAssets, PublicAssetsArgs
from components.miner_addresses.doors import ASSETS_DOOR, DOORS, MINING_DOOR, Door, public_doors
from components.miner_addresses.mining import MiningAddress, MiningAddressArgs
from components.miner_addresses.openings import mining_openings, openings, public_openings
from components.miner_addresses.public import ChainTraffic, ChainTrafficArgs, PublicAddress, PublicAddressArgs
from components.miner_addresses.traffic import MinerTraffic, MinerTrafficArgs

__all__ = [
    "ASSETS_DOOR",
    "DOORS",
    "MINING_DOOR",
    "ChainTraffic",
    "ChainTrafficArgs",
    "Door",
    "MinerAddress",
    "MinerAddressArgs",
    "MinerTraffic",
    "MinerTrafficArgs",
    "MiningAddress",
    "MiningAddressArgs",
    "PrivateZone",
    "PublicAddress",
    "PublicAddressArgs",
    "PublicAssets",
    "PublicAssetsArgs",
    "mining_openings",
    "openings",
    "public_doors",
    "public_openings",
]
