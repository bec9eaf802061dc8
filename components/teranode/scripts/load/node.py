"""What one Teranode is asked: the asset service about blocks and coins, propagation to take transactions."""

import http.client
import io
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from . import transactions
from .transactions import MalformedError, Transaction

_TIMEOUT_SECONDS = 30.0
_HEADER_BYTES = 80


class Unanswered(Exception):  # noqa: N818 (not an error of anybody: it may answer later)
    """The node gave no answer, or none that makes sense."""


class Refused(Exception):  # noqa: N818 (its answer, and a proper one)
    """The node did not take a transaction; the message is its own."""


@dataclass(frozen=True, slots=True)
class Tip:
    """The best block of the node."""

    block: bytes
    height: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block without its transactions, but for the coinbase; `count` is of all of them."""

    block: bytes
    previous: bytes
    height: int
    count: int
    coinbase: Transaction


@dataclass(frozen=True, slots=True)
class State:
    """An output as the node's UTXO store has it: `OK`, `SPENT`, `NOT_FOUND`, … and which transaction spent it."""

    status: str
    spender: bytes | None = None


OK, SPENT, NOT_FOUND, LOCKED = "OK", "SPENT", "NOT_FOUND", "LOCKED"
"""States that mean something here (stores/utxo/status.proto); others are of coins that nobody spends."""


class Server:
    """One HTTP server, over a connection that is kept until it breaks."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{url!r} is no URL with http and a host")
        self._prefix = parts.path.rstrip("/")
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=_TIMEOUT_SECONDS)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        """Status and body of an answer; raises `Unanswered` if there is none."""
        kept = self._connection.sock is not None
        try:
            return self._ask(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            # A server may close a connection that rests. A transaction that arrives twice is still one.
            if not kept:
                raise Unanswered(f"{method} {self._where}{path}: {error!r}") from error
        try:
            return self._ask(method, path, body)
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"{method} {self._where}{path}: {error!r}") from error

    def _ask(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        try:
            self._connection.request(method, self._prefix + path, body)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        self._connection.close()

    @property
    def _where(self) -> str:
        return f"{self._connection.host}:{self._connection.port}{self._prefix}"


class Node:
    """One Teranode. Every question raises `Unanswered` where the node does not answer it."""

    def __init__(self, asset: Server, propagation: Server) -> None:
        self._asset, self._propagation = asset, propagation

    def tip(self) -> Tip:
        """The best block."""
        header = self._json("/bestblockheader/json")
        try:
            return Tip(transactions.hidden(header["hash"]), int(header["height"]))
        except (KeyError, TypeError, ValueError) as error:
            raise _senseless("the best block", error) from error

    def blocks(self, tip: Tip, count: int) -> list[Block]:
        """So many blocks from `tip` backwards, fewer only where the chain begins."""
        found = self._json(f"/blocks/{transactions.shown(tip.block)}/json?n={count}")
        blocks: list[Block] = []
        try:
            block = tip.block
            for height, one in zip(range(tip.height, -1, -1), found, strict=False):
                coinbase = transactions.read_one(bytes.fromhex(one["coinbase_tx"]["hex"]))
                previous = transactions.hidden(one["header"]["hash_prev_block"])
                blocks.append(Block(block, previous, height, int(one["transaction_count"]), coinbase))
                block = previous
        except (KeyError, TypeError, ValueError) as error:
            raise _senseless(f"blocks below {tip.height}", error) from error
        if not blocks:
            raise Unanswered(f"no block at height {tip.height}")
        return blocks

    def transactions_of(self, block: bytes) -> list[Transaction]:
        """All transactions of a block, the coinbase first."""
        stream = io.BytesIO(self._asked(f"/block_legacy/{transactions.shown(block)}?wire=1"))
        stream.seek(_HEADER_BYTES)
        try:
            return [transactions.read(stream) for _ in range(transactions.read_varint(stream))]
        except MalformedError as error:
            raise _senseless(f"block {transactions.shown(block)}", error) from error

    def transaction(self, txid: bytes) -> Transaction:
        """A transaction that the node knows, mined or not."""
        try:
            return transactions.read_one(self._asked(f"/tx/{transactions.shown(txid)}"))
        except MalformedError as error:
            raise _senseless(f"transaction {transactions.shown(txid)}", error) from error

    def states(self, txid: bytes) -> list[State]:
        """How the outputs of a transaction stand, in their order; empty where the node does not know it."""
        path = f"/utxos/{transactions.shown(txid)}/json"
        status, body = self._asset.ask("GET", path)
        if status == http.HTTPStatus.NOT_FOUND:
            return []
        try:
            found = sorted(_parsed(status, body, path), key=lambda one: one["vout"])
            return [_state(one) for one in found]
        except (KeyError, TypeError, ValueError) as error:
            raise _senseless(f"outputs of {transactions.shown(txid)}", error) from error

    def submit(self, transaction: Transaction) -> None:
        """Hand in a transaction; raises `Refused`. That it is taken does not yet mean that it is found valid."""
        status, body = self._propagation.ask("POST", "/tx", transaction.extended)
        if status != http.HTTPStatus.OK:
            raise Refused(f"{status}: {_words(body)}")

    def _json(self, path: str) -> Any:  # noqa: ANN401 (whatever the node answers)
        return _parsed(http.HTTPStatus.OK, self._asked(path), path)

    def _asked(self, path: str) -> bytes:
        status, body = self._asset.ask("GET", path)
        if status != http.HTTPStatus.OK:
            raise Unanswered(f"GET {path}: {status}: {_words(body)}")
        return body


def _parsed(status: int, body: bytes, path: str) -> Any:  # noqa: ANN401 (whatever the node answers)
    if status != http.HTTPStatus.OK:
        raise Unanswered(f"GET {path}: {status}: {_words(body)}")
    try:
        return json.loads(body)
    except ValueError as error:
        raise _senseless(path, error) from error


def _state(output: dict[str, Any]) -> State:
    spending = output.get("spendingData")
    return State(str(output["status"]), transactions.hidden(spending["txId"]) if spending else None)


def _senseless(what: str, error: Exception) -> Unanswered:
    return Unanswered(f"the answer about {what} makes no sense: {error!r}")


def _words(body: bytes) -> str:
    return " ".join(body[:300].decode(errors="replace").split())
