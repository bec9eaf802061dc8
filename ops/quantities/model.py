"""A quantity, and the product of AWS that it is so much of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

HOURS_PER_MONTH = 730
"""8,760 hours of a year by twelve, as AWS's own estimates count."""


class QuantityError(Exception):
    """A size in the graph that is written in a form that nobody taught this package."""


@dataclass(frozen=True, slots=True)
class Product:
    """What AWS's price list has a price for, as it is found there.

    - `service`, `family`: ``ServiceCode`` and ``productFamily``; an empty family is not asked for.
    - `usage`: the usage type without the prefix of its region (``NatGateway-Hours`` of ``EUC1-NatGateway-Hours``);
      empty where the attributes say it all.
    - `attributes`: further attributes, each with the value that it must have.
    - `everywhere`: one price for all regions, listed under none.
    """

    service: str
    family: str = ""
    usage: str = ""
    attributes: tuple[tuple[str, str], ...] = ()
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted; one of a kind has one product, or none where its price cannot be known beforehand."""

    area: str
    what: str
    unit: str
    product: Product | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of one kind in a month, in one region; without one in all of them."""

    region: str
    kind: Kind
    amount: float
    most: float
    """Above ``amount`` where something scales by itself: what it comes to at its upper bound."""

    @property
    def area(self) -> str:
        """Of its kind."""
        return self.kind.area

    @property
    def what(self) -> str:
        """Of its kind."""
        return self.kind.what

    @property
    def unit(self) -> str:
        """Of its kind."""
        return self.kind.unit


def summed(counted: Iterable[Quantity]) -> list[Quantity]:
    """One quantity of each kind in each region, sorted."""
    least: defaultdict[tuple[str, Kind], float] = defaultdict(float)
    most: defaultdict[tuple[str, Kind], float] = defaultdict(float)
    for one in counted:
        least[one.region, one.kind] += one.amount
        most[one.region, one.kind] += one.most
    found = [Quantity(region, kind, amount, most[region, kind]) for (region, kind), amount in least.items()]
    return sorted(found, key=lambda one: (one.area, one.what, one.unit, one.region))


def of_all_regions(counted: Iterable[Quantity]) -> list[Quantity]:
    """The same without regard to regions, sorted."""
    return summed(Quantity("", one.kind, one.amount, one.most) for one in counted)
