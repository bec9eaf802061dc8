"""`ops rotate`: the order of things against a synthetic store that forgets nothing, killed at every step of its way."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops.cli import app
from ops.exit_codes import ExitCode
from ops.rotate.model import Node, Progress, RotationRefusedError, Server, Store
from ops.rotate.run import Hands, plan, rotate

POOL = "aerospike"


class Killed(BaseException):
    """The process ends here."""


class World:
    """Nodes, servers and the operator. Every call counts; at `dies_at` the caller ends, before or after the effect."""

    def __init__(self, spare: int = 0) -> None:
        self.machines = {f"i-{zone}{number}": zone for zone in "ab" for number in range(2 + spare)}
        self.servers: dict[str, str | None] = {
            f"s-{zone}{number}": f"i-{zone}{number}" for zone in "ab" for number in range(2)
        }
        self.blocked: tuple[str, ...] = ()
        self.written: Progress | None = None
        self.migrating = 0
        self.born = 0
        self.calls = 0
        self.dies_at: int | None = None
        self.dies_after = False
        self.terminated: list[str] = []

    def step(self, effect: Callable[[], object]) -> None:
        self.calls += 1
        dies = self.calls == self.dies_at
        if dies and not self.dies_after:
            raise Killed
        effect()
        if dies:
            raise Killed

    # Time: the operator and the node group do one thing each.
    def passes(self) -> None:
        self.migrating = max(0, self.migrating - 1)
        for zone in "ab":
            if sum(one == zone for one in self.machines.values()) < self.target(zone):
                self.born += 1
                self.machines[f"i-new{self.born}"] = zone
        down = [server for server, where in self.servers.items() if where is None]
        if self.migrating:
            return
        for server in down:
            for machine, zone in self.machines.items():
                free = machine not in self.servers.values() and f"node-{machine}" not in self.blocked
                if zone == server[2] and free:
                    self.servers[server], self.migrating = machine, 2
                    return
        for server, where in self.servers.items():
            if where and f"node-{where}" in self.blocked and not down:
                self.servers[server], self.migrating = None, 2
                return

    def target(self, zone: str) -> int:
        return sum(server[2] == zone for server in self.servers)

    # Kubernetes
    def nodes(self, _: str) -> Sequence[Node]:
        return [Node(f"node-{one}", zone, one, ready=True) for one, zone in self.machines.items()]

    def store(self) -> Store:
        running = sum(where is not None for where in self.servers.values())
        servers = tuple(
            Server(name, f"node-{where}" if where else "", bool(where), running if where else 0, self.migrating)
            for name, where in self.servers.items()
        )
        return Store("Completed" if running == 4 else "InProgress", 4, 2, self.blocked, servers)

    def block(self, nodes: Sequence[str]) -> None:
        assert len(nodes) <= 1, "two nodes at once"
        self.step(lambda: setattr(self, "blocked", tuple(nodes)))

    def progress(self) -> Progress | None:
        return self.written

    def begin(self, progress: Progress) -> Progress:
        self.step(lambda: setattr(self, "written", progress))
        return progress

    def save(self, progress: Progress) -> Progress:
        self.step(lambda: setattr(self, "written", progress))
        return progress

    def end(self, _: Progress) -> None:
        self.step(lambda: setattr(self, "written", None))

    # EC2
    def terminate(self, instance: str) -> None:
        def effect() -> None:
            if instance in self.machines:
                held = [server for server, where in self.servers.items() if where == instance]
                assert not held, f"{instance} went with the records of {held}"
                assert self.migrating == 0, "a node went while records moved"
                assert all(where in self.machines for where in self.servers.values() if where)
                del self.machines[instance]
                self.terminated.append(instance)

        self.step(effect)

    def hands(self) -> Hands:
        return Hands(self, self, wait=self.passes, tell=lambda _: None, patience=50)


def whole_and_new(world: World, before: set[str]) -> None:
    assert not set(world.machines) & before, "an old node is left"
    assert sorted(world.terminated) == sorted(before), "a node went twice, or a new one"
    assert world.store().trouble == ""
    assert (world.blocked, world.written) == ((), None)


def test_every_node_is_replaced_and_the_store_is_whole() -> None:
    world = World()
    before = set(world.machines)

    rotate(POOL, world.hands())

    assert sorted(world.terminated) == sorted(before)
    whole_and_new(world, before)


def _calls() -> int:
    world = World()
    rotate(POOL, world.hands())
    return world.calls


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_any_step_and_repeated_it_ends_whole(*, after: bool) -> None:
    for step in range(1, _calls() + 1):
        world = World()
        before = set(world.machines)
        world.dies_at, world.dies_after = step, after

        with pytest.raises(Killed):
            rotate(POOL, world.hands())
        if world.written is not None or not world.terminated:
            rotate(POOL, world.hands())

        whole_and_new(world, before)


def test_a_store_that_never_comes_to_rest_ends_in_words_and_nothing_more_is_ended() -> None:
    world = World()
    hands = replace(world.hands(), wait=lambda: None)

    with pytest.raises(RotationRefusedError, match=r"gave up waiting: s-a0 still runs on node-i-a0\. Repeat"):
        rotate(POOL, hands)
    assert world.terminated == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"copies": 1}, "one copy of each record"),
        ({"phase": "Error"}, "not whole: its operator reports Error"),
        ({"servers": ()}, "0 of 4 servers"),
        ({"blocked": ("node-1",)}, "which no rotation wrote down"),
    ],
)
def test_a_rotation_that_could_lose_a_record_does_not_begin(change: dict[str, object], message: str) -> None:
    world = World()

    with pytest.raises(RotationRefusedError, match=message):
        plan(replace(world.store(), **change), world.nodes(POOL), POOL)


def test_migrations_a_lost_server_and_strangers_refuse_it_too() -> None:
    world = World()
    world.migrating = 3
    with pytest.raises(RotationRefusedError, match="12 partitions migrate"):
        rotate(POOL, world.hands())
    world.migrating = 0
    shared = [replace(node, strangers=("miner-2/utxo-store-1-0",)) for node in world.nodes(POOL)]
    with pytest.raises(RotationRefusedError, match="also runs miner-2/utxo-store-1-0"):
        plan(world.store(), shared, POOL)
    with pytest.raises(RotationRefusedError, match="no node has the label"):
        plan(world.store(), (), "other")
    assert world.written is None


def test_a_rotation_of_another_pool_is_finished_first() -> None:
    world = World()
    world.written = plan(world.store(), world.nodes(POOL), POOL)

    with pytest.raises(RotationRefusedError, match="pool aerospike has not ended"):
        rotate("aerospike-2", world.hands())
    assert world.calls == 0


def test_without_a_cli_no_option_is_named_that_the_command_has_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = CliRunner().invoke(app, ["rotate", "mainnet", "--miner", "miner-1"], catch_exceptions=False)

    assert result.exit_code == ExitCode.USAGE
    assert "no pulumi CLI on the PATH" in result.stderr
    assert "--state" not in result.stderr


@pytest.mark.parametrize(
    ("miner", "message"), [("miner-9", "has no miner miner-9; it has miner-1"), ("miner-1", "lies on network disks")]
)
def test_a_miner_that_is_not_there_or_keeps_no_record_on_a_pool_is_refused_before_anything_is_asked(
    miner: str, message: str
) -> None:
    result = CliRunner().invoke(app, ["rotate", "testing", "--miner", miner], catch_exceptions=False)

    assert result.exit_code == ExitCode.USAGE
    assert message in result.stderr
