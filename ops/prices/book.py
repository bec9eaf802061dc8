"""The prices of one run: asked once, kept in a file where those who ask and those who read are not the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ops.errors import UsageError
from ops.prices.price import Price, Tier, Unpriced
from ops.quantities.model import Product, Quantity

NOT_ASKED = "AWS's price list was not asked, which takes credentials (`--prices`)"
_BY_USE = Unpriced("its price follows from use or from the market")
_MOST_WANTED = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """A product whose price is wanted, in a region and by a unit of ours."""

    region: str
    product: Product
    unit: str


@dataclass(frozen=True, slots=True)
class PriceBook:
    """What AWS says of each product that was wanted.

    ``unavailable`` says why nothing is known; empty if AWS answered.
    """

    prices: Mapping[Wanted, Price | Unpriced]
    unavailable: str = ""

    def price(self, quantity: Quantity) -> Price | Unpriced:
        """Of one unit of a quantity."""
        asked = wanted_of(quantity)
        if asked is None:
            return _BY_USE
        return self.prices.get(asked, Unpriced(self.unavailable or NOT_ASKED))


NO_PRICES = PriceBook({}, NOT_ASKED)


class PriceFileError(UsageError):
    """A file of products or prices is not in the form that these commands write."""


def wanted_of(quantity: Quantity) -> Wanted | None:
    """Whose price a quantity needs; None where no price can be known beforehand."""
    product = quantity.kind.product
    if product is None:
        return None
    return Wanted("" if product.everywhere else quantity.region, product, quantity.unit)


def wanted(quantities: Iterable[Quantity]) -> list[Wanted]:
    """Each once, in the order of the quantities."""
    return [one for one in dict.fromkeys(map(wanted_of, quantities)) if one is not None]


_Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]{1,40}$")]
_Text = Annotated[str, Field(pattern=r"^[A-Za-z0-9 .,:;()/_-]{0,100}$")]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    region: Annotated[str, Field(pattern=r"^([a-z0-9-]{1,30})?$")]
    service: _Name
    family: _Text
    usage: _Text
    attributes: Annotated[dict[_Name, _Text], Field(max_length=10)]
    everywhere: bool
    unit: Literal["hours", "GiB", "each", "requests", "IOPS", "MiB/s"]

    @classmethod
    def of(cls, asked: Wanted) -> "_Row":
        product = asked.product
        return cls(
            region=asked.region,
            service=product.service,
            family=product.family,
            usage=product.usage,
            attributes=dict(product.attributes),
            everywhere=product.everywhere,
            unit=asked.unit,  # pyright: ignore[reportArgumentType] (validated)
        )

    def wanted(self) -> Wanted:
        attributes = tuple(sorted(self.attributes.items()))
        product = Product(self.service, self.family, self.usage, attributes, self.everywhere)
        return Wanted(self.region, product, self.unit)


class _Products(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    products: Annotated[list[_Row], Field(max_length=_MOST_WANTED)]


class _Tier(BaseModel):
    start: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    usd: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Price(BaseModel):
    product: _Row
    tiers: list[_Tier] = []
    why: Annotated[str, Field(max_length=300)] = ""


class _Prices(BaseModel):
    model_config = ConfigDict(extra="forbid")

    format: Literal[1] = 1
    unavailable: Annotated[str, Field(max_length=1000)]
    prices: Annotated[list[_Price], Field(max_length=_MOST_WANTED)]


def products_text(asked: Iterable[Wanted]) -> str:
    """The file that names what is wanted."""
    return _Products(products=[_Row.of(one) for one in asked]).model_dump_json(indent=1) + "\n"


def read_products(text: str, source: str) -> list[Wanted]:
    """What such a file names; ``source`` names it in errors.

    Raises:
        PriceFileError: it is not in this form. Whoever opened a pull request may have written it.
    """
    try:
        return [row.wanted() for row in _Products.model_validate_json(text).products]
    except ValidationError as error:
        raise PriceFileError(
            f"{source}: not what `ops pull-request comment --products` writes ({_first(error)})"
        ) from None


def prices_text(book: PriceBook) -> str:
    """The file of what AWS says."""
    rows = [
        _Price(
            product=_Row.of(asked),
            tiers=[_Tier(start=tier.start, usd=tier.usd) for tier in said.tiers] if isinstance(said, Price) else [],
            why=said.why[:300] if isinstance(said, Unpriced) else "",
        )
        for asked, said in book.prices.items()
    ]
    return _Prices(unavailable=book.unavailable[:1000], prices=rows).model_dump_json(indent=1) + "\n"


def read_prices(text: str, source: str) -> PriceBook:
    """What such a file says.

    Raises:
        PriceFileError: it is not in this form.
    """
    try:
        read = _Prices.model_validate_json(text)
    except ValidationError as error:
        raise PriceFileError(f"{source}: not what `ops pull-request prices` writes ({_first(error)})") from None
    prices: dict[Wanted, Price | Unpriced] = {}
    for row in read.prices:
        tiers = tuple(Tier(tier.start, tier.usd) for tier in row.tiers)
        prices[row.product.wanted()] = Price(tiers) if tiers else Unpriced(row.why)
    return PriceBook(prices, read.unavailable)


def _first(error: ValidationError) -> str:
    found = error.errors(include_input=False, include_url=False)[0]
    where = ".".join(map(str, found["loc"]))
    return f"{where}: {found['msg']}" if where else found["msg"]
