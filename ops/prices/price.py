"""A price by the unit, read from AWS's price list."""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from ops.quantities.model import Product
from simulator.values import JSON, at

_PREFIX = r"(?:[A-Z]{2,4}\d-|EU-|[a-z]{2}(?:-[a-z]+)+-\d-)?"
"""Of a usage type, for its region: EUC1-, EU- of the oldest one in Europe, eu-central-1- of a few services, or none."""

_UNITS = {
    "hrs": ("hours", 1),
    "hours": ("hours", 1),
    "hour": ("hours", 1),
    "gb-mo": ("GiB", 1),
    "gb-month": ("GiB", 1),
    "iops-mo": ("IOPS", 1),
    "gibps-mo": ("MiB/s", 1024),
    "mibps-mo": ("MiB/s", 1),
}
"""Units of the price list, each with ours and how many of ours are one of its."""
_COUNTS = frozenset({"each", "requests"})
"""Units of ours for which services have names of their own: Keys, Secrets, Alarms, API Requests."""


@dataclass(frozen=True, slots=True)
class Tier:
    """From ``start`` units of a month on, up to the next tier."""

    start: float
    usd: float


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a unit, in tiers from 0 on."""

    tiers: tuple[Tier, ...]

    def of(self, amount: float) -> float:
        """What ``amount`` units of a month cost if the account uses no others."""
        ends = [*(tier.start for tier in self.tiers[1:]), math.inf]
        return sum(
            max(0.0, min(amount, end) - tier.start) * tier.usd for tier, end in zip(self.tiers, ends, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Why there is no price."""

    why: str


def read(listed: Iterable[str], product: Product, unit: str) -> Price | Unpriced:
    """The price of ``product`` among the products that AWS answers with, each as JSON (format ``aws_v1``).

    Several that differ leave it open which one is meant: then there is no price.
    """
    found = set[Price | Unpriced]()
    for text in listed:
        entry = _parsed(text)
        if entry is None:
            return Unpriced("AWS answers in a form that is not known")
        if _meant(entry, product):
            found.add(_price(entry, unit))
    if not found:
        return Unpriced("not in AWS's price list")
    if len(found) > 1:
        return Unpriced(f"{len(found)} different prices in AWS's price list")
    return found.pop()


def _parsed(text: str) -> Mapping[str, JSON] | None:
    try:
        entry = json.loads(text)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None


def _meant(entry: Mapping[str, JSON], product: Product) -> bool:
    usage = str(at(entry, "product.attributes.usagetype") or "")
    return not product.usage or re.fullmatch(_PREFIX + re.escape(product.usage), usage) is not None


def _price(entry: Mapping[str, JSON], unit: str) -> Price | Unpriced:
    terms = at(entry, "terms.OnDemand")
    offers = [offer for offer in terms.values() if isinstance(offer, Mapping)] if isinstance(terms, Mapping) else []
    if len(offers) != 1:
        return Unpriced(f"{len(offers)} On-Demand offers in AWS's price list")
    dimensions = offers[0].get("priceDimensions")
    rows = list(_tiers(dimensions.values(), unit)) if isinstance(dimensions, Mapping) else []
    if problem := next((row for row in rows if isinstance(row, Unpriced)), None):
        return problem
    tiers = sorted((row for row in rows if isinstance(row, Tier)), key=lambda tier: tier.start)
    if not tiers or tiers[0].start != 0 or len({tier.start for tier in tiers}) < len(tiers):
        return Unpriced("tiers in AWS's price list that do not begin at 0 or overlap")
    return Price(tuple(tiers))


def _tiers(dimensions: Iterable[JSON], unit: str) -> Iterator[Tier | Unpriced]:
    for one in dimensions:
        row = one if isinstance(one, Mapping) else {}
        stated = str(row.get("unit"))
        ours, factor = _UNITS.get(stated.lower(), (unit if unit in _COUNTS else "", 1))
        usd, start = _decimal(at(row, "pricePerUnit.USD")), _decimal(row.get("beginRange", "0"))
        if ours != unit:
            yield Unpriced(f"AWS prices it by {stated}, not by {unit}")
        elif usd is None or start is None:
            yield Unpriced("no price in USD in AWS's price list")
        else:
            yield Tier(float(start) * factor, float(usd / factor))


def _decimal(value: JSON) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and found >= 0 else None
