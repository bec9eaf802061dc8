"""Teranode's settings: a typed model, rendered to the strings that it parses."""

from components.teranode.settings.node import KafkaChoice, NodeChoices, config_map, setting_groups
from components.teranode.settings.peers import MinerPeer
from components.teranode.settings.secrets import WALLET_KEYS, secret_keys

__all__ = [
    "WALLET_KEYS",
    "KafkaChoice",
    "MinerPeer",
    "NodeChoices",
    "config_map",
    "secret_keys",
    "setting_groups",
]
