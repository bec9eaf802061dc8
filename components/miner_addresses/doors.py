"""At which ports a miner answers the others. No resources."""

from dataclasses import dataclass

from components.teranode import PRESETS, SERVICES, Chain, Service, legacy_port


@dataclass(frozen=True, kw_only=True)
class Door:
    """A service that other miners call.

    - `key`: part of the names of what belongs to it.
    - `service`: who answers.
    - `app`: value of the label `app` of its pods.
    - `port`: the same at the load balancer, at the Service and at the pods, so that an address says where it ends.
    - `purpose`: for people.
    - `outside`: at the load balancer, where that is not the pods' own port: with TLS that ends there.
    """

    key: str
    service: Service
    app: str
    port: int
    purpose: str
    outside: int | None = None

    @property
    def listens_at(self) -> int:
        """Port at the load balancer."""
        return self.port if self.outside is None else self.outside


def _door(key: str, service: Service, port: str, purpose: str) -> Door:
    facts = SERVICES[service]
    return Door(key=key, service=service, app=facts.deployment, port=facts.port(port).number, purpose=purpose)


DOORS = (
    _door("asset", Service.ASSET, "http", "Blocks and subtrees"),
    _door("p2p", Service.PEER, "p2p", "Peer-to-peer"),
)
"""All that other miners of the environment reach: RPC, gRPC, metrics and health checks answer inside the miner's own
namespace only."""

MINING_DOOR = _door("rpc", Service.RPC, "http", "Mining candidates")
"""What partners with hash power reach, by PrivateLink alone: RPC, with its login."""

ASSETS_DOOR = Door(
    key="assets",
    service=Service.ASSET,
    app="asset-proxy",
    port=8080,
    purpose="Blocks and subtrees, by the proxy",
    outside=443,
)
"""What other Teranodes fetch from the internet, where that is switched on: by TLS, and through the proxy alone."""


def public_doors(chain: Chain) -> tuple[Door, ...]:
    """What a public chain's nodes reach, whoever they are: peers, and the bridge where the chain has SV nodes.

    With `tests/stacks/test_public_ports.py` and the policy NET-17 this is the list of what is public.
    """
    p2p = next(door for door in DOORS if door.key == "p2p")
    if not PRESETS[chain].bridges_sv_nodes:
        return (p2p,)
    bridge, port = SERVICES[Service.LEGACY].deployment, legacy_port(chain).number
    return (p2p, Door(key="legacy", service=Service.LEGACY, app=bridge, port=port, purpose="SV nodes"))
