"""The differences that nobody has to act on, from a reviewed file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ops.errors import UsageError

FILE = Path(__file__).with_name("known_noise.yaml")


class NoiseError(UsageError):
    """The file of known noise cannot be read."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Annotated[str, Field(min_length=10)]
    until: date


class KnownChange(_Entry):
    """A property of resources of a type; both are shell patterns."""

    type: str
    path: str

    @property
    def name(self) -> str:
        """As people find it in the file."""
        return f"{self.type} {self.path}"


class KnownStray(_Entry):
    """What carries the environment's tags and is in no state; ``tag`` is one more that it must have."""

    arn: str
    tag: str

    @property
    def name(self) -> str:
        """As people find it in the file."""
        return f"{self.arn} with the tag {self.tag}"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    changes: tuple[KnownChange, ...] = ()
    strays: tuple[KnownStray, ...] = ()


@dataclass(frozen=True, slots=True)
class Noise:
    """What is in force on a day, and what is past its end."""

    changes: tuple[KnownChange, ...]
    strays: tuple[KnownStray, ...]
    expired: tuple[str, ...]

    def excuses_change(self, token: str, path: str) -> bool:
        """Whether a difference of this property is known."""
        return any(fnmatchcase(token, one.type) and fnmatchcase(path, one.path) for one in self.changes)

    def excuses_stray(self, arn: str, tags: Mapping[str, str]) -> bool:
        """Whether something outside of the state is known."""
        return any(fnmatchcase(arn, one.arn) and one.tag in tags for one in self.strays)


def read_noise(today: date, path: Path = FILE) -> Noise:
    """The known noise of a day.

    Raises:
        NoiseError: the file cannot be read, or an entry lacks a reason or an end.
    """
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise NoiseError(f"{path}: cannot be read as known noise ({error})") from error
    entries = (*found.changes, *found.strays)
    return Noise(
        changes=tuple(one for one in found.changes if today <= one.until),
        strays=tuple(one for one in found.strays if today <= one.until),
        expired=tuple(one.name for one in entries if one.until < today),
    )
