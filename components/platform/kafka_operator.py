"""Strimzi: runs Kafka clusters in the one namespace that has them."""

from components.images import ImageSource
from components.network_policies import Direction, Opening, Peer
from components.platform.values import (
    CONTAINER_SECURITY,
    NODE_SELECTOR,
    PRIORITY_CLASS,
    replicas,
    resources,
    zone_spread,
)
from components.workloads import Share

NAMESPACE = "strimzi"
DEFINITIONS: dict[str, object] = {}

_SHARE = Share(cpu="100m", memory="512Mi", cpu_limit="1")
_ADMIN_PORTS = (8443, 9090, 9091)  # agent, control plane and replication listeners: Strimzi documentation, security
_IMAGE_USER = 1001
_LABELS = {"name": "strimzi-cluster-operator"}


def values(images: ImageSource, *, watched: str, high_availability: bool) -> dict[str, object]:
    """Values of the chart; `watched` is the namespace of the Kafka clusters.

    Images of brokers are Strimzi's own for each version of Kafka: they follow the operator's registry and folder.
    """
    image = images.image("strimzi-operator")
    return {
        "watchNamespaces": [watched],
        "watchAnyNamespace": False,
        "defaultImageRegistry": image.registry,
        "defaultImageRepository": image.repository.rpartition("/")[0],
        "image": {"tag": image.version},
        "replicas": replicas(high_availability=high_availability),
        "resources": resources(_SHARE),
        "nodeSelector": dict(NODE_SELECTOR),
        "priorityClassName": PRIORITY_CLASS,
        "podDisruptionBudget": {"enabled": high_availability, "minAvailable": 1},
        "topologySpreadConstraints": zone_spread(_LABELS),
        "podSecurityContext": {"runAsNonRoot": True, "runAsUser": _IMAGE_USER},
        "securityContext": dict(CONTAINER_SECURITY),
    }


def openings(watched: str) -> tuple[Opening, ...]:
    """It asks brokers for their state, and changes it, over their inner listeners."""
    return (Opening(name="brokers", direction=Direction.EGRESS, peers=(Peer(namespace=watched),), ports=_ADMIN_PORTS),)
