"""What an update that broke off left behind in the state: operations that nobody knows the end of (R1)."""

from collections.abc import Iterator, Mapping

from ops.preflight.checks import ACCOUNT, Area, Check, Verdict
from ops.preflight.reading import Trouble
from simulator.graph import Deployment
from simulator.values import JSON

_CREATING = "creating"


def pending_checks(stack: str, deployment: Deployment | Trouble | None) -> Iterator[Check]:
    """One check for each operation; ``deployment`` is None where the stack has never been updated."""
    subject = "operations under way"
    if isinstance(deployment, Trouble):
        remedy = f"pulumi stack export --stack {stack} --file state.json, then --state state.json"
        yield deployment.check(Area.STATE, ACCOUNT, subject, remedy)
        return
    operations = [] if deployment is None else _operations(deployment)
    if not operations:
        found = "none" if deployment is not None else "the stack does not exist yet"
        yield Check(Area.STATE, ACCOUNT, subject, Verdict.HOLDS, found)
    for urn, operation in operations:
        yield _open(stack, urn, operation)


def _operations(deployment: Deployment) -> list[tuple[str, str]]:
    inner = deployment.get("deployment", deployment)
    listed = inner.get("pending_operations") if isinstance(inner, Mapping) else None
    rows: list[JSON] = list(listed) if isinstance(listed, list) else []
    found = []
    for row in rows:
        resource = row.get("resource") if isinstance(row, Mapping) else None
        if isinstance(row, Mapping) and isinstance(resource, Mapping):
            found.append((str(resource.get("urn")), str(row.get("type"))))
    return found


def _open(stack: str, urn: str, operation: str) -> Check:
    found = f"{operation} broke off"
    if operation != _CREATING:
        remedy = "a refresh reads what became of it"
        command = f"pulumi refresh --stack {stack} --target '{urn}'"
        return Check(Area.STATE, ACCOUNT, urn, Verdict.FAILS, found, remedy, command)
    remedy = (
        "look whether AWS has it. If it has, import it: pulumi refresh --import-pending-creates with URN and id; an "
        "update would collide with it. If it has not:"
    )
    command = f"pulumi refresh --stack {stack} --clear-pending-creates"
    return Check(Area.STATE, ACCOUNT, urn, Verdict.FAILS, found, remedy, command)
