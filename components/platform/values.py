"""What the values of all charts have in common, in the spelling of pod specs. Plain data: no resources."""

from collections.abc import Mapping

from components.pools import SYSTEM_POOL
from components.workloads import Share

PRIORITY_CLASS = "system-cluster-critical"
"""What stores and miners need is evicted after them; the class is built into every cluster."""

CONTAINER_SECURITY: Mapping[str, object] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
"""For charts whose own defaults fall short of the level `restricted`."""

NODE_SELECTOR: Mapping[str, str] = {"kubernetes.io/os": "linux", **SYSTEM_POOL}


def resources(share: Share) -> dict[str, object]:
    """Requests and limits of a container."""
    return {
        "requests": {"cpu": share.cpu, "memory": share.memory},
        "limits": {"cpu": share.cpu_limit, "memory": share.memory},
    }


def replicas(*, high_availability: bool) -> int:
    """Two replicas where one must be ready while the other moves; they elect a leader, so both never act."""
    return 2 if high_availability else 1


def zone_spread(labels: Mapping[str, str]) -> list[dict[str, object]]:
    """Replicas stand in different zones; where one zone is lost, standing together is better than not at all."""
    return [
        {
            "maxSkew": 1,
            "topologyKey": "topology.kubernetes.io/zone",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": dict(labels)},
        }
    ]
