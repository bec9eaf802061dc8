"""Amounts of one resource, and how they are read from its inputs."""

import re
from collections.abc import Callable, Iterator

from ops.quantities.model import HOURS_PER_MONTH, Kind, Product, QuantityError
from simulator.graph import Graph, Node
from simulator.values import JSON

Amount = tuple[Kind, float, float]
"""So much of a kind, and at most."""

Count = Callable[[Node, Graph], Iterator[Amount]]
"""What a resource adds to the month."""

_GIB = {"Ki": 2**-20, "Mi": 2**-10, "Gi": 1.0, "Ti": 2**10}
_DURATION = re.compile(r"(?:(?P<h>\d+)h)?(?:(?P<m>\d+)m)?(?:(?P<s>\d+)s)?")


def hours(area: str, what: str, product: Product | None, count: float = 1, most: float | None = None) -> Amount:
    """The whole month of so many."""
    upper = count if most is None else most
    return Kind(area, what, "hours", product), count * HOURS_PER_MONTH, upper * HOURS_PER_MONTH


def gib(area: str, what: str, product: Product | None, size: float, most: float | None = None) -> Amount:
    """Room that is there all month."""
    return Kind(area, what, "GiB", product), size, size if most is None else most


def fixed(kind: Kind, amount: float) -> Amount:
    """So much, that does not scale by itself."""
    return kind, amount, amount


def each(area: str, what: str, product: Product) -> Count:
    """A thing that costs by existing."""

    def counted(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
        yield fixed(Kind(area, what, "each", product), 1)

    return counted


def hourly(area: str, what: str, product: Product) -> Count:
    """A thing that costs by the hour."""

    def counted(node: Node, graph: Graph) -> Iterator[Amount]:  # noqa: ARG001
        yield hours(area, what, product)

    return counted


def number(value: JSON) -> float:
    """A number of the inputs; 0 of anything else."""
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def size_gib(value: JSON) -> float:
    """A size of Kubernetes in GiB.

    Raises:
        QuantityError: it is written in another form.
    """
    match = re.fullmatch(r"(\d+)([KMGT]i)", str(value))
    if match is None:
        raise QuantityError(f"a size of {value!r}: known are whole numbers of {', '.join(_GIB)}")
    return float(match[1]) * _GIB[match[2]]


def seconds(value: JSON) -> int:
    """An interval of Kubernetes in seconds.

    Raises:
        QuantityError: it is written in another form.
    """
    match = _DURATION.fullmatch(str(value)) if value is not None else None
    if match is None:
        raise QuantityError(f"an interval of {value!r}: known are hours, minutes and seconds, as in 1h30m")
    of_day, of_hour, of_minute = (int(match[unit] or 0) for unit in ("h", "m", "s"))
    return 3600 * of_day + 60 * of_hour + of_minute
