"""Who may read the metrics of Teranode. No resources."""

from components.network_policies import Direction, Opening, Peer
from components.teranode.services import METRICS

MONITORING_NAMESPACE = "monitoring"


def metrics_opening() -> Opening:
    """Prometheus reads every pod of a miner's namespace; beside the miner's own pods nobody else may.

    The port also serves pprof and a page that resets statistics, so it is open to nobody but Prometheus.
    """
    return Opening(
        name="metrics",
        direction=Direction.INGRESS,
        peers=(Peer(namespace=MONITORING_NAMESPACE, pods={"app.kubernetes.io/name": "prometheus"}),),
        ports=(METRICS.number,),
    )
