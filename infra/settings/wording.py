"""Turn what pydantic found, and keys that nobody knows, into faults with a rule and a remedy."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from infra.settings.bounds import Bounds
from infra.settings.familiar import familiar
from infra.settings.faults import HIDDEN, Fault, full_path, listed, nearest, shown
from infra.settings.schema import StackKeys
from infra.settings.section import Section, entry_name, is_map, section_of

_MAX_HOMES = 4


def faults_of(error: ValidationError, path: str, bounds: Bounds | None) -> list[Fault]:
    """Return the faults of the value at `path`, which lies within `bounds`; an entry of a list gets its position.

    Pydantic does not count refused entries: a list that is too short for want of good ones is no second fault.
    """
    found = error.errors(include_url=False)
    has_bad_entries = any(details["loc"] for details in found)
    return [
        _fault(details, path, bounds) for details in found if not (has_bad_entries and details["type"] == "too_short")
    ]


def _fault(details: ErrorDetails, path: str, bounds: Bounds | None) -> Fault:
    positions = "".join(_position(key) for key in details["loc"])
    word, of_number = _WORDINGS.get(details["type"]), _NUMBERS.get(details["type"])
    if of_number and bounds:
        rule, remedy = of_number(bounds)
    elif word:
        rule, remedy = word(details["input"], details.get("ctx", {}))
    else:
        rule, remedy = details["msg"], "see docs/configuration.md"
    here = f"{path}{positions}"
    given = details.get("ctx", {}).get("shown") or shown(details["input"], here)
    return Fault(full_path(here), rule, remedy, given)


def _position(key: int | str) -> str:
    """The place of an entry of a list or of a map; that the fault is in a map's key itself is pydantic's own mark."""
    return f"[{key}]" if isinstance(key, int) else "" if key == "[key]" else f".{key}"


def _choice(given: object, context: Mapping[str, Any]) -> tuple[str, str]:
    choices = re.findall(r"'([^']*)'", context["expected"])
    close = nearest(str(given), choices, count=1)
    return f"one of {listed(choices)}", f"did you mean {close[0]}?" if close else f"choose one of {listed(choices)}"


def _length(_: object, context: Mapping[str, Any]) -> tuple[str, str]:
    if "min_length" in context:
        return f"at least {context['min_length']} entry", "name one, or remove the key"
    return f"at most {context['max_length']} entries; this has {context['actual_length']}", "remove some"


_WORDINGS: Mapping[str, Callable[[object, Mapping[str, Any]], tuple[str, str]]] = {
    "rule": lambda _, context: (context["rule"], context["remedy"]),
    "literal_error": _choice,
    "too_short": _length,
    "too_long": _length,
    "json_invalid": lambda *_: ("text of characters that UTF-8 has", "write it without escapes such as \\ud800"),
    "bool_type": lambda *_: ("true or false", "write one of them, without quotes"),
    "string_type": lambda *_: ("text", 'write it in quotes: "…"'),
    "int_type": lambda *_: ("a whole number", "write it as digits, without quotes"),
    "int_from_float": lambda *_: ("a whole number", "write it without a decimal point"),
    "dict_type": lambda *_: ("a mapping of names to text", "write it as { name: text }"),
    "tuple_type": lambda *_: ("a list", "write it in brackets: […]"),
}
_NUMBERS: Mapping[str, Callable[[Bounds], tuple[str, str]]] = {
    "greater_than_equal": lambda bounds: (str(bounds), bounds.least_in_words),
    "less_than_equal": lambda bounds: (str(bounds), bounds.most_in_words),
    "int_type": lambda bounds: (f"a whole number, {bounds}", "write it as digits, without quotes"),
    "int_from_float": lambda bounds: (f"a whole number, {bounds}", "write it without a decimal point"),
}


def unknown_key(path: str, known: Iterable[str], value: object) -> Fault:
    """Word the fault of an unknown key: what takes its place, the nearest key here, or where such a key belongs.

    Its value is shown only if it is a switch: a key that nobody knows may hold a secret.
    """
    known = sorted(known)
    name = path.rpartition(".")[2]
    homes = sorted((home for home in _homes().get(name, ()) if home != path), key=lambda home: home.count("."))
    belongs = f"it belongs in {' or '.join(homes[:_MAX_HOMES])}" if homes else ""
    close = [one for one in known if one.casefold() == name.casefold()] or nearest(name, known)
    meant = f"did you mean {' or '.join(close)}?" if close else ""
    if not homes and (remedy := familiar(name)):
        pass
    elif shown("", name) == HIDDEN:
        remedy = "remove it: no secret is read from here; secrets are generated, or stay in AWS Secrets Manager"
    elif belongs and close and name[:-1] in close[0]:
        remedy = f"{meant} As it is written {belongs}"
    else:
        remedy = belongs or meant or f"remove it; the keys here are {listed(known)}"
    return Fault(full_path(path), "a known key", remedy, _switch(value))


def _switch(value: object) -> str:
    text = value if isinstance(value, str) else shown(value) if isinstance(value, bool) else ""
    return text if text in ("true", "false") else ""


def _homes() -> dict[str, list[str]]:
    homes: dict[str, list[str]] = {}
    for place, name in _places(StackKeys, ""):
        homes.setdefault(name, []).append(place)
    return homes


def _places(section: type[Section], prefix: str) -> Iterator[tuple[str, str]]:
    for field in section.model_fields.values():
        name = field.alias or ""
        yield f"{prefix}{name}", name
        if inner := section_of(field.annotation):
            entry = f"<{entry_name(field)}>." if is_map(field.annotation) else ""
            yield from _places(inner, f"{prefix}{name}.{entry}")
