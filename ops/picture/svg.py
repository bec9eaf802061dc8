"""Just enough SVG: shapes and text in classes that follow the reader's light or dark theme."""

from dataclasses import dataclass, field
from html import escape

_AVERAGE_WIDTH = 0.6
"""Width of a character in units of the font size: on the safe side for sans serif, exact for monospaced fonts."""

_LIGHT = {
    "background": "#ffffff",
    "panel": "#f6f8fa",
    "edge": "#d0d7de",
    "text": "#1f2328",
    "muted": "#59636e",
    "public": "#ddf4ff",
    "private": "#dafbe1",
    "data": "#fff8c5",
    "other": "#eaeef2",
    "cluster": "#fbefff",
    "accent": "#8250df",
    "link": "#0969da",
}
_DARK = {
    "background": "#0d1117",
    "panel": "#161b22",
    "edge": "#3d444d",
    "text": "#f0f6fc",
    "muted": "#9198a1",
    "public": "#0c2d4a",
    "private": "#0f3420",
    "data": "#3b2e0a",
    "other": "#212830",
    "cluster": "#2d1f45",
    "accent": "#ab7df8",
    "link": "#4493f8",
}


def text_width(text: str, size: float) -> float:
    """Upper estimate of how wide ``text`` is at a font ``size``."""
    return len(text) * size * _AVERAGE_WIDTH


def fitted(text: str, size: float, width: float) -> str:
    """``text``, cut with an ellipsis if it is wider than ``width``."""
    room = int(width / (size * _AVERAGE_WIDTH))
    return text if len(text) <= room else f"{text[: max(room - 1, 1)]}…"


@dataclass(slots=True)
class Canvas:
    """Shapes in the order drawn."""

    width: float
    _parts: list[str] = field(default_factory=list)

    def box(self, x: float, y: float, width: float, height: float, fill: str) -> None:
        """A rounded rectangle filled with the named colour."""
        self._parts.append(
            f'<rect class="f-{fill} edge" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6"/>'
        )

    def text(
        self, x: float, y: float, text: str, *, size: float = 13, style: str = "text", width: float | None = None
    ) -> None:
        """A line of text from ``x`` at baseline ``y``; what is wider than ``width`` is cut and told on hover.

        ``style``: a colour name, with ``bold``, ``mono`` or ``end`` (aligned to its end) after it.
        """
        shown = fitted(text, size, width) if width else text
        colour, *marks = style.split()
        classes = " ".join([f"t-{colour}", *marks])
        title = f"<title>{escape(text)}</title>" if shown != text else ""
        self._parts.append(
            f'<text class="{classes}" x="{x:g}" y="{y:g}" font-size="{size:g}">{title}{escape(shown)}</text>'
        )

    def upright_text(self, x: float, y: float, text: str, *, size: float, style: str) -> None:
        """A line of text that reads downwards along ``x``, its middle at ``y``."""
        self._parts.append(
            f'<text class="t-{style} middle" transform="translate({x:g} {y:g}) rotate(90)" font-size="{size:g}">'
            f"{escape(text)}</text>"
        )

    def line(self, points: list[tuple[float, float]]) -> None:
        """A link through ``points``."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._parts.append(f'<polyline class="link" points="{path}"/>')

    def dot(self, x: float, y: float) -> None:
        """Where a link ends."""
        self._parts.append(f'<circle class="dot" cx="{x:g}" cy="{y:g}" r="3.5"/>')

    def render(self, height: float, title: str, description: str) -> str:
        """The whole document; ``title`` and ``description`` say to screen readers what it shows."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:g} {height:g}" '
            f'width="{self.width:g}" height="{height:g}" role="img" '
            f'aria-label="{escape(title)}" aria-describedby="description">'
            f'<desc id="description">{escape(description)}</desc>'
        )
        ground = f'<rect class="f-background" width="{self.width:g}" height="{height:g}"/>'
        return "\n".join([head, _style(), ground, *self._parts, "</svg>"]) + "\n"


def _style() -> str:
    dark = "".join(_rules(_DARK))
    fixed = (
        "text{font-family:ui-sans-serif,system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif}"
        ".bold{font-weight:600}.mono{font-family:ui-monospace,'SF Mono',Menlo,Consolas,monospace}"
        ".end{text-anchor:end}.middle{text-anchor:middle}.edge{stroke-width:1}.link{fill:none;stroke-width:1.5}"
    )
    light = "".join(_rules(_LIGHT))
    return f"<style>{fixed}{light}@media (prefers-color-scheme:dark){{{dark}}}</style>"


def _rules(colours: dict[str, str]) -> list[str]:
    fills = [f".f-{name}{{fill:{colour}}}.t-{name}{{fill:{colour}}}" for name, colour in colours.items()]
    return [*fills, f".edge{{stroke:{colours['edge']}}}.link{{stroke:{colours['link']}}}.dot{{fill:{colours['link']}}}"]
