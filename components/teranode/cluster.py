"""What the `Cluster` resource of a miner says: a pure function of a miner's choices. No resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import pulumi

from components.images import Image
from components.teranode.chains import Chain
from components.teranode.cluster_types import (
    Affinity,
    ClusterSpec,
    DisabledEntry,
    Overrides,
    PrunerEntry,
    PrunerOverrides,
    ResourceRequirements,
    RpcEntry,
    RpcOverrides,
    ServiceEntry,
    SharedStorage,
    Toleration,
)
from components.teranode.modes import Mode
from components.teranode.services import APP_LABEL, SERVICES, SINGLETONS, Service, enabled_services
from components.teranode.sizes import REPLICAS, Scale, Size, replicas_problem, size_of

CONFIG_MAP = "teranode-settings"
"""Fixed for good: after another name operators leave the old ConfigMap beside the new one in propagation."""

SECRET = "teranode-operator-secrets"
"""The Secret that upstream's installation guide names."""

SERVICE_ACCOUNT = "teranode-operator-service-runner"
"""Under which every pod runs. The operator assumes it in the namespace; without it no pod is created."""

CLAIM = "cluster-storage"
"""The claim that the operator makes and owns: it is deleted together with the `Cluster`."""

DATA_FOLDER = "/data"

_ZONE = "topology.kubernetes.io/zone"
_STRONGEST = 100


@dataclass(frozen=True, kw_only=True)
class StorageChoice:
    """What the claim `cluster-storage` is bound to.

    - `size_gib`: of the claim; it can grow, never shrink.
    - `volume`: one PersistentVolume and no other, by name; then `storage_class` is empty. Else a class makes it.
    """

    size_gib: int
    volume: pulumi.Input[str] | None = None
    storage_class: str = ""

    def __post_init__(self) -> None:
        if self.size_gib < 1:
            raise ValueError(f"shared storage of {self.size_gib} GiB")
        if (self.volume is None) == (not self.storage_class):
            raise ValueError("shared storage is either one volume or of a storage class")


@dataclass(frozen=True, kw_only=True)
class ClusterChoices:
    """Everything in which one miner's `Cluster` may differ from another's.

    - `image`: of Teranode, pinned by tag, or tag and digest; for all services.
    - `mode`: who mines needs more.
    - `replicas`, `sizes`: of single services where the scale's do not fit.
    - `pruner_needs_data`: the operator gives the pruner no `/data`, as those up to v0.2.7-beta-1 do not. Newer ones
      do, and a second mount of the same name would clash.
    - `enabled`: False stops all services and keeps the claim; the `Cluster` itself is never deleted for that.
    """

    chain: Chain
    scale: Scale
    image: str
    storage: StorageChoice
    pruner_needs_data: bool
    mode: Mode = Mode.MINING
    enabled: bool = True
    replicas: Mapping[Service, int] = field(default_factory=lambda: MappingProxyType({}))
    sizes: Mapping[Service, Size] = field(default_factory=lambda: MappingProxyType({}))
    node_selector: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tolerations: Sequence[Toleration] = ()

    def __post_init__(self) -> None:
        if Image.parse(self.image).tag == "latest":
            raise ValueError(f"image {self.image}: a release is a version, not latest")
        running = enabled_services(self.chain)
        strangers = sorted({*self.replicas, *self.sizes} - set(running))
        if strangers:
            raise ValueError(f"not run on {self.chain}: {', '.join(strangers)}")
        problems = [replicas_problem(service, self.replicas_of(service)) for service in running]
        if any(problems):
            raise ValueError("; ".join(problem for problem in problems if problem))

    def replicas_of(self, service: Service) -> int:
        """How many replicas a service has."""
        return self.replicas.get(service, REPLICAS[self.scale][service])

    def size_of(self, service: Service) -> Size:
        """What one replica of a service asks for."""
        return self.sizes.get(service, size_of(self.scale, self.mode, service))


def cluster_spec(choices: ClusterChoices) -> ClusterSpec:
    """The spec of the `Cluster`, with all sixteen services written out.

    The image stands in two places, because the operator moves the RPC service's only while it has none of its own.
    Settings come from one ConfigMap and one Secret, both named at the level of the cluster and nowhere else.
    """
    return {
        "enabled": choices.enabled,
        "image": choices.image,
        "configMapName": CONFIG_MAP,
        "envFrom": [{"secretRef": {"name": SECRET}}],
        "sharedStorage": _shared_storage(choices.storage),
        "alertSystem": _entry(choices, Service.ALERT_SYSTEM),
        "asset": _entry(choices, Service.ASSET),
        "blockAssembly": _entry(choices, Service.BLOCK_ASSEMBLY),
        "blockPersister": _entry(choices, Service.BLOCK_PERSISTER),
        "blockValidator": _entry(choices, Service.BLOCK_VALIDATOR),
        "blockchain": _entry(choices, Service.BLOCKCHAIN),
        "bootstrap": _disabled(),
        "coinbase": _disabled(),
        "legacy": _entry(choices, Service.LEGACY),
        "peer": _entry(choices, Service.PEER),
        "propagation": _entry(choices, Service.PROPAGATION),
        "pruner": _pruner(choices),
        "rpc": _rpc(choices),
        "subtreeValidator": _entry(choices, Service.SUBTREE_VALIDATOR),
        "utxoPersister": _disabled(),
        "validator": _entry(choices, Service.VALIDATOR),
    }


def _shared_storage(storage: StorageChoice) -> SharedStorage:
    shared: SharedStorage = {
        "storageClass": storage.storage_class,
        "storageResources": {"requests": {"storage": f"{storage.size_gib}Gi"}},
    }
    if storage.volume is not None:
        shared["storageVolume"] = storage.volume
    return shared


def _disabled() -> DisabledEntry:
    return {"enabled": False, "spec": {}}


def _entry(choices: ClusterChoices, service: Service) -> ServiceEntry:
    if service not in enabled_services(choices.chain):
        return {"enabled": False, "spec": {}}
    return {"enabled": True, "spec": {"deploymentOverrides": _overrides(choices, service)}}


def _rpc(choices: ClusterChoices) -> RpcEntry:
    overrides: RpcOverrides = {**_overrides(choices, Service.RPC), "image": choices.image}
    return {"enabled": True, "spec": {"deploymentOverrides": overrides}}


def _pruner(choices: ClusterChoices) -> PrunerEntry:
    overrides: PrunerOverrides = {**_overrides(choices, Service.PRUNER)}
    if choices.pruner_needs_data:
        overrides["volumes"] = [{"name": CLAIM, "persistentVolumeClaim": {"claimName": CLAIM}}]
        overrides["volumeMounts"] = [{"name": CLAIM, "mountPath": DATA_FOLDER}]
    return {"enabled": True, "spec": {"deploymentOverrides": overrides}}


def _overrides(choices: ClusterChoices, service: Service) -> Overrides:
    overrides: Overrides = {
        "replicas": choices.replicas_of(service),
        "resources": _resources(choices.size_of(service)),
        # A tag is never moved: a registry that does not answer must not keep a pod from coming back.
        "imagePullPolicy": "IfNotPresent",
    }
    if choices.node_selector:
        overrides["nodeSelector"] = dict(choices.node_selector)
    if choices.tolerations:
        overrides["tolerations"] = list(choices.tolerations)
    # Singletons that the operator would roll: for a while two of them would run.
    if service in SINGLETONS and not SERVICES[service].recreate:
        overrides["strategy"] = {"type": "Recreate"}
    if choices.replicas_of(service) > 1:
        overrides["affinity"] = _apart(SERVICES[service].deployment)
    return overrides


def _resources(size: Size) -> ResourceRequirements:
    return {"requests": {"cpu": size.cpu, "memory": size.memory}, "limits": {"memory": size.memory_limit}}


def _apart(deployment: str) -> Affinity:
    return {
        "podAntiAffinity": {
            "preferredDuringSchedulingIgnoredDuringExecution": [
                {
                    "weight": _STRONGEST,
                    "podAffinityTerm": {
                        "labelSelector": {"matchLabels": {APP_LABEL: deployment}},
                        "topologyKey": _ZONE,
                    },
                }
            ]
        }
    }
