"""The node pools of a region: what it says of them, else the environment, else the tier."""

from collections.abc import Mapping, Sequence

from infra import catalog
from infra.catalog import Architecture
from infra.settings.defaults import DEFAULT_ARCHITECTURE, PoolDefaults, StorageDefaults, TierDefaults
from infra.settings.environment import NodePoolSettings, NodeSettings, StoragePoolSettings
from infra.settings.fields import Capacity
from infra.settings.pools import GeneralPoolKeys, NodesKeys, SystemPoolKeys


def node_settings(
    layers: Sequence[NodesKeys],
    zones: tuple[str, ...],
    storage: Mapping[str, StorageDefaults],
    defaults: TierDefaults,
) -> NodeSettings:
    """Resolve the pools of a region from the layers of the file, the nearest first.

    `storage` are the pools for storage that the region has where no layer names any.
    """
    return NodeSettings(
        system=_pool("system", [keys.system for keys in layers if keys.system], defaults.system),
        general=_pool("general", [keys.general for keys in layers if keys.general], defaults.general),
        storage=_storage(layers, zones, storage, defaults.min_storage_nodes_per_zone),
    )


def _pool(name: str, layers: Sequence[SystemPoolKeys], defaults: PoolDefaults) -> NodePoolSettings:
    """Take each key from the first layer that has it. Instance types decide the architecture if they are given."""
    general = [keys for keys in layers if isinstance(keys, GeneralPoolKeys)]
    stated: Architecture | None = next((keys.architecture for keys in general if keys.architecture), None)
    capacity: Capacity | None = next((keys.capacity for keys in general if keys.capacity), None)
    instance_types = next((keys.instance_types for keys in layers if keys.instance_types), None)
    architecture = _architecture_of(instance_types[0]) if instance_types else stated or DEFAULT_ARCHITECTURE
    return NodePoolSettings(
        name=name,
        architecture=architecture,
        instance_types=instance_types or defaults.instance_types[architecture],
        min_nodes_per_zone=next(
            (keys.min_nodes_per_zone for keys in layers if keys.min_nodes_per_zone), defaults.min_nodes_per_zone
        ),
        max_nodes_per_zone=next(
            (keys.max_nodes_per_zone for keys in layers if keys.max_nodes_per_zone), defaults.max_nodes_per_zone
        ),
        disk_gib=next((keys.disk_gib for keys in layers if keys.disk_gib), defaults.disk_gib),
        capacity=capacity or defaults.capacity,
    )


def _storage(
    layers: Sequence[NodesKeys], zones: tuple[str, ...], defaults: Mapping[str, StorageDefaults], least: int
) -> tuple[StoragePoolSettings, ...]:
    written = next((keys.storage for keys in layers if keys.storage is not None), None)
    if written is None:
        plan = {name: (row.instance_type, row.nodes_per_zone, zones) for name, row in defaults.items()}
    else:
        plan = {
            name: (row.instance_type, row.nodes_per_zone or least, tuple(sorted(row.zones or zones)))
            for name, row in written.items()
        }
    return tuple(
        StoragePoolSettings(
            name=name,
            instance_type=instance_type,
            architecture=_architecture_of(instance_type),
            nodes_per_zone=nodes_per_zone,
            zones=pool_zones,
        )
        for name, (instance_type, nodes_per_zone, pool_zones) in sorted(plan.items())
    )


def _architecture_of(instance_type: str) -> Architecture:
    known = catalog.instance_types().get(instance_type)
    return known.architecture if known else DEFAULT_ARCHITECTURE  # an unknown type is refused by a rule of its own
