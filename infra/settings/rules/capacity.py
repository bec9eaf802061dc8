"""Room for pods: the address plan of a zone must hold the nodes that the pools may grow to."""

from collections.abc import Iterator

from components.cidr import pod_prefix_network
from components.pod_density import PREFIX_LENGTH, PREFIXES_PER_NODE
from infra.settings.draft import Draft
from infra.settings.environment import RegionSettings
from infra.settings.faults import Fault, fault
from infra.settings.fields import is_zone_name
from infra.settings.rules.pools import key_path, resolved_regions

SURGE_NODES_PER_POOL = 1
"""EKS starts a new node of a pool before it drains an old one."""


def addresses_suffice(draft: Draft) -> Iterator[Fault]:
    """At its largest, each zone still finds a prefix for every node, one upgrade surge included."""
    for region in resolved_regions(draft):
        for zone in region.zones:
            if not region.cidr or not is_zone_name(zone, region.name):
                continue
            need = _nodes_in_zone(region, zone)
            reserved = pod_prefix_network(region.cidr, zone)
            room = 2 ** (PREFIX_LENGTH - reserved.prefixlen) // PREFIXES_PER_NODE
            if need > room:
                pool = max((region.nodes.system, region.nodes.general), key=lambda one: one.max_nodes_per_zone)
                yield fault(
                    key_path(draft, region.name, pool.name, "max_nodes_per_zone"),
                    pool.max_nodes_per_zone,
                    f"room for pods: {zone} holds {room} nodes, the pools of {region.name} may need {need} there",
                    "lower maxNodesPerZone or nodesPerZone, or choose larger instance types",
                )
                break


def _nodes_in_zone(region: RegionSettings, zone: str) -> int:
    pools = (region.nodes.system, region.nodes.general)
    autoscaled = sum(pool.max_nodes_per_zone + SURGE_NODES_PER_POOL for pool in pools)
    fixed = sum(pool.nodes_per_zone + SURGE_NODES_PER_POOL for pool in region.nodes.storage if zone in pool.zones)
    return autoscaled + fixed


RULES = (addresses_suffice,)
