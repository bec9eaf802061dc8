"""Products as AWS's price list writes them in an answer to `GetProducts`, format `aws_v1`: written by hand."""

import json
from collections.abc import Sequence

_ON_DEMAND, _RATE = "JRTCKXETXF", "6YS6EN2CT7"
"""Codes that AWS gives the offer and its rates."""


def listed(service: str, family: str, usage: str, tiers: Sequence[tuple[str, str, str]], currency: str = "USD") -> str:
    """One product with its On-Demand offer; of each tier where it begins, its price, and the unit."""
    sku = "NAYMV9T7QD3SHHFP"
    offer = f"{sku}.{_ON_DEMAND}"
    dimensions = {
        f"{offer}.{_RATE}{number or ''}": {
            "unit": unit,
            "beginRange": begin,
            "endRange": "Inf",
            "description": f"{price} per {unit}",
            "appliesTo": [],
            "rateCode": f"{offer}.{_RATE}",
            "pricePerUnit": {currency: price},
        }
        for number, (begin, price, unit) in enumerate(tiers)
    }
    return json.dumps(
        {
            "product": {
                "productFamily": family,
                "attributes": {"servicecode": service, "usagetype": usage, "locationType": "AWS Region"},
                "sku": sku,
            },
            "serviceCode": service,
            "terms": {
                "OnDemand": {
                    offer: {
                        "priceDimensions": dimensions,
                        "sku": sku,
                        "effectiveDate": "2026-10-01T00:00:00Z",
                        "offerTermCode": _ON_DEMAND,
                        "termAttributes": {},
                    }
                }
            },
            "version": "20261112174532",
            "publicationDate": "2026-11-12T17:45:32Z",
        }
    )
