"""The end of an environment that is not meant to stay."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator

from infra.settings.fields import refuse

_FORM = "%Y-%m-%dT%H:%M:%SZ"
_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def _expires(value: str) -> str:
    try:
        moment(value)
    except ValueError:
        raise refuse(
            "a moment in UTC: <year>-<month>-<day>T<hour>:<minute>:<second>Z",
            'write it in quotes, for example "2027-01-31T18:00:00Z": unquoted, the Pulumi CLI reads a date',
        ) from None
    return value


def moment(text: str) -> datetime:
    """Return what `text` says, in the one form that stack files have.

    Raises:
        ValueError: it has another form, or there is no such moment.
    """
    if not _SHAPE.fullmatch(text):
        raise ValueError(text)
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)


def written(when: datetime) -> str:
    """Return the form that stack files have, to the second."""
    return when.astimezone(UTC).strftime(_FORM)


Expires = Annotated[str, AfterValidator(_expires)]
