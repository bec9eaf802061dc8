"""Shared files of miners (`/data`): FSx for Lustre or EFS, and the volume that a miner mounts."""

from components.files.args import FilesArgs, FilesProfile, LustreSize, SharedFilesRef, VolumeRef
from components.files.shared import SharedFiles
from components.files.volume import SharedVolume, SharedVolumeArgs

__all__ = [
    "FilesArgs",
    "FilesProfile",
    "LustreSize",
    "SharedFiles",
    "SharedFilesRef",
    "SharedVolume",
    "SharedVolumeArgs",
    "VolumeRef",
]
