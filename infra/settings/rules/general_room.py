"""Room on the general pool: nothing adds nodes to it by itself, so its least size must hold what runs on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from components import asset_proxy
from components.aerospike import exporter, sizing
from components.kafka import KafkaProfile, shares
from components.quantities import NOTHING, Request, of_share, request
from components.teranode import Chain, Mode, enabled_services, generator, sizes, transaction_load
from infra import catalog
from infra.catalog import InstanceType
from infra.settings.draft import Draft
from infra.settings.environment import RegionSettings
from infra.settings.faults import Fault, fault
from infra.settings.modes import mode_of
from infra.settings.rules.pools import key_path, resolved_regions
from infra.settings.rules.stores import Store, stores
from infra.settings.transaction_load import loaded_miners

_AGENTS_MILLICORES = 500
"""What the agents of every node ask for: network, volumes, logs, identity. For memory see `NODE_MEMORY_PERCENT`."""


@dataclass(frozen=True, slots=True)
class _Pool:
    """The general pool of a region at its least size; `node` is what the smallest of its types leaves to pods."""

    kind: InstanceType
    nodes: int
    zones: int

    @property
    def node(self) -> Request:
        return Request(
            millicores=self.kind.vcpu * 1000 - _AGENTS_MILLICORES,
            memory_bytes=int(self.kind.memory_gib * sizing.GIB) * sizing.NODE_MEMORY_PERCENT // 100,
        )


def general_pools_hold_their_pods(draft: Draft) -> Iterator[Fault]:
    """Pods without room stay pending, and an update waits for them until it gives up."""
    for region, pool in _pools(draft):
        pods = list(_pods(draft, region))
        total, node = sum(pods, NOTHING), pool.node
        largest = max((pod.memory_bytes for pod in pods), default=0)
        nodes = max(ceil(total.millicores / node.millicores), ceil(total.memory_bytes / node.memory_bytes))
        if largest > node.memory_bytes:
            yield fault(
                key_path(draft, region.name, "general", "instance_types"),
                pool.kind.name,
                f"room for the largest pod of {region.name}, which asks for {_gib(largest)} GiB of memory; "
                f"a node leaves it {_gib(node.memory_bytes, up=False)}",
                "choose larger instance types",
            )
        elif nodes > pool.nodes:
            yield fault(
                key_path(draft, region.name, "general", "min_nodes_per_zone"),
                pool.nodes // pool.zones,
                f"room for the pods of {region.name}, which ask for {_text(total)}; {pool.nodes} nodes of "
                f"{pool.kind.name} have {_text(_times(node, pool.nodes), up=False)} for them, and pools do not grow",
                f"write {ceil(nodes / pool.zones)} or more, or choose larger instance types",
            )


def servers_have_a_node_each(draft: Draft) -> Iterator[Fault]:
    """Two servers of one store on one node would be lost together, so the scheduler keeps them apart."""
    pools = {region.name: pool for region, pool in _pools(draft)}
    for store in stores(draft):
        pool = pools.get(store.region.name)
        if pool and _is_on_general_nodes(store) and store.layout.servers > pool.nodes:
            yield fault(
                store.path("nodes"),
                store.layout.servers,
                f"at most a server for each node of the general pool; {store.region.name} has {pool.nodes}",
                f"lower nodes, or write nodes.general.minNodesPerZone: {ceil(store.layout.servers / pool.zones)}",
            )


def _pools(draft: Draft) -> Iterator[tuple[RegionSettings, _Pool]]:
    """The regions that can be judged: what is wrong with the others is a fault by itself."""
    if draft.chain is None:
        return
    for region in resolved_regions(draft):
        pool = region.nodes.general
        known = [kind for name in pool.instance_types if (kind := catalog.instance_types().get(name))]
        if known and region.zones:
            smallest = min(known, key=lambda kind: (kind.memory_gib, kind.vcpu))
            yield region, _Pool(smallest, pool.min_nodes_per_zone * len(region.zones), len(region.zones))


def _pods(draft: Draft, region: RegionSettings) -> Iterator[Request]:
    """The request of each pod on the general pool of a region; jobs, which come and go, are small."""
    miners = {name: miner for name, miner in draft.miners.items() if miner.region == region.name}
    if not (miners and draft.chain and draft.defaults):
        return
    shown = draft.public.assets.hosts if draft.public and draft.public.assets else {}
    for name, miner in miners.items():
        mode = Mode(mode_of(miner.mode, draft.mode, draft.chain))
        if name in shown and mode is Mode.MINING:
            yield from asset_proxy.pods()
        yield from sizes.pods(draft.defaults.scale, mode, enabled_services(Chain(draft.chain)))
        yield from _companions(draft, name)
    kafka = draft.kafka_settings(draft.defaults)
    yield from shares.pods(KafkaProfile(kafka.profile), kafka.brokers)
    for store in stores(draft):
        if store.region.name == region.name and _is_on_general_nodes(store):
            memory = sizing.memory_bytes(store.records, store.layout, store.settings.machine.disks)
            server = Request(
                millicores=request(draft.defaults.utxo_store.cpu, "0Mi").millicores, memory_bytes=memory
            ) + of_share(exporter.SHARE)
            yield from [server] * store.layout.servers


def _companions(draft: Draft, miner: str) -> Iterator[Request]:
    """What runs beside a node where blocks and transactions are made; a stopped node's place is kept for it."""
    blocks = draft.block_generator_settings()
    if blocks is None:
        return
    yield of_share(generator.SHARE)
    load = draft.transaction_load
    if load is not None and miner in loaded_miners(load, draft.miners, blocks.rotation):
        yield of_share(transaction_load.SHARE)


def _is_on_general_nodes(store: Store) -> bool:
    return store.settings.profile == "community" and store.settings.device == "gp3"


def _times(request_of_one: Request, count: int) -> Request:
    return sum([request_of_one] * count, NOTHING)


def _gib(count: int, *, up: bool = True) -> int:
    return -(-count // sizing.GIB) if up else count // sizing.GIB


def _text(wanted: Request, *, up: bool = True) -> str:
    return f"{wanted.millicores / 1000:.1f} CPU and {_gib(wanted.memory_bytes, up=up)} GiB of memory"


RULES = (general_pools_hold_their_pods, servers_have_a_node_each)
