"""What a setting of Teranode is in this project, and how a group of them becomes variables. No resources."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import get_args

import pulumi

from components.teranode.settings import render


@dataclass(frozen=True, kw_only=True)
class Key:
    """One key that Teranode reads: the annotation of a field in a group of settings.

    - `default`: what Teranode has in its `operator` context (v0.14.4) where the project says nothing; None: nothing.
    - `source`: where Teranode reads it, as a path in bsv-blockchain/teranode.
    - `render`: from the field's plain value to the string that Teranode parses.
    """

    name: str
    meaning: str
    default: str | None
    source: str = "settings/settings.go"
    render: Callable[..., str] = render.text


@dataclass(frozen=True, kw_only=True)
class Group:
    """Settings that belong together: each field is annotated with a `Key`.

    A field that is None is not rendered: Teranode's own default holds.
    """

    @classmethod
    def keys(cls) -> dict[str, Key]:
        """The keys by field."""
        return dict(_keys(cls))

    def variables(self) -> dict[str, pulumi.Input[str]]:
        """The variables; what is an Output stays one. Raises `ValueError` for what Teranode would misread."""
        values = ((key, getattr(self, field)) for field, key in self.keys().items())
        return {key.name: _rendered(key, value) for key, value in values if value is not None}


def _keys(group: type[Group]) -> Iterator[tuple[str, Key]]:
    for field in fields(group):
        yield from ((field.name, mark) for mark in get_args(field.type) if isinstance(mark, Key))


def _rendered(key: Key, value: object) -> pulumi.Input[str]:
    if isinstance(value, pulumi.Output):
        return value.apply(lambda known: _string(key, known))
    return _string(key, value)


def _string(key: Key, value: object) -> str:
    try:
        return str(render.text(key.render(value)))
    except ValueError as problem:
        raise ValueError(f"{key.name}: {problem}") from problem


def joined(parts: Sequence[pulumi.Input[str]], join: Callable[[Sequence[str]], str]) -> pulumi.Input[str]:
    """`join` of parts that may be Outputs: plain where all of them are plain."""
    plain = [part for part in parts if isinstance(part, str)]
    if len(plain) == len(parts):
        return join(plain)
    return pulumi.Output.all(*parts).apply(join)
