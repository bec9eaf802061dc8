"""Aerospike operator: volumes of a store and what becomes of them. Source: aerospike-kubernetes-operator 4.5."""

from typing import Annotated, Literal

from simulator.custom_resources.base import (
    BuiltIn,
    LabelSelector,
    NonNegative,
    Part,
    Quantity,
    TemplateMetadata,
)

InitMethod = Literal["none", "dd", "headerCleanup", "blkdiscard", "blkdiscardWithHeaderCleanup", "deleteFiles"]
WipeMethod = Literal["dd", "blkdiscard", "deleteFiles"]
KeyToPath = Annotated[object, BuiltIn("io.k8s.api.core.v1.KeyToPath")]


class VolumePolicy(Part):
    """What is done to volumes of one mode at their first use, before reuse, and when the cluster goes."""

    cascade_delete: bool | None = None
    init_method: InitMethod | None = None
    wipe_method: WipeMethod | None = None


class MountOptions(Part):
    """How a volume is mounted."""

    mount_propagation: str | None = None
    read_only: bool | None = None
    sub_path: str | None = None
    sub_path_expr: str | None = None


class ServerPath(Part):
    """Where the server sees a volume."""

    path: str
    mount_options: MountOptions | None = None


class ContainerPath(ServerPath):
    """Where another container sees a volume."""

    container_name: str


class PersistentVolume(Part):
    """A claim that each pod has of its own."""

    size: Quantity
    storage_class: str
    volume_mode: Literal["Block", "Filesystem"]
    access_modes: list[Literal["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]] | None = None
    metadata: TemplateMetadata | None = None
    selector: LabelSelector | None = None


class SecretSource(Part):
    """Files from a Secret."""

    secret_name: str | None = None
    items: list[KeyToPath] | None = None
    default_mode: int | None = None
    optional: bool | None = None


class ConfigMapSource(Part):
    """Files from a ConfigMap."""

    name: str | None = None
    items: list[KeyToPath] | None = None
    default_mode: int | None = None
    optional: bool | None = None


class EmptyDir(Part):
    """A folder that lives as long as its pod."""

    medium: str | None = None
    size_limit: Quantity | None = None


class Source(Part):
    """Where a volume comes from. Host paths are not taught on purpose."""

    config_map: ConfigMapSource | None = None
    empty_dir: EmptyDir | None = None
    persistent_volume: PersistentVolume | None = None
    secret: SecretSource | None = None


class Volume(VolumePolicy):
    """One volume and who sees it."""

    name: str
    source: Source | None = None
    aerospike: ServerPath | None = None
    init_containers: list[ContainerPath] | None = None
    sidecars: list[ContainerPath] | None = None


class Storage(Part):
    """All volumes of a pod, and what happens to disks that died with their node."""

    block_volume_policy: VolumePolicy | None = None
    filesystem_volume_policy: VolumePolicy | None = None
    cleanup_threads: NonNegative | None = None
    delete_local_storage_on_pod_recovery: bool | None = None
    delete_local_storage_on_restart: bool | None = None
    local_storage_classes: list[str] | None = None
    volumes: list[Volume] | None = None
