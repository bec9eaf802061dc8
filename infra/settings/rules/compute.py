"""Node pools: sizes, architecture, local disks and how instances are bought."""

from collections.abc import Iterator

from infra import catalog
from infra.settings.draft import Draft
from infra.settings.environment import NodePoolSettings, RegionSettings, StoragePoolSettings
from infra.settings.faults import Fault, fault, listed, name_fault
from infra.settings.fields import label_problem
from infra.settings.pools import NodesKeys
from infra.settings.rules.pools import PoolTypes, key_path, pool_types, resolved_regions, storage_path

MAX_POOL_CHARACTERS = 20
"""A pool's name is part of its node group's name, next to region and zone; EKS ends those at 63 characters."""
RESERVED_POOLS = ("system", "general")
MIN_VCPU, MIN_MEMORY_GIB = 2, 4
"""Below this, kubelet, CNI, log and metrics agents leave no room for a workload."""


def pools_fit(draft: Draft) -> Iterator[Fault]:
    """Each pool of each region, as it will be."""
    for region in resolved_regions(draft):
        for pool in pool_types(draft, region):
            yield from _type_faults(pool)
        for node_pool in (region.nodes.system, region.nodes.general):
            yield from _size_faults(draft, region, node_pool)
        yield from _stated_architecture(draft, region)
        for storage in region.nodes.storage:
            yield from _storage_faults(draft, region, storage)


def _type_faults(pool: PoolTypes) -> Iterator[Fault]:
    known = catalog.instance_types()
    types = [known[name] for name in pool.instance_types if name in known]
    if len({one.architecture for one in types}) > 1:
        kinds = listed(f"{one.name} is {one.architecture}" for one in types)
        yield fault(
            pool.path, pool.instance_types, f"instance types of one architecture: {kinds}", "split or change them"
        )
    for name in sorted({name for name in pool.instance_types if pool.instance_types.count(name) > 1}):
        yield fault(pool.path, name, "each instance type once", "remove the repetition")
    for one in types:
        if one.vcpu < MIN_VCPU or one.memory_gib < MIN_MEMORY_GIB:
            yield fault(
                pool.path,
                one.name,
                f"at least {MIN_VCPU} vCPU and {MIN_MEMORY_GIB} GiB; it has {one.vcpu} and {one.memory_gib:g}",
                "choose a larger type",
            )
        if pool.is_storage and not one.nvme_disks:
            yield fault(
                pool.path,
                one.name,
                "an instance type with local NVMe disks; this one has no instance store",
                "for example i4i.large or i7i.large",
            )


def _size_faults(draft: Draft, region: RegionSettings, pool: NodePoolSettings) -> Iterator[Fault]:
    if pool.min_nodes_per_zone > pool.max_nodes_per_zone:
        low = key_path(draft, region.name, pool.name, "min_nodes_per_zone")
        high = key_path(draft, region.name, pool.name, "max_nodes_per_zone")
        path = high if low.endswith(")") else low
        yield fault(
            path,
            pool.min_nodes_per_zone if path == low else pool.max_nodes_per_zone,
            f"minNodesPerZone at most maxNodesPerZone; here {pool.min_nodes_per_zone} at {_place(low)}"
            f" and {pool.max_nodes_per_zone} at {_place(high)}",
            "raise maxNodesPerZone or lower minNodesPerZone",
        )
    if draft.tier == "mainnet" and pool.capacity == "spot":
        yield fault(
            key_path(draft, region.name, pool.name, "capacity"),
            "spot",
            "onDemand on the tier mainnet: spot vanishes in two minutes",
            "write capacity: onDemand, or remove the key",
        )


def _place(path: str) -> str:
    """Where a value comes from; a tier's default is the same in every region."""
    return "the tier's default" if path.endswith(")") else path


def _stated_architecture(draft: Draft, region: RegionSettings) -> Iterator[Fault]:
    """Instance types decide the architecture; a stated one must not contradict them."""
    layers = [nodes for nodes in (draft.regions[region.name].nodes, draft.nodes) if nodes and nodes.general]
    stated = next(
        (nodes.general.architecture for nodes in layers if nodes.general and nodes.general.architecture), None
    )
    if stated and stated != region.nodes.general.architecture:
        types = key_path(draft, region.name, "general", "instance_types")
        yield fault(
            key_path(draft, region.name, "general", "architecture"),
            stated,
            f"the architecture of the pool's instance types: {types} is {region.nodes.general.architecture}",
            f"write {region.nodes.general.architecture}, or change the instance types",
        )


def _storage_faults(draft: Draft, region: RegionSettings, pool: StoragePoolSettings) -> Iterator[Fault]:
    least = draft.defaults.min_storage_nodes_per_zone if draft.defaults else 1
    if pool.nodes_per_zone < least:
        yield fault(
            storage_path(draft, region.name, pool.name, "nodesPerZone"),
            pool.nodes_per_zone,
            f"at least {least} on the tier {draft.tier}: a pod and a spare node to refill it on",
            f"write {least} or more",
        )
    path = storage_path(draft, region.name, pool.name, "zones")
    for index, zone in enumerate(pool.zones):
        if zone in pool.zones[:index]:
            yield fault(f"{path}[{index}]", zone, "each zone once", "remove the repetition")
        if zone not in region.zones and path.startswith("regions."):
            yield fault(
                f"{path}[{index}]", zone, f"a zone of the region's own: {listed(region.zones)}", "name one of these"
            )


def storage_keys(draft: Draft) -> Iterator[Fault]:
    """Names of storage pools, and zones only where a region is known."""
    places: list[tuple[str, NodesKeys]] = [("", draft.nodes)] if draft.nodes else []
    places += [(f"regions.{name}.", region.nodes) for name, region in draft.regions.items() if region.nodes]
    for prefix, nodes in places:
        for name, pool in (nodes.storage or {}).items():
            path = f"{prefix}nodes.storage.{name}"
            if problem := label_problem(name, MAX_POOL_CHARACTERS):
                yield name_fault(path, problem, "for example aerospike")
            elif name in RESERVED_POOLS:
                yield name_fault(path, "not the name of another pool", "for example aerospike")
            if not prefix and pool.zones:
                yield fault(
                    f"{path}.zones",
                    pool.zones,
                    "no zones at the top level: each region has its own",
                    f"write them in regions.<region>.nodes.storage.{name}.zones",
                )


RULES = (pools_fit, storage_keys)
