"""What is where in a miner's namespace, for commands that work there themselves. No resources."""

from components.aerospike.args import NAME as UTXO_STORE
from components.aerospike.config import NAMESPACE as UTXO_NAMESPACE
from components.aerospike.config import SERVICE_PORT as UTXO_PORT
from components.images import ImageSource
from components.pools import GENERAL_POOL
from components.teranode.cluster import CLAIM, DATA_FOLDER, SECRET
from components.teranode.openings import PODS
from components.teranode.services import APP_LABEL

__all__ = [
    "APP_LABEL",
    "CLAIM",
    "DATA_FOLDER",
    "GENERAL_POOL",
    "PODS",
    "SECRET",
    "UTXO_NAMESPACE",
    "UTXO_PORT",
    "UTXO_STORE",
    "ImageSource",
]
