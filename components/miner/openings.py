"""What the pods of a miner's namespace may do. No resources."""

from collections.abc import Mapping

from components import aerospike, asset_proxy, miner_addresses, teranode
from components.aerospike import AerospikeChoice
from components.miner_addresses import Door
from components.network_policies import Direction, Opening, Peer
from components.observability import metrics_opening
from components.stores import MessagesEndpoint
from components.teranode import Chain


def openings(
    namespace: str,
    chain: Chain,
    kafka: MessagesEndpoint,
    utxo_store: AerospikeChoice | None,
    *,
    region: str,
    regions: Mapping[str, str],
    api_cidrs: tuple[str, ...],
    public: tuple[Door, ...],
    partners: bool,
    assets: bool,
) -> tuple[Opening, ...]:
    """Openings of a miner's namespace: between its own pods, to its stores and other miners, and what its services need
    besides. `regions` are the blocks of all VPCs of the environment, `region` is the miner's own;
    `public` is what the nodes of its chain reach, `partners` whether there are any to mine with, and `assets` whether
    others fetch its blocks by a proxy.
    """
    return (
        *_own_pods(namespace),
        metrics_opening(),
        Opening(name="kafka", direction=Direction.EGRESS, peers=(kafka.peer,), ports=(kafka.port,)),
        *miner_addresses.openings(region, regions),
        *miner_addresses.public_openings(public),
        *(miner_addresses.mining_openings(regions[region]) if partners else ()),
        *((asset_proxy.asset_opening(namespace),) if assets else ()),
        *teranode.openings(chain, vpc_cidr=regions[region], api_cidrs=api_cidrs),
        *(aerospike.openings(utxo_store, api_cidrs) if utxo_store else ()),
    )


def _own_pods(namespace: str) -> tuple[Opening, ...]:
    """The services of a miner call each other, and nobody else's."""
    peers = (Peer(namespace=namespace),)
    return (
        Opening(name="own-pods-in", direction=Direction.INGRESS, peers=peers, ports=()),
        Opening(name="own-pods-out", direction=Direction.EGRESS, peers=peers, ports=()),
    )
