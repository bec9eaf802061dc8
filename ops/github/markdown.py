"""Texts of strangers in a comment on GitHub: whatever they are, they stay texts."""

from collections.abc import Iterable, Sequence

_ENTITIES = str.maketrans({mark: f"&#{ord(mark)};" for mark in "&<>|`@\\*_~[]#!$:"})
_LONGEST = 300


def code(text: str) -> str:
    """``text`` in a fixed-width font: no markup, no mention, no line break."""
    return f"<code>{words(text)}</code>"


def words(text: str) -> str:
    """``text`` as running words: no markup, no mention, no link, no line break."""
    return _one_line(text).translate(_ENTITIES).replace("www.", "www&#46;")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers_from: int | None = None) -> str:
    """A table of cells that are markdown already; columns from ``numbers_from`` on are aligned to the right."""
    rules = ["--:" if numbers_from is not None and place >= numbers_from else "---" for place in range(len(headings))]
    lines = [headings, rules, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def folded(summary: str, body: str) -> str:
    """A part that opens by a click."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
