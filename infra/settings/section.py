"""How a section of the stack file is written down: its keys, and what the reference says of each."""

from dataclasses import dataclass
from typing import get_args, get_origin

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class Doc:
    """What the reference says of a key.

    - `default`: an attribute path in `TierDefaults`, or plain words.
    - `mainnet_least`: an attribute path in `TierDefaults` to a larger least value of the tier mainnet.
    """

    meaning: str
    why: str
    unit: str = ""
    default: str = ""
    mainnet_least: str = ""


class Section(BaseModel):
    """A mapping in the stack file: camelCase keys, nothing unknown, no conversion between types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, alias_generator=to_camel)


def section_of(annotation: object) -> type[Section] | None:
    """Return the section that an annotation such as `dict[str, Section] | None` holds, or None."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for inner in get_args(annotation) if (found := section_of(inner))), None)


def is_map(annotation: object) -> bool:
    """Whether an annotation holds sections by free name, as in `dict[str, Section] | None`."""
    return get_origin(annotation) is dict or any(get_origin(inner) is dict for inner in get_args(annotation))


def entry_name(field: FieldInfo) -> str:
    """Return what one entry of a map is called: a `region` of `regions`, a `pool` of `storage`."""
    names = {"storage": "pool", "decommission": "name"}
    return names.get(field.alias or "", (field.alias or "").removesuffix("s"))
