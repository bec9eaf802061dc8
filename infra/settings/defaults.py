"""What holds where a stack file says nothing: one table per tier, and the guard rails that no key can lower."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from infra.catalog import Architecture
from infra.settings.fields import Capacity, EndpointAccess, InterfaceEndpoints, NatMode, Tier

STANDARD_ENDPOINTS = ("ec2", "ecr.api", "ecr.dkr", "eks-auth", "kms", "logs", "secretsmanager", "sts")
"""AWS services that nodes and operators call (control NET-11); short names, as in `com.amazonaws.<region>.<name>`."""

SESSION_ENDPOINTS = ("ec2messages", "ssm", "ssmmessages")
"""Added where the Kubernetes API is private: the access host is reached by Session Manager and by nothing else."""

KUBERNETES_SERVICE_CIDR = "172.20.0.0/16"
"""Addresses of Kubernetes services in every cluster; stated, because EKS else picks one of two by the VPC's block."""


DEFAULT_ARCHITECTURE: Architecture = "arm64"
"""Graviton costs about a fifth less than the same size of x86; Teranode's images exist for both."""


@dataclass(frozen=True, slots=True)
class PoolDefaults:
    """Default size of an autoscaled pool; the instance types depend on the architecture."""

    instance_types: Mapping[Architecture, tuple[str, ...]]
    min_nodes_per_zone: int
    max_nodes_per_zone: int
    disk_gib: int
    capacity: Capacity = "onDemand"


@dataclass(frozen=True, slots=True)
class StorageDefaults:
    """Default storage pool."""

    instance_type: str
    nodes_per_zone: int


@dataclass(frozen=True, slots=True)
class TierDefaults:
    """Everything that follows from the tier alone.

    The first block are defaults that a stack file may change, the second are guard rails that it may not:
    `protect` (Pulumi's lock), `deletion_protection` (the cloud's lock), `kms_deletion_window_days`,
    `retain_volumes` (a volume outlives its claim), `zonal_shift`,
    `force_destroy` (a bucket is deleted with its objects), `object_lock_days` (a backup cannot be deleted before; 0 is
    no lock).
    """

    zones_per_region: int
    nat: NatMode
    interface_endpoints: InterfaceEndpoints
    endpoint_access: EndpointAccess
    log_retention_days: int
    system: PoolDefaults
    general: PoolDefaults
    storage: Mapping[str, StorageDefaults]

    min_zones: int
    min_log_retention_days: int
    min_storage_nodes_per_zone: int
    protect: bool
    deletion_protection: bool
    kms_deletion_window_days: int
    retain_volumes: bool
    zonal_shift: bool
    force_destroy: bool
    object_lock_days: int


# m7g first: current Graviton, offered in 28 of the 30 regions with data; m6g is offered in all of them.
_TESTING = TierDefaults(
    zones_per_region=2,
    nat="single",
    interface_endpoints="none",
    endpoint_access="restricted",
    log_retention_days=30,
    system=PoolDefaults(
        instance_types={"arm64": ("m7g.large",), "amd64": ("m7i.large",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=2,
        disk_gib=50,
    ),
    # A miner's eleven services ask for about 16 CPU and 45 GiB at upstream's replica counts.
    general=PoolDefaults(
        instance_types={"arm64": ("m7g.2xlarge",), "amd64": ("m7i.2xlarge",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=3,
        disk_gib=100,
    ),
    # i4i is the NVMe family with the widest offer; a regtest UTXO set fits its smallest size.
    storage={"aerospike": StorageDefaults(instance_type="i4i.large", nodes_per_zone=1)},
    min_zones=2,
    min_log_retention_days=30,
    min_storage_nodes_per_zone=1,
    protect=False,
    deletion_protection=False,
    kms_deletion_window_days=7,
    retain_volumes=False,
    zonal_shift=False,
    force_destroy=True,
    object_lock_days=0,
)

_MAINNET = TierDefaults(
    zones_per_region=3,
    nat="perZone",
    interface_endpoints="standard",
    endpoint_access="private",
    log_retention_days=365,
    system=PoolDefaults(
        instance_types={"arm64": ("m7g.xlarge",), "amd64": ("m7i.xlarge",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=2,
        disk_gib=50,
    ),
    general=PoolDefaults(
        instance_types={"arm64": ("m7g.4xlarge",), "amd64": ("m7i.4xlarge",)},
        min_nodes_per_zone=1,
        max_nodes_per_zone=3,
        disk_gib=200,
    ),
    # The mainnet UTXO set is about 500 GB, held twice: six nodes of 3.75 TB and 128 GiB can lose a zone.
    storage={"aerospike": StorageDefaults(instance_type="i7i.4xlarge", nodes_per_zone=2)},
    min_zones=3,
    min_log_retention_days=365,
    min_storage_nodes_per_zone=2,
    protect=True,
    deletion_protection=True,
    kms_deletion_window_days=30,
    retain_volumes=True,
    zonal_shift=True,
    force_destroy=False,
    object_lock_days=30,
)

TIER_DEFAULTS: Mapping[Tier, TierDefaults] = MappingProxyType({"testing": _TESTING, "mainnet": _MAINNET})
