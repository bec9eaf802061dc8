"""Custom resources against the published definitions: those that the stacks emit, and the models that judge them."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from simulator.custom_resources import DEFINITIONS
from simulator.custom_resources.base import BuiltIn, Part, model_of
from tests.support import published
from tests.support.stacks import STACKS, evaluated

needs_definitions = pytest.mark.skipif(not published.FOLDER, reason=published.REASON)


@needs_definitions
@pytest.mark.parametrize("stack", STACKS)
def test_what_the_stacks_emit_is_valid_by_the_published_definitions(stack: str) -> None:
    assert list(published.refusals(evaluated(stack))) == []


@pytest.mark.parametrize("stack", STACKS)
def test_every_custom_resource_of_the_stacks_is_taught(stack: str) -> None:
    emitted = {resource.type for resource in published.custom_resources(evaluated(stack))}

    assert emitted
    assert emitted - DEFINITIONS.keys() == set()


# A model may know less than its definition and refuse more. It must not accept what the definition refuses.

PROBES: tuple[Any, ...] = ("", "no such value", "0", -1, 0, 1, 70_000, 2**33, 1.5, True, [], ["x"], {}, {"x": 1})


@needs_definitions
@pytest.mark.parametrize("token", sorted(DEFINITIONS))
def test_a_model_accepts_nothing_that_the_published_definition_refuses(token: str) -> None:
    definition = published.definitions()[token]

    assert list(_wider(DEFINITIONS[token].body, definition.body, token)) == []
    assert DEFINITIONS[token].cluster_scoped == (definition.scope == "Cluster")


class Wide(Part):
    """A model that lets too much pass."""

    size: int
    mode: str
    invented: str | None = None


def test_the_comparison_finds_what_a_model_lets_through() -> None:
    properties = {"size": {"type": "integer", "minimum": 1}, "mode": {"type": "string"}, "name": {"type": "string"}}
    schema = {"type": "object", "properties": properties, "required": ["name"]}

    assert set(_wider(Wide, schema, "x")) == {
        "x.invented does not exist",
        "x.name is required and unknown",
        "x.size takes -1",
        "x.size takes 0",
    }


def _wider(model: type[Part], schema: published.Schema, path: str) -> Iterator[str]:
    """Everything in ``model`` that lets more pass than ``schema``."""
    if "properties" not in schema:
        return  # free in the definition: the model only narrows it
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}
    yield from (f"{path}.{name} does not exist" for name in fields.keys() - schema["properties"].keys())
    yield from (f"{path}.{name} is required" for name in set(schema.get("required", ())) & fields.keys() - required)
    yield from (f"{path}.{name} is required and unknown" for name in set(schema.get("required", ())) - fields.keys())
    for name in fields.keys() & schema["properties"].keys():
        yield from _wider_field(fields[name], schema["properties"][name], f"{path}.{name}")


def _wider_field(field: FieldInfo, schema: published.Schema, path: str) -> Iterator[str]:
    annotation = field.rebuild_annotation()
    part = model_of(annotation)
    if part is not None:
        inner = schema.get("items", schema)
        values = inner.get("additionalProperties")
        yield from _wider(part, values if isinstance(values, Mapping) else inner, path)
    if any(isinstance(mark, BuiltIn) for mark in _marks(annotation)):
        return  # judged by the built-in schema, of which definitions hold a copy of some version
    accepts = TypeAdapter(annotation)
    published_schema = Draft202012Validator(schema)
    for probe in PROBES:
        if _takes(accepts, probe) and not published_schema.is_valid(probe):
            yield f"{path} takes {probe!r}"


def _takes(adapter: TypeAdapter[object], value: object) -> bool:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def _marks(annotation: object) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for argument in get_args(annotation):
        yield from _marks(argument)
