"""The load against a synthetic Teranode that is strict, in played time."""

import logging
from collections import Counter

import pytest

from components.teranode.scripts.load import load as program
from tests.support.played_load import SCRIPT, STRANGER, play
from tests.support.synthetic_teranode import COIN, MATURITY, SyntheticTeranode


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="load")
    return caplog


def grown(height: int = 1 + MATURITY, *, satoshis: int = 50 * COIN, at_once: bool = False) -> SyntheticTeranode:
    """A chain of the wallet's own coinbases; at the least height one of them can be spent."""
    node = SyntheticTeranode(at_once=at_once)
    node.mine(SCRIPT, height, satoshis)
    return node


@pytest.mark.parametrize("at_once", [False, True])
def test_all_that_it_sends_is_valid_and_mined(at_once: bool) -> None:  # noqa: FBT001
    node = grown(at_once=at_once)
    with play(node, per_second=2, block_seconds=20) as one:
        one.run(100)
    node.validate()
    node.mine(SCRIPT)

    assert len(node.taken) > 150
    assert node.rejected == []
    assert {len(found.outputs) for found in node.taken} == {1, 20}, "one split, else coins to themselves"
    mined = {found.txid for block in node.blocks for found in block.spendings}
    assert mined == {found.txid for found in node.taken}


@pytest.mark.parametrize("per_second", [1, 5, 100])
def test_nothing_is_sent_faster_than_set_and_nothing_made_up_for(per_second: int) -> None:
    node = grown()
    with play(node, per_second=per_second, lag=0.05) as one:
        one.run(300 / per_second)
        apart = [later - earlier for earlier, later in zip(one.sent, one.sent[1:], strict=False)]

        assert min(apart) >= 1 / per_second - 1e-9
        # No more than one wait was lost to each transaction that was not there yet.
        assert len(one.sent) > 100


def test_before_maturity_nothing_is_sent_and_the_wait_is_told(log: pytest.LogCaptureFixture) -> None:
    node = grown(40)
    with play(node, per_second=1, block_seconds=1) as one:
        one.run(55)
        assert 90 < node.height < 101
        assert one.sent == []
        one.run(25)
        assert one.sent

    assert "height 40: nothing to spend before a coinbase matures at height 101" in log.text
    assert node.rejected == []


def test_a_wallet_that_mined_nothing_waits_for_its_first_block(log: pytest.LogCaptureFixture) -> None:
    node = SyntheticTeranode()
    node.mine(STRANGER, 150)
    with play(node) as one:
        one.run(120)

    assert one.sent == []
    assert "height 150: nothing to spend; coins of this wallet's next block will be, 100 blocks after it" in log.text


def test_after_a_restart_it_finds_its_coins_in_the_chain() -> None:
    node = grown()
    with play(node, per_second=2, block_seconds=20) as one:
        for _ in range(4):
            one.run(50)
    splits = [found for found in node.taken if len(found.outputs) > 1]

    assert node.rejected == []
    assert len(node.taken) > 250
    assert len(splits) == 1, "what it split once it goes on with"


def test_a_restart_follows_what_no_block_has_yet() -> None:
    node = grown()
    with play(node, per_second=2) as one:
        one.run(30)
        node.validate()
        node.mine(SCRIPT)
        one.run(40)
        node.validate()
        one.run(40)

    assert node.rejected == []
    assert len([found for found in node.taken if len(found.outputs) > 1]) == 1
    assert len(node.taken) > 120


def test_blocks_whose_transactions_are_gone_are_passed_over() -> None:
    node = grown()
    with play(node, per_second=2, block_seconds=10) as one:
        one.run(60)
        node.pruned = node.height + 1
        one.run(60)

    assert node.rejected == []
    assert len([found for found in node.taken if len(found.outputs) > 1]) == 2, "another coinbase serves"


def test_small_coinbases_are_gathered() -> None:
    """Late on regtest they hold fees alone."""
    node = grown(MATURITY + 30, satoshis=3_000)
    with play(node, per_second=2) as one:
        one.run(30)

    assert node.rejected == []
    assert {len(found.outputs) for found in node.taken} == {1}
    assert len({found.inputs[0][:2] for found in node.taken}) == len(node.taken) > 40


def test_coinbases_of_nothing_are_passed_over_down_to_the_first() -> None:
    node = grown(MATURITY)
    node.mine(SCRIPT, 250, 0)
    with play(node, per_second=1) as one:
        one.run(30)

    assert node.rejected == []
    assert len(node.taken) > 10
    assert node.asked["GET blocks"] < 10, "a hundred blocks at a time"


def test_a_coin_is_used_until_it_pays_no_fee_any_more() -> None:
    node = grown(satoshis=5 * program.fee(1))
    with play(node, per_second=2) as one:
        one.run(60)

    assert node.rejected == []
    assert [found.outputs[0].satoshis // program.fee(1) for found in node.taken] == [4, 3, 2, 1]


def test_a_transaction_that_does_not_show_in_the_store_is_given_up(log: pytest.LogCaptureFixture) -> None:
    """The validator refuses where nobody sees it: a coin that somebody else spent in the same moment."""
    node = grown()
    with play(node, per_second=1, lag=1_000_000) as one:
        one.run(400)

    assert "was taken but is in no store after" in log.text
    spent = Counter(found.inputs[0][:2] for found in node.taken)
    assert max(spent.values()) <= 4, "it looks again, but not often"


def test_a_node_that_lags_gets_less() -> None:
    node = grown()
    with play(node, per_second=10, lag=60) as one:
        one.run(290)

    assert node.rejected == []
    # One round of coins, a hundred, for each time that the node comes to look.
    assert len(one.sent) <= 500


@pytest.mark.parametrize("at_once", [False, True])
def test_a_refusal_is_told_and_answered_with_longer_and_longer_waits(
    log: pytest.LogCaptureFixture,
    at_once: bool,  # noqa: FBT001
) -> None:
    node = grown(at_once=at_once)
    with play(node, per_second=10) as one:
        one.clock.at(10, lambda: setattr(node, "outage", "DEVICE_OVERLOAD"))
        one.clock.at(310, lambda: setattr(node, "outage", None))
        one.run(420)
        before, after = sum(moment < 10 for moment in one.sent), sum(moment > 310 for moment in one.sent)

    assert len(one.sent) == before + after, "nothing was taken meanwhile"
    assert node.outages < 20
    assert [f"next attempt in {seconds} s" in log.text for seconds in (1, 2, 4, 32, 60)] == [True] * 5
    assert "DEVICE_OVERLOAD" in log.text
    assert min(before, after) > 50
    assert node.rejected == []


def test_an_answer_that_makes_no_sense_is_no_reason_to_end(log: pytest.LogCaptureFixture) -> None:
    node = grown()
    honest = node.answer
    node.answer = lambda *_: (200, b'[{"height": true}]')  # type: ignore[method-assign]
    with play(node) as one:
        one.run(20)
        node.answer = honest
        one.run(20)

    assert "makes no sense" in log.text
    assert one.sent


def test_every_half_minute_one_line_says_what_happened(log: pytest.LogCaptureFixture) -> None:
    node = grown(MATURITY // 2)
    with play(node, per_second=2, block_seconds=1) as one:
        one.run(211)
    lines = [line for line in log.messages if "transactions in 30 s" in line]

    assert len(lines) == 7
    assert lines[0].startswith("0 transactions")
    assert "(2.0 a second): 60 accepted, 0 refused; 20 coins, 0 lost" in lines[-1]
