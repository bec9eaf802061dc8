"""A region's Kubernetes cluster on EKS: control plane, access, nodes, add-ons and storage classes."""

from components.eks.args import (
    AccessRoles,
    Architecture,
    Capacity,
    ClusterRef,
    ClusterVersions,
    CsiDriver,
    EksClusterArgs,
    EndpointAccess,
    NodePool,
    StoragePool,
)
from components.eks.cluster import EksCluster
from components.eks.node_groups import POOL_LABEL, STORAGE_TAINT

__all__ = [
    "POOL_LABEL",
    "STORAGE_TAINT",
    "AccessRoles",
    "Architecture",
    "Capacity",
    "ClusterRef",
    "ClusterVersions",
    "CsiDriver",
    "EksCluster",
    "EksClusterArgs",
    "EndpointAccess",
    "NodePool",
    "StoragePool",
]
