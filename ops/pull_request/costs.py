"""What a change costs in a month, as parts of the comment."""

from collections.abc import Sequence

from ops.github.markdown import folded, table, words
from ops.prices.book import PriceBook
from ops.prices.price import Price, Unpriced
from ops.pull_request.change import QuantityChange, StackChange
from ops.quantities.model import Quantity
from ops.render.prices import LIST_PRICES
from ops.render.text import count


def cost_cell(change: StackChange, book: PriceBook) -> str:
    """What the month will cost, and how much more or less that is."""
    before, after = (_total(change.used, book, side) for side in ("before", "after"))
    unpriced = sum(isinstance(_price(one, book), Unpriced) for one in change.quantities)
    left_out = f"<br>{unpriced} not priced" if unpriced else ""
    difference = f"{after - before:+,.2f}" if change.quantities else "same"
    return f"{after:,.2f} ({difference}){left_out}"


def quantities_part(change: StackChange, book: PriceBook) -> str:
    """The quantities that differ, each with what the difference costs; closed until somebody opens it."""
    rows = [_row(one, book) for one in change.quantities]
    headings = ["region", "what", "unit", "before", "after", "difference"]
    title = f"Quantities in a month: {count(len(rows), 'difference')}"
    if book.unavailable:
        body = table(headings, [row[:-1] for row in rows], numbers_from=3)
        return folded(title, f"{body}\n\nNo prices: {words(book.unavailable)}.")
    more = _total(change.quantities, book, "after") - _total(change.quantities, book, "before")
    body = table([*headings, "USD"], rows, numbers_from=3)
    return folded(f"{title}, {more:+,.2f} USD", f"{body}\n\n{LIST_PRICES}{_reasons(change, book)}")


def _row(item: QuantityChange, book: PriceBook) -> list[str]:
    price = _price(item, book)
    usd = f"{price.of(item.after) - price.of(item.before):+,.2f}" if isinstance(price, Price) else "not priced"
    return [
        words(item.region or "no region"),
        words(f"{item.kind.area}: {item.kind.what}"),
        words(item.kind.unit),
        f"{item.before:,.0f}",
        f"{item.after:,.0f}",
        f"{item.after - item.before:+,.0f}",
        usd,
    ]


def _reasons(change: StackChange, book: PriceBook) -> str:
    """Why some have no price, each reason once."""
    unpriced = {
        f"{item.kind.what}: {price.why}": None
        for item in change.quantities
        if isinstance(price := _price(item, book), Unpriced)
    }
    return "".join(f"<br>Not priced: {words(reason)}." for reason in unpriced)


def _total(items: Sequence[QuantityChange], book: PriceBook, side: str) -> float:
    amounts = ((one.before if side == "before" else one.after, _price(one, book)) for one in items)
    return sum(price.of(amount) for amount, price in amounts if isinstance(price, Price))


def _price(item: QuantityChange, book: PriceBook) -> Price | Unpriced:
    return book.price(Quantity(item.region, item.kind, item.after, item.after))
