"""Look at every miner of an environment twice, all at the same time."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ops.outputs import MinerOutputs, StackOutputs
from ops.verify.cluster import Cluster
from ops.verify.judge import Bounds, Check, judge
from ops.verify.node_api import read_node
from ops.verify.outside import answering
from ops.verify.readings import ClusterReading, LookError, MinerReading, NodeReading, Trouble

_WORKERS = 32

T = TypeVar("T")


def verify(
    outputs: StackOutputs,
    bounds: Bounds,
    *,
    wait: Callable[[float], object],
    tell: Callable[[str], object],
) -> list[Check]:
    """Read every miner and judge it. Changes nothing.

    Args:
        outputs: what the environment should be.
        bounds: what is still right.
        wait: lets that many seconds pass.
        tell: is told what is being done.
    """
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        look = _Look(outputs, bounds, pool)
        tell(f"reading {len(outputs.regions)} clusters")
        regions = look.regions()
        clusters = look.clusters(regions)
        tell(f"reading {len(outputs.miners)} nodes")
        first = look.nodes(regions)
        private = look.private()
        tell(f"waiting {bounds.interval_s:g} s for blocks")
        wait(bounds.interval_s)
        tell(f"reading {len(outputs.miners)} nodes again")
        second = look.nodes(regions)
    readings = {
        name: MinerReading(cluster=clusters[name], first=first[name], second=second[name], answering=private[name])
        for name in outputs.miners
    }
    return judge(outputs, readings, bounds)


class _Look:
    """The readings of one run, each of all miners side by side."""

    def __init__(self, outputs: StackOutputs, bounds: Bounds, pool: ThreadPoolExecutor) -> None:
        self._outputs, self._bounds, self._pool = outputs, bounds, pool

    def regions(self) -> Mapping[str, Cluster | Trouble]:
        def opened(name: str) -> Cluster | Trouble:
            return _or_trouble(lambda: Cluster(self._outputs.regions[name]))

        names = sorted({miner.region for miner in self._outputs.miners.values()})
        return dict(zip(names, self._pool.map(opened, names), strict=True))

    def clusters(self, regions: Mapping[str, Cluster | Trouble]) -> Mapping[str, ClusterReading | Trouble]:
        return self._of_all(regions, lambda cluster, miner: cluster.read(miner.namespace))

    def nodes(self, regions: Mapping[str, Cluster | Trouble]) -> Mapping[str, NodeReading | Trouble]:
        blocks = self._bounds.max_tip_distance + 1
        return self._of_all(regions, lambda cluster, miner: read_node(cluster, miner, blocks))

    def private(self) -> Mapping[str, tuple[str, ...]]:
        miners = self._outputs.miners
        found = self._pool.map(lambda miner: answering(miner.private_endpoints), miners.values())
        return dict(zip(miners, found, strict=True))

    def _of_all(
        self, regions: Mapping[str, Cluster | Trouble], read: Callable[[Cluster, MinerOutputs], T]
    ) -> Mapping[str, T | Trouble]:
        def one(miner: MinerOutputs) -> T | Trouble:
            cluster = regions[miner.region]
            return cluster if isinstance(cluster, Trouble) else _or_trouble(lambda: read(cluster, miner))

        miners = self._outputs.miners
        return dict(zip(miners, self._pool.map(one, miners.values()), strict=True))


def _or_trouble(look: Callable[[], T]) -> T | Trouble:
    try:
        return look()
    except LookError as error:
        return error.trouble
