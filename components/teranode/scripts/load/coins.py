"""Which coins of a wallet can be spent, found in the chain itself: a restart needs no memory of its own.

Transactions of the load stay in the last blocks, and what was mined to the wallet stays in coinbases: the search goes
back from the tip, first through the transactions of blocks whose coinbases cannot be spent yet, then through the
coinbases below them. Whatever it finds, the UTXO store has the last word. An output that a transaction spent which no
block has yet leads on to the outputs of that one.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from .clock import Clock
from .node import OK, SPENT, Block, Node, Tip, Unanswered
from .transactions import Output, Transaction
from .wallet import Key

MATURITY_BLOCKS = 100
"""How far above a coinbase the tip is before it can be spent (go-chaincfg, params.go: CoinbaseMaturity)."""

PAUSE_SECONDS = 0.25
"""Between two questions about blocks, of which the asset service answers ten a second by default, to all its callers
at one address."""

_PAGE_BLOCKS = MATURITY_BLOCKS
_LONGEST_TRAIL = 1000


@dataclass(frozen=True, slots=True)
class Coin:
    """An output that a key of the wallet opens."""

    txid: bytes
    index: int
    output: Output
    key: Key

    @property
    def name(self) -> tuple[bytes, int]:
        """What it is known by."""
        return self.txid, self.index


@dataclass(frozen=True, slots=True)
class Findings:
    """What a search found: coins that can be spent at the `height` of its tip, and the next height at which a coinbase
    of the wallet can be, None if there is none among the last blocks."""

    height: int
    coins: tuple[Coin, ...]
    next_mature: int | None


def parts_of(coin: Coin, satoshis: int) -> int:
    """Into how many coins of at least so many satoshis one can be split; even the smallest is one."""
    return max(1, coin.output.satoshis // satoshis)


class Search:
    """Looks for coins; it remembers only how far down it need not look again."""

    def __init__(self, node: Node, keys: Mapping[bytes, Key], clock: Clock) -> None:
        self._node, self._keys, self._clock = node, keys, clock
        self._floor = -1

    def coins(self, wanted: int, satoshis: int, known: Collection[tuple[bytes, int]]) -> Findings:
        """Find `wanted` coins, or coins that can be split into as many of so many satoshis; the newest come first.

        Coins that are `known` are left out. Coinbases are touched only where what was found in the last blocks is not
        worth enough. The search ends where it has enough, or with the chain.
        """
        tip = self._node.tip()
        recent = self._node.blocks(tip, _PAGE_BLOCKS)
        coins: dict[tuple[bytes, int], Coin] = {}
        for coin in self._in_blocks(recent):
            if coin.name not in known:
                coins[coin.name] = coin
            if len(coins) >= wanted:
                break
        worth = sum(parts_of(coin, satoshis) for coin in coins.values())
        if worth < wanted:
            for coin in self._in_coinbases(tip, recent):
                if coin.name not in known:
                    coins[coin.name] = coin
                    worth += parts_of(coin, satoshis)
                if worth >= wanted:
                    break
            else:
                self._floor = max(self._floor, tip.height - MATURITY_BLOCKS)
        return Findings(tip.height, tuple(coins.values()), self._next_mature(recent))

    def _in_blocks(self, recent: list[Block]) -> Iterator[Coin]:
        spent: set[tuple[bytes, int]] = set()
        for block in recent:
            if block.count > 1:
                self._clock.sleep(PAUSE_SECONDS)
                yield from self._in_block(block, spent)

    def _in_coinbases(self, tip: Tip, recent: list[Block]) -> Iterator[Coin]:
        below = Tip(recent[-1].previous, tip.height - MATURITY_BLOCKS)
        while below.height > self._floor:
            self._clock.sleep(PAUSE_SECONDS)
            page = self._node.blocks(below, _PAGE_BLOCKS)
            for block in page:
                yield from self._unspent(block.coinbase)
            below = Tip(page[-1].previous, below.height - len(page))

    def _in_block(self, block: Block, spent: set[tuple[bytes, int]]) -> Iterator[Coin]:
        """Coins of a block's transactions that no later one spends; the last transactions of a block come first."""
        try:
            transactions = self._node.transactions_of(block.block)[1:]
        except Unanswered:
            # Its subtrees may be gone already. What is missed here is only found later or not at all.
            return
        for transaction in reversed(transactions):
            outputs = [coin for coin in self._own(transaction) if coin.name not in spent]
            spent.update((one.txid, one.index) for one in transaction.inputs)
            if outputs:
                yield from self._settled(outputs)

    def _unspent(self, coinbase: Transaction) -> Iterator[Coin]:
        outputs = list(self._own(coinbase))
        if outputs:
            states = self._node.states(outputs[0].txid)
            yield from (coin for coin in outputs if coin.index < len(states) and states[coin.index].status == OK)

    def _settled(self, outputs: list[Coin]) -> Iterator[Coin]:
        """Those of a transaction's outputs that can be spent, and those to which transactions without block lead."""
        trail, steps = [outputs], 0
        while trail and steps < _LONGEST_TRAIL:
            outputs, steps = trail.pop(), steps + 1
            states = self._node.states(outputs[0].txid)
            for coin in outputs:
                state = states[coin.index] if coin.index < len(states) else None
                if state is None:
                    continue
                if state.status == OK:
                    yield coin
                elif state.status == SPENT and state.spender is not None:
                    next_ones = list(self._own(self._node.transaction(state.spender)))
                    trail += [next_ones] if next_ones else []

    def _own(self, transaction: Transaction) -> Iterator[Coin]:
        txid = None
        for index, output in enumerate(transaction.outputs):
            if output.satoshis and output.script in self._keys:
                txid = txid or transaction.txid
                yield Coin(txid, index, output, self._keys[output.script])

    def _next_mature(self, recent: list[Block]) -> int | None:
        return next(
            (block.height + MATURITY_BLOCKS for block in reversed(recent) if any(self._own(block.coinbase))), None
        )
