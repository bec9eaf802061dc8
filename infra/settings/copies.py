"""Where copies of backups lie, resolved from what the file says, the tier and the home region."""

from infra import catalog
from infra.settings.backups import COPY_REGIONS, BackupsKeys
from infra.settings.draft import Draft
from infra.settings.environment import CopiesSettings


def copy_region(draft: Draft) -> str | None:
    """The region that the file names, else the tier's for its home; None where there are no copies."""
    if draft.backups and draft.backups.copy_region:
        return draft.backups.copy_region
    made = draft.defaults is not None and draft.defaults.copies.made
    return COPY_REGIONS.get(draft.home or "") if made else None


def copies_settings(draft: Draft) -> CopiesSettings | None:
    """Resolve the copies; their region is one of the catalogue, and the tier is known."""
    region = copy_region(draft)
    if region is None or draft.defaults is None:
        return None
    keys = draft.backups or BackupsKeys()
    return CopiesSettings(
        region=region,
        partition=catalog.regions()[region].partition,
        retention_days=keys.retention_days or draft.defaults.copies.retention_days,
    )
