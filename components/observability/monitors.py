"""Which pods are scraped, as specs of `PodMonitor`. Plain data: no resources.

One monitor per region and kind of pod, for all miners that the region has and will have: a new miner is scraped by
being there. Kafka's own monitor stands with Kafka.
"""

from collections.abc import Mapping

from components.aerospike.args import LABELS as AEROSPIKE_LABELS
from components.aerospike.backups import BACKUP_LABELS, BACKUP_PORT
from components.platform import teranode_operator
from components.teranode.services import APP_LABEL, METRICS, SERVICES

TERANODE, AEROSPIKE, BACKUPS, OPERATOR = "teranode", "aerospike", "aerospike-backups", "teranode-operator"
"""Names of the monitors, and values of the label `job` of what they scrape."""

_POD = "__meta_kubernetes_pod"


def teranode() -> dict[str, object]:
    """All pods of all Teranode services in all namespaces, each one once.

    They are chosen by the label `app`, since pods of the alert system lack the operator's own one. The metrics port
    has no name and half of the services do not declare it, so the address is put together from the pod's; by then all
    declared ports of a container are the same target. The operator names containers after their Deployments: what
    carries one of these labels by accident, and what is injected beside a service, is left out.
    """
    return {
        "namespaceSelector": {"any": True},
        "selector": {
            "matchExpressions": [
                {
                    "key": APP_LABEL,
                    "operator": "In",
                    "values": sorted(facts.deployment for facts in SERVICES.values()),
                }
            ]
        },
        "podMetricsEndpoints": [
            {
                "path": "/metrics",
                "relabelings": [
                    {
                        "action": "keepequal",
                        "sourceLabels": [f"{_POD}_container_name"],
                        "targetLabel": f"{_POD}_label_app",
                    },
                    {
                        "sourceLabels": [f"{_POD}_ip"],
                        "targetLabel": "__address__",
                        "regex": "(.+)",
                        "replacement": f"$1:{METRICS.number}",
                    },
                    *_readable(TERANODE),
                    {"sourceLabels": [f"{_POD}_label_app"], "targetLabel": "service"},
                ],
            }
        ],
    }


def aerospike() -> dict[str, object]:
    """The exporter beside every server of every miner's UTXO store, in both editions."""
    return {
        "namespaceSelector": {"any": True},
        "selector": {"matchLabels": dict(AEROSPIKE_LABELS)},
        "podMetricsEndpoints": [{"port": "metrics", "path": "/metrics", "relabelings": _readable(AEROSPIKE)}],
    }


def backups() -> dict[str, object]:
    """The service that backs up a UTXO store, where it has one. Its port may have no name, or not be declared."""
    return {
        "namespaceSelector": {"any": True},
        "selector": {"matchLabels": dict(BACKUP_LABELS)},
        "podMetricsEndpoints": [
            {
                "path": "/metrics",
                "relabelings": [
                    {
                        "sourceLabels": [f"{_POD}_ip"],
                        "targetLabel": "__address__",
                        "regex": "(.+)",
                        "replacement": f"$1:{BACKUP_PORT}",
                    },
                    *_readable(BACKUPS),
                ],
            }
        ],
    }


def operator() -> dict[str, object]:
    """Teranode's operator. Of its replicas one leads and reconciles; all answer."""
    return {
        "namespaceSelector": {"matchNames": [teranode_operator.NAMESPACE]},
        "selector": {"matchLabels": dict(teranode_operator.LABELS)},
        "podMetricsEndpoints": [
            {"port": "metrics", "path": "/metrics", "relabelings": [{"targetLabel": "job", "replacement": OPERATOR}]}
        ],
    }


def _readable(job: str) -> list[Mapping[str, object]]:
    """Labels by which people ask; a miner's namespace has the miner's name."""
    return [
        {"targetLabel": "job", "replacement": job},
        {"sourceLabels": ["__meta_kubernetes_namespace"], "targetLabel": "miner"},
    ]
