"""What quantities cost in a month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ops.prices.book import PriceBook
from ops.prices.price import Price
from ops.quantities.model import Quantity


@dataclass(frozen=True, slots=True)
class Cost:
    """USD in a month, and at most where something scales by itself."""

    usd: float
    most: float


@dataclass(frozen=True, slots=True)
class Priced:
    """A quantity with its cost, or with why there is none."""

    quantity: Quantity
    cost: Cost | None
    why: str = ""


def priced(quantities: Iterable[Quantity], book: PriceBook) -> list[Priced]:
    """Each quantity with its cost."""
    return [_priced(quantity, book) for quantity in quantities]


def _priced(quantity: Quantity, book: PriceBook) -> Priced:
    found = book.price(quantity)
    if isinstance(found, Price):
        return Priced(quantity, Cost(found.of(quantity.amount), found.of(quantity.most)))
    return Priced(quantity, None, found.why)


def total(items: Iterable[Priced]) -> Cost:
    """Of all that have a price."""
    costs = [item.cost for item in items if item.cost]
    return Cost(sum(cost.usd for cost in costs), sum(cost.most for cost in costs))


def by_region_and_area(items: Iterable[Priced]) -> Mapping[str, Mapping[str, Cost]]:
    """The totals of each area, region by region, both by name."""
    found: defaultdict[str, defaultdict[str, list[Priced]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.cost:
            found[item.quantity.region][item.quantity.area].append(item)
    return {region: {area: total(found[region][area]) for area in sorted(found[region])} for region in sorted(found)}
