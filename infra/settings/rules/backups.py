"""Copies of backups: where they may lie, and how long they are kept."""

from collections.abc import Iterator

from infra import catalog
from infra.settings.backups import MAX_COPY_DAYS
from infra.settings.copies import copy_region
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, suggestion
from infra.settings.fields import PARTITION

_PATH = "backups.copyRegion"


def copies_lie_elsewhere(draft: Draft) -> Iterator[Fault]:
    """Controls RDS-3, S3-4 and AER-9: what takes the region away must not take the copies along."""
    written = draft.backups and draft.backups.copy_region
    region = copy_region(draft)
    if not region:
        return
    known = catalog.regions()
    usable = sorted(name for name, one in known.items() if one.partition == PARTITION)
    if region not in known:
        remedy = suggestion(region, usable, otherwise="name an AWS region, for example eu-central-1")
        yield fault(_PATH, region, "a known AWS region", remedy)
    elif known[region].partition != PARTITION:
        yield fault(
            _PATH,
            region,
            f"a region of the partition {PARTITION}: nothing is copied to another one ({known[region].partition})",
            "name a region of the environment's partition, for example eu-central-1",
        )
    elif region in (draft.region_names or ()):
        others = [name for name in usable if name not in (draft.region_names or ()) and not known[name].opt_in]
        yield fault(
            _PATH,
            written,
            f"none of the environment's regions: {region} would lose its backups together with their copies"
            + ("" if written else f", and is where copies of {draft.home} lie by default"),
            f"name a region where the environment has nothing, for example {others[0]}",
        )


def copies_last(draft: Draft) -> Iterator[Fault]:
    """A copy cannot be deleted before its lock ends, and late-noticed damage must still be undone."""
    days = draft.backups and draft.backups.retention_days
    if not days or not draft.defaults:
        return
    least = draft.defaults.copies.min_retention_days
    if not copy_region(draft):
        yield fault(
            "backups.retentionDays", days, "absent without copies", "name backups.copyRegion, or remove the key"
        )
    elif days < least:
        yield fault(
            "backups.retentionDays",
            days,
            f"{least} to {MAX_COPY_DAYS} days on the tier {draft.tier}",
            f"write {least} or more, or remove the key",
        )


RULES = (copies_lie_elsewhere, copies_last)
