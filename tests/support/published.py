"""Published custom resource definitions, as an API server reads them: schemas that refuse unknown fields.

The folder is named by ``TERANODE_CRDS_DIR``; tests that need it are skipped without it.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from simulator import Simulation
from simulator.record import RecordedResource
from simulator.types.kubernetes import is_built_in
from simulator.values import contains_unknown, reveal

VARIABLE = "TERANODE_CRDS_DIR"
FOLDER = os.environ.get(VARIABLE, "")
REASON = f"{VARIABLE} names no folder of published definitions"

Schema = Mapping[str, Any]

_IN_EVERY_OBJECT = {"apiVersion", "kind", "metadata"}
_ABOUT_NAMES = ("required", "additionalProperties")
_SERVER_FILLED = ("apiVersion", "kind", "metadata", "status")
_KEPT = ("enum", "maxItems", "maxLength", "maximum", "minItems", "minLength", "minimum", "pattern", "required")


@dataclass(frozen=True)
class Published:
    """One version of one published definition."""

    scope: str
    body: Schema
    """The JSON schema of an object without ``apiVersion``, ``kind``, ``metadata`` and ``status``."""


@cache
def definitions() -> Mapping[str, Published]:
    """Every published kind by its resource type."""
    return dict(_read(Path(FOLDER)))


def _read(folder: Path) -> Iterator[tuple[str, Published]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in sorted(folder.rglob("*.yaml")):
        for definition in yaml.load_all(file.read_text(encoding="utf-8"), loader):
            spec = definition["spec"]
            for version in spec["versions"]:
                token = f"kubernetes:{spec['group']}/{version['name']}:{spec['names']['kind']}"
                root = version["schema"]["openAPIV3Schema"]
                own = {name: part for name, part in root["properties"].items() if name not in _SERVER_FILLED}
                required = [name for name in root.get("required", ()) if name in own]
                yield token, Published(spec["scope"], _strict({**root, "properties": own, "required": required}))


def _strict(structural: Schema) -> dict[str, Any]:
    """A structural schema as JSON schema in which unknown fields are errors, as server-side field validation has it."""
    kept: dict[str, Any] = {name: structural[name] for name in _KEPT if name in structural}
    if structural.get("x-kubernetes-int-or-string"):
        return {**kept, "type": ["integer", "string"]}
    free = structural.get("x-kubernetes-preserve-unknown-fields") is True
    if "type" in structural:
        kept["type"] = structural["type"]
    if "items" in structural:
        kept["items"] = _strict(structural["items"])
    if "properties" in structural:
        kept["properties"] = {name: _strict(part) for name, part in structural["properties"].items()}
    values = structural.get("additionalProperties")
    if isinstance(values, Mapping):
        kept["additionalProperties"] = _strict(values)
    elif structural.get("type") == "object" and not free:
        kept["additionalProperties"] = False
    return kept


def custom_resources(simulation: Simulation) -> Iterator[RecordedResource]:
    """What a simulation sent to API servers of kinds that definitions add."""
    for resource in simulation.resources:
        token = resource.type
        foreign = token.startswith("kubernetes:") and token.count(":") == 2 and not is_built_in(token)
        if foreign and token != "kubernetes:helm.sh/v3:Release":  # noqa: S105 (a resource type)
            yield resource


def refusals(simulation: Simulation) -> Iterator[str]:
    """What an API server with the published definitions would say of a simulation's custom resources."""
    for resource in custom_resources(simulation):
        inputs = {key: reveal(value) for key, value in resource.inputs.items() if not key.startswith("__")}
        validator = Draft202012Validator(definitions()[resource.type].body)
        for error in validator.iter_errors({key: inputs[key] for key in inputs.keys() - _IN_EVERY_OBJECT}):
            if error.validator in _ABOUT_NAMES or not contains_unknown(error.instance):
                yield f"{resource.urn}: {error.json_path}: {error.message}"
