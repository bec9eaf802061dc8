"""The monthly quantities of an environment as a table."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from ops.quantities.model import HOURS_PER_MONTH, Quantity
from simulator.values import JSON


def print_quantities(output: Console, stack: str, counted: Sequence[Quantity]) -> None:
    """Print one row for each quantity, by area."""
    output.print(f"{stack}  what is there all the time, in a month of {HOURS_PER_MONTH} hours")
    table = Table(box=None, pad_edge=False)
    for heading in ("area", "what", "per month", "at most", ""):
        table.add_column(heading, justify="right" if heading in ("per month", "at most") else "left")
    area = ""
    for quantity in counted:
        most = _amount(quantity.most) if quantity.most > quantity.amount else ""
        shown = "" if quantity.area == area else quantity.area
        table.add_row(shown, quantity.what, _amount(quantity.amount), most, quantity.unit)
        area = quantity.area
    output.print(table)
    output.print("Not counted: traffic, requests of applications, and data that grows by itself.")


def quantities_document(counted: Sequence[Quantity]) -> JSON:
    """The same for machines, described in docs/operations.md."""
    return [
        {"area": one.area, "what": one.what, "unit": one.unit, "amount": one.amount, "most": one.most}
        for one in counted
    ]


def _amount(number: float) -> str:
    return f"{number:,.0f}"
