"""Sources of charts and images."""

from collections.abc import Iterator

from infra import versions
from infra.settings.draft import Draft
from infra.settings.faults import Fault, listed, name_fault, nearest, suggestion


def charts_are_known(draft: Draft) -> Iterator[Fault]:
    """A source of a chart that is never installed would be silently without effect."""
    for name in (draft.platform and draft.platform.charts) or {}:
        if name not in versions.CHARTS:
            close = nearest(name, versions.CHARTS)
            yield name_fault(
                f"platform.charts.{name}",
                f"a chart of the platform: {listed(sorted(versions.CHARTS))}",
                f"did you mean {' or '.join(close)}?" if close else "remove it",
            )


def mirrors_stand_for_something(draft: Draft) -> Iterator[Fault]:
    """A mirror of a registry from which nothing comes would be silently without effect."""
    used = sorted({reference.partition("/")[0] for reference in (*versions.IMAGES.values(), versions.TERANODE_IMAGE)})
    for registry in (draft.platform and draft.platform.image_mirrors) or {}:
        if registry not in used:
            yield name_fault(
                f"platform.imageMirrors.{registry}",
                f"a registry from which images come: {listed(used)}",
                suggestion(registry, used, otherwise="remove it"),
            )


RULES = (charts_are_known, mirrors_stand_for_something)
