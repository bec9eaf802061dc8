"""A region's Kubernetes cluster on EKS: control plane, access, nodes, add-ons and storage classes."""

from components.eks.args import (
    AccessRoles,
    AddonVersions,
    Architecture,
    Capacity,
    ClusterRef,
    CsiDriver,
    EksClusterArgs,
    EndpointAccess,
    NodePool,
    StoragePool,
)
from components.eks.cluster import EksCluster

__all__ = [
    "AccessRoles",
    "AddonVersions",
    "Architecture",
    "Capacity",
    "ClusterRef",
    "CsiDriver",
    "EksCluster",
    "EksClusterArgs",
    "EndpointAccess",
    "NodePool",
    "StoragePool",
]
