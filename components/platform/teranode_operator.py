"""Teranode's operator: makes the services of every miner of a region out of their `Cluster` resources."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.images import ImageSource
from components.namespace import NamespaceRef
from components.network_policies import Direction, Opening, Peer
from components.platform import monitoring
from components.platform.chart import Chart, ChartArgs, ClusterContext
from components.platform.sources import ChartSource
from components.platform.values import replicas

NAMESPACE = "teranode-operator"
DEFINITIONS: dict[str, object] = {}

POSTRENDER = "tools/postrender/teranode-operator"
"""Relative to the project, where Pulumi starts its plugins: a path of one machine must not get into the state."""

LABELS = {"control-plane": "controller-manager"}
"""Of its pods."""
METRICS_PORT = 8080
"""Where `POSTRENDER` opens its metrics, under the port's name `metrics`."""


def values(images: ImageSource, *, watched: Sequence[str], high_availability: bool) -> dict[str, object]:
    """Values of the chart; `watched` are namespaces. A new miner changes this list and nothing else.

    What the chart has no values for (resources, nodes, security, the proxy of its metrics) `POSTRENDER` sees to.
    """
    image = images.image("teranode-operator")
    return {
        "deployment": {
            "env": {"watch_namespace": ",".join(sorted(watched))},  # a space would become part of a name
            "image": {"repository": image.name, "tag": image.version, "pullPolicy": "IfNotPresent"},
            "replicaCount": replicas(high_availability=high_availability),
        },
        "sampleCluster": {"enable": False},
    }


def openings() -> tuple[Opening, ...]:
    """Prometheus reads its metrics, which no proxy guards; nobody else may."""
    return (
        Opening(
            name="metrics",
            direction=Direction.INGRESS,
            peers=(Peer(namespace=monitoring.NAMESPACE, pods=monitoring.PROMETHEUS_LABELS),),
            ports=(METRICS_PORT,),
            pods=LABELS,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class TeranodeOperatorArgs:
    """Arguments of `TeranodeOperator`.

    - `watched`: the namespaces of exactly this cluster's miners; at least one, since an empty list means all there are.
    """

    context: ClusterContext
    source: ChartSource
    images: ImageSource
    watched: tuple[NamespaceRef, ...]
    high_availability: bool

    def __post_init__(self) -> None:
        if not self.watched:
            raise ValueError("Teranode's operator watches every namespace if none is named")


class TeranodeOperator(Component):
    """The operator that serves the `Cluster` resources of a region's miners.

    Its chart gives the services their account in each watched namespace, so these come first; a `Cluster` depends on
    `ready`, so it is gone before its operator is. Nobody waits for another miner's stores by that, but for its empty
    namespace.
    """

    TOKEN = "teranode:platform:TeranodeOperator"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: TeranodeOperatorArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        chart = Chart(
            f"{name}-chart",
            ChartArgs(
                context=args.context,
                source=args.source,
                namespace=NAMESPACE,
                values=values(
                    args.images,
                    watched=[namespace.name for namespace in args.watched],
                    high_availability=args.high_availability,
                ),
                definitions=DEFINITIONS,
                openings=openings(),
                postrender=POSTRENDER,
                after=[resource for namespace in args.watched for resource in namespace.ready],
            ),
            opts=self._child(),
        )
        if args.high_availability:
            # The chart has no such thing.
            kubernetes.policy.v1.PodDisruptionBudget(
                f"{name}-budget",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(name=NAMESPACE, namespace=NAMESPACE),
                spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                    min_available=1, selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=LABELS)
                ),
                opts=self._child(
                    provider=args.context.provider, depends_on=chart.namespace.ready, delete_before_replace=True
                ),
            )
        self.ready = chart.ready
        self.register_outputs({})
