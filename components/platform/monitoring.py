"""Prometheus and Grafana: what pods say of themselves, kept for a while and drawn."""

from dataclasses import dataclass

import pulumi

from components import iam
from components.eks.storage_classes import DEFAULT_CLASS
from components.images import Image, ImageSource
from components.network_policies import (
    ROLE_LABEL,
    STOPPED_LABEL,
    Direction,
    NamespaceRole,
    Opening,
    Peer,
    to_anywhere,
    to_pod_identity_agent,
)
from components.placement import Placement
from components.platform.values import (
    CONTAINER_SECURITY,
    NODE_SELECTOR,
    PRIORITY_CLASS,
    replicas,
    resources,
    zone_spread,
)
from components.workloads import Share
from components.workspace import WorkspaceRef

NAMESPACE = "monitoring"
SERVICE_ACCOUNT = f"{NAMESPACE}-prometheus"
"""Made by the chart for Prometheus; the name follows from `fullnameOverride`."""
PROMETHEUS_LABELS = {"app.kubernetes.io/name": "prometheus"}
"""Of Prometheus' pods, whom others admit to their metrics."""
RECORDED = "[^:]+:[^:]+:[^:]+"
"""Names of recorded series by Prometheus' convention, `level:metric:operation`."""
DEFINITIONS = {"crds": {"enabled": True}}

_OPERATOR = Share(cpu="20m", memory="192Mi", cpu_limit="500m")
_RELOADER = Share(cpu="10m", memory="64Mi", cpu_limit="100m")
_STATE_METRICS = Share(cpu="20m", memory="192Mi", cpu_limit="500m")
_GRAFANA = Share(cpu="50m", memory="384Mi", cpu_limit="1")
_SIDECAR = Share(cpu="10m", memory="128Mi", cpu_limit="100m")
_KUBELET_PORT = 10250
_HTTPS_PORT = 443
_SCRAPE_INTERVAL = "30s"
# What EKS keeps to itself, and what would need the node's own network or processes.
_NOT_HERE = ("kubeControllerManager", "kubeEtcd", "kubeScheduler", "kubeProxy", "nodeExporter")


@dataclass(frozen=True, kw_only=True)
class MonitoringSize:
    """How much is remembered: the volume in GiB, the days, and the memory in which the newest hours are held."""

    storage_gib: int
    retention_days: int
    memory: str


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Who sends recorded series, and where to; without a workspace they stay."""

    placement: Placement
    cluster: str
    workspace: WorkspaceRef | None


def policy(workspace: WorkspaceRef) -> pulumi.Output[str]:
    """Policy of Prometheus' role: it writes into one workspace and reads nothing there."""
    return iam.document_output({"Effect": "Allow", "Action": "aps:RemoteWrite", "Resource": workspace.arn})


def values(
    images: ImageSource, size: MonitoringSize, sending: Sending, *, high_availability: bool
) -> dict[str, object]:
    """Values of the chart: monitors of every namespace are read, nothing is reachable from outside the cluster.

    No Alertmanager in any tier: rules are judged in the workspace, which still speaks when the cluster does not. The
    password of Grafana's administrator is made by the chart and stays in its Secret; the published default of the chart
    is never used.
    """
    return {
        "fullnameOverride": NAMESPACE,
        "cleanPrometheusOperatorObjectNames": True,
        "crds": {"enabled": False},
        "alertmanager": {"enabled": False},
        "defaultRules": {"create": False},
        **{part: {"enabled": False} for part in _NOT_HERE},
        "prometheusOperator": {
            # The webhooks judge rules that people write; there are none but this project's.
            "admissionWebhooks": {"enabled": False},
            "tls": {"enabled": False},
            "image": _image(images.image("prometheus-operator")),
            "prometheusConfigReloader": {
                "image": _image(images.image("prometheus-config-reloader")),
                "resources": resources(_RELOADER),
            },
            "thanosImage": {"registry": images.prefix("quay.io")},  # named to the operator, never run
            "resources": resources(_OPERATOR),
            "nodeSelector": dict(NODE_SELECTOR),
            "priorityClassName": PRIORITY_CLASS,
        },
        "prometheus": {
            "podDisruptionBudget": {"enabled": high_availability},
            "prometheusSpec": {
                **_prometheus(images, size, high_availability=high_availability),
                **_sent(sending),
            },
        },
        "kube-state-metrics": {
            # This chart wants the digest with its algorithm, the others without.
            "image": _image(images.image("kube-state-metrics"), algorithm="sha256:"),
            # By their role miners are told from other namespaces, also one whose pods are all gone.
            "metricLabelsAllowlist": [f"namespaces=[{ROLE_LABEL},{STOPPED_LABEL}]"],
            "resources": resources(_STATE_METRICS),
            "nodeSelector": dict(NODE_SELECTOR),
            "priorityClassName": PRIORITY_CLASS,
        },
        "grafana": _grafana(images),
    }


def _prometheus(images: ImageSource, size: MonitoringSize, *, high_availability: bool) -> dict[str, object]:
    everything = ("podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor")
    return {
        **{f"{kind}SelectorNilUsesHelmValues": False for kind in everything},
        "image": _image(images.image("prometheus")),
        "replicas": replicas(high_availability=high_availability),
        "scrapeInterval": _SCRAPE_INTERVAL,
        "retention": f"{size.retention_days}d",
        # Prometheus needs room beside its blocks: for the log of the newest hours, and to merge older ones.
        "retentionSize": f"{size.storage_gib * 8 // 10}GiB",
        "resources": resources(Share(cpu="200m", memory=size.memory, cpu_limit="2")),
        "nodeSelector": dict(NODE_SELECTOR),
        "priorityClassName": PRIORITY_CLASS,
        "topologySpreadConstraints": zone_spread({"app.kubernetes.io/name": "prometheus"}),
        "storageSpec": {
            "volumeClaimTemplate": {
                "spec": {
                    "storageClassName": DEFAULT_CLASS,
                    "accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": f"{size.storage_gib}Gi"}},
                }
            }
        },
    }


def _sent(sending: Sending) -> dict[str, object]:
    """What leaves the cluster, and under which labels.

    Only recorded series do: they alone have colons in their names. Two replicas send the same twice; the workspace
    takes the first of each `cluster` (Amazon Managed Prometheus user guide, "Deduplicating high availability metrics").
    """
    labels = {
        "cluster": sending.cluster,
        "environment": sending.placement.environment,
        "region": sending.placement.region,
    }
    common: dict[str, object] = {
        "externalLabels": labels,
        "prometheusExternalLabelNameClear": True,
        "replicaExternalLabelName": "__replica__",
    }
    if sending.workspace is None:
        return common
    kept = {"action": "keep", "sourceLabels": ["__name__"], "regex": RECORDED}
    target = {
        "url": sending.workspace.remote_write_url,
        "sigv4": {"region": sending.workspace.region},
        "writeRelabelConfigs": [kept],
    }
    return {**common, "remoteWrite": [target]}


def _grafana(images: ImageSource) -> dict[str, object]:
    return {
        "adminPassword": "",
        "image": _image(images.image("grafana")),
        "resources": resources(_GRAFANA),
        "nodeSelector": dict(NODE_SELECTOR),
        "containerSecurityContext": dict(CONTAINER_SECURITY),
        "extraEmptyDirMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 (inside the container)
        "initChownData": {"enabled": False},
        "testFramework": {"enabled": False},
        "sidecar": {
            "image": _image(images.image("grafana-sidecar")),
            "resources": resources(_SIDECAR),
            "securityContext": dict(CONTAINER_SECURITY),
            "dashboards": {
                "folderAnnotation": "grafana_folder",
                "provider": {"foldersFromFilesStructure": True},
            },
        },
    }


def openings(vpc_cidr: str, *, sends: bool) -> tuple[Opening, ...]:
    """Prometheus asks pods of the project, the cluster's own DNS, and kubelets; its parts talk to each other.

    Where it `sends`, it alone calls AWS.
    """
    aws = (
        to_anywhere("aws", _HTTPS_PORT, pods=PROMETHEUS_LABELS),
        to_pod_identity_agent(pods=PROMETHEUS_LABELS),
    )
    return (
        *(aws if sends else ()),
        Opening(
            name="scrape",
            direction=Direction.EGRESS,
            peers=(
                Peer(role=NamespaceRole.MINER),
                Peer(role=NamespaceRole.PLATFORM),
                Peer(namespace="kube-system"),
            ),
            ports=(),
        ),
        Opening(name="kubelets", direction=Direction.EGRESS, peers=(Peer(cidr=vpc_cidr),), ports=(_KUBELET_PORT,)),
        Opening(name="own-pods", direction=Direction.INGRESS, peers=(Peer(namespace=NAMESPACE),), ports=()),
    )


def _image(image: Image, algorithm: str = "") -> dict[str, object]:
    digest = (image.digest or "").removeprefix("sha256:")
    return {
        "registry": image.registry,
        "repository": image.repository,
        "tag": image.tag,
        **({"sha": f"{algorithm}{digest}"} if digest else {}),
    }
