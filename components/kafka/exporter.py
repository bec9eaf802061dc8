"""How much of each topic its readers still have to read, told beside a broker that does not say so itself."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import apps, core, meta

from components import workloads
from components.base import Component
from components.images import ImageSource
from components.kafka import shares
from components.kafka.openings import EXPORTER_LABELS, METRICS_PORT
from components.namespace import NamespaceRef
from components.pools import GENERAL_POOL

IMAGE = "kafka-exporter"
_NAME = "kafka-exporter"

_PROTOCOL = "2.1.0"
"""Kafka 4 refuses what is older (KIP-896), and the exporter's own default is. Teranode's clients speak this one too."""


@dataclass(frozen=True, kw_only=True)
class ExporterArgs:
    """Arguments of `Exporter`.

    - `hosts`: `host:port` of the broker.
    - `after`: the broker, without which the exporter ends and is started again.
    - `monitoring`: what the kinds of the Prometheus operator depend on.
    """

    namespace: NamespaceRef
    images: ImageSource
    hosts: str
    after: tuple[pulumi.Resource, ...]
    monitoring: tuple[pulumi.Resource, ...]


class Exporter(Component):
    """The exporter that Strimzi runs for its own clusters, under the same names of metrics, and what scrapes it.

    Nobody waits for it: miners run without.
    """

    TOKEN = "teranode:kafka:Exporter"

    def __init__(self, name: str, args: ExporterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        namespace = args.namespace
        metadata = meta.v1.ObjectMetaArgs(name=_NAME, namespace=namespace.name, labels=EXPORTER_LABELS)
        account = core.v1.ServiceAccount(
            f"{name}-service-account",
            metadata=metadata,
            automount_service_account_token=False,
            opts=self._inside(namespace),
        )
        apps.v1.Deployment(
            f"{name}-deployment",
            metadata=metadata,
            spec=apps.v1.DeploymentSpecArgs(
                replicas=1,
                selector=meta.v1.LabelSelectorArgs(match_labels=EXPORTER_LABELS),
                template=core.v1.PodTemplateSpecArgs(
                    metadata=meta.v1.ObjectMetaArgs(labels=EXPORTER_LABELS), spec=_pod(args, account)
                ),
            ),
            opts=self._inside(namespace, *args.after),
        )
        kubernetes.apiextensions.CustomResource(
            f"{name}-monitor",
            api_version="monitoring.coreos.com/v1",
            kind="PodMonitor",
            metadata=metadata,
            spec={
                "selector": {"matchLabels": EXPORTER_LABELS},
                "podMetricsEndpoints": [{"portNumber": METRICS_PORT, "path": "/metrics"}],
            },
            opts=self._child(
                provider=namespace.provider, depends_on=[*namespace.ready, *args.monitoring], delete_before_replace=True
            ),
        )
        self.register_outputs({})

    def _inside(self, namespace: NamespaceRef, *after: pulumi.Resource) -> pulumi.ResourceOptions:
        """Options of what has a fixed name in the namespace: its successor cannot exist beside it."""
        return self._child(
            provider=namespace.provider, depends_on=[*namespace.ready, *after], delete_before_replace=True
        )


def _pod(args: ExporterArgs, account: core.v1.ServiceAccount) -> core.v1.PodSpecArgs:
    alive = core.v1.ProbeArgs(
        http_get=core.v1.HTTPGetActionArgs(path="/healthz", port=METRICS_PORT), period_seconds=20, timeout_seconds=5
    )
    return core.v1.PodSpecArgs(
        service_account_name=account.metadata.name,
        automount_service_account_token=False,
        enable_service_links=False,
        node_selector=GENERAL_POOL,
        security_context=workloads.pod_security(),
        containers=[
            core.v1.ContainerArgs(
                name=_NAME,
                image=args.images.reference(IMAGE),
                image_pull_policy="IfNotPresent",
                args=[
                    f"--kafka.server={args.hosts}",
                    f"--kafka.version={_PROTOCOL}",
                    f"--web.listen-address=:{METRICS_PORT}",
                ],
                ports=[core.v1.ContainerPortArgs(name="metrics", container_port=METRICS_PORT)],
                resources=workloads.resources(shares.EXPORTER),
                security_context=workloads.container_security(),
                readiness_probe=alive,
                liveness_probe=alive,
            )
        ],
    )
