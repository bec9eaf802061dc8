"""Who may talk to a UTXO store from outside its namespace, and whom it calls itself. No resources."""

from components.aerospike.args import EXPORTER_PORT, LABELS, AerospikeChoice, Edition
from components.aerospike.backups import BACKUP_LABELS, BACKUP_PORT
from components.aerospike.config import SERVICE_PORT
from components.aerospike.sets import SETS_LABELS
from components.network_policies import Direction, Opening, Peer, to_anywhere, to_pod_identity_agent

MONITORING_NAMESPACE = "monitoring"
OPERATOR_NAMESPACE = "aerospike-operator"

_HTTPS_PORT = 443


def openings(choice: AerospikeChoice, api_cidrs: tuple[str, ...]) -> tuple[Opening, ...]:
    """Openings of the miner's namespace beside those between its own pods, whose port 3000 nobody else reaches.

    But for the operator of the enterprise edition, which manages servers as their administrator. `api_cidrs` is where
    the Kubernetes API answers: a server of that edition learns from there, when it starts, which node it is.
    """
    metrics = Opening(
        name="utxo-store-metrics",
        direction=Direction.INGRESS,
        peers=(Peer(namespace=MONITORING_NAMESPACE),),
        ports=(EXPORTER_PORT,),
        pods=LABELS,
    )
    if choice.edition is not Edition.ENTERPRISE:
        return (metrics,)
    return (
        metrics,
        Opening(
            name="utxo-store-operator",
            direction=Direction.INGRESS,
            peers=(Peer(namespace=OPERATOR_NAMESPACE),),
            ports=(SERVICE_PORT,),
            pods=LABELS,
        ),
        Opening(
            name="utxo-store-kubernetes-api",
            direction=Direction.EGRESS,
            peers=tuple(Peer(cidr=cidr) for cidr in api_cidrs),
            ports=(_HTTPS_PORT,),
            pods=LABELS,
        ),
        *(_backups() if choice.durable else ()),
    )


def _backups() -> tuple[Opening, ...]:
    return (
        Opening(
            name="utxo-store-backup-operator",
            direction=Direction.INGRESS,
            peers=(Peer(namespace=OPERATOR_NAMESPACE),),
            ports=(BACKUP_PORT,),
            pods=BACKUP_LABELS,
        ),
        # The port also takes orders: to back up at once, and to restore, for which it has no rights.
        Opening(
            name="utxo-store-backup-metrics",
            direction=Direction.INGRESS,
            peers=(Peer(namespace=MONITORING_NAMESPACE, pods={"app.kubernetes.io/name": "prometheus"}),),
            ports=(BACKUP_PORT,),
            pods=BACKUP_LABELS,
        ),
        to_anywhere("utxo-store-backup-aws", _HTTPS_PORT, pods=BACKUP_LABELS),
        to_pod_identity_agent("utxo-store-backup-identity", pods=BACKUP_LABELS),
        to_anywhere("utxo-store-sets-aws", _HTTPS_PORT, pods=SETS_LABELS),
        to_pod_identity_agent("utxo-store-sets-identity", pods=SETS_LABELS),
    )
