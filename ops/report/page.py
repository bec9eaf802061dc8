"""The page as a whole."""

import base64
import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ops.picture.facts import EnvironmentFacts, read_facts
from ops.preview import Preview
from ops.quantities.count import quantities
from ops.quantities.model import of_all_regions
from ops.render.text import duration
from ops.report.drawing import drawing
from ops.report.facts import Inhabitants, inhabitants, is_stateful, lock_of
from ops.report.gantt import grid_style, schedule_section
from ops.report.markup import Html, element, joined, verbatim
from ops.report.sections import inventory, policies, quantities_section

_FOLDER = Path(__file__).parent

_DIGEST = "@sha256:"


def render(preview: Preview, *, as_of: date | None = None) -> str:
    """The page on ``preview``: the same bytes for the same input. ``as_of`` is named as its day; None names none.

    Raises:
        QuantityError: a size in the graph that cannot be counted.
    """
    graph = preview.graph
    facts, lives = read_facts(graph), inhabitants(graph)
    name = preview.stack.name
    sections = [
        _section("environment", "The environment", drawing(facts, lives)),
        _section("schedule", "Modelled schedule", schedule_section(graph, preview.up, preview.destroy), folds=True),
        _section("inventory", "Inventory", inventory(graph)),
        _section("policies", "Policies", policies(preview.policies, preview.siblings), folds=True),
        _section("quantities", "Quantities in a month", quantities_section(of_all_regions(quantities(graph)))),
    ]
    if preview.log:
        sections.append(_section("notes", "Notes", joined(_notes(preview))))
    day = f" As of {as_of.isoformat()}." if as_of else ""
    said = (
        f"Evaluated from {preview.stack.path.name} against a simulated cloud: what the program asks for, not what "
        f"stands in the account.{day}"
    )
    header = element("header", element("h1", name), element("p", said), _headline(preview, facts, lives), _contents())
    style = verbatim(_own("page.css") + grid_style(preview.up))
    script = verbatim(_own("page.js"))
    main = element("main", *sections)
    body = element(
        "body",
        element("a", "To the content", href="#environment", class_="skip"),
        header,
        main,
        element("script", script),
    )
    return f"<!DOCTYPE html>\n{element('html', _head(name, style, script), body, lang='en')}\n"


def _head(name: str, style: Html, script: Html) -> Html:
    """With a policy by which a browser loads nothing, and runs nothing but this page's own lines."""
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{name}: report of the environment"),
        element("style", style),
    )


def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _hash(text: Html) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _contents() -> Html:
    names = ("environment", "schedule", "inventory", "policies", "quantities")
    links = [element("li", element("a", name.capitalize(), href=f"#{name}")) for name in names]
    return element("nav", element("ul", *links), aria_label="Sections")


def _headline(preview: Preview, facts: EnvironmentFacts, lives: Inhabitants) -> Html:
    items = [element("div", element("dt", name), element("dd", value)) for name, value in _facts(preview, facts, lives)]
    return element("dl", *items, class_="facts")


def _facts(preview: Preview, facts: EnvironmentFacts, lives: Inhabitants) -> Iterator[tuple[str, str]]:
    graph, report = preview.graph, preview.policies
    running = sum(bool(miner.services) for miner in lives.miners)
    stopped = f", {len(lives.miners) - running} stopped" if running < len(lives.miners) else ""
    stateful = [node for node in graph.nodes.values() if is_stateful(node)]
    locked = sum(bool(lock_of(node)) for node in stateful)
    yield "tier", report.tier
    yield "chain", str(next((node.outputs.get("chain", "") for node in graph.nodes.values() if not node.parent), ""))
    yield "release", ", ".join(sorted({_version(miner.image) for miner in lives.miners})) or "no miner"
    networks = sum(bool(region.cidr) for region in facts.regions)
    yield (
        "regions",
        f"{networks}, {len(facts.regions) - networks} for copies" if facts.regions[networks:] else f"{networks}",
    )
    yield "miners", f"{len(lives.miners)}{stopped}"
    yield "resources", f"{facts.resources:,}"
    yield "first up", duration(preview.up.total_s)
    yield "hold data", f"{len(stateful)}, {locked} locked"
    yield "policies", "clean" if report.clean else f"{len(report.findings)} broken, {len(report.undecided)} undecided"
    yield "public entries", f"{len(lives.entries)}" if lives.entries else "none"


def _version(image: str) -> str:
    return image.partition(_DIGEST)[0].rpartition(":")[2]


def _section(key: str, title: str, inner: Html, *, folds: bool = False) -> Html:
    buttons = [
        element("button", "Open all", type="button", hidden=True, data_open="yes"),
        element("button", "Close all", type="button", hidden=True, data_open="no"),
    ]
    heading = element("h2", title, id=f"{key}-title")
    bar = element("div", heading, *(buttons if folds else ()), class_="title")
    return element("section", bar, inner, id=key, aria_labelledby=f"{key}-title")


def _notes(preview: Preview) -> Iterator[Html]:
    if preview.log:
        yield element("h3", "Messages of the program")
        yield element("ul", *(element("li", line) for line in preview.log))
