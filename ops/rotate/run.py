"""The order of a rotation. Every step looks first and does what is missing, so that it can end anywhere and go on."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ops.rotate.model import Cluster, Machines, Node, Progress, RotationRefusedError, Store

_BOTH = 2


@dataclass(frozen=True, slots=True)
class Hands:
    """What a rotation works with. `wait` returns after a pause; `patience` is the number of looks without an end."""

    cluster: Cluster
    machines: Machines
    wait: Callable[[], object]
    tell: Callable[[str], object]
    patience: int


def plan(store: Store, nodes: Sequence[Node], pool: str) -> Progress:
    """What a rotation that begins now would do.

    Raises:
        RotationRefusedError: a record would be lost or a store unavailable.
    """
    if not nodes:
        raise RotationRefusedError(f"no node has the label teranode.io/storage={pool}: is --pool right?")
    if store.copies < _BOTH:
        raise RotationRefusedError(
            "the store keeps one copy of each record: a node goes with its records. Move it to another pool instead: "
            "docs/runbooks/replace-nvme-pool.md"
        )
    if store.blocked:
        raise RotationRefusedError(
            f"k8sNodeBlockList has {', '.join(store.blocked)}, which no rotation wrote down: whoever did it must finish"
        )
    if store.trouble:
        raise RotationRefusedError(f"the store is not whole: {store.trouble}. Nothing was done; repeat it when it is")
    if late := [node.name for node in nodes if not node.ready]:
        raise RotationRefusedError(f"nodes of the pool are not ready: {', '.join(late)}")
    for node in nodes:
        _refuse_strangers(node)
    waiting = tuple(
        (node.name, node.instance, node.zone) for node in sorted(nodes, key=lambda one: (one.zone, one.name))
    )
    return Progress(pool, waiting, dict(sorted(Counter(node.zone for node in nodes).items())))


def rotate(pool: str, hands: Hands) -> None:
    """Replace every node of the pool, or what an earlier run has left of it.

    Raises:
        RotationRefusedError: it must not begin or go on; repeated, it goes on where it ended.
    """
    cluster = hands.cluster
    progress = cluster.progress()
    if progress is None:
        progress = cluster.begin(plan(cluster.store(), cluster.nodes(pool), pool))
    elif progress.pool != pool:
        raise RotationRefusedError(f"a rotation of the pool {progress.pool} has not ended: finish it with --pool")
    while progress.waiting:
        progress = _replace_first(progress, hands)
    cluster.block(())
    cluster.end(progress)


def _replace_first(progress: Progress, hands: Hands) -> Progress:
    cluster = hands.cluster
    name, instance, zone = progress.waiting[0]
    here = _node(cluster, progress.pool, name, instance)
    if here is not None:
        hands.tell(f"{name}: its server moves away ({len(progress.waiting)} to go)")
        cluster.block((name,))
        progress = _until(hands, progress, lambda: _still_used(cluster, name))
        _refuse_strangers(_node(cluster, progress.pool, name, instance) or here)
        hands.tell(f"{name}: ending {instance}")
        hands.machines.terminate(instance)
    progress = _until(hands, progress, lambda: _not_replaced(cluster, progress, instance, zone))
    cluster.block(())
    hands.tell(f"{name}: replaced; waiting for the records")
    progress = _until(hands, progress, lambda: cluster.store().trouble)
    return cluster.save(replace(progress, waiting=progress.waiting[1:]))


def _until(hands: Hands, progress: Progress, trouble: Callable[[], str]) -> Progress:
    """Look until there is no trouble, twice in a row: between two states of the operator all may seem well."""
    quiet = 0
    said = ""
    for _ in range(hands.patience):
        said = trouble()
        quiet = 0 if said else quiet + 1
        if quiet == _BOTH:
            return progress
        progress = hands.cluster.save(progress)
        hands.wait()
    raise RotationRefusedError(f"gave up waiting: {said}. Repeat the command: it goes on from here")


def _still_used(cluster: Cluster, node: str) -> str:
    store = cluster.store()
    on_it = [one.name for one in store.servers if one.node == node]
    if on_it:
        return f"{', '.join(on_it)} still runs on {node}"
    # The one that left may wait for the new node: its records are on the others.
    running = [one for one in store.servers if one.node]
    if len(running) < store.wanted - 1:
        return f"{len(running)} of {store.wanted} servers run"
    return store.unsettled


def _not_replaced(cluster: Cluster, progress: Progress, instance: str, zone: str) -> str:
    found = [node for node in cluster.nodes(progress.pool) if node.instance != instance]
    there = sum(node.ready and node.zone == zone for node in found)
    wanted = progress.nodes_by_zone[zone]
    return "" if there >= wanted else f"{there} of {wanted} nodes ready in {zone}"


def _node(cluster: Cluster, pool: str, name: str, instance: str) -> Node | None:
    return next((node for node in cluster.nodes(pool) if (node.name, node.instance) == (name, instance)), None)


def _refuse_strangers(node: Node) -> None:
    if node.strangers:
        raise RotationRefusedError(
            f"{node.name} also runs {', '.join(node.strangers)}, which would go with it: nothing on it was touched. A "
            "pool that stores share is replaced as a whole: docs/runbooks/replace-nvme-pool.md"
        )
