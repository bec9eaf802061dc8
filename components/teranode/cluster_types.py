"""The parts of the `Cluster` resource that this project sets, typed: anything else is a type error.

Source: `config/crd/bases/teranode.bsvblockchain.org_clusters.yaml` and `api/v1alpha1/` of teranode-operator. What is
left out is left out on purpose: see the notes at each part. Keys are those of the resource, in its own spelling.
"""

from typing import Literal, NotRequired, TypedDict

import pulumi

API_VERSION = "teranode.bsvblockchain.org/v1alpha1"
KIND = "Cluster"


class ResourceRequirements(TypedDict):
    """Replaces the operator's block as a whole, so both halves are always written."""

    requests: dict[str, str]
    limits: dict[str, str]


class Toleration(TypedDict):
    """A taint that pods put up with."""

    key: str
    operator: NotRequired[Literal["Equal", "Exists"]]
    value: NotRequired[str]
    effect: NotRequired[Literal["NoSchedule", "PreferNoSchedule", "NoExecute"]]


class LabelSelector(TypedDict):
    """Pods by their labels."""

    matchLabels: dict[str, str]


class PodAffinityTerm(TypedDict):
    """Pods near which another should not stand."""

    labelSelector: LabelSelector
    topologyKey: str


class WeightedPodAffinityTerm(TypedDict):
    """A wish; 100 is the strongest."""

    weight: int
    podAffinityTerm: PodAffinityTerm


class PodAntiAffinity(TypedDict):
    """Wishes only: where one zone is lost, standing together is better than not at all."""

    preferredDuringSchedulingIgnoredDuringExecution: list[WeightedPodAffinityTerm]


class Affinity(TypedDict):
    """Replaces the operator's own."""

    podAntiAffinity: PodAntiAffinity


class Strategy(TypedDict):
    """How a Deployment changes its pods."""

    type: Literal["Recreate"]


class Overrides(TypedDict, total=False):
    """What a service's Deployment has otherwise than by the operator's default.

    No `env`, `envFrom`, `configMapName` and `imagePullSecrets`: operators up to v0.2.6 append them anew on every pass
    and roll propagation out without end, and settings of one service would contradict those of the cluster. No `image`:
    the cluster's wins, except in `RpcOverrides`. No `command`, `args`, `serviceAccount`: the operator's are right. No
    `volumes`: they are silently lost in four services and needed in one, `PrunerOverrides`.
    """

    nodeSelector: dict[str, str]
    tolerations: list[Toleration]
    affinity: Affinity
    resources: ResourceRequirements
    imagePullPolicy: Literal["IfNotPresent"]
    replicas: int
    strategy: Strategy


class RpcOverrides(Overrides, total=False):
    """The RPC service takes the cluster's image only while it has none of its own: a release writes both."""

    image: str


class ClaimReference(TypedDict):
    """A claim by its name."""

    claimName: str


class Volume(TypedDict):
    """A volume that a claim holds."""

    name: str
    persistentVolumeClaim: ClaimReference


class VolumeMount(TypedDict):
    """Where a volume is seen."""

    name: str
    mountPath: str


class PrunerOverrides(Overrides, total=False):
    """The pruner alone needs a volume that some operators do not give it."""

    volumes: list[Volume]
    volumeMounts: list[VolumeMount]


class ServiceSpec(TypedDict, total=False):
    """Ingresses are not set: the operator's are broken, and balancers are this project's."""

    deploymentOverrides: Overrides


class RpcSpec(TypedDict, total=False):
    """Of the RPC service."""

    deploymentOverrides: RpcOverrides


class PrunerSpec(TypedDict, total=False):
    """Of the pruner."""

    deploymentOverrides: PrunerOverrides


class NothingToSet(TypedDict):
    """Of services that never run here: their fields differ from the others', and null is refused."""


class ServiceEntry(TypedDict):
    """One service; both members are required by the definition."""

    enabled: bool
    spec: ServiceSpec


class RpcEntry(TypedDict):
    """The RPC service."""

    enabled: bool
    spec: RpcSpec


class PrunerEntry(TypedDict):
    """The pruner."""

    enabled: bool
    spec: PrunerSpec


class DisabledEntry(TypedDict):
    """A service that never runs here."""

    enabled: Literal[False]
    spec: NothingToSet


class SecretReference(TypedDict):
    """A Secret by its name."""

    name: str


class EnvironmentSource(TypedDict):
    """A Secret whose keys become variables of every container."""

    secretRef: SecretReference


class StorageResources(TypedDict):
    """How large the claim is: 2400Gi by the operator's default."""

    requests: dict[str, str]


class SharedStorage(TypedDict):
    """The claim `cluster-storage`. An empty class and a volume bind it to one volume and no other."""

    storageClass: str
    storageResources: StorageResources
    storageVolume: NotRequired[pulumi.Input[str]]


class ClusterSpec(TypedDict):
    """The whole spec; the definition requires all sixteen services, the name of a ConfigMap and the storage.

    No `env` and no `imagePullSecrets`: see `Overrides`. No `additionalIngresses`.
    """

    enabled: bool
    image: str
    configMapName: str
    envFrom: list[EnvironmentSource]
    sharedStorage: SharedStorage
    alertSystem: ServiceEntry
    asset: ServiceEntry
    blockAssembly: ServiceEntry
    blockPersister: ServiceEntry
    blockValidator: ServiceEntry
    blockchain: ServiceEntry
    bootstrap: DisabledEntry
    coinbase: DisabledEntry
    legacy: ServiceEntry
    peer: ServiceEntry
    propagation: ServiceEntry
    pruner: PrunerEntry
    rpc: RpcEntry
    subtreeValidator: ServiceEntry
    utxoPersister: DisabledEntry
    validator: ServiceEntry
