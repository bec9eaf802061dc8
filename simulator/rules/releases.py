"""What Helm and the API server enforce for releases and for the namespaces that hold them."""

import re

from simulator.rules import tokens as t
from simulator.rules.kubernetes import BUILT_IN_NAMESPACES, kind_of
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.types.helm import LONGEST_NAME
from simulator.world import Thing

_LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"

book = RuleBook()


@book.rule("release-namespace-exists", "NotFound", t.RELEASE)
def _release_namespace_exists(attempt: Attempt) -> str | None:
    name = _home(attempt)
    if name in BUILT_IN_NAMESPACES or attempt.inputs.get("createNamespace") is True:
        return None
    if any(name in texts_at(one.inputs, "metadata.name") for one in attempt.find(t.NAMESPACE)):
        return None
    return f'create: failed to create: namespaces "{name}" not found'


@book.rule("release-name", "Conflict", t.RELEASE)
def _release_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    same = [one for one in attempt.find(t.RELEASE, name=name) if (_namespace_of(one) or "default") == _home(attempt)]
    return "cannot re-use a name that is still in use" if name and same else None


@book.rule("release-name-pattern", "Invalid", t.RELEASE)
def _release_name_pattern(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if len(name) <= LONGEST_NAME and re.fullmatch(rf"({_LABEL}\.)*{_LABEL}", name):
        return None
    return (
        f'invalid release name "{name}": it must match {_LABEL} and the length must not be longer than {LONGEST_NAME}'
    )


@book.rule("namespace-holds-objects", "Conflict", t.NAMESPACE, Operation.DELETE)
def _namespace_holds_objects(attempt: Attempt) -> str | None:
    name = attempt.text("metadata.name")
    held = [one for one in attempt.view.in_cluster(attempt.cluster) if name and name == _namespace_of(one)]
    if not held:
        return None
    shown = ", ".join(f"{kind_of(one.token)} {one.id}" for one in held[:3])
    return f"{len(held)} objects that somebody else still manages would be deleted with namespace {name}: {shown}"


def _home(attempt: Attempt) -> str:
    return attempt.text("namespace") or "default"


def _namespace_of(thing: Thing) -> str:
    path = "namespace" if thing.token == t.RELEASE else "metadata.namespace"
    return next(iter(texts_at(thing.inputs, path)), "")
