"""Local disks: each raw NVMe disk of a storage node as a volume, for as long as the node lives."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components import workloads
from components.base import Component
from components.images import ImageSource
from components.namespace import PodSecurity
from components.platform.chart import Chart, ChartArgs, ClusterContext
from components.platform.sources import ChartSource
from components.platform.values import resources
from components.pools import LOCAL_DISKS_FOLDER, STORAGE_TAINT, SYSTEM_POOL
from components.workloads import Share

NAMESPACE = "local-disks"
STORAGE_CLASS = "local-nvme"

_PROVISIONER = Share(cpu="10m", memory="128Mi", cpu_limit="500m")
_CLEANUP = Share(cpu="10m", memory="128Mi", cpu_limit="200m")
_CLEANUP_NAME = "node-cleanup"
_METRICS_PORT = 8080

# The controller's own documentation: what it reads, and what it removes once a node is gone.
_CLEANUP_RULES = (
    ("persistentvolumes", ("delete", "get", "list", "watch")),
    ("persistentvolumeclaims", ("delete", "get", "list", "watch")),
    ("nodes", ("get", "list", "watch")),
    ("events", ("create",)),
)


def values(images: ImageSource) -> dict[str, object]:
    """Values of the chart: a pod on every storage node, which hands out disks as raw block devices.

    Privileged, because it opens the node's devices and wipes a released one (`blkdiscard`: what it held cannot be read
    by the next owner). The class deletes: a released disk is free again, its data was its node's.
    """
    return {
        "fullnameOverride": NAMESPACE,
        "image": images.reference("local-volume-provisioner"),
        "classes": [
            {
                "name": STORAGE_CLASS,
                "hostDir": LOCAL_DISKS_FOLDER,
                "volumeMode": "Block",
                "blockCleanerCommand": ["/scripts/blkdiscard.sh"],
                "storageClass": {"reclaimPolicy": "Delete", "isDefaultClass": False},
            }
        ],
        "privileged": True,
        "priorityClassName": "system-node-critical",
        "resources": resources(_PROVISIONER),
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [{"matchExpressions": [{"key": STORAGE_TAINT, "operator": "Exists"}]}]
                }
            }
        },
        "tolerations": [{"key": STORAGE_TAINT, "operator": "Exists"}],
    }


@dataclass(frozen=True, kw_only=True)
class LocalDisksArgs:
    """Arguments of `LocalDisks`."""

    context: ClusterContext
    source: ChartSource
    images: ImageSource


class LocalDisks(Component):
    """The storage class `local-nvme`, the provisioner behind it, and the controller that buries lost disks.

    A disk is found because the node's first boot linked it (see `NodeGroups`). When a node is gone for good, its
    volumes and their claims are removed, or the pod that had them would wait for it for ever; a StatefulSet's pod then
    gets new ones elsewhere, empty.
    """

    TOKEN = "teranode:platform:LocalDisks"

    ready: tuple[pulumi.Resource, ...]

    def __init__(self, name: str, args: LocalDisksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        chart = Chart(
            f"{name}-provisioner",
            ChartArgs(
                context=args.context,
                source=args.source,
                namespace=NAMESPACE,
                values=values(args.images),
                definitions=None,
                pod_security=PodSecurity.PRIVILEGED,
            ),
            opts=self._child(),
        )
        self._namespace = chart.namespace
        self.ready = (*chart.ready, self._cleanup())
        self.register_outputs({})

    def _cleanup(self) -> kubernetes.apps.v1.Deployment:
        labels = {"app.kubernetes.io/name": _CLEANUP_NAME}
        binding = self._cleanup_rights()
        return kubernetes.apps.v1.Deployment(
            f"{self._logical_name}-cleanup",
            metadata=self._metadata(),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                # It elects no leader: a second one would remove the same claims once more.
                replicas=1,
                strategy=kubernetes.apps.v1.DeploymentStrategyArgs(type="Recreate"),
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=labels),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=labels), spec=self._pod()
                ),
            ),
            opts=self._child(
                provider=self._namespace.provider,
                depends_on=[*self._args.context.after, *self._namespace.ready, binding],
                delete_before_replace=True,
            ),
        )

    def _pod(self) -> kubernetes.core.v1.PodSpecArgs:
        probe = kubernetes.core.v1.HTTPGetActionArgs(path="/metrics", port=_METRICS_PORT)
        return kubernetes.core.v1.PodSpecArgs(
            service_account_name=_CLEANUP_NAME,
            automount_service_account_token=True,  # it watches nodes and volumes: that is all it does
            enable_service_links=False,
            node_selector=SYSTEM_POOL,
            priority_class_name="system-cluster-critical",
            security_context=workloads.pod_security(),
            containers=[
                kubernetes.core.v1.ContainerArgs(
                    name=_CLEANUP_NAME,
                    image=self._args.images.reference("local-volume-node-cleanup"),
                    args=[
                        f"--storageclass-names={STORAGE_CLASS}",
                        "--pvc-deletion-delay=60s",
                        "--stale-pv-discovery-interval=10s",
                    ],
                    ports=[kubernetes.core.v1.ContainerPortArgs(name="metrics", container_port=_METRICS_PORT)],
                    liveness_probe=kubernetes.core.v1.ProbeArgs(http_get=probe, initial_delay_seconds=15),
                    readiness_probe=kubernetes.core.v1.ProbeArgs(http_get=probe, initial_delay_seconds=5),
                    resources=workloads.resources(_CLEANUP),
                    security_context=workloads.container_security(),
                )
            ],
        )

    def _cleanup_rights(self) -> pulumi.Resource:
        provider = self._namespace.provider
        account = kubernetes.core.v1.ServiceAccount(
            f"{self._logical_name}-cleanup-account",
            metadata=self._metadata(),
            automount_service_account_token=False,
            opts=self._child(provider=provider, depends_on=self._namespace.ready, delete_before_replace=True),
        )
        role = kubernetes.rbac.v1.ClusterRole(
            f"{self._logical_name}-cleanup-role",
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=[kind], verbs=list(verbs))
                for kind, verbs in _CLEANUP_RULES
            ],
            opts=self._child(provider=provider),
        )
        return kubernetes.rbac.v1.ClusterRoleBinding(
            f"{self._logical_name}-cleanup-binding",
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io",
                kind="ClusterRole",
                name=role.metadata.name.apply(lambda found: found or ""),
            ),
            subjects=[kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=_CLEANUP_NAME, namespace=NAMESPACE)],
            opts=self._child(provider=provider, depends_on=[account]),
        )

    def _metadata(self) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=_CLEANUP_NAME, namespace=NAMESPACE)
