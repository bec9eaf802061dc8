"""What is where in a miner's namespace, for commands that work there themselves. No resources."""

from components.aerospike.args import BACKUP as UTXO_READER
from components.aerospike.args import NAME as UTXO_STORE
from components.aerospike.args import RESTORE as UTXO_WRITER
from components.aerospike.cluster_spec import PASSWORD_KEY
from components.aerospike.config import NAMESPACE as UTXO_NAMESPACE
from components.aerospike.config import SERVICE_PORT as UTXO_PORT
from components.aerospike.sets import SETS_LABELS, sets_prefix
from components.images import ImageSource
from components.pools import GENERAL_POOL
from components.teranode.cluster import CLAIM, DATA_FOLDER, SECRET
from components.teranode.openings import PODS
from components.teranode.seed import JOB as SEED_JOB
from components.teranode.services import APP_LABEL

__all__ = [
    "APP_LABEL",
    "CLAIM",
    "DATA_FOLDER",
    "GENERAL_POOL",
    "PASSWORD_KEY",
    "PODS",
    "SECRET",
    "SEED_JOB",
    "SETS_LABELS",
    "UTXO_NAMESPACE",
    "UTXO_PORT",
    "UTXO_READER",
    "UTXO_STORE",
    "UTXO_WRITER",
    "ImageSource",
    "sets_prefix",
]
