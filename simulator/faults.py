"""Scenarios: what shall go wrong in the simulated cloud, and when.

A scenario is a YAML or JSON file with two optional keys, ``faults`` and ``quotas``; ``docs/simulator.md`` shows each
kind. How often a fault has matched is kept in the world, so that a plugin that was killed is not killed again when the
program is run a second time.
"""

import hashlib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulator.errors import SetupError
from simulator.model import logical_name
from simulator.world import View

_STRICT = ConfigDict(extra="forbid", frozen=True)


class ScenarioError(SetupError):
    """A scenario file cannot be read or says something that has no meaning."""


class ApiError(BaseModel):
    """The answer of an API that refuses."""

    model_config = _STRICT
    code: str
    message: str


class Fault(BaseModel):
    """One thing that goes wrong: which calls it meets, and what happens to them (exactly one effect)."""

    model_config = _STRICT
    type: str = "*"
    """Type tokens, with ``*`` and ``?``."""
    name: str = "*"
    """Logical names, with ``*`` and ``?``."""
    operation: Literal["create", "read", "update", "delete", "*"] = "*"
    nth: Annotated[int, Field(ge=1)] | None = None
    """Only the nth matching call of this world, counted from 1; without it every matching call."""

    error: ApiError | None = None
    throttle: Annotated[int, Field(ge=1)] | None = None
    """How many calls in a row are answered with ThrottlingException before one succeeds."""
    timeout: Literal[True] | None = None
    """The thing is made but never becomes active while the provider waits for it."""
    kill: Literal["before", "after"] | None = None
    """The plugin's process dies before or after the call has its effect in the cloud."""

    @model_validator(mode="after")
    def _one_effect(self) -> "Fault":
        effects = [name for name in ("error", "throttle", "timeout", "kill") if getattr(self, name) is not None]
        if len(effects) != 1:
            found = ", ".join(effects) or "none"
            raise ValueError(f"a fault has exactly one of error, throttle, timeout, kill; found {found}")
        return self

    def meets(self, token: str, urn: str, operation: str) -> bool:
        """Whether this fault concerns such a call, apart from its ordinal number."""
        return (
            fnmatchcase(token, self.type)
            and fnmatchcase(logical_name(urn), self.name)
            and self.operation in {"*", operation}
        )


class Scenario(BaseModel):
    """All that goes wrong in one simulated account, and the limits that this account has."""

    model_config = _STRICT
    faults: tuple[Fault, ...] = ()
    quotas: dict[str, int] = Field(default_factory=dict)
    """Limits other than AWS's defaults, by the id of the rule that enforces them."""

    def fault_for(self, view: View, token: str, urn: str, operation: str) -> Fault | None:
        """The first fault that this call meets; counts the call for every fault that concerns it."""
        due = None
        for position, fault in enumerate(self.faults):
            if not fault.meets(token, urn, operation):
                continue
            count = view.count_fault_match(_identity(position, fault))
            if due is None and fault.nth in {None, count}:
                due = fault
        return due


def load(path: Path | None) -> Scenario:
    """Read the scenario at ``path``; without a path nothing goes wrong.

    Raises:
        ScenarioError: the file cannot be read, is not YAML, or has an unknown key or effect.
    """
    if path is None:
        return Scenario()
    try:
        return Scenario.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}: cannot read the fault scenario: {error}") from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
        raise ScenarioError(f"{path}: {problems}; docs/simulator.md shows what a scenario can say") from error


def _identity(position: int, fault: Fault) -> str:
    return hashlib.sha256(f"{position} {fault.model_dump_json()}".encode()).hexdigest()
