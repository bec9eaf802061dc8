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

from simulator.types import kubernetes
from simulator.values import JSON, contains_unknown, reveal

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
        return [f"kind: Kubernetes {kubernetes.VERSION} has no {kind} in {api_version}"]
    problems: list[str] = []
    for error in validator.iter_errors(reveal(_without_engine_keys(manifest))):
        if error.validator in _ABOUT_NAMES or not contains_unknown(error.instance):
            problems.extend(_described(error))
    return problems


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
def _definitions() -> SchemaRegistry:
    return Resource.from_contents(_schema(_DEFINITIONS)) @ Registry()


def _schema(name: str) -> Mapping[str, object]:
    folder = f"kubernetes-json-schema/v{kubernetes.VERSION}.0-local-strict"
    return utils.schema_contents(f"{folder}/{name}", kubernetes.VERSION)


def _described(error: ValidationError) -> Iterator[str]:
    path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in error.absolute_path).lstrip(".")
    # Other messages of the library quote the value, which may be secret.
    about_names = error.validator in _ABOUT_NAMES
    rule = error.message if about_names else f"does not fit {error.validator}: {error.validator_value}"
    yield f"{path or 'manifest'}: {rule}"


def _without_engine_keys(manifest: Mapping[str, JSON]) -> dict[str, JSON]:
    return {key: value for key, value in manifest.items() if not key.startswith("__")}
