"""The result of a run in the form of ``pulumi stack export``. For comparison, not for import."""

import hashlib
from collections.abc import Iterable, Mapping
from importlib import metadata

from simulator import graph
from simulator.record import RecordedResource
from simulator.types.aws import CREATED_AT
from simulator.values import JSON, seal

VERSION = 3
_CLI_VERSION = f"v{metadata.version('pulumi')}"
"""SDK and CLI are released together; who has installed one uses the other in the same version."""


def deployment(resources: Iterable[RecordedResource]) -> dict[str, JSON]:
    """Write ``resources``, in the order given, as a deployment; secrets become envelopes without content."""
    return {
        "version": VERSION,
        "deployment": {
            "manifest": {
                "time": CREATED_AT,
                "magic": hashlib.sha256(_CLI_VERSION.encode()).hexdigest(),
                "version": _CLI_VERSION,
            },
            "resources": [_state(resource) for resource in resources],
        },
    }


def in_order(resources: Iterable[RecordedResource]) -> tuple[RecordedResource, ...]:
    """Sort so that everything comes after what it depends on, and otherwise by URN: two runs agree.

    The stack comes first, as everything lies in it. A reference to something outside ``resources`` does not count.
    """
    by_urn = {resource.urn: resource for resource in resources}
    awaited = {urn: _references(resource) & by_urn.keys() - {urn} for urn, resource in by_urn.items()}
    return tuple(by_urn[urn] for urn in graph.in_order(awaited))


def _references(resource: RecordedResource) -> set[str]:
    own = {resource.parent, resource.provider_urn, resource.deleted_with, *resource.dependencies}
    return own.union(*resource.property_dependencies.values())


def _state(resource: RecordedResource) -> dict[str, JSON]:
    state: dict[str, JSON] = {"urn": resource.urn, "custom": resource.custom}
    optional: dict[str, JSON] = {
        "id": resource.id,
        "type": resource.type,
        "inputs": seal(resource.inputs),
        "outputs": seal(resource.outputs),
        "parent": resource.parent,
        "protect": resource.protect,
        "external": resource.external,
        "retainOnDelete": resource.retain_on_delete,
        "dependencies": list(resource.dependencies),
        "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
        "provider": resource.provider,
        "additionalSecretOutputs": list(resource.additional_secret_outputs),
        "aliases": list(resource.aliases),
        "customTimeouts": _timeouts(resource),
        "deletedWith": resource.deleted_with,
        "deleteBeforeReplace": bool(resource.delete_before_replace),
        "ignoreChanges": list(resource.ignore_changes),
        "replaceOnChanges": list(resource.replace_on_changes),
    }
    return state | {key: value for key, value in optional.items() if value}


def _timeouts(resource: RecordedResource) -> Mapping[str, JSON]:
    timeouts = resource.custom_timeouts
    named = {"create": timeouts.create, "update": timeouts.update, "delete": timeouts.delete}
    return {key: value for key, value in named.items() if value}
