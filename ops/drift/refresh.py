"""What `pulumi refresh --preview-only --json` found. Of properties only their paths: values may be secret."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ops.drift.noise import Noise
from ops.pulumi_cli import PulumiCliError
from simulator.values import JSON

_UNCHANGED = frozenset({"same", "refresh", "read"})
_GONE = "delete"
_EXPECTED_ERROR = "no changes were expected"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A resource that is not what the state says; ``gone`` if it is no more. ``paths`` of what differs unexpectedly."""

    urn: str
    type: str
    gone: bool
    paths: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The logical name."""
        return self.urn.rsplit("::", 1)[-1]


@dataclass(frozen=True, slots=True)
class Refresh:
    """The changes that somebody has to look at, those that are known noise, and what the state knows."""

    changes: tuple[Change, ...]
    noise: tuple[Change, ...]
    known: frozenset[str]
    """ARNs and ids of everything in the state."""


def read_refresh(document: str, noise: Noise) -> Refresh:
    """Read what the CLI printed.

    Raises:
        PulumiCliError: it is no such document, or the refresh did not come to its end.
    """
    try:
        found = json.loads(document)
    except ValueError as error:
        raise PulumiCliError(f"pulumi refresh: printed no JSON ({error})") from error
    steps = found.get("steps") if isinstance(found, Mapping) else None
    if not isinstance(steps, list):
        raise PulumiCliError("pulumi refresh: its JSON has no steps: is the CLI 3.272 or newer?")
    failed = [message for message in _errors(found) if _EXPECTED_ERROR not in message]
    if failed:
        raise PulumiCliError(f"pulumi refresh did not come to its end: {failed[0]}")
    changes: list[Change] = []
    excused: list[Change] = []
    for step in steps:
        if step.get("op") in _UNCHANGED:
            continue
        change = _change(step)
        left = tuple(path for path in change.paths if not noise.excuses_change(change.type, path))
        if change.gone or left or not change.paths:
            changes.append(Change(change.urn, change.type, change.gone, left))
        else:
            excused.append(change)
    return Refresh(tuple(sorted(changes)), tuple(sorted(excused)), frozenset(_known(steps)))


def _errors(found: Mapping[str, JSON]) -> Iterator[str]:
    diagnostics = found.get("diagnostics")
    for one in diagnostics if isinstance(diagnostics, list) else []:
        if isinstance(one, Mapping) and one.get("severity") == "error":
            yield str(one.get("message", "")).strip()


def _change(step: Mapping[str, JSON]) -> Change:
    urn = str(step["urn"])
    token = urn.split("::")[2].rsplit("$", 1)[-1]
    if step.get("op") == _GONE:
        return Change(urn, token, gone=True)
    return Change(urn, token, gone=False, paths=tuple(sorted(_paths(step))))


def _paths(step: Mapping[str, JSON]) -> set[str]:
    """What differs: as the provider tells it in detail, else in short, else by comparing what it returned."""
    detailed, short = step.get("detailedDiff"), step.get("diffReasons")
    if isinstance(detailed, Mapping) and detailed:
        return set(detailed)
    if isinstance(short, list) and short:
        return {str(path) for path in short}
    old, new = (_part(step.get(state), "outputs") for state in ("oldState", "newState"))
    return {key for key in {*old, *new} if old.get(key) != new.get(key)}


def _known(steps: list[Mapping[str, JSON]]) -> Iterator[str]:
    for step in steps:
        for state in ("oldState", "newState"):
            found = step.get(state)
            outputs = _part(found, "outputs")
            identity = found.get("id") if isinstance(found, Mapping) else None
            yield from (str(one) for one in (identity, outputs.get("id"), outputs.get("arn")) if one)


def _part(state: JSON, key: str) -> Mapping[str, JSON]:
    part = state.get(key) if isinstance(state, Mapping) else None
    return part if isinstance(part, Mapping) else {}
