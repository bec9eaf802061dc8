"""Reading property values of which some are unknown (a preview) or sealed (secrets).

A rule must never take "cannot be read" for "is fine". Each accessor here therefore raises :class:`UndecidedError` where
the answer hangs on a value that is not there to be read, and whoever runs the rule reports it as not decided.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""The engine's marker for a value that only ``up`` can know. Source: pulumi/pulumi, sdk/go/common/resource/plugin."""

_SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 (a public type tag, not a credential)


class UndecidedError(Exception):
    """A rule needs a value that cannot be read.

    :param path: dotted path of the value below the resource's inputs.
    :param cause: why it cannot be read, as the end of the sentence "… is".
    """

    def __init__(self, path: str, cause: str) -> None:
        super().__init__(f"{path} is {cause}")
        self.path = path
        self.cause = cause


def is_secret(value: object) -> bool:
    """Whether ``value`` is an engine secret envelope, sealed or not."""
    return isinstance(value, Mapping) and value.get(_SIGNATURE_KEY) == _SECRET_SIGNATURE


def is_unknown(value: object) -> bool:
    """Whether ``value`` itself is the unknown marker."""
    return value == UNKNOWN


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every scalar and every secret envelope below ``value``, with its dotted path; envelopes are not opened."""
    if isinstance(value, Mapping) and not is_secret(value):
        for key, item in value.items():
            yield from leaves(item, join(path, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from leaves(item, join(path, str(index)))
    else:
        yield path, value


def join(path: str, key: str) -> str:
    """The dotted path of ``key`` below ``path``."""
    return f"{path}.{key}" if path else key


class View:
    """A JSON object read by dotted path. Absent is an answer (the default); unknown, secret and wrong type are not."""

    __slots__ = ("_data", "path")

    def __init__(self, data: Mapping[str, Json], path: str = "") -> None:
        self._data = data
        self.path = path

    @property
    def raw(self) -> Mapping[str, Json]:
        """The object itself, markers included."""
        return self._data

    def get(self, path: str) -> Json:
        """The value at ``path``, None where it is absent.

        :raises UndecidedError: the value, or something on the way to it, is unknown or secret.
        """
        value: Json = self._data
        at = self.path
        for key in path.split("."):
            at = join(at, key)
            value = _child(value, key)
            if is_unknown(value):
                raise UndecidedError(at, "unknown until the update")
            if is_secret(value):
                raise UndecidedError(at, "a secret")
        return value

    def has(self, path: str) -> bool:
        """Whether something is set at ``path``; an unknown or secret value is set, whatever it is."""
        try:
            return self.get(path) not in (None, "", [], {})
        except UndecidedError:
            return True

    def text(self, path: str, default: str = "") -> str:
        """The string at ``path``."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        raise UndecidedError(join(self.path, path), "not a string")

    def flag(self, path: str, *, default: bool = False) -> bool:
        """The boolean at ``path``; launch templates and add-ons spell it as a string."""
        value = self.get(path)
        if value is None:
            return default
        if value in (True, False, "true", "false"):
            return value in (True, "true")
        raise UndecidedError(join(self.path, path), "not a boolean")

    def number(self, path: str, default: float = 0) -> float:
        """The number at ``path``."""
        value = self.get(path)
        if value is None:
            return default
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        raise UndecidedError(join(self.path, path), "not a number")

    def strings(self, path: str) -> tuple[str, ...]:
        """The strings of the list at ``path``; a lone string counts as a list of one."""
        value = self.get(path)
        if value is None:
            return ()
        items = [value] if isinstance(value, str) or not isinstance(value, Sequence) else value
        for index, item in enumerate(items):
            if is_unknown(item) or not isinstance(item, str):
                raise UndecidedError(join(self.path, f"{path}.{index}"), "unknown until the update")
        return tuple(cast("Sequence[str]", items))

    def view(self, path: str) -> "View":
        """The object at ``path``, an empty one where it is absent."""
        value = self.get(path)
        at = join(self.path, path)
        if value is None:
            return View({}, at)
        if isinstance(value, Mapping):
            return View(value, at)
        raise UndecidedError(at, "not an object")

    def views(self, path: str) -> tuple["View", ...]:
        """The objects of the list at ``path``; a lone object counts as a list of one."""
        value = self.get(path)
        at = join(self.path, path)
        if value is None:
            return ()
        if isinstance(value, Mapping):
            return (View(value, at),)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise UndecidedError(at, "not a list")
        found: list[View] = []
        for index, item in enumerate(value):
            if not isinstance(item, Mapping) or is_secret(item):
                raise UndecidedError(join(at, str(index)), "unknown until the update")
            found.append(View(item, join(at, str(index))))
        return tuple(found)

    def document(self, path: str) -> "View":
        """The object that the string at ``path`` holds as JSON, an empty one where it is absent.

        :raises UndecidedError: as :meth:`get`, or the text is not a JSON object.
        """
        value = self.get(path)
        at = join(self.path, path)
        if value in (None, ""):
            return View({}, at)
        if isinstance(value, Mapping):
            return View(value, at)
        try:
            parsed = json.loads(value) if isinstance(value, str) else None
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise UndecidedError(at, "not a JSON object")
        return View(parsed, at)


def _child(value: Json, key: str) -> Json:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, Sequence) and not isinstance(value, str) and key.isdecimal() and int(key) < len(value):
        return value[int(key)]
    return None
