"""The modelled schedule as bars on one axis of time, folded to components and regions."""

from collections.abc import Iterable, Iterator

from ops.render.text import clock, count, duration, kind
from ops.report.markup import Html, element, joined, table, verbatim
from ops.report.timeline import Branch, Lane, busy, lanes
from simulator.chain import applies_to, unavoidable_s
from simulator.graph import Graph
from simulator.schedule import Schedule, Step

_TICKS_S = (10, 30, 60, 120, 300, 600, 900, 1800, 3600)
_MOST_TICKS = 6
_BRIEF_S = 10
"""Steps of the deciding chain that take less are summed up."""


def schedule_section(graph: Graph, up: Schedule, destroy: Schedule) -> Html:
    """How long it takes, what decides that, and every step."""
    whole = frozenset(step.urn for step in up.critical_path())
    return joined(
        (
            element("p", joined(_totals(graph, up, destroy))),
            element("h3", "What decides it"),
            _chain(graph, up),
            element("h3", "Every step"),
            _legend(),
            element(
                "div", _axis(up.total_s), *(_lane(lane, whole, up.total_s) for lane in lanes(graph, up)), class_="gantt"
            ),
        )
    )


def grid_style(up: Schedule) -> Html:
    """The lines of the axis behind every bar."""
    share = 100 * tick_s(up.total_s) / up.total_s if up.total_s else 100
    return verbatim(f".bar{{background-size:{share:.4f}% 100%}}")


def tick_s(total_s: float) -> int:
    """Seconds between two lines of the axis."""
    return next((tick for tick in _TICKS_S if total_s / tick <= _MOST_TICKS), _TICKS_S[-1])


def _totals(graph: Graph, up: Schedule, destroy: Schedule) -> Iterator[str]:
    yield "From an empty account the first "
    yield element("code", "pulumi up")
    yield " takes "
    yield element("strong", duration(up.total_s))
    yield " by the model, and destroying all of it "
    yield element("strong", duration(destroy.total_s))
    yield ". "
    types = {node.type for node in graph.nodes.values()}
    if applies_to(types):
        chain_s = unavoidable_s(types)
        yield f"AWS alone imposes {duration(chain_s)}; this is {up.total_s / chain_s:.2f} times that. "
    yield "A model, not a promise: latencies are middle values, and everything that is ready starts at once."


def _chain(graph: Graph, up: Schedule) -> Html:
    path = up.critical_path()
    long = [step for step in path if step.duration_s > _BRIEF_S]
    rows = [
        (
            graph.nodes[step.urn].name,
            duration(step.duration_s),
            clock(step.start_s),
            kind(graph.nodes[step.urn].type),
            graph.regions.get(step.urn, ""),
        )
        for step in long
    ]
    brief = sum(step.duration_s for step in path) - sum(step.duration_s for step in long)
    rest = f"{count(len(path) - len(long), 'shorter step')} of the chain take {duration(brief)} in all."
    headings = ("step", "takes", "starts at", "type", "region")
    shown = table("The chain of steps that ends last", headings, rows, numbers=frozenset({1, 2}))
    return joined((shown, element("p", rest, class_="muted")))


def _legend() -> Html:
    return element(
        "p",
        _key("work"),
        " under way ",
        _key("own"),
        " its region's end waits for it ",
        _key("all"),
        " the whole environment's end waits for it, marked ",
        element("span", "◆", class_="mark"),
        ". Open a line to see what it is made of; times are minutes and seconds from the start.",
        class_="legend",
    )


def _key(name: str) -> Html:
    swatch = element("rect", width="100%", height="100%", class_=name)
    return element("svg", swatch, class_="key", width=16, height=10, aria_hidden="true")


def _axis(total_s: float) -> Html:
    tick = tick_s(total_s)
    marks = [
        element("text", clock(at), x=_percent(at, total_s), y=11, text_anchor="start" if at == 0 else "middle")
        for at in range(0, int(total_s) + 1, tick)
        if at <= total_s - tick / 4
    ]
    scale = element("svg", *marks, class_="scale", width="100%", height=14, aria_hidden="true")
    return element(
        "div", element("span", "minutes"), scale, element("span", f"ends at {clock(total_s)}"), class_="row axis"
    )


def _lane(lane: Lane, whole: frozenset[str], total_s: float) -> Html:
    branch = Branch(lane.region, "", lane.steps, lane.branches)
    number = count(len(lane.steps), "resource")
    summary = element("summary", *_row(branch, number, lane.deciding, whole, total_s), class_="row lane")
    rows = (_branch(inner, lane.deciding, whole, total_s) for inner in lane.branches)
    return element("details", summary, *rows, open=True)


def _branch(branch: Branch, own: frozenset[str], whole: frozenset[str], total_s: float) -> Html:
    if not branch.below:
        return element("div", *_row(branch, kind(branch.type), own, whole, total_s), class_="row")
    hint = f"{kind(branch.type)}, {len(branch.steps)}"
    summary = element("summary", *_row(branch, hint, own, whole, total_s), class_="row")
    return element("details", summary, *(_branch(inner, own, whole, total_s) for inner in branch.below))


def _row(
    branch: Branch, hint: str, own: frozenset[str], whole: frozenset[str], total_s: float
) -> tuple[Html, Html, Html]:
    """The three parts of a line: name, bar, times."""
    decides = any(step.urn in whole for step in branch.steps)
    mark = element("span", "◆", class_="mark", title="the whole environment's end waits for it") if decides else ""
    name = element("span", element("b", branch.name), " ", element("i", hint), " ", mark, class_="name")
    times = f"{clock(branch.start_s)} to {clock(branch.finish_s)}"
    return name, _bar(branch.steps, own, whole, total_s), element("span", times, class_="times")


def _bar(steps: tuple[Step, ...], own: frozenset[str], whole: frozenset[str], total_s: float) -> Html:
    parts = [*_spans(steps, "work", total_s)]
    parts += _spans((step for step in steps if step.urn in own and step.urn not in whole), "own", total_s)
    parts += _spans((step for step in steps if step.urn in whole), "all", total_s)
    return element("svg", *parts, class_="bar", width="100%", height=12, aria_hidden="true")


def _spans(steps: Iterable[Step], style: str, total_s: float) -> Iterator[Html]:
    for start, finish in busy(steps):
        yield element(
            "rect", x=_percent(start, total_s), width=_percent(finish - start, total_s), height=12, class_=style
        )


def _percent(seconds: float, total_s: float) -> str:
    return f"{100 * seconds / total_s:.2f}%" if total_s else "0%"
