"""Peers of any set of miners: nobody lists itself, everybody lists the rest, and what is rendered reads back."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.teranode import Chain, config_map
from components.teranode.settings import render
from tests.support.teranode import miner, miners, node

MULTIADDR = re.compile(r"/dns4/([^/]+)/tcp/(\d+)/p2p/([^/]+)")
GO_UNITS_MS = {"h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}

names = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
environments = st.sets(names, min_size=1, max_size=8)


def peers(value: str) -> list[tuple[str, int, str]]:
    """A list of peers as Teranode takes it apart: host, port, id."""
    found = [MULTIADDR.fullmatch(part.strip()) for part in value.split("|") if not part.startswith("/dnsaddr/")]
    assert all(found)
    return [(match[1], int(match[2]), match[3]) for match in found if match]


@pytest.mark.parametrize("chain", Chain)
@settings(max_examples=40)
@given(environment=environments, data=st.data())
def test_a_miner_lists_all_others_sorted_and_never_itself(
    chain: Chain, environment: set[str], data: st.DataObject
) -> None:
    ordered = data.draw(st.permutations(sorted(environment)))
    for own in environment:
        made = {key: str(value) for key, value in config_map(node(own, chain, miners=miners(*ordered))).items()}
        others = [(str(miner(name).host), 9905, str(miner(name).peer_id)) for name in sorted(environment - {own})]

        if others:
            assert peers(made["p2p_static_peers"]) == peers(made["p2p_bootstrap_peers"]) == others
        else:
            assert "p2p_static_peers" not in made
        assert made["p2p_advertise_addresses"] == f"/dns4/{miner(own).host}/tcp/9905"
        # An empty list would mean the public bootstrap peers of IPFS.
        assert made.get("p2p_bootstrap_peers") != ""
        assert chain is not Chain.REGTEST or "p2p_bootstrap_peers" in made


@given(st.permutations(["c", "a", "b"]))
def test_the_order_of_miners_means_nothing(ordered: list[str]) -> None:
    assert config_map(node("a", miners=miners(*ordered))) == config_map(node("a", miners=miners("a", "b", "c")))


@given(st.integers(min_value=0, max_value=10**12))
def test_a_duration_reads_back(value: int) -> None:
    text = render.duration(value)
    parts = re.findall(r"(\d+)(h|ms|m|s)", text)

    assert "".join(count + unit for count, unit in parts) == text
    assert sum(int(count) * GO_UNITS_MS[unit] for count, unit in parts) == value


@given(st.decimals(min_value=0, max_value=21_000_000, places=8))
def test_a_fee_reads_back_without_an_exponent(value: Decimal) -> None:
    text = render.fee(value)

    assert re.fullmatch(r"\d+(\.\d{8})?", text)
    assert Decimal(text) == value


@given(st.lists(st.from_regex(r"[a-z]{1,8}:[1-9][0-9]{0,3}", fullmatch=True), min_size=1))
def test_lists_of_hosts_read_back(hosts: list[str]) -> None:
    assert render.comma_list(hosts).split(",") == hosts
    assert render.peer_list(hosts).split("|") == hosts
