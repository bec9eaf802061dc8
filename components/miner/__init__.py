"""One miner's own part of a region."""

from components.miner.args import CredentialsChoice, MinerArgs
from components.miner.component import GENERAL_POOL, Miner

__all__ = ["GENERAL_POOL", "CredentialsChoice", "Miner", "MinerArgs"]
