"""Aerospike Kubernetes Operator: runs Aerospike Enterprise in the namespaces of the miners that use it."""

from collections.abc import Sequence

from components.images import ImageSource
from components.network_policies import Direction, NamespaceRole, Opening, Peer
from components.platform.values import CONTAINER_SECURITY, NODE_SELECTOR, replicas, resources
from components.workloads import NON_ROOT_USER, Share

NAMESPACE = "aerospike-operator"
WEBHOOK_PORT = 9443
DEFINITIONS: dict[str, object] = {}

_SHARE = Share(cpu="50m", memory="512Mi", cpu_limit="400m")
_SERVER_PORTS = (3000, 4333, 8080)  # server, server with TLS, backup service


def values(images: ImageSource, *, watched: Sequence[str], high_availability: bool) -> dict[str, object]:
    """Values of the chart; `watched` are namespaces. A new miner changes this list and nothing else.

    The chart knows neither priority classes nor spread; an affinity keeps replicas in different zones. Evictions wait
    for data to move (`safePodEviction`), since a server's disks stay behind with its node.
    """
    image, init = images.image("aerospike-operator"), images.image("aerospike-init")
    folder, _, name = init.repository.rpartition("/")
    return {
        "fullnameOverride": NAMESPACE,
        "operatorImage": {"repository": image.name, "tag": image.version},
        "aerospikeKubernetesInitRegistry": init.registry,
        "aerospikeKubernetesInitRegistryNamespace": folder,
        "aerospikeKubernetesInitNameTag": f"{name}:{init.version}",
        "watchNamespaces": ",".join(sorted(watched)),  # a space would become part of a name
        "safePodEviction": {"enable": True},
        "logging": {"development": False},
        "replicas": replicas(high_availability=high_availability),
        "resources": resources(_SHARE),
        "nodeSelector": dict(NODE_SELECTOR),
        "affinity": {
            "podAntiAffinity": {
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {
                        "weight": 100,
                        "podAffinityTerm": {
                            "topologyKey": "topology.kubernetes.io/zone",
                            "labelSelector": {"matchLabels": {"app": NAMESPACE}},
                        },
                    }
                ]
            }
        },
        "podSecurityContext": {
            "runAsNonRoot": True,
            "runAsUser": NON_ROOT_USER,
            "fsGroup": NON_ROOT_USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "securityContext": dict(CONTAINER_SECURITY),
    }


def openings() -> tuple[Opening, ...]:
    """It asks servers and backup services for their state."""
    return (
        Opening(
            name="servers",
            direction=Direction.EGRESS,
            peers=(Peer(role=NamespaceRole.MINER),),
            ports=_SERVER_PORTS,
        ),
    )
