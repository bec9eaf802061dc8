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

__all__ = [
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
