"""Diff as the engine asks for it: which inputs changed, which of them replace, and in which order to replace."""

import re
from collections.abc import Mapping

from pulumi.runtime.proto import provider_pb2 as pb

from simulator import model
from simulator.diff import Change, diff
from simulator.plugins.cloud import Call
from simulator.values import JSON, contains_unknown, reveal

_KINDS = {False: pb.PropertyDiff.UPDATE, True: pb.PropertyDiff.UPDATE_REPLACE}


def compare(
    call: Call, old_inputs: Mapping[str, JSON], new_inputs: Mapping[str, JSON], outputs: Mapping[str, JSON]
) -> pb.DiffResponse:
    """Everything that an update of this resource would change.

    Raises:
        UnknownReplacementError: it is not known what replaces a resource of this type.
    """
    changes = [*diff(call.token, old_inputs, new_inputs), *_moved(call, outputs)]
    if not changes:
        changes = _retagged(call, new_inputs, outputs)
    return answer(changes, delete_first=_has_fixed_name(call, old_inputs, new_inputs))


def answer(changes: list[Change], *, delete_first: bool = False) -> pb.DiffResponse:
    """Say ``changes`` in the engine's words."""
    replaces = [change.path for change in changes if change.replaces]
    return pb.DiffResponse(
        changes=pb.DiffResponse.DIFF_SOME if changes else pb.DiffResponse.DIFF_NONE,
        replaces=replaces,
        diffs=sorted({re.split(r"[.\[]", change.path)[0] for change in changes}),
        deleteBeforeReplace=bool(replaces) and delete_first,
        hasDetailedDiff=True,
        detailedDiff={change.path: pb.PropertyDiff(kind=_KINDS[change.replaces], inputDiff=True) for change in changes},
    )


def _moved(call: Call, outputs: Mapping[str, JSON]) -> list[Change]:
    """A provider of another region replaces what it holds: since v7 every resource has its region as an output."""
    region = outputs.get("region")
    if not call.token.startswith("aws:") or not isinstance(region, str) or region == call.place.region:
        return []
    return [Change("region", replaces=True, reason="the provider now works in another region")]


def _retagged(call: Call, new_inputs: Mapping[str, JSON], outputs: Mapping[str, JSON]) -> list[Change]:
    """New default tags of the provider change every resource that can carry tags."""
    if not isinstance(outputs.get("tagsAll"), Mapping) or contains_unknown(dict(new_inputs)):
        return []
    tags = reveal(new_inputs.get("tags"))
    expected = {**(call.default_tags or {}), **(tags if isinstance(tags, Mapping) else {})}
    if expected == reveal(outputs["tagsAll"]):
        return []
    return [Change("tagsAll", replaces=False, reason="the provider's default tags changed")]


def _has_fixed_name(call: Call, old_inputs: Mapping[str, JSON], new_inputs: Mapping[str, JSON]) -> bool:
    """Whether old and new would have one name at the same time, which the API refuses."""
    autoname = model.model(call.token).autoname
    if autoname is None or autoname.property in _made_names(new_inputs):
        return False
    name = new_inputs.get(autoname.property)
    return name is not None and name == old_inputs.get(autoname.property)


def _made_names(inputs: Mapping[str, JSON]) -> list[JSON]:
    made = inputs.get("__defaults")
    return list(made) if isinstance(made, list) else []
