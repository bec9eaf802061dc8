"""Ports that mean something to rules: what miners and the nodes of a chain are to each other."""

P2P_PORT, ASSET_PORT, LEGACY_PORT, RPC_PORT = 9905, 8090, 8333, 9292

MINER_APPS = {P2P_PORT: "peer", ASSET_PORT: "asset"}
"""What miners of one environment reach of each other, and the pods that answer there."""

PUBLIC_APPS = {P2P_PORT: "peer", LEGACY_PORT: "legacy"}
"""What the internet reaches on mainnet, and the pods that answer there. Nothing else is public."""

PARTNER_APPS = {RPC_PORT: "rpc"}
"""What partners with hash power reach behind a private endpoint service, and the pods that answer there."""

CHAIN_PORTS = frozenset({80, 443, 8000, ASSET_PORT, LEGACY_PORT, P2P_PORT, 9908})
"""At which nodes of the chain answer: peers, SV nodes, alerts, and their blocks behind proxies of any kind."""
