"""HTML from Python: text is escaped unless it is markup that this module made."""

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "link", "rect", "line", "circle", "path"})
"""Elements without an end tag; those of SVG are closed in themselves."""


class Html(str):
    """Markup, escaped already. Only this module makes one from text."""

    __slots__ = ()


Attribute = str | int | float | bool | None


def element(name: str, /, *children: str, **attributes: Attribute) -> Html:
    """An element. Text among ``children`` is escaped, and so is every attribute.

    An attribute that is None or False is left out, True has no value. ``class_`` is ``class``, ``aria_label``
    ``aria-label``.
    """
    opened = f"<{name}{''.join(_attribute(key, value) for key, value in attributes.items())}>"
    if name in _VOID:
        return Html(opened if name in ("meta", "link") else f"{opened[:-1]}/>")
    return Html(f"{opened}{joined(children)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Html:
    """Parts one after another, what is text among them escaped."""
    return Html(escape(between).join(part if isinstance(part, Html) else escape(part) for part in parts))


def verbatim(text: str) -> Html:
    """Markup, style or script that this project wrote itself: never what a stack says."""
    return Html(text)


def table(
    caption: str, headings: Iterable[str], rows: Iterable[Iterable[str]], *, numbers: frozenset[int] = frozenset()
) -> Html:
    """A table whose first column names its rows; it scrolls by itself where it is wider than the page.

    ``numbers`` are the columns, from zero, whose cells are aligned to their end.
    """
    names = list(headings)
    head = element(
        "tr", *(element("th", name, scope="col", class_=_side(at, numbers)) for at, name in enumerate(names))
    )
    body = [element("tr", *_cells(row, numbers)) for row in rows]
    grid = element("table", element("caption", caption), element("thead", head), element("tbody", *body))
    return scrolling(caption, grid)


def scrolling(label: str, inner: Html) -> Html:
    """What may be wider than the page; the keyboard scrolls it as well."""
    return element("div", inner, class_="wide", tabindex=0, role="region", aria_label=label)


def row_heading(text: str) -> Html:
    """The cell that names a row."""
    return element("th", text, scope="row")


def _cells(row: Iterable[str], numbers: frozenset[int]) -> Iterable[Html]:
    for at, cell in enumerate(row):
        yield row_heading(cell) if at == 0 else element("td", cell, class_=_side(at, numbers))


def _side(at: int, numbers: frozenset[int]) -> str | None:
    return "number" if at in numbers else None


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {name}="{escape(shown)}"'
