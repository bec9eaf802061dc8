"""What an alarm of CloudWatch watches. No resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi

MINUTE_SECONDS = 60


class Silence(StrEnum):
    """What a metric without values means to its alarm."""

    BROKEN = "breaching"  # who lives reports: nothing heard is the alarm itself
    FINE = "notBreaching"  # reported only where it applies, or another alarm already tells of the silence


class Comparison(StrEnum):
    """On which side of the threshold a value is bad."""

    ABOVE = "GreaterThanThreshold"
    AT_LEAST = "GreaterThanOrEqualToThreshold"
    BELOW = "LessThanThreshold"


@dataclass(frozen=True, kw_only=True)
class Formula:
    """A value put together from several metrics: `expression` in CloudWatch's metric math, over `metrics` by id."""

    expression: str
    metrics: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Watch:
    """An alarm on one value: it goes off when `periods` of `period_seconds` in a row are bad.

    `metric` is a name, or a formula over metrics that share namespace, dimensions and statistic. `threshold` is in the
    value's own unit; `description` says what it means and what to do. `section` is the heading in the runbook.
    """

    name: str
    section: str
    namespace: str
    metric: str | Formula
    dimensions: Mapping[str, pulumi.Input[str]]
    statistic: str
    comparison: Comparison
    threshold: float
    periods: int
    description: str
    period_seconds: int = MINUTE_SECONDS
    silence: Silence = Silence.FINE
