"""What ``ops quantities`` does."""

import json
from collections.abc import Callable, Sequence

from ops.exit_codes import ExitCode
from ops.faults import faults_reported
from ops.prices.book import PriceBook, wanted
from ops.prices.cost import priced
from ops.quantities.count import quantities
from ops.quantities.model import Quantity, of_all_regions
from ops.render.console import page, progress
from ops.render.prices import costs_document, print_costs
from ops.render.quantities import print_quantities, quantities_document
from ops.stacks import PROJECT_DIR, find_stack
from simulator.graph import Graph
from simulator.simulate import simulate


@faults_reported
def run_quantities(stack: str, *, prices: bool, profile: str | None, as_json: bool) -> ExitCode:
    """Count what ``stack`` uses in a month and print it, as JSON if ``as_json``; with ``prices`` what it costs."""
    found = find_stack(stack)
    with progress(f"evaluating {found.name}") as status:
        counted = quantities(Graph(simulate(found.path, project_dir=PROJECT_DIR).deployment))
        book = _asked(profile, counted, status.update) if prices else None
    everywhere = of_all_regions(counted)
    if as_json:
        document = costs_document(found.name, counted, book) if book else quantities_document(everywhere)
        print(json.dumps(document, indent=2))  # noqa: T201
        return ExitCode.CLEAN
    with page() as output:
        print_quantities(output, found.name, everywhere)
        if book:
            print_costs(output, priced(counted, book), book.unavailable)
    return ExitCode.CLEAN


def _asked(profile: str | None, counted: Sequence[Quantity], tell: Callable[[str], object]) -> PriceBook:
    from ops.prices.ask import ask  # noqa: PLC0415 (needs boto3, which takes its time)

    return ask(profile, wanted(counted), tell)
