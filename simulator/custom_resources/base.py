"""The vocabulary in which custom resources are taught, and how an object is judged by its definition."""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_core.core_schema import CoreSchema, no_info_plain_validator_function

from simulator.manifests import definition_problems
from simulator.values import JSON, contains_unknown, reveal

_NOT_IN_BODY = ("apiVersion", "kind", "metadata")
_META = "io.k8s.apimachinery.pkg.apis.meta.v1"
_JUDGED_ALREADY = ("built_in", "missing", "extra_forbidden")
"""Errors that hold whatever the unknown values below them turn out to be."""


class Part(BaseModel):
    """An object inside a custom resource: its own properties and no others, typed strictly, in camel case."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", strict=True, frozen=True)


Spec = TypeVar("Spec", bound=Part)


class WithSpec(Part, Generic[Spec]):
    """The body of most custom resources: nothing but ``spec``."""

    spec: Spec


@dataclass(frozen=True, slots=True)
class Definition:
    """One kind that a definition adds to an API server.

    Attributes:
        body: everything of the object but ``apiVersion``, ``kind`` and ``metadata``.
    """

    api_version: str
    kind: str
    body: type[Part]
    cluster_scoped: bool = False

    @property
    def token(self) -> str:
        """The resource type as Pulumi writes it."""
        return f"kubernetes:{self.api_version}:{self.kind}"

    def problems(self, inputs: Mapping[str, JSON]) -> list[str]:
        """What the API server would refuse, each starting with its property path. Unknown values fit everywhere."""
        shown = {key: reveal(value) for key, value in inputs.items() if not key.startswith("__")}
        metadata = definition_problems(f"{_META}.ObjectMeta", shown.get("metadata", {}), "metadata")
        body = {key: value for key, value in shown.items() if key not in _NOT_IN_BODY}
        try:
            self.body.model_validate(body)
        except ValidationError as refused:
            errors = refused.errors(include_url=False)
        else:
            errors = []
        return metadata + list(_described(self.body, errors))

    def missing_at(self, path: tuple[str | int, ...]) -> str:
        """Why nothing can be found at a property path; empty if something can."""
        if not path or path[0] in _NOT_IN_BODY or path[0] == "*":
            return ""
        current: object = self.body
        for key in path:
            model = model_of(current)
            if model is None:
                return ""
            if isinstance(key, int) or key == "*":
                continue
            field = properties(model).get(key)
            if field is None:
                return f"{key!r} is no property{_nearest(key, properties(model))}"
            current = field
        return ""


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A part that the definition takes over from Kubernetes: judged by the schema of the pinned version."""

    definition: str

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Judge by the schema alone."""
        return no_info_plain_validator_function(self._judge)

    def _judge(self, value: JSON) -> JSON:
        problems = definition_problems(self.definition, value)
        if problems:
            raise PydanticCustomError("built_in", "{problems}", {"problems": "; ".join(problems)})
        return value


@dataclass(frozen=True, slots=True)
class Pattern:
    """A whole number, or a text that fits a pattern: how Kubernetes writes ports, quantities and percentages."""

    pattern: str
    wanted: str

    def __get_pydantic_core_schema__(self, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Judge numbers and texts alike."""
        return no_info_plain_validator_function(self._judge)

    def _judge(self, value: JSON) -> JSON:
        if isinstance(value, bool) or not isinstance(value, (int, str)) or not re.search(self.pattern, str(value)):
            raise PydanticCustomError("not_fitting", "must be {wanted}", {"wanted": self.wanted})
        return value


QUANTITY_PATTERN = (
    r"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))))?$"
)
DNS_SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"

Quantity = Annotated[object, Pattern(QUANTITY_PATTERN, "a quantity such as 500m or 2Gi")]
IntOrString = Annotated[object, Pattern(r"", "a whole number or a string")]
ObjectName = Annotated[str, Field(pattern=DNS_SUBDOMAIN, min_length=1, max_length=253)]
"""A DNS-1123 subdomain, as names of most objects are."""
Labels = dict[str, str]
NonNegative = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]

_CORE = "io.k8s.api.core.v1"
Affinity = Annotated[object, BuiltIn(f"{_CORE}.Affinity")]
Container = Annotated[object, BuiltIn(f"{_CORE}.Container")]
EnvVar = Annotated[object, BuiltIn(f"{_CORE}.EnvVar")]
LabelSelector = Annotated[object, BuiltIn(f"{_META}.LabelSelector")]
LocalObjectReference = Annotated[object, BuiltIn(f"{_CORE}.LocalObjectReference")]
NetworkPolicyPeer = Annotated[object, BuiltIn("io.k8s.api.networking.v1.NetworkPolicyPeer")]
PodDNSConfig = Annotated[object, BuiltIn(f"{_CORE}.PodDNSConfig")]
PodSecurityContext = Annotated[object, BuiltIn(f"{_CORE}.PodSecurityContext")]
Resources = Annotated[object, BuiltIn(f"{_CORE}.ResourceRequirements")]
SecurityContext = Annotated[object, BuiltIn(f"{_CORE}.SecurityContext")]
SecretKeySelector = Annotated[object, BuiltIn(f"{_CORE}.SecretKeySelector")]
Toleration = Annotated[object, BuiltIn(f"{_CORE}.Toleration")]
TopologySpreadConstraint = Annotated[object, BuiltIn(f"{_CORE}.TopologySpreadConstraint")]
Volume = Annotated[object, BuiltIn(f"{_CORE}.Volume")]
VolumeMount = Annotated[object, BuiltIn(f"{_CORE}.VolumeMount")]
DnsPolicy = Literal["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]


class TemplateMetadata(Part):
    """Labels and annotations of what an operator makes."""

    annotations: Labels | None = None
    labels: Labels | None = None


class Named(Part):
    """A thing that has nothing but metadata to set."""

    metadata: TemplateMetadata | None = None


def properties(model: type[Part]) -> Mapping[str, object]:
    """The annotations of a part by the names that its definition uses."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def model_of(annotation: object) -> type[Part] | None:
    """The part in an annotation such as ``list[X] | None`` or ``dict[str, X]``; None if no part is in it."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, Part):
        return annotation
    found = (model_of(argument) for argument in get_args(annotation))
    return next((model for model in found if model is not None), None)


def _described(model: type[Part], errors: list[ErrorDetails]) -> Iterator[str]:
    for error in errors:
        kind, location = error["type"], error["loc"]
        if kind not in _JUDGED_ALREADY and contains_unknown(error["input"]):
            continue
        yield f"{_path(location) or 'spec'}: {_reason(model, error)}"


def _reason(model: type[Part], error: ErrorDetails) -> str:
    if error["type"] == "missing":
        return "required, but missing"
    if error["type"] == "extra_forbidden":
        *parents, key = error["loc"]
        known = _properties_at(model, parents)
        return f"no such property{_nearest(str(key), known)}"
    # No message of pydantic quotes the input, which may be secret.
    return error["msg"].removeprefix("Value error, ")


def _properties_at(model: type[Part], location: list[str | int]) -> Mapping[str, object]:
    current: object = model
    for key in location:
        here = model_of(current)
        if here is None or isinstance(key, int):
            continue
        current = properties(here).get(key, current)
    found = model_of(current)
    return properties(found) if found else {}


def _path(location: tuple[str | int, ...]) -> str:
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in location).lstrip(".")


def _nearest(key: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
