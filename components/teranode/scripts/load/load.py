"""The load: each coin is spent to its own key again and again, coin after coin, at the rate that is set.

A coin waits until the node's UTXO store shows it: propagation takes transactions before they are validated, so that
only there a refusal shows. So a node that cannot keep up is never more than one round of coins behind.
"""

import logging
from collections import deque
from dataclasses import dataclass

from . import transactions
from .clock import Clock
from .coins import MATURITY_BLOCKS, Coin, Search, parts_of
from .node import LOCKED, NOT_FOUND, OK, Node, Refused, Unanswered
from .transactions import Output, shown

LOG = logging.getLogger("load")

SATOSHIS_PER_KILOBYTE = 100
"""What is paid to miners: as much as mainnet's ask for. It comes back to them, and so to this wallet, in coinbases."""

SPENDINGS = 100
"""How often a part of a split coin can be spent at least: smaller ones are not worth an output."""

SECONDS_OF_COINS = 10
MOST_COINS = 250
"""How long a coin waits for its turn, so that it may be validated: there are as many coins as are spent meanwhile, but
no more than one transaction that splits may well have outputs."""

PATIENCE_SECONDS = 120.0
"""After that a transaction that was taken but does not show in the store is given up."""

REPORT_SECONDS = 30.0
LONGEST_PAUSE_SECONDS = 60.0
SEARCH_SECONDS = 60.0
"""Between two searches for more coins, while there are some."""

BLOCK_SECONDS = 5.0
"""Between two looks at the tip, while there are no coins."""

_REFUSALS = 3
_BYTES, _OUTPUT_BYTES = 160, 34  # of a transaction without outputs, rather too many, and of an output


def fee(outputs: int) -> int:
    """What a transaction that spends one coin to so many outputs pays, in satoshis."""
    return -(-(_BYTES + _OUTPUT_BYTES * outputs) * SATOSHIS_PER_KILOBYTE // 1000)


_PART_SATOSHIS = SPENDINGS * fee(1)


@dataclass(slots=True)
class Held:
    """A coin in the round; `since` is when the transaction that made it was taken, None once the store shows it, and
    `source` which coin that transaction spends."""

    coin: Coin
    since: float | None = None
    source: tuple[bytes, int] | None = None
    refusals: int = 0


@dataclass(slots=True)
class Counts:
    """What happened since the last report."""

    sent: int = 0
    accepted: int = 0
    refused: int = 0
    lost: int = 0


class Load:
    """The load of one node. `per_second` bounds how often anything is sent, whatever else happens."""

    def __init__(self, node: Node, search: Search, clock: Clock, per_second: int) -> None:
        self._node, self._search, self._clock = node, search, clock
        self._interval, self._wanted = 1 / per_second, min(per_second * SECONDS_OF_COINS, MOST_COINS)
        self._round: deque[Held] = deque()
        self._counts = Counts()
        self._pause = 0.0
        self._due = self._reported = clock.now()
        self._report_at = clock.now() + REPORT_SECONDS
        self._search_at = clock.now()

    def run(self) -> None:
        """Go on for ever."""
        while True:
            self.step()

    def step(self) -> None:
        """Spend one coin, or look for some."""
        try:
            if len(self._round) <= self._wanted // 2 and self._clock.now() >= self._search_at:
                self._gather()
            elif self._round:
                self._spend_next()
            else:
                self._wait(self._search_at - self._clock.now())
        except (Unanswered, Refused) as error:
            self._pause = min(max(1.0, 2 * self._pause), LONGEST_PAUSE_SECONDS)
            LOG.warning("%s; next attempt in %.0f s", error, self._pause)
            self._wait(self._pause)

    def _gather(self) -> None:
        """Look for coins and split the large ones; without any, wait for a block."""
        known = {name for held in self._round for name in (held.coin.name, held.source) if name}
        wanted = self._wanted - len(self._round)
        found = self._search.coins(wanted, _PART_SATOSHIS, known)
        LOG.info("height %d: %d coins found, %d wanted", found.height, len(found.coins), wanted)
        self._search_at = self._clock.now() + SEARCH_SECONDS
        missing = wanted - len(found.coins)
        # All are in the round before any is split: what the node does not take is not forgotten.
        gathered = [Held(coin) for coin in sorted(found.coins, key=lambda one: one.output.satoshis, reverse=True)]
        self._round.extend(gathered)
        for held in gathered:
            parts = min(1 + missing, parts_of(held.coin, _PART_SATOSHIS))
            if parts > 1:
                missing -= parts - 1
                self._keep_pace()
                self._send(held, parts)
                self._round.remove(held)
        if not self._round:
            self._await_block(found.height, found.next_mature)

    def _await_block(self, height: int, next_mature: int | None) -> None:
        if next_mature is None:
            LOG.info(
                "height %d: nothing to spend; coins of this wallet's next block will be, %d blocks after it",
                height,
                MATURITY_BLOCKS,
            )
        else:
            LOG.info("height %d: nothing to spend before a coinbase matures at height %d", height, next_mature)
        while self._node.tip().height < (next_mature or height + 1):
            self._wait(BLOCK_SECONDS)
        self._search_at = self._clock.now()

    def _spend_next(self) -> None:
        self._keep_pace()
        held = self._round.popleft()
        if held.since is not None and not self._shown(held):
            return
        if held.coin.output.satoshis <= fee(1):
            return
        try:
            self._send(held, 1)
        except (Unanswered, Refused) as error:
            held.refusals += isinstance(error, Refused)
            if held.refusals < _REFUSALS:
                self._round.append(held)
            raise

    def _shown(self, held: Held) -> bool:
        """Whether the store has the coin; one that it may yet have goes to the end, any other is lost."""
        try:
            states = self._node.states(held.coin.txid)
        except Unanswered:
            self._round.append(held)
            raise
        status = states[held.coin.index].status if held.coin.index < len(states) else NOT_FOUND
        if status == OK:
            self._counts.accepted += 1
            self._pause = 0.0
            for one in (held, *self._round):
                if one.coin.txid == held.coin.txid and states[one.coin.index].status == OK:
                    one.since = None
            return True
        waited = self._clock.now() - (held.since or 0.0)
        if status in (NOT_FOUND, LOCKED) and waited < PATIENCE_SECONDS:
            self._round.append(held)
            return False
        self._counts.lost += 1
        if status == NOT_FOUND and held.coin.index == 0:
            self._counts.refused += 1
            raise Refused(f"{shown(held.coin.txid)} was taken but is in no store after {waited:.0f} s")
        return False

    def _send(self, held: Held, parts: int) -> None:
        """Spend a coin to so many equal parts, which become coins; the first takes the rest of the division."""
        coin = held.coin
        whole = coin.output.satoshis - fee(parts)
        part, rest = divmod(whole, parts)
        outputs = [Output(part + (rest if index == 0 else 0), coin.key.script) for index in range(parts)]
        transaction = transactions.spend(coin.txid, coin.index, coin.output, coin.key, outputs)
        try:
            self._node.submit(transaction)
        except Refused:
            self._counts.refused += 1
            raise
        self._counts.sent += 1
        txid, now = transaction.txid, self._clock.now()
        for index, output in enumerate(outputs):
            self._round.append(Held(Coin(txid, index, output, coin.key), now, coin.name))

    def _keep_pace(self) -> None:
        """Wait until the next turn; time that was lost is not made up for."""
        self._wait(self._due - self._clock.now())
        self._due = max(self._due, self._clock.now()) + self._interval

    def _wait(self, seconds: float) -> None:
        """Let time pass, and report whenever it is due; a wait of no time reports as well."""
        until = self._clock.now() + seconds
        while True:
            now = self._clock.now()
            if now >= self._report_at:
                self._report(now)
            if now >= until:
                return
            self._clock.sleep(min(until, self._report_at) - now)

    def _report(self, now: float) -> None:
        seconds, counts = now - self._reported, self._counts
        LOG.info(
            "%d transactions in %.0f s (%.1f a second): %d accepted, %d refused; %d coins, %d lost",
            counts.sent,
            seconds,
            counts.sent / seconds,
            counts.accepted,
            counts.refused,
            len(self._round),
            counts.lost,
        )
        self._reported, self._report_at, self._counts = now, now + REPORT_SECONDS, Counts()
