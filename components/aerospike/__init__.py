"""A miner's Aerospike: the UTXO store of the profiles `enterprise` and `community`."""

from components.aerospike.args import AerospikeArgs, AerospikeChoice, Edition, UtxoStore
from components.aerospike.cluster_spec import LICENCE_KEY, EnterpriseArgs
from components.aerospike.community import CommunityStore
from components.aerospike.enterprise import EnterpriseStore
from components.aerospike.exporter import metrics_url
from components.aerospike.openings import openings
from components.aerospike.operated import OperatedStore, OperatedStoreArgs
from components.aerospike.sizing import Machine, Records

__all__ = [
    "LICENCE_KEY",
    "AerospikeArgs",
    "AerospikeChoice",
    "CommunityStore",
    "Edition",
    "EnterpriseArgs",
    "EnterpriseStore",
    "Machine",
    "OperatedStore",
    "OperatedStoreArgs",
    "Records",
    "UtxoStore",
    "metrics_url",
    "openings",
]
