"""The `AssetProxy` component."""

from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import apps, core, meta

from components import workloads
from components.asset_proxy.configuration import ProxySettings, render
from components.asset_proxy.openings import ASSET_PORT, LABELS, namespace_of, openings
from components.base import Component
from components.miner_addresses import ASSETS_DOOR
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import NamespaceRole
from components.pools import GENERAL_POOL
from components.protection import Protection
from components.quantities import Request, of_share
from components.teranode import SERVICES, Service

IMAGE = "nginx"
REPLICAS = 2
_HEALTH_PORT = 8081
_FOLDER = "/etc/asset-proxy"
_FILE = "nginx.conf"
_CACHE = "/cache"
_CACHE_SIZE = "6Gi"
"""The cache's two, what exceeds them until the next sweep, and what is on its way in."""

_SHARE = workloads.Share(cpu="250m", memory="512Mi", cpu_limit="2")
_QUOTA = {"pods": "8", "persistentvolumeclaims": "0"}
"""Both replicas with their successors, twice."""

_DRAIN_SECONDS = 20
"""Until the load balancer sends no more to a pod that leaves; what is on its way has the rest of the stop."""
_STOP_SECONDS = 90


def pods() -> tuple[Request, ...]:
    """The request of each pod of one proxy."""
    return (of_share(_SHARE),) * REPLICAS


@dataclass(frozen=True, kw_only=True)
class AssetProxyArgs:
    """Arguments of `AssetProxy`.

    - `miner`: whose assets, and the name of its namespace.
    - `stopped`: the miner is, so that there is nothing to pass on.
    - `vpc_cidr`: of the load balancers.
    - `resolver`: address of the cluster's DNS servers.
    - `image`: with nginx; nothing else of it is used.
    - `requests_per_second`: of one client at one replica.
    """

    miner: str
    stopped: bool
    vpc_cidr: str
    resolver: str
    image: str
    requests_per_second: int
    provider: kubernetes.Provider
    protection: Protection


class AssetProxy(Component):
    """A caching proxy before the asset service of one miner, which lets pass what other Teranodes ask for.

    It has a namespace of its own, from which it reaches the asset pods and nothing else: whoever takes it over has no
    more of the miner than the internet has. It keeps nothing, and its cache may go at any time.
    """

    TOKEN = "teranode:asset_proxy:AssetProxy"

    namespace: NamespaceRef

    def __init__(self, name: str, args: AssetProxyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        self.namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                namespace=namespace_of(args.miner),
                provider=args.provider,
                role=NamespaceRole.PUBLIC,
                pod_security=PodSecurity.RESTRICTED,
                quota=_QUOTA,
                stopped=args.stopped,
                protection=args.protection,
                openings=openings(args.miner, args.vpc_cidr),
            ),
            opts=self._child(),
        ).ref
        account = core.v1.ServiceAccount(
            f"{name}-account",
            metadata=self._metadata(),
            automount_service_account_token=False,
            opts=self._inside(),
        )
        files = core.v1.ConfigMap(
            f"{name}-files",
            # Without a name of its own, a changed file is another ConfigMap, and the pods follow one by one.
            metadata=meta.v1.ObjectMetaArgs(namespace=self.namespace.name, labels=LABELS),
            immutable=True,
            data={_FILE: render(self._settings())},
            opts=self._child(provider=args.provider, depends_on=self.namespace.ready),
        )
        self._deployment(account, files)
        kubernetes.policy.v1.PodDisruptionBudget(
            f"{name}-budget",
            metadata=self._metadata(),
            spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1, selector=meta.v1.LabelSelectorArgs(match_labels=LABELS)
            ),
            opts=self._child(provider=args.provider, depends_on=self.namespace.ready, delete_before_replace=True),
        )
        self.register_outputs({})

    def _settings(self) -> ProxySettings:
        args = self._args
        return ProxySettings(
            asset=f"{SERVICES[Service.ASSET].service}.{args.miner}.svc.cluster.local:{ASSET_PORT}",
            resolver=args.resolver,
            balancers=args.vpc_cidr,
            port=ASSETS_DOOR.port,
            health_port=_HEALTH_PORT,
            requests_per_second=args.requests_per_second,
            cache=_CACHE,
        )

    def _deployment(self, account: core.v1.ServiceAccount, files: core.v1.ConfigMap) -> None:
        selector = meta.v1.LabelSelectorArgs(match_labels=LABELS)
        pod = core.v1.PodSpecArgs(
            service_account_name=account.metadata.name,
            automount_service_account_token=False,
            enable_service_links=False,
            node_selector=GENERAL_POOL,
            security_context=workloads.pod_security(),
            termination_grace_period_seconds=_STOP_SECONDS,
            topology_spread_constraints=[
                core.v1.TopologySpreadConstraintArgs(
                    max_skew=1,
                    topology_key=key,
                    # A replica beside the other is better than none.
                    when_unsatisfiable="ScheduleAnyway",
                    label_selector=selector,
                    match_label_keys=["pod-template-hash"],
                )
                for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
            ],
            containers=[self._container()],
            volumes=[
                core.v1.VolumeArgs(
                    name="files", config_map=core.v1.ConfigMapVolumeSourceArgs(name=files.metadata.name)
                ),
                workloads.scratch("cache", _CACHE_SIZE),
            ],
        )
        apps.v1.Deployment(
            f"{self._label}-deployment",
            metadata=self._metadata(),
            spec=apps.v1.DeploymentSpecArgs(
                replicas=0 if self._args.stopped else REPLICAS,
                strategy=apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=apps.v1.RollingUpdateDeploymentArgs(max_unavailable=0, max_surge=1),
                ),
                selector=selector,
                template=core.v1.PodTemplateSpecArgs(metadata=meta.v1.ObjectMetaArgs(labels=LABELS), spec=pod),
            ),
            opts=self._inside(),
        )

    def _container(self) -> core.v1.ContainerArgs:
        return core.v1.ContainerArgs(
            name=ASSETS_DOOR.app,
            image=self._args.image,
            image_pull_policy="IfNotPresent",
            # By itself: the image's own entry point wants to write to its file system. Nor does nginx then try the
            # log file that it was built with.
            command=["nginx", "-e", "stderr", "-c", f"{_FOLDER}/{_FILE}"],
            ports=[core.v1.ContainerPortArgs(name="proxy", container_port=ASSETS_DOOR.port)],
            resources=workloads.resources(_SHARE),
            security_context=workloads.container_security(),
            lifecycle=core.v1.LifecycleArgs(
                pre_stop=core.v1.LifecycleHandlerArgs(sleep=core.v1.SleepActionArgs(seconds=_DRAIN_SECONDS))
            ),
            volume_mounts=[
                core.v1.VolumeMountArgs(name="files", mount_path=_FOLDER, read_only=True),
                core.v1.VolumeMountArgs(name="cache", mount_path=_CACHE),
            ],
            readiness_probe=_probe(period_seconds=5, failures=2),
            liveness_probe=_probe(period_seconds=20, failures=3),
        )

    def _metadata(self) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(name=ASSETS_DOOR.app, namespace=self.namespace.name, labels=LABELS)

    def _inside(self) -> pulumi.ResourceOptions:
        """Options of what has a fixed name in the namespace: its successor cannot exist beside it."""
        return self._child(provider=self._args.provider, depends_on=self.namespace.ready, delete_before_replace=True)


def _probe(*, period_seconds: int, failures: int) -> core.v1.ProbeArgs:
    """Of nginx alone: where the miner does not answer, another pod of the proxy would not help."""
    return core.v1.ProbeArgs(
        http_get=core.v1.HTTPGetActionArgs(path="/healthz", port=_HEALTH_PORT),
        period_seconds=period_seconds,
        timeout_seconds=3,
        failure_threshold=failures,
    )
