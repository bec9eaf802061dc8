"""What an environment costs in a month, by region and area."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ops.prices.book import PriceBook
from ops.prices.cost import Cost, Priced, by_region_and_area, priced, total
from ops.quantities.model import Quantity
from simulator.values import JSON

LIST_PRICES = "On-Demand list prices of AWS, without taxes, discounts, credits and free tiers."


def print_costs(output: Console, items: Sequence[Priced], unavailable: str) -> None:
    """Print the totals of each region and area, then what has no price and why."""
    output.print()
    if unavailable:
        output.print(escape(f"No prices: {unavailable}"))
        return
    output.print(f"USD in a month. {LIST_PRICES}")
    table = Table(box=None, pad_edge=False)
    for heading in ("region", "area", "USD", "at most"):
        table.add_column(heading, justify="right" if heading in ("USD", "at most") else "left")
    regions = by_region_and_area(items)
    for region, areas in regions.items():
        for place, (area, cost) in enumerate(areas.items()):
            table.add_row("" if place else region or "no region", area, *_amounts(cost))
        table.add_row("", "all", *_amounts(total(item for item in items if item.quantity.region == region)))
    if len(regions) > 1:
        table.add_row("all", "", *_amounts(total(items)))
    output.print(table)
    for item in _distinct(items):
        output.print(escape(f"not priced: {item.quantity.area}, {item.quantity.what}: {item.why}"))


def _amounts(cost: Cost) -> tuple[str, str]:
    return f"{cost.usd:,.2f}", f"{cost.most:,.2f}" if cost.most > cost.usd else ""


def _distinct(items: Sequence[Priced]) -> list[Priced]:
    """Those without a price, each kind and reason once."""
    return list({(item.quantity.kind, item.why): item for item in items if item.cost is None}.values())


def costs_document(stack: str, counted: Sequence[Quantity], book: PriceBook) -> JSON:
    """The same for machines, described in docs/operations.md."""
    items = priced(counted, book)
    return {
        "format": 1,
        "stack": stack,
        "currency": "USD",
        "unavailable": book.unavailable or None,
        "total": None if book.unavailable else _cost(total(items)),
        "byRegion": {
            region: {area: _cost(cost) for area, cost in areas.items()}
            for region, areas in by_region_and_area(items).items()
        },
        "quantities": [
            {
                "region": item.quantity.region,
                "area": item.quantity.area,
                "what": item.quantity.what,
                "unit": item.quantity.unit,
                "amount": item.quantity.amount,
                "most": item.quantity.most,
                "cost": _cost(item.cost) if item.cost else None,
                "notPriced": None if item.cost else item.why,
            }
            for item in items
        ],
    }


def _cost(cost: Cost) -> JSON:
    return {"usd": round(cost.usd, 2), "most": round(cost.most, 2)}
