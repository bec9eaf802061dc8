"""One miner's own part of a region."""

from components.miner.args import CredentialsChoice, MinerArgs
from components.miner.component import Miner

__all__ = ["CredentialsChoice", "Miner", "MinerArgs"]
