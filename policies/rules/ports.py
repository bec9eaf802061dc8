"""Ports that mean something to rules: what miners and the nodes of a chain are to each other."""

from .graph import Graph
from .tokens import SERVICE

P2P_PORT, ASSET_PORT, LEGACY_PORT, RPC_PORT = 9905, 8090, 8333, 9292

MINER_APPS = {P2P_PORT: "peer", ASSET_PORT: "asset"}
"""What miners of one environment reach of each other, and the pods that answer there."""

PUBLIC_APPS = {P2P_PORT: "peer", LEGACY_PORT: "legacy"}
"""What the internet reaches on mainnet of the nodes themselves, and the pods that answer there."""

HTTPS_PORT, PROXY_PORT = 443, 8080
PROXY_APPS = {PROXY_PORT: "asset-proxy"}
"""What load balancers reach behind TLS at `HTTPS_PORT`, where assets are public, and the pods that answer there. With
`PUBLIC_APPS` this is all that is public."""

PARTNER_APPS = {RPC_PORT: "rpc"}
"""What partners with hash power reach behind a private endpoint service, and the pods that answer there."""

CHAIN_PORTS = frozenset({80, 443, 8000, ASSET_PORT, LEGACY_PORT, P2P_PORT, 9908})
"""At which nodes of the chain answer: peers, SV nodes, alerts, and their blocks behind proxies of any kind."""


def declared_of(graph: Graph) -> frozenset[int]:
    """The ports that may be public in a stack: those of the chain, and that of TLS where a proxy stands behind it."""
    proxied = any(
        service.inputs.view("spec.selector").raw.get("app") in PROXY_APPS.values() for service in graph.of_type(SERVICE)
    )
    return frozenset({*PUBLIC_APPS, HTTPS_PORT} if proxied else PUBLIC_APPS)
