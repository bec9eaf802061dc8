"""The miners of a stack, as the `Cluster` resources say which of Teranode's services each runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulator.graph import Graph, Node

CLUSTER = "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster"


@dataclass(frozen=True, slots=True)
class Miner:
    """One miner: its namespace, the region of its cluster, the image of its services, and these by their keys."""

    name: str
    region: str
    image: str
    services: tuple[str, ...]


def miners(graph: Graph) -> list[Miner]:
    """All miners, by name; one that is stopped has no services."""
    found = (_miner(graph, node) for node in graph.nodes.values() if node.type == CLUSTER)
    return sorted(found, key=lambda miner: miner.name)


def _miner(graph: Graph, node: Node) -> Miner:
    spec, metadata = _mapping(node.inputs.get("spec")), _mapping(node.inputs.get("metadata"))
    running = spec.get("enabled") is not False
    return Miner(
        name=str(metadata.get("namespace", "")),
        region=graph.regions.get(node.urn, ""),
        image=str(spec.get("image", "")),
        services=tuple(sorted(_enabled(spec))) if running else (),
    )


def _enabled(spec: Mapping[str, object]) -> Iterator[str]:
    return (key for key, entry in spec.items() if _mapping(entry).get("enabled") is True)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
