"""What a cluster is asked for, and what it tells others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pulumi
import pulumi_kubernetes as kubernetes

from components.network import NetworkRef
from components.placement import Placement
from components.protection import Protection


class Architecture(StrEnum):
    """Processor architecture of a pool's nodes, in Kubernetes' spelling (`kubernetes.io/arch`)."""

    ARM64 = "arm64"
    AMD64 = "amd64"


class Capacity(StrEnum):
    """How a pool buys its instances. Spot instances are taken back at two minutes' notice."""

    ON_DEMAND = "onDemand"
    SPOT = "spot"


class EndpointAccess(StrEnum):
    """Who reaches the Kubernetes API."""

    RESTRICTED = "restricted"  # the VPC, and listed networks over the internet
    PRIVATE = "private"  # the VPC only; people come in through `Access`


class CsiDriver(StrEnum):
    """Storage drivers that only some environments need; EBS is always there."""

    EFS = "aws-efs-csi-driver"
    FSX = "aws-fsx-csi-driver"


@dataclass(frozen=True, kw_only=True)
class NodePool:
    """A pool whose nodes are interchangeable: one group per zone, so that a new zone adds a group and replaces none.

    - `min_nodes_per_zone`, `max_nodes_per_zone`: a group starts with the first; whoever adds nodes stays within them,
      one zone at a time, which is what volumes that are bound to a zone need. Nothing here adds any.
    - `disk_gib`: the root volume: images, logs and emptyDir.
    """

    name: str
    architecture: Architecture
    instance_types: tuple[str, ...]
    min_nodes_per_zone: int
    max_nodes_per_zone: int
    disk_gib: int
    capacity: Capacity = Capacity.ON_DEMAND

    def __post_init__(self) -> None:
        if not self.instance_types:
            raise ValueError(f"pool {self.name} names no instance type")
        if not 0 <= self.min_nodes_per_zone <= self.max_nodes_per_zone or self.max_nodes_per_zone < 1:
            raise ValueError(
                f"pool {self.name}: {self.min_nodes_per_zone} to {self.max_nodes_per_zone} nodes per zone do not fit"
            )


@dataclass(frozen=True, kw_only=True)
class StoragePool:
    """Nodes whose local NVMe disks hold data: one fixed-size group per zone, tainted for its tenants.

    The disks are left raw. Losing a node loses its disks, so nothing scales, repairs or force-updates these groups,
    and a new machine image comes by a second pool (blue and green).
    """

    name: str
    architecture: Architecture
    instance_type: str
    nodes_per_zone: int
    zones: tuple[str, ...]
    disk_gib: int = 100

    def __post_init__(self) -> None:
        if self.nodes_per_zone < 1 or not self.zones:
            raise ValueError(f"storage pool {self.name} needs at least one zone and one node per zone")


@dataclass(frozen=True, kw_only=True)
class AccessRoles:
    """IAM roles that reach the Kubernetes API, by class. Nobody else does, not even the cluster's creator.

    - `deploy`: runs `pulumi up`; cluster administrator, since operators bring cluster roles of their own.
    - `admin`: break-glass; cluster administrator.
    - `operator`: sees everything but secrets, restarts and scales workloads, forwards ports; see `OperatorRights`.
    - `read_only`, `preview`: see everything but secrets; `preview` is the one that pull requests use.
    - `drift`: sees all kinds that this program makes, of secrets only what Helm keeps of charts; see `DriftRights`.
    """

    deploy: str
    admin: str
    operator: str | None = None
    read_only: str | None = None
    preview: str | None = None
    drift: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClusterVersions:
    """Exact builds that belong to one Kubernetes minor: of the managed add-ons, by name, and of the node image.

    `node_release` has EKS's form `<kubelet version>-<date>`.
    """

    addons: Mapping[str, str]
    node_release: str


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """Arguments of `EksCluster`.

    - `cluster_name`: physical name, fixed by `components.naming.cluster_name`.
    - `kubernetes_version`: `1.NN`, one minor step at a time.
    - `service_cidr`: addresses of Kubernetes services, outside every VPC of the mesh; create-only.
    - `api_cidrs`: networks that may reach a restricted endpoint; not empty then; without effect on a private one.
    - `log_retention_days`: of the control-plane logs; `log_key_arn` encrypts them.
    - `csi_drivers`: drivers beside EBS's.
    """

    placement: Placement
    cluster_name: str
    kubernetes_version: str
    service_cidr: str
    network: NetworkRef
    endpoint_access: EndpointAccess
    api_cidrs: tuple[str, ...]
    access: AccessRoles
    pools: tuple[NodePool, ...]
    storage_pools: tuple[StoragePool, ...]
    versions: ClusterVersions
    log_retention_days: int
    log_key_arn: pulumi.Input[str]
    protection: Protection
    csi_drivers: frozenset[CsiDriver] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if self.endpoint_access is EndpointAccess.RESTRICTED and not self.api_cidrs:
            raise ValueError("a restricted endpoint needs the networks that may reach it (api_cidrs)")
        if not self.pools:
            raise ValueError("a cluster needs at least one pool that is not tainted, or its add-ons find no node")


@dataclass(frozen=True, kw_only=True)
class ClusterRef:
    """A cluster as other components see it.

    - `provider`: the Kubernetes provider of this cluster; it waits for the deploy role's access.
    - `node_security_group_id`: source of everything that nodes and pods send.
    - `drift_group`: the Kubernetes group that looks for drift; None if nobody does.
    - `workloads_ready`: what a pod needs before it can be scheduled, named and given storage.
    - `storage_ready`: the nodes with local disks, by pool. What runs on them must depend on them, or a destroy
      would take the nodes first and leave nobody to finish the pods.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    provider: kubernetes.Provider
    cluster_security_group_id: pulumi.Output[str]
    node_security_group_id: pulumi.Output[str]
    volume_key_arn: pulumi.Output[str]
    workloads_ready: tuple[pulumi.Resource, ...]
    storage_ready: Mapping[str, tuple[pulumi.Resource, ...]]
    drift_group: str | None = None
