"""What quantities cost. AWS is not asked: its answers are written by hand in the form that `GetProducts` has.

moto answers `GetProducts` with nothing of use, so botocore's stubber holds the requests to the API's own model.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import ANY, Stubber
from typer.testing import CliRunner

from ops import quantities_command
from ops.aws.session import Aws
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.prices.ask import ask
from ops.prices.book import (
    NOT_ASKED,
    PriceBook,
    PriceFileError,
    Wanted,
    prices_text,
    products_text,
    read_prices,
    read_products,
    wanted,
)
from ops.prices.cost import by_region_and_area, priced, total
from ops.prices.price import Price, Tier, Unpriced, read
from ops.quantities import products
from ops.quantities.count import quantities
from ops.quantities.model import Kind, Product, Quantity
from simulator.graph import Graph
from tests.support.price_list import listed
from tests.support.stacks import evaluated

NAT = Kind("network", "NAT gateways", "hours", products.NAT_GATEWAY)
GATEWAY = Wanted("eu-central-1", products.NAT_GATEWAY, "hours")


def nat(usd: str, usage: str = "EUC1-NatGateway-Hours") -> str:
    return listed("AmazonEC2", "NAT Gateway", usage, [("0", usd, "Hrs")])


class TestReading:
    """One price out of what AWS lists."""

    def test_the_price_is_that_of_the_usage_type_whatever_its_region_is_called_there(self) -> None:
        for usage in ("NatGateway-Hours", "EUC1-NatGateway-Hours", "EU-NatGateway-Hours"):
            answer = [nat("0.0520000000", usage), nat("0.0450000000", "EUC1-NatGateway-Bytes")]

            assert read(answer, products.NAT_GATEWAY, "hours") == Price((Tier(0, 0.052),))

    def test_the_price_of_something_else_with_the_same_ending_is_not_taken(self) -> None:
        trust_store = listed("AWSELB", "Load Balancer-Network", "EUC1-TS-LoadBalancerUsage", [("0", "0.0055", "Hrs")])

        assert read([trust_store], products.NETWORK_LOAD_BALANCER, "hours") == Unpriced("not in AWS's price list")

    def test_keys_carry_their_region_in_full(self) -> None:
        key = listed("awskms", "Encryption Key", "eu-central-1-KMS-Keys", [("0", "1.0000000000", "Keys")])

        assert read([key], products.KEY, "each") == Price((Tier(0, 1),))

    def test_two_products_with_one_price_are_one(self) -> None:
        assert read([nat("0.052"), nat("0.0520000000")], products.NAT_GATEWAY, "hours") == Price((Tier(0, 0.052),))

    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            ([], "not in AWS's price list"),
            ([nat("0.052"), nat("0.062")], "2 different prices"),
            (
                [listed("AmazonEC2", "NAT Gateway", "NatGateway-Hours", [("0", "0.1", "GB-Mo")])],
                "by GB-Mo, not by hours",
            ),
            ([listed("AmazonEC2", "NAT Gateway", "NatGateway-Hours", [("0", "0.1", "Hrs")], "CNY")], "no price in USD"),
            ([listed("AmazonEC2", "NAT Gateway", "NatGateway-Hours", [("9", "0.1", "Hrs")])], "do not begin at 0"),
            ([listed("AmazonEC2", "NAT Gateway", "NatGateway-Hours", [])], "do not begin at 0"),
            ([nat("-1")], "no price in USD"),
            ([nat("NaN")], "no price in USD"),
            (["no JSON"], "a form that is not known"),
            (["[]"], "a form that is not known"),
            (
                [json.dumps({"product": {"attributes": {"usagetype": "NatGateway-Hours"}}, "terms": {"Reserved": {}}})],
                "0 On-Demand offers",
            ),
        ],
    )
    def test_what_is_not_one_price_in_usd_is_none(self, answer: list[str], why: str) -> None:
        found = read(answer, products.NAT_GATEWAY, "hours")

        assert isinstance(found, Unpriced)
        assert why in found.why

    def test_a_price_by_the_gib_a_second_is_one_by_the_mib_a_second(self) -> None:
        entry = listed(
            "AmazonEC2", "Provisioned Throughput", "EUC1-EBS:VolumeP-Throughput.gp3", [("0", "51.2", "GiBps-mo")]
        )

        assert read([entry], products.VOLUME_THROUGHPUT, "MiB/s") == Price((Tier(0, 0.05),))

    def test_tiers_are_paid_one_after_the_other(self) -> None:
        zones = listed(
            "AmazonRoute53", "DNS Zone", "HostedZone", [("25", "0.1", "HostedZone"), ("0", "0.5", "HostedZone")]
        )
        price = read([zones], products.ZONE, "each")

        assert isinstance(price, Price)
        assert [price.of(amount) for amount in (0, 1, 25, 27)] == pytest.approx([0, 0.5, 12.5, 12.7])


class TestAsking:
    """`GetProducts`, page by page."""

    @pytest.fixture
    def stubber(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        client = boto3.client("pricing", region_name="us-east-1")
        monkeypatch.setattr(Aws, "client", lambda *_: client)
        with Stubber(client) as stubber:
            yield stubber

    def test_it_filters_by_region_and_attributes_and_reads_every_page(self, stubber: Stubber) -> None:
        product = products.instance("m7g.large")
        asked = Wanted("eu-west-1", product, "hours")
        expected = {
            "ServiceCode": "AmazonEC2",
            "FormatVersion": "aws_v1",
            "Filters": [
                {"Type": "TERM_MATCH", "Field": field, "Value": value}
                for field, value in (
                    ("capacitystatus", "Used"),
                    ("instanceType", "m7g.large"),
                    ("locationType", "AWS Region"),
                    ("operatingSystem", "Linux"),
                    ("preInstalledSw", "NA"),
                    ("productFamily", "Compute Instance"),
                    ("regionCode", "eu-west-1"),
                    ("tenancy", "Shared"),
                )
            ],
        }
        reserved = listed("AmazonEC2", "Compute Instance", "EU-Reservation:m7g.large", [("0", "0", "Hrs")])
        machine = listed("AmazonEC2", "Compute Instance", "EU-BoxUsage:m7g.large", [("0", "0.0910000000", "Hrs")])
        stubber.add_response(
            "get_products", {"FormatVersion": "aws_v1", "PriceList": [reserved], "NextToken": "more"}, expected
        )
        stubber.add_response(
            "get_products", {"FormatVersion": "aws_v1", "PriceList": [machine]}, {**expected, "NextToken": "more"}
        )

        book = ask(None, [asked], lambda _: None)

        assert book == PriceBook({asked: Price((Tier(0, 0.091),))})
        stubber.assert_no_pending_responses()

    def test_what_costs_the_same_everywhere_is_not_asked_by_region(self, stubber: Stubber) -> None:
        zone = listed("AmazonRoute53", "DNS Zone", "HostedZone", [("0", "0.5", "HostedZone")])
        family = [{"Type": "TERM_MATCH", "Field": "productFamily", "Value": "DNS Zone"}]
        stubber.add_response(
            "get_products", {"PriceList": [zone]}, {"ServiceCode": ANY, "FormatVersion": ANY, "Filters": family}
        )
        [asked] = wanted([Quantity("eu-west-1", Kind("network", "private zones", "each", products.ZONE), 1, 1)])

        assert ask(None, [asked], lambda _: None).prices[asked] == Price((Tier(0, 0.5),))

    @pytest.mark.parametrize(
        ("code", "said"),
        [("AccessDeniedException", "not allowed: GetProducts"), ("ExpiredTokenException", "have expired")],
    )
    def test_without_the_right_the_book_says_so(self, stubber: Stubber, code: str, said: str) -> None:
        stubber.add_client_error("get_products", code, "no", http_status_code=400)

        book = ask(None, [GATEWAY], lambda _: None)

        assert book.prices == {}
        assert said in book.unavailable
        assert "pricing:GetProducts" in book.unavailable

    def test_without_a_network_the_book_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nobody(*_: object) -> object:
            raise EndpointConnectionError(endpoint_url="https://api.pricing.us-east-1.amazonaws.com")

        monkeypatch.setattr(Aws, "client", nobody)

        assert "cannot be reached" in ask(None, [GATEWAY], lambda _: None).unavailable

    def test_without_credentials_the_book_says_so(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

        assert "no credentials for AWS" in ask(None, [GATEWAY], lambda _: None).unavailable


class TestBook:
    """Prices in a file, and what they make of quantities."""

    BOOK = PriceBook({GATEWAY: Price((Tier(0, 0.052),))})

    def test_costs_are_summed_by_region_and_area_with_the_upper_bound_beside(self) -> None:
        items = priced([Quantity("eu-central-1", NAT, 730, 1460)], self.BOOK)

        assert total(items).usd == pytest.approx(37.96)
        assert by_region_and_area(items)["eu-central-1"]["network"].most == pytest.approx(75.92)

    def test_what_has_no_price_is_named_and_adds_nothing(self) -> None:
        spot = Quantity("eu-central-1", Kind("nodes", "m7g.large, spot", "hours"), 730, 730)
        elsewhere = Quantity("eu-west-1", NAT, 730, 730)
        items = priced([spot, elsewhere], self.BOOK)

        assert total(items).usd == 0
        assert [item.why for item in items] == ["its price follows from use or from the market", NOT_ASKED]

    def test_a_file_keeps_products_and_prices(self) -> None:
        used = wanted(quantities(Graph(evaluated("mainnet").deployment)))
        book = PriceBook({**{asked: Unpriced("not there") for asked in used}, **self.BOOK.prices})

        assert read_products(products_text(used), "file") == used
        assert read_prices(prices_text(book), "file") == book
        assert read_prices(prices_text(PriceBook({}, "no network")), "file").unavailable == "no network"

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"service": "AmazonEC2\n"}, "products.0.service"),
            ({"attributes": {"instanceType": "$(id)"}}, "products.0.attributes.instanceType"),
            ({"unit": "parsecs"}, "products.0.unit"),
            ({"more": "x"}, "products.0.more"),
        ],
    )
    def test_a_file_of_a_stranger_is_read_strictly(self, change: Mapping[str, object], said: str) -> None:
        document = json.loads(products_text([GATEWAY]))
        document["products"][0] |= change

        with pytest.raises(PriceFileError, match=said):
            read_products(json.dumps(document), "products.json")

    def test_a_file_of_another_form_is_refused(self) -> None:
        with pytest.raises(PriceFileError, match=r"prices\.json"):
            read_prices("{}", "prices.json")


class TestCommand:
    """`ops quantities --prices`."""

    @staticmethod
    def run(*options: str) -> str:
        result = CliRunner().invoke(app, ["quantities", "testing", "--prices", *options], catch_exceptions=False)
        assert result.exit_code == ExitCode.CLEAN
        return result.stdout

    @pytest.fixture
    def prices(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One USD for each unit of everything but machines."""
        machine = products.instance("m7g.large")

        def answer(_: object, counted: list[Quantity], __: object) -> PriceBook:
            known = (one for one in wanted(counted) if one.product != machine)
            return PriceBook(
                {
                    **{one: Price((Tier(0, 1),)) for one in known},
                    **{one: Unpriced("not in AWS's price list") for one in wanted(counted) if one.product == machine},
                }
            )

        monkeypatch.setattr(quantities_command, "_asked", answer)

    @pytest.mark.usefixtures("prices")
    def test_it_prints_totals_by_region_and_area_and_names_what_has_no_price(self) -> None:
        text = self.run()

        assert "not priced: nodes, m7g.large: not in AWS's price list" in text
        assert any(line.split() == ["eu-west-1", "databases", "750.00", "810.00"] for line in text.splitlines())
        assert text.count("all") >= 4

    @pytest.mark.usefixtures("prices")
    def test_its_json_has_every_quantity_with_its_cost(self) -> None:
        document = json.loads(self.run("--json"))

        assert document["unavailable"] is None
        rows = document["quantities"]
        assert {row["region"] for row in rows} >= set(document["byRegion"])
        sums = sum(row["cost"]["usd"] for row in rows if row["cost"])
        assert document["total"]["usd"] == pytest.approx(sums)
        assert {row["what"] for row in rows if row["notPriced"]} == {"m7g.large"}

    def test_without_prices_it_says_why_and_prints_quantities(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(quantities_command, "_asked", lambda *_: PriceBook({}, "no credentials for AWS"))

        assert "No prices: no credentials for AWS" in self.run()
        assert "control planes" in self.run()
        assert json.loads(self.run("--json"))["total"] is None


def test_every_quantity_of_the_stacks_has_a_product_unless_its_price_follows_from_use() -> None:
    without = {
        one.what
        for stack in ("testing", "mainnet")
        for one in quantities(Graph(evaluated(stack).deployment))
        if one.kind.product is None
    }

    assert without == {
        "recovery points of each database and file system, here",
        "recovery points of each, in another region",
    }


def test_one_kind_has_one_product() -> None:
    for stack in ("testing", "mainnet"):
        kinds: dict[tuple[str, str, str], Product | None] = {}
        for one in quantities(Graph(evaluated(stack).deployment)):
            key = (one.area, one.what, one.unit)
            assert kinds.setdefault(key, one.kind.product) == one.kind.product, key


def test_a_database_for_much_input_and_output_is_another_product() -> None:
    ordinary = products.database("db.r7g.large", "aurora-postgresql")

    assert ordinary
    assert products.database("db.r7g.large", "aurora-postgresql", "aurora-iopt1") == replace(
        ordinary, usage="InstanceUsageIOOptimized:db.r7g.large"
    )
    assert products.database("db.r7g.large", "oracle-ee") is None
