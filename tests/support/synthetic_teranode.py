"""A synthetic Teranode: what its asset and propagation services answer, over a chain in memory.

It is no Teranode. It checks transactions with code of its own (`strict_transactions`), signatures with OpenSSL, and is
stricter than a node: anything that is not a P2PKH spending in extended format is refused. As where Kafka lies between
propagation and validator, it says OK to whatever it can read, and validates when `validate` is called; with `at_once`
it validates before it answers.
"""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.strict_transactions import (
    Coin,
    Invalid,
    Spending,
    check_signature,
    double_sha256,
    taken_apart,
    varint,
)

COIN = 100_000_000
MATURITY = 100
_PREFIX = "/api/v1/"


@dataclass
class Block:
    header: bytes
    coinbase: bytes
    spendings: list[Spending]

    @property
    def name(self) -> bytes:
        return double_sha256(self.header)


class SyntheticTeranode:
    """A chain with a UTXO store. Heights begin at 0, a block that pays nobody. Fees are due at mainnet's rate."""

    def __init__(self, *, at_once: bool = False) -> None:
        self.at_once = at_once
        self.store: dict[tuple[bytes, int], Coin] = {}
        self.known: dict[bytes, bytes] = {}
        self.blocks: list[Block] = []
        self.unmined: list[Spending] = []
        self.queue: list[Spending] = []
        self.rejected: list[str] = []
        self.asked: Counter[str] = Counter()
        self.taken: list[Spending] = []
        self.outage: str | None = None  # what every question is answered with
        self.outages = 0
        self.pruned = 0  # blocks below this height have lost their transactions
        self.received, self.released = threading.Event(), threading.Event()
        self.hang_up = False  # close each connection after its answer, without saying so
        self.on_submit: Callable[[], None] = lambda: None
        self.mine(b"\x6a")

    @property
    def height(self) -> int:
        return len(self.blocks) - 1

    def mine(self, script: bytes, count: int = 1, satoshis: int = 50 * COIN) -> None:
        """Mine blocks that pay a script; the first holds what was validated before."""
        for _ in range(count):
            height = len(self.blocks)
            fees = sum(sum(one[3].satoshis for one in tx.inputs) for tx in self.unmined)
            fees -= sum(sum(one.satoshis for one in tx.outputs) for tx in self.unmined)
            reward = Coin(satoshis + fees, script, height)
            text = b"\x03" + height.to_bytes(3, "little")
            plain = b"\x01\0\0\0\x01" + bytes(32) + b"\xff" * 4 + varint(len(text)) + text + b"\xff" * 4
            plain += b"\x01" + reward.written + bytes(4)
            previous = self.blocks[-1].name if self.blocks else bytes(32)
            header = b"\x01\0\0\0" + previous + double_sha256(plain) + bytes(12)
            self.blocks.append(Block(header, plain, self.unmined))
            self.store[double_sha256(plain), 0] = reward
            self.known[double_sha256(plain)] = plain
            self.unmined = []

    def validate(self) -> None:
        """Validate what propagation took, in its order."""
        queue, self.queue = self.queue, []
        for found in queue:
            try:
                self._validate(found)
            except Invalid as reason:
                self.rejected.append(str(reason))

    def _validate(self, found: Spending) -> None:
        if found.txid in self.known:
            return
        for position, (txid, index, _, stated) in enumerate(found.inputs):
            coin = self.store.get((txid, index))
            if coin is None or (coin.satoshis, coin.script) != (stated.satoshis, stated.script):
                raise Invalid("TX_MISSING_PARENT")
            if coin.spender is not None:
                raise Invalid("UTXO_SPENT")
            if coin.height is not None and coin.height + MATURITY > self.height:
                raise Invalid("TX_COINBASE_IMMATURE")
            check_signature(found, position)
        fee = sum(one[3].satoshis for one in found.inputs) - sum(one.satoshis for one in found.outputs)
        if fee * 1000 < len(found.plain) * 100 or any(one.satoshis < 1 for one in found.outputs):
            raise Invalid("TX_POLICY")
        for txid, index, _, _ in found.inputs:
            self.store[txid, index].spender = found.txid
        self.store.update({(found.txid, index): coin for index, coin in enumerate(found.outputs)})
        self.known[found.txid] = found.raw
        self.unmined.append(found)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        """Answer as the services do."""
        self.asked[f"{method} {path.removeprefix(_PREFIX).split('/')[0].split('?')[0]}"] += 1
        if self.outage is not None:
            self.outages += 1
            return 500, self.outage.encode()
        if (method, path) == ("POST", "/tx"):
            return self._submitted(body)
        parts = path.removeprefix(_PREFIX).partition("?")[0].split("/")
        tell = {
            "bestblockheader": self._best,
            "blocks": self._page,
            "block_legacy": self._legacy,
            "tx": lambda name: self.known[bytes.fromhex(name)[::-1]],
            "utxos": self._states,
        }[parts[0]]
        try:
            found = tell(parts[1])
        except KeyError:
            return 404, b'{"message": "not found"}'
        return 200, found if isinstance(found, bytes) else json.dumps(found).encode()

    def _submitted(self, body: bytes) -> tuple[int, bytes]:
        try:
            found = taken_apart(body)
            if self.at_once:
                self._validate(found)
        except Invalid as reason:
            return 500, f"Failed to process transaction: {reason}".encode()
        self.taken.append(found)
        if not self.at_once:
            self.queue.append(found)
        self.on_submit()
        return 200, b"OK"

    def _best(self, _form: str) -> object:
        return {"hash": self.blocks[-1].name[::-1].hex(), "height": self.height}

    def _page(self, name: str) -> object:
        height = self._height(name)
        return [
            {
                "header": {"hash_prev_block": block.header[4:36][::-1].hex()},
                "coinbase_tx": {"hex": block.coinbase.hex()},
                "transaction_count": 1 + len(block.spendings),
            }
            for block in reversed(self.blocks[max(0, height - MATURITY + 1) : height + 1])
        ]

    def _legacy(self, name: str) -> bytes:
        block = self.blocks[height := self._height(name)]
        if height < self.pruned:
            raise KeyError(name)
        plain = b"".join(one.plain for one in block.spendings)
        return block.header + varint(1 + len(block.spendings)) + block.coinbase + plain

    def _states(self, name: str) -> object:
        txid = bytes.fromhex(name)[::-1]
        outputs = sorted(index for owner, index in self.store if owner == txid)
        if not outputs:
            raise KeyError(name)
        return [self._state(self.store[txid, index], index) for index in outputs]

    def _state(self, coin: Coin, index: int) -> dict[str, object]:
        if coin.spender is None:
            return {"vout": index, "status": "OK"}
        return {"vout": index, "status": "SPENT", "spendingData": {"txId": coin.spender[::-1].hex(), "vin": 0}}

    def _height(self, name: str) -> int:
        found = {block.name[::-1].hex(): height for height, block in enumerate(self.blocks)}
        return found[name]


@contextmanager
def served(node: SyntheticTeranode) -> Iterator[str]:
    """Answer on loopback; yields the URL of both services."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one packet for an answer: two would wait for each other

        def _answer(self) -> None:
            node.received.set()
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, found = node.answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("content-length", str(len(found)))
            self.end_headers()
            self.wfile.write(found)
            self.close_connection = node.hang_up

        do_GET = do_POST = _answer  # noqa: N815 (the base class says so)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class says so)
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
