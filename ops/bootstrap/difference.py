"""What differs between a setting as AWS has it and as it should be, in words."""

import json
from collections.abc import Iterator, Mapping

from simulator.values import JSON

_SHOWN = 3
_CHARACTERS = 300
_NAMES = ("Sid", "ID")
"""What names an entry of a list: a statement of a policy, a rule of a lifecycle."""


def difference(found: object, wanted: object) -> str:
    """The first fields that differ, each with what is found and what is wanted; they must differ."""
    told = list(_differences("", found, wanted))
    more = len(told) - _SHOWN
    return "; ".join([*told[:_SHOWN], f"and {more} more"] if more > 0 else told)


def _differences(path: str, found: object, wanted: object) -> Iterator[str]:
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        for name in dict.fromkeys((*wanted, *found)):
            if found.get(name) != wanted.get(name):
                yield from _differences(f"{path}.{name}" if path else str(name), found.get(name), wanted.get(name))
    elif isinstance(found, list) and isinstance(wanted, list):
        yield from _of_lists(path, found, wanted)
    else:
        yield f"{path}: found {_shown(found)}, wanted {_shown(wanted)}".removeprefix(": ")


def _of_lists(path: str, found: list[JSON], wanted: list[JSON]) -> Iterator[str]:
    """Entries that have names are compared by them; of others what is missing and what is too much."""
    here, there = _named(found), _named(wanted)
    if here is not None and there is not None:
        for name in dict.fromkeys((*there, *here)):
            if here.get(name) != there.get(name):
                yield from _differences(f"{path}[{name}]", here.get(name), there.get(name))
        return
    missing = [one for one in wanted if one not in found]
    too_much = [one for one in found if one not in wanted]
    if missing:
        yield f"{path}: without {', '.join(_shown(one) for one in missing)}"
    if too_much:
        yield f"{path}: has {', '.join(_shown(one) for one in too_much)}, which is not wanted"
    if not missing and not too_much:
        yield f"{path}: in another order"


def _named(entries: list[JSON]) -> dict[str, JSON] | None:
    """The entries by name; None if they have none. One without a name among them is told by its place."""
    names = [
        next((str(one[key]) for key in _NAMES if key in one), "") if isinstance(one, dict) else "" for one in entries
    ]
    if not any(names):
        return {} if not entries else None
    return {name or f"{number}": one for number, (name, one) in enumerate(zip(names, entries, strict=True))}


def _shown(value: object) -> str:
    text = "nothing" if value is None else json.dumps(value)
    return text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}…"
