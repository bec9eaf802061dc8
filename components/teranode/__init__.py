"""Teranode itself: its services, what the `Cluster` resource says, and the settings of a node."""

from components.teranode.chains import PRESETS, Chain
from components.teranode.cluster import SECRET, SERVICE_ACCOUNT, ClusterChoices, StorageChoice, cluster_spec
from components.teranode.cluster_types import ClusterSpec
from components.teranode.generator import BlockGenerator, BlockGeneratorArgs, Rotation
from components.teranode.modes import Mode
from components.teranode.node import Node, NodeArgs
from components.teranode.openings import chain_ports, openings
from components.teranode.operation import Operation
from components.teranode.operations import first_state, release_gate, seed_gate, settings_restart
from components.teranode.seed import Seed, SeedArgs, Snapshot
from components.teranode.services import SERVICES, Reach, Service, enabled_services, legacy_port
from components.teranode.settings import KafkaChoice, MinerPeer, NodeChoices, config_map, secret_keys
from components.teranode.sizes import Scale, Size
from components.teranode.transaction_load import TransactionLoad, TransactionLoadArgs

__all__ = [
    "PRESETS",
    "SECRET",
    "SERVICES",
    "SERVICE_ACCOUNT",
    "BlockGenerator",
    "BlockGeneratorArgs",
    "Chain",
    "ClusterChoices",
    "ClusterSpec",
    "KafkaChoice",
    "MinerPeer",
    "Mode",
    "Node",
    "NodeArgs",
    "NodeChoices",
    "Operation",
    "Reach",
    "Rotation",
    "Scale",
    "Seed",
    "SeedArgs",
    "Service",
    "Size",
    "Snapshot",
    "StorageChoice",
    "TransactionLoad",
    "TransactionLoadArgs",
    "chain_ports",
    "cluster_spec",
    "config_map",
    "enabled_services",
    "first_state",
    "legacy_port",
    "openings",
    "release_gate",
    "secret_keys",
    "seed_gate",
    "settings_restart",
]
