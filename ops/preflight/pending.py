"""What an update that broke off left behind in the state: operations that nobody knows the end of (R1).

An update, a refresh and an import each drop every open update and deletion from the state, also those of resources that
they do not look at; only creations stay (pulumi/pulumi, ``pkg/backend/snapshot.go``). So one command names all of them.
``pulumi refresh --import-pending-creates`` drops the creation too, and imports nothing: the engine reads nowhere the
mark that it sets. What brings a resource into the state is ``pulumi import``.
"""

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ops.preflight.checks import ACCOUNT, Area, Check, Verdict
from ops.preflight.reading import Trouble
from simulator.graph import Deployment
from simulator.values import JSON

_CREATING = "creating"
_STATE_ALONE = "random:"
"""Resources of this package exist in the state and nowhere else."""


@dataclass(frozen=True, slots=True)
class _Operation:
    kind: str
    urn: str
    type: str
    parent: str
    provider: str
    """The URN of the provider; empty for components and for providers themselves."""


def pending_checks(stack: str, deployment: Deployment | Trouble | None) -> Iterator[Check]:
    """One check for each operation; ``deployment`` is None where the stack has never been updated."""
    subject = "operations under way"
    if isinstance(deployment, Trouble):
        remedy = f"pulumi stack export --stack {stack} --file state.json, then --state state.json"
        yield deployment.check(Area.STATE, ACCOUNT, subject, remedy)
        return
    inner = {} if deployment is None else deployment.get("deployment", deployment)
    state: Mapping[str, JSON] = inner if isinstance(inner, Mapping) else {}
    operations = [_operation(row) for row in _rows(state, "pending_operations")]
    if not operations:
        found = "none" if deployment is not None else "the stack does not exist yet"
        yield Check(Area.STATE, ACCOUNT, subject, Verdict.HOLDS, found)
    recorded = {str(row.get("urn")): str(row.get("id", "")) for row in _rows(state, "resources")}
    reads = [one for one in operations if one.kind != _CREATING]
    for operation in operations:
        found = f"{operation.kind} broke off"
        if operation in reads:
            remedy, command = "a refresh reads what became of it; it drops what it does not name", _read(stack, reads)
        else:
            remedy, command = _end_of_creation(stack, operation, recorded.get(operation.urn))
        yield Check(Area.STATE, ACCOUNT, operation.urn, Verdict.FAILS, found, remedy, command)


def _rows(state: Mapping[str, JSON], key: str) -> list[Mapping[str, JSON]]:
    listed = state.get(key)
    return [row for row in listed if isinstance(row, Mapping)] if isinstance(listed, list) else []


def _operation(row: Mapping[str, JSON]) -> _Operation:
    resource = row.get("resource")
    of: Mapping[str, JSON] = resource if isinstance(resource, Mapping) else {}
    urn, kind, parent, provider = (str(of.get(key, "")) for key in ("urn", "type", "parent", "provider"))
    return _Operation(str(row.get("type")), urn, kind, parent, provider.rpartition("::")[0])


def _read(stack: str, operations: list[_Operation]) -> str:
    targets = [word for operation in operations for word in ("--target", operation.urn)]
    return shlex.join(["pulumi", "refresh", "--stack", stack, "--skip-pending-creates", *targets])


def _end_of_creation(stack: str, operation: _Operation, recorded_id: str | None) -> tuple[str, str]:
    """What to do about a creation, and the command; ``recorded_id`` is what the state has under its URN, or None."""
    clear = shlex.join(["pulumi", "refresh", "--stack", stack, "--clear-pending-creates"])
    if recorded_id is not None:
        beside = f"the state has {recorded_id}: what else AWS has of it is to be deleted by hand, as no state knows it"
        return f"{beside}. When all others are imported:", clear
    if not operation.provider or operation.type.startswith(_STATE_ALONE):
        return "it would be in the state alone. When all others are imported:", clear
    remedy = (
        "look whether AWS has it; an update would collide with it, or make another one. If it has, import it under the "
        "id that the type's page in the Pulumi Registry asks for under 'Import'. What it has not is cleared last, all "
        f"at once: {clear}"
    )
    words = ["pulumi", "import", "--stack", stack, operation.type, operation.urn.rpartition("::")[2], "<id>"]
    words += ["--parent", f"parent={operation.parent}"] if operation.parent else []
    return remedy, shlex.join([*words, "--provider", f"provider={operation.provider}", "--generate-code=false"])
