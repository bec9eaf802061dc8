"""What ``ops pull-request prices`` does."""

from pathlib import Path

from rich.markup import escape

from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.files import read_file, write_file
from ops.prices.ask import ask
from ops.prices.book import prices_text, read_products
from ops.prices.price import Price
from ops.render.console import page, progress


@faults_reported
def run_prices(products: Path, *, to: Path, profile: str | None) -> ExitCode:
    """Write what AWS's price list says of ``products`` to ``to``."""
    asked = read_products(read_file(products), str(products))
    with progress("asking AWS's price list") as status:
        book = ask(profile, asked, status.update)
    write_file(to, prices_text(book))
    with page() as output:
        known = sum(isinstance(said, Price) for said in book.prices.values())
        output.print(escape(book.unavailable or f"{to}  {known} of {len(asked)} products have a price"))
    return ExitCode.CLEAN
