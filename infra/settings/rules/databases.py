"""Database servers: class, disk and backups."""

from collections.abc import Iterator

from infra import catalog
from infra.settings.databases import MAX_BACKUP_DAYS
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, listed, nearest


def class_exists(draft: Draft) -> Iterator[Fault]:
    """Only current classes that the profile's engine runs on; what a region offers is not known offline."""
    written = draft.postgres and draft.postgres.instance_class
    if not (written and draft.defaults) or "postgres.profile" in draft.refused:
        return
    profile = draft.postgres_settings(draft.defaults).profile
    known = catalog.postgres_instance_classes(profile)
    if written not in known:
        close = nearest(written, known)
        example = draft.defaults.postgres.instance_classes[profile]
        families = listed(sorted({name.rpartition(".")[0] for name in known}))
        yield fault(
            "postgres.instanceClass",
            written,
            f"a class on which the profile {profile} runs: sizes of {families}",
            f"did you mean {' or '.join(close)}?" if close else f"for example {example}",
        )


def keys_fit_the_profile(draft: Draft) -> Iterator[Fault]:
    """A key that the profile would ignore is refused: its author expects something of it."""
    if not (draft.postgres and draft.defaults) or "postgres.profile" in draft.refused:
        return
    profile = draft.postgres_settings(draft.defaults).profile
    if profile == "aurora" and draft.postgres.storage_gib is not None:
        yield fault(
            "postgres.storageGib",
            draft.postgres.storage_gib,
            "absent with the profile aurora, whose storage grows by itself",
            "remove the key, or write profile: rds",
        )
    if profile == "rds" and draft.postgres.aurora_storage is not None:
        yield fault(
            "postgres.auroraStorage",
            draft.postgres.aurora_storage,
            "absent with the profile rds, whose disk is gp3",
            "remove the key, or write profile: aurora",
        )


def backups_last(draft: Draft) -> Iterator[Fault]:
    """Control RDS-3: late-noticed damage must still be undone."""
    days = draft.postgres and draft.postgres.backup_retention_days
    least = draft.defaults.postgres.min_backup_retention_days if draft.defaults else 1
    if days and days < least:
        yield fault(
            "postgres.backupRetentionDays",
            days,
            f"{least} to {MAX_BACKUP_DAYS} days on the tier {draft.tier}",
            f"write {least} or more, or remove the key",
        )


RULES = (class_exists, keys_fit_the_profile, backups_last)
