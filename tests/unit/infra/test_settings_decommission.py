"""What may be announced to leave, and how an entry is refused."""

from datetime import date
from typing import Any

import pytest

from components.decommission import Part
from tests.support.stack_settings import MINIMAL, accepted, faults_of, stack_file

REASON = "moved elsewhere, decided in a review"
ENTRY = {"date": "2026-12-01", "reason": REASON}
LICENCE = "arn:aws:secretsmanager:us-east-1:444455556666:secret:aerospike-feature-key-AbCdEf"
FOUR_ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]


def mainnet(*names: str, **changes: Any) -> dict[str, Any]:
    """The mainnet file with a second region of four zones, a miner in it, and entries for `names`."""
    document = stack_file("mainnet")
    document["regions"]["us-east-1"] = {"cidr": "10.33.0.0/16", "zones": FOUR_ZONES}
    document["miners"]["miner-2"] = {"region": "us-east-1", "utxoStore": {"featureKey": LICENCE}}
    return {**document, "decommission": dict.fromkeys(names, ENTRY), **changes}


def refusals(document: dict[str, Any], stack: str = "mainnet") -> dict[str, str]:
    return {fault.path.removeprefix("teranode-infra:"): str(fault) for fault in faults_of(document, stack)}


@pytest.mark.parametrize(
    ("name", "part"), [("miner-2", Part.MINER), ("us-east-1", Part.REGION), ("us-east-1d", Part.ZONE)]
)
def test_a_miner_a_region_and_a_zone_can_be_announced(name: str, part: Part) -> None:
    [(found, leaving)] = accepted(mainnet(name), "mainnet").decommission.items()
    assert (found, leaving.part, leaving.day, leaving.reason) == (name, part, date(2026, 12, 1), REASON)


def test_a_zone_that_leaves_carries_no_rack_and_keeps_its_nodes() -> None:
    environment = accepted(mainnet("us-east-1d"), "mainnet")
    assert set(environment.miners["miner-2"].utxo_store.servers_by_zone) == set(FOUR_ZONES[:3])
    [pool] = environment.regions["us-east-1"].nodes.storage
    assert set(pool.zones) == set(FOUR_ZONES)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("miner-22", "did you mean miner-2?"),
        ("us-east-2", "a miner, region or zone of this file"),
        ("us-east-1f", "what was removed leaves this section in the same update"),
        ("eu-west-1", "not the home region"),
        ("eu-west-1a", "at least 3 zones that stay in eu-west-1"),
    ],
)
def test_what_cannot_leave_is_refused_with_its_reason(name: str, message: str) -> None:
    assert message in refusals(mainnet(name))[f"decommission.{name}"]


def test_the_last_miner_stays_whichever_way_it_is_named() -> None:
    by_name = refusals(mainnet("miner-1", "miner-2"))
    assert set(by_name) == {"decommission.miner-1", "decommission.miner-2"}
    by_region = refusals(mainnet("miner-1", "us-east-1"))
    assert "a miner that stays" in by_region["decommission.us-east-1"]


def test_a_name_of_two_things_is_refused() -> None:
    document = mainnet("us-east-1")
    document["miners"]["us-east-1"] = document["miners"].pop("miner-2")
    assert "a miner and a region" in refusals(document)["decommission.us-east-1"]


def test_where_nothing_is_locked_there_is_nothing_to_lift() -> None:
    document = {**MINIMAL, "miners": {f"miner-{n}": {"region": "eu-west-1"} for n in (1, 2)}}
    assert not faults_of(document)
    found = refusals({**document, "decommission": {"miner-2": ENTRY}}, "dev")
    assert "the tier testing locks nothing" in found["decommission.miner-2"]


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("date", "2026-12-01T00:00:00Z", "a day"),
        ("date", "2026-13-01", "a day"),
        ("date", "2026-2-1", "a day"),
        ("date", 20261201, "text"),
        ("reason", "old", "a reason of 10 to 500"),
        ("reason", "x" * 501, "a reason of 10 to 500"),
        ("reason", "two\nlines of it", "printable"),
    ],
)
def test_an_entry_says_when_and_why(key: str, value: object, rule: str) -> None:
    document = mainnet(decommission={"miner-2": {**ENTRY, key: value}})
    assert rule in refusals(document)[f"decommission.miner-2.{key}"]


@pytest.mark.parametrize("key", ["date", "reason"])
def test_neither_of_both_may_be_missing(key: str) -> None:
    entry = {name: value for name, value in ENTRY.items() if name != key}
    assert f"decommission.miner-2.{key}" in refusals(mainnet(decommission={"miner-2": entry}))
