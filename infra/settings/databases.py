"""Databases as they are written in the stack file."""

from typing import Annotated

from pydantic import Field

from infra.settings import fields
from infra.settings.section import Doc, Section

MIN_STORAGE_GIB, MAX_STORAGE_GIB = 20, 16_384
"""RDS takes 20 to 65,536 GiB of gp3; the disk may grow to four times what is asked for."""
MIN_BACKUP_DAYS, MAX_BACKUP_DAYS = 1, 35
"""RDS API: 0 would switch backups, and with them recovery to a point in time, off."""


class PostgresKeys(Section):
    """The Postgres server of each region, in which every miner has a database of its own.

    Another profile is another server, empty at first: to change it is to begin anew or to restore into it.
    """

    profile: Annotated[
        fields.PostgresProfile | None,
        Doc(
            "`aurora`: storage over three zones; `rds`: one instance with its own disk. Where the tier asks for it, "
            "both have a standby in another zone",
            "Teranode keeps headers and state here, no UTXOs: the cheap one is enough where data may be lost",
            default="postgres.profile",
        ),
    ] = None
    instance_class: Annotated[
        fields.InstanceClass | None,
        Doc(
            "RDS instance class", "it changes in place, in the maintenance window", default="by tier and profile, below"
        ),
    ] = None
    storage_gib: Annotated[
        int | None,
        Field(ge=MIN_STORAGE_GIB, le=MAX_STORAGE_GIB),
        Doc(
            "disk (encrypted gp3) of the profile `rds`; refused with `aurora`, whose storage grows by itself",
            "it never shrinks, and may grow by itself to four times this",
            unit="GiB",
            default="postgres.storage_gib",
        ),
    ] = None
    aurora_storage: Annotated[
        fields.AuroraStorage | None,
        Doc(
            "`standard` or `ioOptimized`; refused with `rds`",
            "without a price per request, at dearer instances: cheaper once requests are a quarter of the bill",
            default="`standard`",
        ),
    ] = None
    backup_retention_days: Annotated[
        int | None,
        Field(ge=MIN_BACKUP_DAYS, le=MAX_BACKUP_DAYS),
        Doc(
            "how far back the database can be restored; on the tier mainnet at least 14",
            "damage is often noticed late",
            unit="days",
            default="postgres.backup_retention_days",
            mainnet_least="postgres.min_backup_retention_days",
        ),
    ] = None
