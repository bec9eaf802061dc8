"""The transaction load against a synthetic Teranode, in a time that is played: nothing here waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from components import credentials
from components.teranode.scripts.load import wallet
from components.teranode.scripts.load.coins import Search
from components.teranode.scripts.load.load import Load
from components.teranode.scripts.load.node import Node, Server
from tests.support.synthetic_teranode import SyntheticTeranode, served

WALLET = credentials.regtest_wallet_key(bytes(range(32)))
KEYS = wallet.keys_of(WALLET)
[SCRIPT] = KEYS
STRANGER = b"\x76\xa9\x14" + bytes(20) + b"\x88\xac"


class Ended(Exception):  # noqa: N818 (the end of the play)
    """The time is over."""


@dataclass
class PlayedClock:
    """A clock that stands still until somebody sleeps; whatever is due meanwhile happens."""

    end: float = float("inf")
    time: float = 0.0
    events: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    turns: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        until = self.time + seconds
        for every, event in self.events:
            for _ in range(int(until // every) - int(self.time // every)):
                event()
        for moment, turn in self.turns:
            if self.time < moment <= until:
                turn()
        self.time = until
        if self.time > self.end:
            raise Ended

    def at(self, moment: float, turn: Callable[[], None]) -> None:
        self.turns.append((moment, turn))

    def every(self, seconds: float, event: Callable[[], None]) -> None:
        self.events.append((seconds, event))


@dataclass
class Play:
    """A load, its node and its time; `sent` is when something arrived at propagation."""

    node: SyntheticTeranode
    clock: PlayedClock
    url: str
    per_second: int
    servers: list[Server] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)

    def started(self) -> tuple[Load, Search]:
        """A load that has just begun, without memory."""
        asset, propagation = Server(f"{self.url}/api/v1"), Server(self.url)
        self.servers += [asset, propagation]
        asked = Node(asset, propagation)
        search = Search(asked, KEYS, self.clock)
        return Load(asked, search, self.clock, self.per_second), search

    def run(self, seconds: float) -> None:
        """Start a load, let it run for so long, and kill it wherever it then is."""
        self.clock.end = self.clock.time + seconds
        load, _ = self.started()
        try:
            load.run()
        except Ended:
            return


@contextmanager
def play(node: SyntheticTeranode, *, per_second: int = 1, block_seconds: int = 0, lag: float = 0.5) -> Iterator[Play]:
    """Play a load; validation happens each `lag` seconds, and a block for the wallet comes each `block_seconds`."""
    clock = PlayedClock()
    clock.every(lag, node.validate)
    if block_seconds:
        clock.every(block_seconds, lambda: node.mine(SCRIPT))
    with served(node) as url:
        one = Play(node, clock, url, per_second)
        node.on_submit = lambda: one.sent.append(clock.time)
        try:
            yield one
        finally:
            for server in one.servers:
                server.close()
