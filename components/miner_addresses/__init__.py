"""How miners reach each other: an address for each, the rights to come and go, and nothing but the ports for it;
and how a public chain reaches them."""

from components.miner_addresses.address import MinerAddress, MinerAddressArgs, PrivateZone
from components.miner_addresses.doors import DOORS, Door, public_doors
from components.miner_addresses.openings import openings, public_openings
from components.miner_addresses.public import ChainTraffic, ChainTrafficArgs, PublicAddress, PublicAddressArgs
from components.miner_addresses.traffic import MinerTraffic, MinerTrafficArgs

__all__ = [
    "DOORS",
    "ChainTraffic",
    "ChainTrafficArgs",
    "Door",
    "MinerAddress",
    "MinerAddressArgs",
    "MinerTraffic",
    "MinerTrafficArgs",
    "PrivateZone",
    "PublicAddress",
    "PublicAddressArgs",
    "openings",
    "public_doors",
    "public_openings",
]
