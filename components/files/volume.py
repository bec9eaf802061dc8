"""The volume on which a miner keeps its files."""

from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.files.args import EFS_NOMINAL_GIB, SharedFilesRef, VolumeRef, VolumeSource
from components.files.lustre import Lustre
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedLustre

CLAIM_NAME = "cluster-storage"
"""The claim that Teranode's operator makes in the miner's namespace; the name is its contract."""

_EFS_DRIVER = "efs.csi.aws.com"
_EFS_USER_ID = 1_000
"""Who owns a miner's files on EFS. Teranode's containers run as root; the access point makes them this user, so that
the file system needs to trust no client's root."""

_EFS_MOUNT_OPTIONS = ("noresvport", "lookupcache=positive")
"""A new port after a broken connection, as EFS asks for; and no memory of names that did not exist: a lock file that
another node has made is seen at once. What exists may be remembered, since creation with O_EXCL and rename are decided
by the server, and a file is read anew when it is opened (NFS close-to-open)."""


@dataclass(frozen=True, kw_only=True)
class SharedVolumeArgs:
    """Arguments of `SharedVolume`; `miner` is also the namespace of the claim."""

    placement: Placement
    miner: str
    files: SharedFilesRef
    provider: kubernetes.Provider
    protection: Protection


class SharedVolume(Component):
    """A miner's own part of the shared files, and the PersistentVolume that only its claim can bind.

    By what the region offers that part is a Lustre file system, an access point of EFS, or a directory of the Lustre
    file system that all share. The volume is made by hand, not by a storage class: a class would make a second file
    system for every claim that it loses sight of.

    The operator owns the claim, and the claim goes with the operator's resource. The volume then stays, `Released`,
    with all files, and binds again once `spec.claimRef.uid` is taken out of it (docs/stores.md).
    """

    TOKEN = "teranode:files:SharedVolume"

    ref: VolumeRef

    def __init__(self, name: str, args: SharedVolumeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self._own: WatchedLustre | None = None
        source, directory = self._source()
        volume = self._volume(source)
        self.ref = VolumeRef(
            name=volume.metadata.apply(lambda metadata: metadata.name or ""),
            capacity_gib=source.capacity_gib,
            directory=directory,
            zone=source.zone,
            ready=(volume, *source.ready),
            watched=self._own,
        )
        self.register_outputs({"volume": self.ref.name})

    def _source(self) -> tuple[VolumeSource, str]:
        """What the miner mounts, and the directory of it that is the miner's."""
        files, miner = self._args.files, self._args.miner
        if files.lustre is not None:
            # The file system is the miner's alone: it is held as the miner is, not as the region.
            own = replace(files.lustre, protection=self._args.protection)
            lustre = Lustre(f"{self._logical_name}-lustre", own, opts=self._child())
            self._own = lustre.watched
            return lustre.source, ""
        if files.shared is not None:
            return files.shared, miner
        if files.efs_id is None:
            raise ValueError("shared files offer no way to a volume")
        return self._access_point(files.efs_id, files.efs_ready), ""

    def _access_point(self, file_system_id: pulumi.Output[str], ready: tuple[pulumi.Resource, ...]) -> VolumeSource:
        args = self._args
        point = aws.efs.AccessPoint(
            f"{self._logical_name}-access-point",
            file_system_id=file_system_id,
            posix_user=aws.efs.AccessPointPosixUserArgs(uid=_EFS_USER_ID, gid=_EFS_USER_ID),
            root_directory=aws.efs.AccessPointRootDirectoryArgs(
                path=f"/{args.miner}",
                creation_info=aws.efs.AccessPointRootDirectoryCreationInfoArgs(
                    owner_uid=_EFS_USER_ID, owner_gid=_EFS_USER_ID, permissions="0700"
                ),
            ),
            tags={"Name": f"{args.placement.environment}-{args.miner}", "data-class": "files"},
            opts=self._child(protect=args.protection.protect, retain_on_delete=args.protection.protect),
        )
        return VolumeSource(
            driver=_EFS_DRIVER,
            handle=pulumi.Output.concat(file_system_id, "::", point.id),
            attributes={"encryptInTransit": "true"},
            mount_options=_EFS_MOUNT_OPTIONS,
            capacity_gib=EFS_NOMINAL_GIB,
            ready=(point, *ready),
        )

    def _volume(self, source: VolumeSource) -> kubernetes.core.v1.PersistentVolume:
        args = self._args
        # Kubernetes tells volumes apart by their handle. Neither driver looks up a file system by it to mount one.
        shared = args.files.shared is not None
        handle = pulumi.Output.concat(source.handle, "-", args.miner) if shared else source.handle
        return kubernetes.core.v1.PersistentVolume(
            f"{self._logical_name}-volume",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(name=f"{args.miner}-{CLAIM_NAME}"),
            spec=kubernetes.core.v1.PersistentVolumeSpecArgs(
                access_modes=["ReadWriteMany"],
                capacity={"storage": f"{source.capacity_gib}Gi"},
                claim_ref=kubernetes.core.v1.ObjectReferenceArgs(
                    api_version="v1", kind="PersistentVolumeClaim", namespace=args.miner, name=CLAIM_NAME
                ),
                csi=kubernetes.core.v1.CSIPersistentVolumeSourceArgs(
                    driver=source.driver, volume_handle=handle, volume_attributes=source.attributes
                ),
                mount_options=list(source.mount_options),
                persistent_volume_reclaim_policy="Retain",
                storage_class_name="",
                volume_mode="Filesystem",
            ),
            opts=self._child(
                provider=args.provider,
                protect=args.protection.protect,
                retain_on_delete=args.protection.protect,
                # It has a fixed name: its successor cannot exist beside it.
                delete_before_replace=True,
            ),
        )
