"""What `ops drift --json` printed, read again where it is written down for people: without account and CLI."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ops.errors import UsageError


class DriftDocumentError(UsageError):
    """There is no result of `ops drift`, or it is another stack's."""


class Verdict(StrEnum):
    """What one look at a stack came to."""

    CLEAN = "clean"
    DRIFTED = "drifted"
    UNKNOWN = "unknown"
    """Nothing differs in what could be asked, and not everything could."""
    FAILED = "failed"
    """Nothing is known: the look did not come to its end."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Changed(_Part):
    """A resource that is not what the state says."""

    urn: str
    type: str
    gone: bool
    paths: tuple[str, ...]

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]


class Excused(_Part):
    """A difference that is known noise."""

    urn: str


class Stray(_Part):
    """Something of the environment that its state does not know."""

    region: str
    arn: str


class DriftDocument(_Part):
    """The document; docs/operations.md names its fields. ``strays`` is None of a look without a sweep."""

    format: Literal[1]
    stack: str
    changes: tuple[Changed, ...]
    noise: tuple[Excused, ...]
    strays: tuple[Stray, ...] | None
    unknown: Mapping[str, str]
    expiredNoise: tuple[str, ...]  # noqa: N815 (as the document has it)

    @property
    def verdict(self) -> Verdict:
        """What it came to: without a sweep nothing is proved clean."""
        if self.changes or self.strays or self.expiredNoise:
            return Verdict.DRIFTED
        return Verdict.UNKNOWN if self.unknown or self.strays is None else Verdict.CLEAN


def read_document(path: Path, stack: str) -> DriftDocument:
    """The result on ``stack`` in a file.

    Raises:
        DriftDocumentError: the file cannot be read, has no such document, or one of another stack.
    """
    try:
        found = DriftDocument.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DriftDocumentError(f"{path}: is no result of `ops drift {stack} --json` ({_first(error)})") from error
    if found.stack != stack:
        raise DriftDocumentError(f"{path}: is of the stack {found.stack}, not of {stack}")
    return found


def _first(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]
