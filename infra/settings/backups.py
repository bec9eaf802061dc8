"""Copies of backups as they are written in the stack file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from infra.settings.section import Doc, Section

MIN_COPY_DAYS, MAX_COPY_DAYS = 1, 365
"""Beyond a year a copy is history: seeding from a snapshot is nearer to the chain (docs/runbooks/seeding.md)."""

COPY_REGIONS: Mapping[str, str] = MappingProxyType(
    {
        "af-south-1": "eu-west-1",
        "ap-east-1": "ap-southeast-1",
        "ap-east-2": "ap-northeast-1",
        "ap-northeast-1": "ap-northeast-3",
        "ap-northeast-2": "ap-northeast-1",
        "ap-northeast-3": "ap-northeast-1",
        "ap-south-1": "ap-southeast-1",
        "ap-south-2": "ap-south-1",
        "ap-southeast-1": "ap-northeast-1",
        "ap-southeast-2": "ap-southeast-1",
        "ap-southeast-3": "ap-southeast-1",
        "ap-southeast-4": "ap-southeast-2",
        "ap-southeast-5": "ap-southeast-1",
        "ap-southeast-6": "ap-southeast-2",
        "ap-southeast-7": "ap-southeast-1",
        "ca-central-1": "us-east-2",
        "ca-west-1": "ca-central-1",
        "eu-central-1": "eu-west-1",
        "eu-central-2": "eu-central-1",
        "eu-north-1": "eu-central-1",
        "eu-south-1": "eu-central-1",
        "eu-south-2": "eu-west-3",
        "eu-west-1": "eu-central-1",
        "eu-west-2": "eu-west-1",
        "eu-west-3": "eu-central-1",
        "il-central-1": "eu-central-1",
        "me-central-1": "eu-central-1",
        "me-south-1": "eu-central-1",
        "mx-central-1": "us-east-2",
        "sa-east-1": "us-east-1",
        "us-east-1": "us-west-2",
        "us-east-2": "us-west-2",
        "us-west-1": "us-west-2",
        "us-west-2": "us-east-2",
    }
)
"""Where copies lie unless the file says so, by home region: another disaster, the same jurisdiction where it has two
regions, and never one that an account must enable first. Frozen: another row would move copies that exist."""


class BackupsKeys(Section):
    """Copies of backups in a region where the environment has nothing else.

    With them, everything that is backed up in a region (databases, shared files, what is in the bucket of backups) is
    copied daily or at once. The copies are locked for as long as backups themselves.
    """

    copy_region: Annotated[
        str | None,
        Doc(
            "AWS region of the copies: none of `regions`, and fixed like `home` once it holds copies",
            "a backup that is lost with its region is none; whoever deletes in the region does not reach it",
            default="by tier and home, below",
        ),
    ] = None
    retention_days: Annotated[
        int | None,
        Field(ge=MIN_COPY_DAYS, le=MAX_COPY_DAYS),
        Doc(
            "age at which a copy is deleted; on the tier mainnet at least 30, refused without copies",
            "damage is often noticed late, and a copy cannot go before its lock does",
            unit="days",
            default="copies.retention_days",
            mainnet_least="copies.min_retention_days",
        ),
    ] = None
