"""The quantities of a whole environment, region by region."""

from collections.abc import Iterator

from ops.quantities import aws, kubernetes
from ops.quantities.model import Quantity, summed
from simulator.graph import Graph

_COUNTED = {**aws.COUNTED, **kubernetes.COUNTED}


def quantities(graph: Graph) -> list[Quantity]:
    """The monthly quantities of a deployment, one of each kind in each region, sorted.

    Raises:
        QuantityError: a size or interval that cannot be read.
    """
    return summed(_each(graph))


def _each(graph: Graph) -> Iterator[Quantity]:
    for node in graph.nodes.values():
        if counted := _COUNTED.get(node.type):
            region = graph.regions.get(node.urn, "")
            for kind, amount, most in counted(node, graph):
                yield Quantity(region, kind, amount, most)
