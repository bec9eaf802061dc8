"""What a promotion changes, in the form that is approved: the same text for the same change."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from ops.attest.attestation import Attestation
from ops.errors import UsageError
from ops.fleet import policy_graph
from policies.rules.decommission import Owners
from simulator.compare import Comparison, ResourceChange
from simulator.graph import Deployment

_SHOWN = 10


class PromotionError(UsageError):
    """The release may not go there like this; nothing was done."""


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class PlannedChange(_Model):
    """What happens to one resource: its changed paths, those that replace it, and what is lost with it."""

    urn: str
    action: str
    paths: tuple[str, ...]
    replaced_by: tuple[str, ...]
    loss: str


class Approval(_Model):
    """All that a promotion changes. Whoever approves it approves this commit, release and change, and no other."""

    format: Literal[1] = 1
    stack: str
    source: str
    commit: str
    release: str
    changes: tuple[PlannedChange, ...]

    @property
    def actions(self) -> Mapping[str, str]:
        """What happens to each resource, by URN."""
        return {change.urn: change.action for change in self.changes}

    def text(self) -> str:
        """As a file."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), indent=1, sort_keys=True) + "\n"


def approval(stack: str, attestation: Attestation, comparison: Comparison) -> Approval:
    """What promoting what is attested changes in ``stack``, by a comparison with its recorded state."""
    changes = (_planned(change) for change in comparison.changed)
    return Approval(
        stack=stack,
        source=attestation.stack,
        commit=attestation.commit,
        release=attestation.release,
        changes=tuple(sorted(changes, key=lambda change: change.urn)),
    )


def read_approval(file: Path) -> Approval:
    """What ``ops promote --dry-run --preview`` wrote.

    Raises:
        PromotionError: it is something else.
    """
    try:
        return Approval.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PromotionError(f"{file}: cannot be read ({error})") from error
    except ValidationError as error:
        raise PromotionError(f"{file}: not what `ops promote --dry-run --preview FILE` writes") from error


def refuse_a_difference(approved: Approval, now: Approval) -> None:
    """Refuse whatever was not approved. Less is none: a promotion that stopped is repeated with the same approval.

    Raises:
        PromotionError: naming what differs.
    """
    for name in ("stack", "source", "commit", "release"):
        if getattr(approved, name) != getattr(now, name):
            raise PromotionError(f"approved is {name} {getattr(approved, name)}, and this is {getattr(now, name)}")
    differences = sorted(_differences({change.urn: change for change in approved.changes}, now))
    if differences:
        more = f" and {len(differences) - _SHOWN} more" if len(differences) > _SHOWN else ""
        raise PromotionError(
            f"{now.stack} has changed since the approval: {'; '.join(differences[:_SHOWN])}{more}. Nothing was done: "
            "look at what is new, and have it approved"
        )


def refuse_unlisted_losses(comparison: Comparison, recorded: Deployment, today: date) -> None:
    """Refuse to delete or replace what holds data or is locked, unless the recorded state announces that it leaves.

    Raises:
        PromotionError: naming what would be lost.
    """
    found = [change for change in comparison.changed if change.loses_state or change.refused]
    if not found:
        return
    graph = policy_graph(recorded)
    owners = Owners(graph)
    unlisted: list[ResourceChange] = []
    for change in found:
        resource = graph.by_urn.get(change.urn)
        leaving = owners.leaving(resource) if resource else None
        if leaving is None or today < leaving.day:
            unlisted.append(change)
    if unlisted:
        losses = "; ".join(f"{change.action} {change.name} ({change.loss or 'locked'})" for change in unlisted)
        raise PromotionError(
            f"it would {losses}. Nothing was done: what is to leave is announced first (docs/runbooks/decommission.md)"
        )


def _planned(change: ResourceChange) -> PlannedChange:
    return PlannedChange(
        urn=change.urn,
        action=change.action.value,
        paths=tuple(sorted(one.path for one in change.changes)),
        replaced_by=tuple(sorted(one.path for one in change.forced_by)),
        loss=change.loss if change.loses_state else "",
    )


def _differences(approved: Mapping[str, PlannedChange], now: Approval) -> Iterator[str]:
    for change in now.changes:
        before = approved.get(change.urn)
        if before != change:
            yield f"{change.urn.rsplit('::', 1)[-1]}: approved {_said(before)}, now {_said(change)}"


def _said(change: PlannedChange | None) -> str:
    if change is None:
        return "nothing"
    return f"{change.action} ({', '.join(change.paths)})" if change.paths else change.action
