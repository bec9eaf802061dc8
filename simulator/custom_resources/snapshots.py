"""CSI snapshots: how a driver takes them. Source: kubernetes-csi/external-snapshotter, API v1."""

from typing import Literal

from simulator.custom_resources.base import Definition, Labels, Part


class VolumeSnapshotClass(Part):
    """The driver that takes snapshots, and what becomes of one when its object is deleted."""

    driver: str
    deletion_policy: Literal["Delete", "Retain"]
    parameters: Labels | None = None


DEFINITIONS = (
    Definition("snapshot.storage.k8s.io/v1", "VolumeSnapshotClass", VolumeSnapshotClass, cluster_scoped=True),
)
