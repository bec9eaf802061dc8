"""Between which numbers the value of a key lies, in words."""

from dataclasses import dataclass
from operator import attrgetter

from pydantic.fields import FieldInfo

from infra.settings.defaults import TIER_DEFAULTS
from infra.settings.section import Doc


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the largest value of a whole number, and the least one of the tier mainnet if that is more."""

    least: int
    most: int
    unit: str
    least_on_mainnet: int | None

    def __str__(self) -> str:
        """The range as the rule of a fault."""
        unit = f" {self.unit}" if self.unit else ""
        return f"{self.least} to {self.most}{unit}{self._tier}"

    @property
    def least_in_words(self) -> str:
        """What a value below must at least be."""
        return f"write at least {self.least}{self._tier}"

    @property
    def most_in_words(self) -> str:
        """What a value above must at most be."""
        return f"write at most {self.most}"

    @property
    def _tier(self) -> str:
        return f", on the tier mainnet at least {self.least_on_mainnet}" if self.least_on_mainnet else ""


def bounds_of(field: FieldInfo) -> Bounds | None:
    """The bounds that a key declares; None for a key that has none."""
    limits = {name: limit for note in field.metadata for name in ("ge", "le") if (limit := getattr(note, name, None))}
    doc = next((note for note in field.metadata if isinstance(note, Doc)), None)
    if "le" not in limits:
        return None
    least = attrgetter(doc.mainnet_least)(TIER_DEFAULTS["mainnet"]) if doc and doc.mainnet_least else None
    return Bounds(limits.get("ge", 0), limits["le"], doc.unit if doc else "", least)
