"""Who may talk to a UTXO store from outside its namespace, and what it calls itself. No resources."""

from components.aerospike.args import EXPORTER_PORT, LABELS
from components.network_policies import Direction, Opening, Peer

MONITORING_NAMESPACE = "monitoring"


def openings() -> tuple[Opening, ...]:
    """Openings of the miner's namespace beside those between its own pods, whose port 3000 nobody else reaches."""
    metrics = Opening(
        name="utxo-store-metrics",
        direction=Direction.INGRESS,
        peers=(Peer(namespace=MONITORING_NAMESPACE),),
        ports=(EXPORTER_PORT,),
        pods=LABELS,
    )
    return (metrics,)
