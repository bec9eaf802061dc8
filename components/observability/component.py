"""The `Observability` component."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.namespace import NamespaceRef
from components.observability import dashboards, monitors, recorded

_API_VERSION = "monitoring.coreos.com/v1"
_DASHBOARD_LABEL = {"grafana_dashboard": "1"}
_FOLDER = {"grafana_folder": "Teranode"}
"""The label by which Grafana's sidecar finds dashboards, and the annotation that names their folder."""


@dataclass(frozen=True, kw_only=True)
class ObservabilityArgs:
    """Arguments of `Observability`; `namespace` is Prometheus' own, `monitoring` what its kinds depend on."""

    namespace: NamespaceRef
    monitoring: Sequence[pulumi.Resource]


class Observability(Component):
    """Monitors, recorded series and dashboards of one region, for all its miners.

    Nothing in it names a miner: another miner changes nothing here and is scraped, recorded and drawn.
    """

    TOKEN = "teranode:observability:Observability"

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name, self._args = name, args
        self._custom("monitor-teranode", "PodMonitor", monitors.TERANODE, monitors.teranode())
        self._custom("monitor-aerospike", "PodMonitor", monitors.AEROSPIKE, monitors.aerospike())
        self._custom("monitor-backups", "PodMonitor", monitors.BACKUPS, monitors.backups())
        self._custom("monitor-operator", "PodMonitor", monitors.OPERATOR, monitors.operator())
        self._custom("recorded", "PrometheusRule", "recorded", recorded.rules())
        for dashboard in dashboards.ALL:
            kubernetes.core.v1.ConfigMap(
                f"{name}-dashboard-{dashboard.uid}",
                metadata=self._metadata(f"dashboard-{dashboard.uid}", dashboard=True),
                data={f"{dashboard.uid}.json": dashboards.text(dashboard)},
                opts=self._child(
                    provider=args.namespace.provider, depends_on=args.namespace.ready, delete_before_replace=True
                ),
            )
        self.register_outputs({})

    def _custom(self, role: str, kind: str, name: str, spec: dict[str, object]) -> None:
        kubernetes.apiextensions.CustomResource(
            f"{self._logical_name}-{role}",
            api_version=_API_VERSION,
            kind=kind,
            metadata=self._metadata(name),
            spec=spec,
            # Names are fixed: a successor cannot exist beside what it replaces.
            opts=self._child(
                provider=self._args.namespace.provider,
                depends_on=[*self._args.namespace.ready, *self._args.monitoring],
                delete_before_replace=True,
            ),
        )

    def _metadata(self, name: str, *, dashboard: bool = False) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(
            name=name,
            namespace=self._args.namespace.name,
            labels=_DASHBOARD_LABEL if dashboard else None,
            annotations=_FOLDER if dashboard else None,
        )
