"""All settings of one miner's node, from what its environment chooses. No resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import pulumi

from components.teranode.chains import PRESETS, Chain
from components.teranode.modes import Mode
from components.teranode.services import SERVICES, Service
from components.teranode.settings.inside import (
    AerospikePolicy,
    KafkaSettings,
    OperationSettings,
    PolicySettings,
    StoreSettings,
)
from components.teranode.settings.keys import Group
from components.teranode.settings.network import AssetSettings, IdentitySettings, LegacySettings
from components.teranode.settings.peers import MinerPeer, peer_settings
from components.teranode.settings.secrets import SECRET_KEYS
from components.teranode.sizes import Scale

UTXO_BATCH_SIZE = 128
"""Frozen: a node that was started with one value cannot read its own records with another."""

_TX_META_CACHE_MIB: Mapping[Scale, int] = MappingProxyType({Scale.SMALL: 256, Scale.FULL: 8192})
"""At most half of what a subtree validator may use."""

_SMALL_POSTGRES_CONNECTIONS = 20
_SMALL_POSTGRES_IDLE = 5
"""Small database servers take about 400 connections, and two miners of a region share one."""

# A node that is gone is noticed after 1.5 s (heartbeats of 150 ms, ten of them); the published total of 1 s gives up
# before another has taken over.
_AEROSPIKE = AerospikePolicy(max_retries=5, pause_ms=500, socket_timeout_ms=1_000, total_timeout_ms=5_000)


@dataclass(frozen=True, kw_only=True)
class KafkaChoice:
    """The brokers that a miner shares with its region: `hosts` as host:port, parted by commas."""

    hosts: pulumi.Input[str]
    replication_factor: int
    partitions_high: int
    tls: bool

    def __post_init__(self) -> None:
        if self.replication_factor < 1 or self.partitions_high < 1:
            raise ValueError("a topic has at least one partition and one copy")


@dataclass(frozen=True, kw_only=True)
class NodeChoices:
    """Everything in which one miner's settings may differ from another's.

    - `name`: of the miner and of its namespace, one value for both.
    - `miners`: all of the environment, this one among them.
    - `mode`: whether it tells others what it knows, and assembles blocks.
    - `asset_address`: where nodes outside the environment fetch its blocks; None: only its own miners do, by mesh.
    - `sv_nodes`: host:port of the only SV nodes to speak to, on chains that are bridged to them.
    - `aerospike`: UTXOs are in an Aerospike.
    """

    name: str
    chain: Chain
    scale: Scale
    miners: Sequence[MinerPeer]
    kafka: KafkaChoice
    aerospike: bool
    mode: Mode = Mode.MINING
    asset_address: pulumi.Input[str] | None = None
    sv_nodes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        preset = PRESETS[self.chain]
        if self.sv_nodes and not preset.bridges_sv_nodes:
            raise ValueError(f"{self.name}: no SV node is spoken to on {self.chain}")
        if preset.isolated and self.mode is Mode.LISTENING:
            raise ValueError(f"{self.name}: on {self.chain} nobody else publishes what it would listen to")


def setting_groups(choices: NodeChoices) -> tuple[Group, ...]:
    """The settings of a node, by area."""
    preset = PRESETS[choices.chain]
    own = next((miner for miner in choices.miners if miner.name == choices.name), None)
    if own is None:
        raise ValueError(f"{choices.name} is not among the miners of its environment")
    legacy = (
        (LegacySettings(connect_peers=choices.sv_nodes or None, block_priority=True),)
        if preset.bridges_sv_nodes
        else ()
    )
    return (
        IdentitySettings(
            context=preset.settings_context,
            network=choices.chain,
            client_name=choices.name,
            coinbase_text=f"/{choices.name}/",
            start_state="RUNNING" if preset.isolated else None,
        ),
        peer_settings(choices.miners, choices.name, choices.chain, choices.mode),
        AssetSettings(public_address=choices.asset_address or own.asset_address),
        KafkaSettings(
            hosts=choices.kafka.hosts,
            replication_factor=choices.kafka.replication_factor,
            partitions_high=choices.kafka.partitions_high,
            tls=choices.kafka.tls,
        ),
        PolicySettings(
            min_mining_fee=preset.min_mining_fee,
            block_assembly_disabled=True if choices.mode is Mode.LISTENING else None,
            block_max_bytes=preset.block_max_bytes,
            excessive_block_bytes=preset.excessive_block_bytes,
        ),
        _stores(choices),
        OperationSettings(
            validator_http_address=_validator_address(choices.name),
            # The block generator counts on the height that it is told.
            rpc_cache=False if preset.isolated else None,
            json_logs=True,
            pretty_logs=False,
        ),
        *legacy,
    )


def config_map(choices: NodeChoices) -> dict[str, pulumi.Input[str]]:
    """The data of the miner's ConfigMap, sorted by key; no secret is in it."""
    data: dict[str, pulumi.Input[str]] = {}
    for group in setting_groups(choices):
        data |= group.variables()
    secret = data.keys() & {key.name for key in SECRET_KEYS}
    if secret:
        raise ValueError(f"secret, and so not for a ConfigMap: {', '.join(sorted(secret))}")
    return dict(sorted(data.items()))


def _stores(choices: NodeChoices) -> StoreSettings:
    small = choices.scale is Scale.SMALL
    policy = str(_AEROSPIKE) if choices.aerospike else None
    return StoreSettings(
        utxo_batch_size=UTXO_BATCH_SIZE,
        tx_meta_cache_mib=_TX_META_CACHE_MIB[choices.scale],
        persisted_blocks=f"/data/{choices.name}/blockpersister_state.txt",
        postgres_connections=_SMALL_POSTGRES_CONNECTIONS if small else None,
        postgres_idle_connections=_SMALL_POSTGRES_IDLE if small else None,
        aerospike_reads=policy,
        aerospike_writes=policy,
    )


def _validator_address(namespace: str) -> str:
    validator = SERVICES[Service.VALIDATOR]
    return f"http://{validator.service}.{namespace}.svc.cluster.local:{validator.port('http').number}"
