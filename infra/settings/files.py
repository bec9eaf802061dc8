"""Shared files as they are written in the stack file."""

from typing import Annotated

from pydantic import Field

from components.lustre_sizes import SMALLEST_GIB
from infra.settings import fields
from infra.settings.section import Doc, Section

MAX_LUSTRE_GIB = 100_800
"""AWS's quota of an account in a region for persistent SSD of the second generation, all file systems together."""


class FilesKeys(Section):
    """The file system that the pods of a miner share at `/data`.

    Another profile is another file system, empty at first: to change it is to begin anew or to copy.
    """

    profile: Annotated[
        fields.FilesProfile | None,
        Doc(
            "`lustre`: FSx for Lustre, on the tier mainnet one file system per miner, else one per region, in which "
            "miners are parted by path and not isolated; `efs`: one per region, an access point per miner",
            "upstream runs Lustre, which starts at 1,200 GiB; EFS is billed by what is stored and is slower",
            default="files.profile",
        ),
    ] = None
    capacity_gib: Annotated[
        int | None,
        Field(ge=SMALLEST_GIB, le=MAX_LUSTRE_GIB),
        Doc(
            "size of each Lustre file system: 1200, or a multiple of 2400; it grows in place and never shrinks; "
            "refused with `efs`, which grows by itself",
            "mainnet's blobs are about 600 GB and upstream asks for 1 TB: 1,200 GiB hold that, and the way back from "
            "more is a new file system",
            unit="GiB",
            default="files.capacity_gib",
        ),
    ] = None
    throughput_mbps_per_tib: Annotated[
        int | None,
        Doc(
            "speed of Lustre for each TiB: 125, 250, 500 or 1000; changes in place; refused with `efs`",
            "it is most of the price; a fresh node that catches up is what needs it",
            unit="MB/s",
            default="files.throughput_mbps_per_tib",
        ),
    ] = None
