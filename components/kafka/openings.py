"""Who may talk to brokers in the cluster, and to whom they talk. No resources."""

from collections.abc import Mapping

from components.kafka.args import PLAINTEXT_PORT
from components.network_policies import Direction, NamespaceRole, Opening, Peer, within

CLUSTER_LABELS = {"strimzi.io/cluster": "kafka"}
"""Put by the operator on every pod of the cluster."""

BROKER_LABELS = {"app.kubernetes.io/name": "kafka", "app.kubernetes.io/component": "broker"}
"""Of a broker without an operator."""

EXPORTER_LABELS = {"app.kubernetes.io/name": "kafka-exporter"}
"""Of the pod beside a single broker that tells what is still to be read."""

METRICS_PORT = 9404
OPERATOR_NAMESPACE = "strimzi"
MONITORING_NAMESPACE = "monitoring"

_CONTROL_PORT, _REPLICATION_PORT, _AGENT_PORT = 9090, 9091, 8443
"""Ports on which Strimzi's nodes and operator speak TLS with certificates of their own: controllers, replication
between brokers, and the agent that tells the operator how a broker is."""


def of_a_single_broker() -> tuple[Opening, ...]:
    """Miners and the exporter come in, and Prometheus to the exporter; the broker itself calls nobody."""
    return (
        _from_miners(),
        Opening(
            name="exporter-in",
            direction=Direction.INGRESS,
            peers=(Peer(pods=EXPORTER_LABELS),),
            ports=(PLAINTEXT_PORT,),
            pods=BROKER_LABELS,
        ),
        Opening(
            name="exporter-out",
            direction=Direction.EGRESS,
            peers=(Peer(pods=BROKER_LABELS),),
            ports=(PLAINTEXT_PORT,),
            pods=EXPORTER_LABELS,
        ),
        _metrics(EXPORTER_LABELS),
    )


def of_an_operated_cluster(api_cidrs: tuple[str, ...]) -> tuple[Opening, ...]:
    """Miners come in, nodes talk among themselves and with their operator, and ask the API server for their zone.

    `api_cidrs` is where that answers.
    """
    return (
        _from_miners(),
        *within("nodes", _CONTROL_PORT, _REPLICATION_PORT, pods=CLUSTER_LABELS),
        Opening(
            name="operator",
            direction=Direction.INGRESS,
            peers=(Peer(namespace=OPERATOR_NAMESPACE),),
            ports=(_CONTROL_PORT, _REPLICATION_PORT, _AGENT_PORT),
            pods=CLUSTER_LABELS,
        ),
        _metrics(CLUSTER_LABELS),
        Opening(
            name="kubernetes-api",
            direction=Direction.EGRESS,
            peers=tuple(Peer(cidr=cidr) for cidr in api_cidrs),
            ports=(443,),
            pods=CLUSTER_LABELS,
        ),
    )


def _metrics(pods: Mapping[str, str]) -> Opening:
    return Opening(
        name="metrics",
        direction=Direction.INGRESS,
        peers=(Peer(namespace=MONITORING_NAMESPACE),),
        ports=(METRICS_PORT,),
        pods=pods,
    )


def _from_miners() -> Opening:
    return Opening(
        name="clients",
        direction=Direction.INGRESS,
        peers=(Peer(role=NamespaceRole.MINER),),
        ports=(PLAINTEXT_PORT,),
    )
