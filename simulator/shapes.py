"""The shape of property values: what may stand where, with the path of whatever does not fit."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from simulator.values import JSON, SECRET_SIGNATURE, SIGNATURE_KEY, UNKNOWN

PathKeys = tuple[str | int, ...]


class Shape(Protocol):
    """What a value of one property may look like."""

    def problems(self, value: JSON, path: str) -> Iterator[str]:
        """Every way in which ``value`` does not fit, each starting with its property path."""
        ...

    def at(self, keys: PathKeys) -> str:
        """Why no value can be found at ``keys`` below this one; empty if one can."""
        ...


@dataclass(frozen=True, slots=True)
class AnyValue:
    """A value that the SDK does not describe."""

    def problems(self, value: JSON, path: str) -> Iterator[str]:  # noqa: ARG002 (the protocol's parameters)
        """Nothing is wrong with anything."""
        return iter(())

    def at(self, keys: PathKeys) -> str:  # noqa: ARG002 (the protocol's parameters)
        """Everything may be below."""
        return ""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text, number or truth value, or one of a fixed set."""

    name: str
    fits: Callable[[JSON], bool]

    def problems(self, value: JSON, path: str) -> Iterator[str]:
        """One problem if the value has another type or is none of the allowed ones."""
        if not self.fits(value):
            yield f"{path}: must be {self.name}, not {_type_name(value)}"

    def at(self, keys: PathKeys) -> str:
        """Nothing is below a scalar."""
        return f"nothing is below {self.name}" if keys else ""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    item: Shape

    def problems(self, value: JSON, path: str) -> Iterator[str]:
        """The problems of every item."""
        if not isinstance(value, list):
            yield f"{path}: must be a list, not {_type_name(value)}"
            return
        for index, item in enumerate(value):
            yield from check(self.item, item, f"{path}[{index}]")

    def at(self, keys: PathKeys) -> str:
        """An index or ``*`` leads to an item."""
        if not keys:
            return ""
        if isinstance(keys[0], int) or keys[0] == "*":
            return self.item.at(keys[1:])
        return f"{keys[0]!r} is no index of a list"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with keys of the program's choice."""

    item: Shape

    def problems(self, value: JSON, path: str) -> Iterator[str]:
        """The problems of every value."""
        if not isinstance(value, dict):
            yield f"{path}: must be an object, not {_type_name(value)}"
            return
        for key, item in value.items():
            yield from check(self.item, item, f"{path}.{key}")

    def at(self, keys: PathKeys) -> str:
        """Every key leads to a value."""
        return self.item.at(keys[1:]) if keys else ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A value that fits any of several shapes."""

    options: tuple[Shape, ...]

    def problems(self, value: JSON, path: str) -> Iterator[str]:
        """The problems of the option that fits best."""
        found = [list(option.problems(value, path)) for option in self.options]
        yield from min(found, key=len)

    def at(self, keys: PathKeys) -> str:
        """Whatever one of the options allows."""
        found = [option.at(keys) for option in self.options]
        return "" if "" in found else found[0]


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """An object with declared properties.

    Attributes:
        load: properties and the names of the required ones; a function, because types may contain themselves.
    """

    load: Callable[[], tuple[Mapping[str, Shape], frozenset[str]]]

    def problems(self, value: JSON, path: str) -> Iterator[str]:
        """Unknown and missing properties, and the problems of every known one."""
        if not isinstance(value, dict):
            yield f"{path}: must be an object, not {_type_name(value)}"
            return
        properties, required = self.load()
        prefix = f"{path}." if path else ""
        for key, item in value.items():
            shape = properties.get(key)
            if shape is not None:
                yield from check(shape, item, prefix + key)
            elif not key.startswith("__"):
                yield f"{prefix}{key}: no such property{_nearest(key, properties)}"
        for key in required - value.keys():
            yield f"{prefix}{key}: required, but missing"

    def at(self, keys: PathKeys) -> str:
        """A declared name or ``*`` leads to a property."""
        if not keys or keys[0] == "*":
            return ""
        properties, _ = self.load()
        shape = properties.get(str(keys[0]))
        if shape is None:
            return f"{keys[0]!r} is no property{_nearest(str(keys[0]), properties)}"
        return shape.at(keys[1:])


def check(shape: Shape, value: JSON, path: str) -> Iterator[str]:
    """The problems of a value that may be secret, unknown or absent."""
    if isinstance(value, dict) and value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
        value = value.get("value", UNKNOWN)
    if value is not None and value != UNKNOWN:
        yield from shape.problems(value, path)


def _nearest(key: str, known: Mapping[str, Shape]) -> str:
    words = key.split("_")
    camel = words[0] + "".join(word.capitalize() for word in words[1:])
    if camel in known:
        return f"; did you mean {camel}?"
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _type_name(value: JSON) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "null")
