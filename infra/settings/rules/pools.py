"""The node pools as they will be, each with the key that decides its instance types."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra import catalog
from infra.settings.draft import Draft
from infra.settings.environment import RegionSettings
from infra.settings.pools import NodesKeys
from infra.settings.section import Section


@dataclass(frozen=True, slots=True)
class PoolTypes:
    """The instance types of a pool, the zones that must offer them, and where they are written."""

    name: str
    path: str
    instance_types: tuple[str, ...]
    zones: tuple[str, ...]
    is_storage: bool = False


def resolved_regions(draft: Draft) -> Iterator[RegionSettings]:
    """Resolve every region that can be: a known one, of a known tier."""
    if draft.defaults:
        for name in draft.regions:
            if name in catalog.regions():
                yield draft.region_settings(name, draft.defaults)


def pool_types(draft: Draft, region: RegionSettings) -> Iterator[PoolTypes]:
    """Yield the pools of `region`, but for storage pools without a type, which are at fault already."""
    for pool in (region.nodes.system, region.nodes.general):
        path = key_path(draft, region.name, pool.name, "instance_types")
        yield PoolTypes(pool.name, path, pool.instance_types, region.zones)
    for storage in region.nodes.storage:
        if not storage.instance_type:
            continue
        path = storage_path(draft, region.name, storage.name, "instanceType")
        yield PoolTypes(storage.name, path, (storage.instance_type,), storage.zones, is_storage=True)


def key_path(draft: Draft, region: str, pool: str, attribute: str) -> str:
    """Return where a key of an autoscaled pool is written; the region's own path if only the default holds."""
    for prefix, nodes in _layers(draft, region):
        section: Section | None = getattr(nodes, pool)
        if section is not None and getattr(section, attribute) is not None:
            return f"{prefix}nodes.{pool}.{type(section).model_fields[attribute].alias}"
    alias = "".join(part.title() if index else part for index, part in enumerate(attribute.split("_")))
    return f"regions.{region}.nodes.{pool}.{alias} (the tier's default)"


def storage_path(draft: Draft, region: str, pool: str, key: str) -> str:
    """Return where a key of a storage pool is written."""
    for prefix, nodes in _layers(draft, region):
        if nodes.storage is not None:
            return f"{prefix}nodes.storage.{pool}.{key}"
    return f"regions.{region}.nodes.storage.{pool}.{key} (the tier's default)"


def _layers(draft: Draft, region: str) -> Iterator[tuple[str, NodesKeys]]:
    own = draft.regions[region].nodes
    if own:
        yield f"regions.{region}.", own
    if draft.nodes:
        yield "", draft.nodes
