"""Words and numbers as people read them."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable

from simulator.record import PROVIDER_PREFIX

_MINUTE_S = 60
_PROSE_COLUMNS = 100
_COMMAND = re.compile(r"(?<=: )(?:aws|docker|git|helm|kubectl|pulumi|\.venv/bin/python) .*")
_QUOTED = re.compile(r"`[^`]+`")
_UNBROKEN = "\u00a0"


def duration(seconds: float) -> str:
    """``1087`` as ``18 min 07 s``, ``42`` as ``42 s``."""
    whole = round(seconds)
    minutes, rest = divmod(whole, _MINUTE_S)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def clock(seconds: float) -> str:
    """A moment as minutes and seconds from the start, ``18:07``."""
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    return f"{minutes}:{rest:02}"


def count(number: int, noun: str) -> str:
    """A number with its noun: ``1 finding``, ``2 findings``, ``3 policies``."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"
    return f"{number} {plural}"


def kind(token: str) -> str:
    """The last part of a type token: ``Vpc``; of a provider with its package: ``aws provider``."""
    if token.startswith(PROVIDER_PREFIX):
        return f"{token.rsplit(':', 1)[-1]} provider"
    return token.rsplit(":", 1)[-1]


def short_type(token: str) -> str:
    """A type token as the Pulumi CLI shows it: ``aws:ec2/vpc:Vpc`` as ``aws:ec2:Vpc``."""
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    return f"{package}:{module.split('/')[0]}:{name}" if package != "kubernetes" else token


def tally(tokens: Iterable[str], limit: int) -> str:
    """The most frequent kinds with their numbers, the rest summed up: ``9 Subnet, 6 RouteTable, 4 more``."""
    counted = Counter(kind(token) for token in tokens)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{number} {name}" for name, number in ranked[:limit]]
    rest = sum(number for _, number in ranked[limit:])
    return ", ".join([*shown, f"{rest} more"] if rest else shown)


def prose(text: str, columns: int = _PROSE_COLUMNS) -> list[str]:
    """``text`` in lines that can be read, and no command broken: else it cannot be pasted.

    A command after a colon, which goes to the end of its line, has a line of its own; one in backquotes is one word.
    """
    return [line for paragraph in text.splitlines() for line in _lines(paragraph, columns)]


def _lines(paragraph: str, columns: int) -> list[str]:
    found = _COMMAND.search(paragraph)
    words = paragraph[: found.start()].rstrip() if found else paragraph
    kept = _QUOTED.sub(lambda quoted: quoted[0].replace(" ", _UNBROKEN), words)
    lines = textwrap.wrap(kept, columns, break_long_words=False, break_on_hyphens=False)
    return [*(line.replace(_UNBROKEN, " ") for line in lines), *([f"  {found[0]}"] if found else [])]
