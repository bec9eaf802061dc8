"""Engine-style URNs: ``urn:pulumi:<stack>::<project>::<parent type chain>$<type>::<name>``."""

from collections.abc import Iterable

from pulumi.runtime.proto import resource_pb2

from simulator.record import STACK_TYPE


def qualified_type(urn: str) -> str:
    """The chain of types from the top-level parent down, joined by ``$``."""
    return urn.split("::", 3)[2]


def make_urn(stack: str, project: str, parent: str, token: str, name: str) -> str:
    """The URN that the engine gives. The stack does not count as a parent type."""
    parent_type = qualified_type(parent) if parent else STACK_TYPE
    chain = token if parent_type == STACK_TYPE else f"{parent_type}${token}"
    return f"urn:pulumi:{stack}::{project}::{chain}::{name}"


def former_urns(
    request: resource_pb2.RegisterResourceRequest, urn: str, former_parents: Iterable[str]
) -> tuple[str, ...]:
    """Every URN that a registered resource may have had before, the most likely first.

    Those of its own aliases, each part of an alias defaulting to the present one, and those that follow from the
    aliases of its parent: there a child that carries its parent's name changes with it.
    """
    head, token, name = urn.split("::", 3)[0], request.type, request.name
    stack, project = head.removeprefix("urn:pulumi:"), urn.split("::", 3)[1]
    found: list[str] = []
    for alias in request.aliases:
        if alias.urn:
            found.append(alias.urn)
            continue
        spec = alias.spec
        parent = "" if spec.noParent else spec.parentUrn or request.parent
        found.append(
            make_urn(spec.stack or stack, spec.project or project, parent, spec.type or token, spec.name or name)
        )
    for former_parent in former_parents:
        former_name = former_parent.split("::", 3)[3]
        parent_name = request.parent.split("::", 3)[3]
        own_name = former_name + name.removeprefix(parent_name) if name.startswith(parent_name) else name
        found.append(make_urn(stack, project, former_parent, token, own_name))
    return tuple(dict.fromkeys(found))
