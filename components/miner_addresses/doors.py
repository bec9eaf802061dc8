"""At which ports a miner answers the others. No resources."""

from dataclasses import dataclass

from components.teranode import SERVICES, Service


@dataclass(frozen=True, kw_only=True)
class Door:
    """A service that other miners call.

    - `key`: part of the names of what belongs to it.
    - `app`: value of the label `app` of its pods.
    - `port`: the same at the load balancer, at the Service and at the pods, so that an address says where it ends.
    - `purpose`: for people.
    """

    key: str
    app: str
    port: int
    purpose: str


def _door(key: str, service: Service, port: str, purpose: str) -> Door:
    facts = SERVICES[service]
    return Door(key=key, app=facts.deployment, port=facts.port(port).number, purpose=purpose)


DOORS = (
    _door("asset", Service.ASSET, "http", "Blocks and subtrees"),
    _door("p2p", Service.PEER, "p2p", "Peer-to-peer"),
)
"""All of them: RPC, gRPC, metrics and health checks answer inside the miner's own namespace only."""
