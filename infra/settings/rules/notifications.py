"""Alerts: whether the home region has what judges them."""

from collections.abc import Iterator

from infra import catalog
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault


def home_has_the_service(draft: Draft) -> Iterator[Fault]:
    """The workspace stands in the home region, whatever the others have."""
    written = draft.notifications and draft.notifications.rules
    if written == "managed" and draft.home in catalog.regions() and not catalog.has_managed_prometheus(draft.home):
        yield fault(
            "notifications.rules",
            written,
            f"none, since {draft.home} has no Amazon Managed Service for Prometheus (data of {catalog.as_of()})",
            "write rules: none, or make another region home before the first up",
        )


RULES = (home_has_the_service,)
