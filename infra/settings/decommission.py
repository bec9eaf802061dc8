"""What is about to leave an environment, as it is written in the stack file."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator

from components.decommission import Part
from infra.settings.fields import refuse
from infra.settings.section import Doc, Section

_LEAST_REASON, _MOST_REASON = 10, 500


def _day(value: str) -> str:
    try:
        day(value)
    except ValueError:
        raise refuse(
            "a day: <year>-<month>-<day>",
            'write it in quotes, for example "2027-01-31": unquoted, the Pulumi CLI makes a moment of it',
        ) from None
    return value


def day(text: str) -> date:
    """Return the day that `text` names in the one form that stack files have.

    Raises:
        ValueError: it has another form, or there is no such day.
    """
    found = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 (a day has no zone)
    if found.isoformat() != text:
        raise ValueError(text)
    return found


def _reason(value: str) -> str:
    if not _LEAST_REASON <= len(value.strip()) <= _MOST_REASON or not value.isprintable():
        raise refuse(
            f"a reason of {_LEAST_REASON} to {_MOST_REASON} printable characters",
            "say who decided it and why, for example: moved to us-east-1, decided in the review of 2027-01-15",
        )
    return value


Day = Annotated[str, AfterValidator(_day)]
Reason = Annotated[str, AfterValidator(_reason)]


class DecommissionKeys(Section):
    """A miner, a region or a zone that is about to leave. The locks of what it alone has are lifted while it stands
    here; a later update, with the name gone here and there, deletes it. `docs/runbooks/decommission.md` has the steps.
    """

    date: Annotated[
        Day,
        Doc(
            "first day on which it may be removed, in quotes; `ops preview` refuses an earlier removal, and a lock "
            "that has been open for more than 30 days after it",
            "somebody may still rely on it; an open lock is no state to stay in",
        ),
    ]
    reason: Annotated[Reason, Doc("why it leaves, and who decided it", "it stands in the state and in every preview")]


@dataclass(frozen=True, slots=True)
class Names:
    """The names that an entry can have: those of miners, of regions, and of each region's zones."""

    miners: Collection[str]
    regions: Collection[str]
    zones: Collection[str]

    def parts(self, name: str) -> Iterator[Part]:
        """What `name` is the name of: nothing if nobody has it, two parts if a miner is called like a region."""
        for part, names in ((Part.MINER, self.miners), (Part.REGION, self.regions), (Part.ZONE, self.zones)):
            if name in names:
                yield part

    def __iter__(self) -> Iterator[str]:
        """All of them."""
        yield from (*self.miners, *self.regions, *self.zones)
