"""Room for UTXO stores: nodes for their servers, disks and memory for their records."""

from collections.abc import Iterator

from components.aerospike import sizing
from infra import catalog
from infra.settings.draft import Draft
from infra.settings.faults import Fault, fault, listed, reference
from infra.settings.rules.pools import storage_path
from infra.settings.rules.stores import Store, stores
from infra.settings.store_resolution import pool_machine

_NODE_TYPES_IN_REMEDY = ("i7i", "i4i", "i7ie")
"""Families that a remedy names: current x86, widest offer, densest."""


def pools_have_room(draft: Draft) -> Iterator[Fault]:
    """Control NOD-6: every server takes a whole node, and on mainnet each zone keeps a spare."""
    users: dict[tuple[str, str], list[Store]] = {}
    for store in stores(draft):
        if store.settings.pool is None:
            continue
        if store.pool is None:
            pools = sorted(pool.name for pool in store.region.nodes.storage)
            yield fault(
                store.path("pool"),
                store.settings.pool,
                f"a storage pool of {store.region.name}, the region of {store.miner}",
                reference(store.settings.pool, pools)
                if pools
                else f"write nodes.storage.{store.settings.pool}, or device: gp3 with the profile community",
            )
            continue
        users.setdefault((store.region.name, store.pool.name), []).append(store)
    spare = 1 if draft.tier == "mainnet" else 0
    for (region, name), tenants in sorted(users.items()):
        pool = tenants[0].pool
        zones = pool.zones if pool else ()
        busiest = max((sum(one.settings.servers_by_zone.get(zone, 0) for one in tenants) for zone in zones), default=0)
        if pool and pool.nodes_per_zone < busiest + spare:
            servers = (
                f"a node for every server: {listed(sorted(one.miner for one in tenants))} may have {busiest} in a zone"
            )
            yield fault(
                storage_path(draft, region, name, "nodesPerZone"),
                pool.nodes_per_zone,
                f"{servers}, and {spare} more is kept to refill a lost one" if spare else servers,
                f"write {busiest + spare} or more, or give each miner a pool of its own",
            )


def records_fit(draft: Draft) -> Iterator[Fault]:
    """The disks and the memory hold the records of two years from now, and those of a lost zone."""
    for store in stores(draft):
        settings = store.settings
        machine = settings.machine
        if settings.profile == "postgres" or settings.replication_factor > store.layout.servers:
            continue  # nothing to hold, or a fault already
        if not machine.memory_bytes or (settings.profile, settings.device) == ("enterprise", "gp3"):
            continue  # an instance type that is not known, or no disk for racks: a fault already
        for problem in sizing.shortfalls(store.records, store.layout, machine):
            yield fault(store.path("records"), settings.records, problem, _remedy(store))
        if settings.profile == "community":
            for problem in sizing.community_shortfalls(store.layout, machine, settings.replication_factor):
                yield fault(
                    store.path("device_gib" if settings.device == "gp3" else "pool"),
                    settings.device_gib if settings.device == "gp3" else settings.pool,
                    problem,
                    "choose smaller disks, or the profile enterprise",
                )


def _remedy(store: Store) -> str:
    count = "nodesPerZone" if store.settings.profile == "enterprise" else "nodes"
    if store.settings.device == "gp3":
        return f"raise deviceGib or {count}, or choose a general pool with more memory"
    offered = {
        name: pool_machine(name)
        for name, known in catalog.instance_types().items()
        if name.partition(".")[0] in _NODE_TYPES_IN_REMEDY and known.nvme_disks
    }
    fit = sizing.smallest_fit(store.records, store.layout, offered)
    types = f", or a pool of {fit}" if fit else ""
    return f"raise {count} and the pool's nodesPerZone{types}"


RULES = (pools_have_room, records_fit)
