"""Judge objects of built-in Kubernetes kinds by the schemas of the pinned version, as an API server does.

The SDK's types say which properties exist; the schemas also say formats, enumerations and what excludes each other.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache

from jsonschema import Draft202012Validator, ValidationError
from kubernetes_validate import utils
from referencing import Registry, Resource
from referencing.jsonschema import SchemaRegistry

from simulator.values import JSON, contains_unknown, reveal

VERSION = "1.36"
"""The version of Kubernetes whose schemas judge the program's objects; what new clusters run by default."""

_ABOUT_NAMES = ("required", "additionalProperties")
_DEFINITIONS = "_definitions.json"


def manifest_problems(manifest: Mapping[str, JSON]) -> list[str]:
    """What an API server would refuse in ``manifest``, each with its property path.

    Unknown values fit everywhere. Kinds of other API groups are not judged here.
    """
    api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
    if not isinstance(api_version, str) or not isinstance(kind, str):
        return []
    validator = _validator(api_version, kind)
    if validator is None:
        return [f"kind: Kubernetes {VERSION} has no {kind} in {api_version}"]
    return list(_problems(validator, _without_engine_keys(manifest)))


def definition_problems(definition: str, value: JSON, path: str = "") -> list[str]:
    """What an API server would refuse in the part at ``path`` of an object.

    Args:
        definition: what the part is, such as ``io.k8s.api.core.v1.PodSecurityContext``.
    """
    return list(_problems(_part_validator(definition), value, path))


def _problems(validator: Draft202012Validator, value: JSON, path: str = "") -> Iterator[str]:
    for error in validator.iter_errors(reveal(value)):
        if error.validator in _ABOUT_NAMES or not contains_unknown(error.instance):
            yield _described(error, path)


@cache
def _validator(api_version: str, kind: str) -> Draft202012Validator | None:
    # rbac.authorization.k8s.io/v1 is rbac-v1 in the names of the schema files
    file_version = re.sub(r"^([^./]*)(?:\.[^/]*)?/", r"\1-", api_version)
    try:
        schema = _schema(f"{kind.lower()}-{file_version}.json")
    except FileNotFoundError:
        return None
    return Draft202012Validator(schema, registry=_definitions())


@cache
def _part_validator(definition: str) -> Draft202012Validator:
    identifier = _schema(_DEFINITIONS)["$id"]
    return Draft202012Validator({"$ref": f"{identifier}#/$defs/{definition}"}, registry=_definitions())


@cache
def _definitions() -> SchemaRegistry:
    return Resource.from_contents(_schema(_DEFINITIONS)) @ Registry()


def _schema(name: str) -> Mapping[str, object]:
    folder = f"kubernetes-json-schema/v{VERSION}.0-local-strict"
    return utils.schema_contents(f"{folder}/{name}", VERSION)


def _described(error: ValidationError, path: str) -> str:
    below = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.absolute_path)
    where = f"{path}{below}".lstrip(".")
    # Other messages of the library quote the value, which may be secret.
    about_names = error.validator in _ABOUT_NAMES
    rule = error.message if about_names else f"does not fit {error.validator}: {error.validator_value}"
    return f"{where}: {rule}" if where else rule


def _without_engine_keys(manifest: Mapping[str, JSON]) -> dict[str, JSON]:
    return {key: value for key, value in manifest.items() if not key.startswith("__")}
