"""Settings of what a node is to others: identity, peers, what it serves, the bridge to SV nodes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

import pulumi

from components.teranode.chains import Chain
from components.teranode.settings import render
from components.teranode.settings.keys import Group, Key


class ListenMode(StrEnum):
    """Whether a node tells others what it knows."""

    FULL = "full"
    LISTEN_ONLY = "listen_only"  # receives, publishes nothing


@dataclass(frozen=True, kw_only=True)
class IdentitySettings(Group):
    """Who a node is, and on which chain."""

    context: Annotated[
        str,
        Key(
            name="SETTINGS_CONTEXT",
            meaning="Which of its built-in values Teranode starts from.",
            default="dev",
            source="ordishs/gocore: config.go",
        ),
    ]
    network: Annotated[Chain, Key(name="network", meaning="The chain; wrong on old data is fatal.", default="mainnet")]
    client_name: Annotated[
        str,
        Key(
            name="clientName",
            meaning="The miner; must be its namespace, which Teranode takes from it to find its other services.",
            default="teranode",
        ),
    ]
    coinbase_text: Annotated[
        str,
        Key(
            name="coinbase_arbitrary_text",
            meaning="What the miner writes into the coinbase of its blocks.",
            default="/teranode/",
        ),
    ]
    start_state: Annotated[
        Literal["RUNNING"] | None,
        Key(
            name="local_test_start_from_state",
            meaning="State that is forced at every start; only on a chain that nobody else is on.",
            default="",
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class PeerSettings(Group):
    """How a node finds its peers, and they it."""

    listen_mode: Annotated[
        ListenMode, Key(name="listen_mode", meaning="Whether the node publishes what it knows.", default="full")
    ]
    advertise_addresses: Annotated[
        pulumi.Input[str],
        Key(
            name="p2p_advertise_addresses",
            meaning="Where others reach the node. Without it some versions listen on a port of chance.",
            default="",
        ),
    ]
    static_peers: Annotated[
        pulumi.Input[str] | None,
        Key(name="p2p_static_peers", meaning="Peers to which a connection is always kept.", default=""),
    ]
    bootstrap_peers: Annotated[
        pulumi.Input[str] | None,
        Key(
            name="p2p_bootstrap_peers",
            meaning="Peers through which others are found. An empty list means the public ones of IPFS.",
            default="/dnsaddr/${network}.bootstrap.teranode.bsvb.tech",
        ),
    ]
    dht_mode: Annotated[
        Literal["off"],
        Key(
            name="p2p_dht_mode",
            meaning="Part in the public table of peers, which connects to a hundred strangers; off takes none.",
            default="server",
        ),
    ]
    allow_private_ips: Annotated[
        bool,
        Key(
            name="p2p_allow_private_ips",
            meaning="Whether peers may have private addresses, as those of one environment have over its mesh.",
            default="false",
            render=render.boolean,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class AssetSettings(Group):
    """What the asset service tells and serves."""

    public_address: Annotated[
        pulumi.Input[str],
        Key(
            name="asset_httpPublicAddress",
            meaning="Where others fetch blocks and subtrees. Empty announces a name that each resolves to itself.",
            default="",
            render=render.url,
        ),
    ]
    dashboard: Annotated[
        Literal[True],
        Key(
            name="dashboard_enabled",
            meaning="With it, and only with it, requests that change something need the RPC login.",
            default="true",
            render=render.boolean,
        ),
    ] = True
    stats_prefix: Annotated[
        Literal[""],
        Key(
            name="stats_prefix",
            meaning="Path of statistics and of their reset, which are served without a login; empty serves none.",
            default="gocore",
        ),
    ] = ""


@dataclass(frozen=True, kw_only=True)
class LegacySettings(Group):
    """The bridge to SV nodes. Of its own options Teranode takes those only that its settings.conf names."""

    connect_peers: Annotated[
        tuple[str, ...] | None,
        Key(
            name="legacy_config_ConnectPeers",
            meaning="SV nodes as host:port: these and no others. Without it the chain's seeds are asked.",
            default="",
            source="services/legacy/config.go",
            render=render.peer_list,
        ),
    ]
    block_priority: Annotated[
        bool,
        Key(
            name="legacy_allowBlockPriority",
            meaning="A stream of their own for blocks, without which those of many gigabytes get lost.",
            default="false",
            render=render.boolean,
        ),
    ]
