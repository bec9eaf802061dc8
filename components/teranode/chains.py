"""The chains that a node can be on, and what each of them decides. No resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

_GIB = 1024**3


class Chain(StrEnum):
    """A chain, by the name that Teranode's setting `network` has for it."""

    REGTEST = "regtest"
    TERATESTNET = "teratestnet"
    TESTNET = "testnet"
    MAINNET = "mainnet"


@dataclass(frozen=True, kw_only=True)
class ChainPreset:
    """What follows from the chain alone.

    - `settings_context`: which of its built-in values Teranode starts from.
    - `min_mining_fee`: BSV for a kilobyte below which a transaction is not mined.
    - `block_max_bytes`: of a block that this node assembles; `excessive_block_bytes`: of one that it accepts.
    - `legacy_port`: on which a node speaks the wire protocol of SV nodes, if it does.
    - `bridges_sv_nodes`: part of the chain is only reached through SV nodes.
    - `alerts`: the alert system of the network is listened to.
    - `isolated`: nobody but the environment's own miners is on it. Such a chain needs no proof of work, and its nodes
      may start without waiting for others.
    """

    settings_context: str
    min_mining_fee: Decimal
    block_max_bytes: int
    excessive_block_bytes: int
    legacy_port: int
    bridges_sv_nodes: bool
    alerts: bool
    isolated: bool


# Fees and sizes: bsv-blockchain/teranode-quickstart, docs/NETWORKS.md; ports: bsv-blockchain/go-chaincfg, params.go.
PRESETS: Mapping[Chain, ChainPreset] = MappingProxyType(
    {
        Chain.REGTEST: ChainPreset(
            settings_context="operator",
            min_mining_fee=Decimal(0),
            block_max_bytes=4 * _GIB,
            excessive_block_bytes=10 * _GIB,
            legacy_port=18444,
            bridges_sv_nodes=False,
            alerts=False,
            isolated=True,
        ),
        Chain.TERATESTNET: ChainPreset(
            settings_context="operator.teratestnet",
            min_mining_fee=Decimal("0.00000001"),
            block_max_bytes=_GIB,
            excessive_block_bytes=_GIB,
            legacy_port=18333,
            bridges_sv_nodes=False,
            alerts=False,
            isolated=False,
        ),
        Chain.TESTNET: ChainPreset(
            settings_context="operator.testnet",
            min_mining_fee=Decimal("0.00000001"),
            block_max_bytes=4 * _GIB,
            excessive_block_bytes=10 * _GIB,
            legacy_port=18333,
            bridges_sv_nodes=True,
            alerts=False,
            isolated=False,
        ),
        Chain.MAINNET: ChainPreset(
            settings_context="operator.mainnet",
            min_mining_fee=Decimal("0.00000100"),
            block_max_bytes=4 * _GIB,
            excessive_block_bytes=10 * _GIB,
            legacy_port=8333,
            bridges_sv_nodes=True,
            alerts=True,
            isolated=False,
        ),
    }
)
"""Per chain what Teranode's own quick start sets."""
