"""How miners reach each other: an address for each, the rights to come and go, and nothing but two ports."""

from components.miner_addresses.address import MinerAddress, MinerAddressArgs, PrivateZone
from components.miner_addresses.doors import DOORS, Door
from components.miner_addresses.openings import openings
from components.miner_addresses.traffic import MinerTraffic, MinerTrafficArgs

__all__ = [
    "DOORS",
    "Door",
    "MinerAddress",
    "MinerAddressArgs",
    "MinerTraffic",
    "MinerTrafficArgs",
    "PrivateZone",
    "openings",
]
