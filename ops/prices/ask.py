"""Ask AWS's price list: `GetProducts`, which any account may call and which costs nothing."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from botocore.client import BaseClient

from ops.aws.session import Aws, AwsError, faults_worded
from ops.prices.book import PriceBook, Wanted
from ops.prices.price import Price, Unpriced, read

_REGION = "us-east-1"
"""The list of all regions is served in few (also eu-central-1 and ap-south-1)."""
_WORKERS = 8


def ask(profile: str | None, wanted: Collection[Wanted], tell: Callable[[str], object]) -> PriceBook:
    """The prices of what is wanted; without credentials, rights or network a book that says so."""
    try:
        with faults_worded():
            return PriceBook(_prices(Aws.of(profile).client("pricing", _REGION), wanted, tell))
    except AwsError as error:
        return PriceBook({}, f"AWS's price list cannot be read (pricing:GetProducts): {error}")


def _prices(
    client: BaseClient, wanted: Collection[Wanted], tell: Callable[[str], object]
) -> Mapping[Wanted, Price | Unpriced]:
    found: dict[Wanted, Price | Unpriced] = {}
    with ThreadPoolExecutor(max_workers=_WORKERS) as pool:
        try:
            answers = pool.map(lambda asked: read(_listed(client, asked), asked.product, asked.unit), wanted)
            for done, (asked, said) in enumerate(zip(wanted, answers, strict=True), start=1):
                tell(f"asking AWS's price list: {done} of {len(wanted)} products")
                found[asked] = said
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found


def _listed(client: BaseClient, asked: Wanted) -> list[str]:
    product = asked.product
    exact = dict(product.attributes)
    if product.family:
        exact["productFamily"] = product.family
    if not product.everywhere:
        # Local zones and Outposts have products of their own.
        exact |= {"regionCode": asked.region, "locationType": "AWS Region"}
    filters = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in sorted(exact.items())]
    pages = client.get_paginator("get_products").paginate(
        ServiceCode=product.service, Filters=filters, FormatVersion="aws_v1"
    )
    return [text for page in pages for text in page["PriceList"]]
