"""What an update would do: a baseline (exported from a real or simulated stack) against a new deployment.

The engine's own rules on the recorded data: properties by the provider's Diff, a replaced resource's computed outputs
unknown to whatever uses them, a replaced or exchanged provider replacing all that it made.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from simulator.diff import Change, diff
from simulator.graph import Deployment, Graph, Node
from simulator.replaced import with_unknowns
from simulator.replacement import replacement
from simulator.stateful import loss
from simulator.types import MODELS
from simulator.values import JSON, at


class Action(StrEnum):
    """What happens to one resource, in the engine's words."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """What happens to one resource and why."""

    urn: str
    type: str
    name: str
    action: Action
    changes: tuple[Change, ...]
    """Changed inputs; none for a creation or deletion."""
    loss: str
    """What is lost if the resource is deleted or replaced; empty for resources that hold nothing."""
    caused_by: tuple[str, ...]
    """URNs of the replaced resources whose new outputs, or whose provider, make this one change."""
    protected: bool
    """Whether the baseline protects it: the engine then refuses to delete or replace it."""
    retained: bool
    """Whether it stays in the cloud when it leaves the stack (retain on delete)."""

    @property
    def forced_by(self) -> tuple[Change, ...]:
        """The changed inputs that force the replacement."""
        return tuple(change for change in self.changes if change.replaces)

    @property
    def refused(self) -> bool:
        """Whether the engine refuses it, because the baseline protects the resource."""
        return self.protected and self.action in (Action.REPLACE, Action.DELETE)

    @property
    def loses_state(self) -> bool:
        """Whether data, or an identity that others rely on, is gone afterwards."""
        return bool(self.loss) and not self.retained and self.action in (Action.REPLACE, Action.DELETE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What happens to every resource, the dangerous first."""

    resources: tuple[ResourceChange, ...]

    @property
    def changed(self) -> tuple[ResourceChange, ...]:
        """All that do not stay the same."""
        return tuple(resource for resource in self.resources if resource.action is not Action.SAME)

    @property
    def counts(self) -> dict[Action, int]:
        """Number of resources by action, also where it is 0."""
        counted = Counter(resource.action for resource in self.resources)
        return {action: counted[action] for action in Action}

    def of(self, action: Action) -> tuple[ResourceChange, ...]:
        """All resources with ``action``."""
        return tuple(resource for resource in self.resources if resource.action is action)


_MADE_NAME = re.compile(r"(?P<stem>.+)-[0-9a-f]{7,8}")
_DANGER = (Action.REPLACE, Action.DELETE, Action.UPDATE, Action.CREATE, Action.SAME)


def compare(baseline: Deployment | Graph, deployment: Deployment | Graph) -> Comparison:
    """What changes from ``baseline`` to ``deployment``.

    A resource is the same one if its URN is, or if the new one names the old URN as an alias. Secrets compare only as
    secret or not.

    Raises:
        DeploymentFormatError: one of both is not in the form of ``pulumi stack export``.
        UnknownReplacementError: it is not known what replaces a type that is in both.
    """
    old = baseline if isinstance(baseline, Graph) else Graph(baseline)
    new = deployment if isinstance(deployment, Graph) else Graph(deployment)
    found = list(_Comparing(old, new).run())
    return Comparison(tuple(sorted(found, key=_order)))


def _order(resource: ResourceChange) -> tuple[bool, int, bool, str]:
    """Lost state first, then by danger, causes before what follows from them."""
    return (not resource.loses_state, _DANGER.index(resource.action), bool(resource.caused_by), resource.urn)


class _Comparing:
    """One comparison; new resources are visited after what they depend on, as replacement spreads that way."""

    def __init__(self, old: Graph, new: Graph) -> None:
        self._old = old
        self._new = new
        self._replaced: set[str] = set()
        """New URNs of the resources found to be replaced."""
        self._renamed = {alias: node.urn for node in new.nodes.values() for alias in node.aliases}
        """New URN by old one."""
        self._moved: dict[str, str] = {}
        """New region by the URN of each provider whose region changes."""

    def run(self) -> Iterator[ResourceChange]:
        """Every resource of both sides once."""
        matched: set[str] = set()
        for urn in self._new.in_order():
            node = self._new.nodes[urn]
            before = self._before(node)
            if before is None:
                yield _resource_change(node, Action.CREATE)
                continue
            matched.add(before.urn)
            changes = tuple(self._changes(before, node)) if node.custom else ()
            if any(change.replaces for change in changes):
                self._replaced.add(node.urn)
                action = Action.REPLACE
            else:
                action = Action.UPDATE if changes else Action.SAME
            yield _resource_change(
                before, action, changes, urn=node.urn, caused_by=self._causes(node) if changes else ()
            )
        for node in self._old.nodes.values():
            if node.urn not in matched:
                yield _resource_change(node, Action.DELETE)

    def _before(self, node: Node) -> Node | None:
        for urn in (node.urn, *node.aliases):
            if urn in self._old.nodes and (urn == node.urn or urn not in self._new.nodes):
                return self._old.nodes[urn]
        return None

    def _changes(self, before: Node, node: Node) -> Iterator[Change]:
        for change in diff(
            node.type,
            before.inputs,
            self._inputs(node),
            ignore_changes=node.ignore_changes,
            replace_on_changes=node.replace_on_changes,
        ):
            if not _is_made_name(change.path, before, node):
                yield change
        if node.is_provider:
            self._note_region(before, node)
            return
        if node.provider in self._replaced:
            yield Change("provider", replaces=True, reason="its provider is replaced")
        elif self._renamed.get(before.provider, before.provider) != node.provider:
            yield Change("provider", replaces=True, reason="another provider")
        elif node.provider in self._moved and "region" in replacement(node.type).create_only:
            yield Change("region", replaces=True, reason=f"its provider moves to {self._moved[node.provider]}")

    def _inputs(self, node: Node) -> Mapping[str, JSON]:
        replaced = [self._new.nodes[urn] for urn in self._causes(node) if urn != node.provider]
        return with_unknowns(node, replaced) if replaced else node.inputs

    def _causes(self, node: Node) -> tuple[str, ...]:
        used = {urn for urns in node.property_dependencies.values() for urn in urns} | {node.provider}
        return tuple(sorted(used & self._replaced))

    def _note_region(self, before: Node, node: Node) -> None:
        region = node.inputs.get("region")
        if isinstance(region, str) and before.inputs.get("region") not in (None, region):
            self._moved[node.urn] = region


def _is_made_name(path: str, before: Node, node: Node) -> bool:
    """Whether both sides have a name there that the provider made: a new one follows from a replacement, no more."""
    kind = MODELS.get(node.type)
    if kind is None or kind.autoname is None or kind.autoname.property != path:
        return False
    names = (_MADE_NAME.fullmatch(str(at(side.inputs, path))) for side in (before, node))
    stems = [name["stem"] if name else None for name in names]
    return stems[0] is not None and stems[0] == stems[1]


def _resource_change(
    node: Node,
    action: Action,
    changes: tuple[Change, ...] = (),
    *,
    urn: str | None = None,
    caused_by: tuple[str, ...] = (),
) -> ResourceChange:
    return ResourceChange(
        urn=urn or node.urn,
        type=node.type,
        name=(urn or node.urn).rsplit("::", 1)[-1],
        action=action,
        changes=changes,
        loss=loss(node),
        caused_by=caused_by,
        protected=node.protect,
        retained=node.retain_on_delete,
    )
