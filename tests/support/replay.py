"""The engine's part of an `up` or `destroy`, played against the simulated account through the protocol of plugins.

What the engine does with `--continue-on-error`: every resource after those that it waits for, nothing whose
prerequisites failed, and again what was left unready. The resources are those that the program made, their values
resolved: the account gives the same ids in every run.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn, cast

import grpc
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import status_pb2

from simulator import Simulation
from simulator.faults import Scenario
from simulator.graph import Graph
from simulator.plugins.provider import SimulatedProvider
from simulator.record import RecordedResource
from simulator.values import JSON, to_struct
from simulator.world import Thing, World


class _CallFailedError(Exception):
    """A call that the plugin ended with an error."""

    def __init__(self, message: str, left: pb.ErrorResourceInitFailed | None) -> None:
        super().__init__(message)
        self.left = left


class _Context:
    """The end of a call, as far as plugins use it."""

    def __init__(self) -> None:
        self._left: pb.ErrorResourceInitFailed | None = None

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        detail = pb.ErrorResourceInitFailed()
        [(_, value)] = metadata
        assert status_pb2.Status.FromString(value).details[0].Unpack(detail)
        self._left = detail

    def abort(self, _code: grpc.StatusCode, message: str) -> NoReturn:
        raise _CallFailedError(message, self._left)


class Replay:
    """One stack and one account; the state is what the engine would have recorded."""

    def __init__(
        self, folder: Path, simulation: Simulation, *targets: str, quotas: Mapping[str, int] | None = None
    ) -> None:
        """Play the resources of these logical names with all that they wait for; without names, all of the stack.

        Args:
            quotas: limits of the account other than AWS's, by the rule that enforces them.
        """
        graph = Graph(simulation.deployment)
        made = [node for node in graph.nodes.values() if node.custom and (node.name in targets or not targets)]
        wanted, open_urns = set[str](), [node.urn for node in made]
        while open_urns:
            urn = open_urns.pop()
            if urn not in wanted:
                wanted.add(urn)
                open_urns += graph.prerequisites[urn]
        self.order = [urn for urn in graph.in_order() if urn in wanted]
        self.resources = simulation.by_urn
        self.state: dict[str, str] = {}
        """Id by URN of what exists, as far as the engine was told."""
        self.unready: set[str] = set()
        self.quotas = dict(quotas or {})
        self._awaited = graph.prerequisites
        self._file = folder / "world.sqlite"
        self._world = World(self._file)

    def names(self, urns: Iterator[str] | list[str] | set[str] | dict[str, str]) -> set[str]:
        """Logical names."""
        return {self.resources[urn].name for urn in urns}

    def up(self, *faults: Mapping[str, object], until: str = "", excluded: Collection[str] = ()) -> dict[str, str]:
        """Make what is not there and finish what is unready; what went wrong, by logical name.

        Args:
            faults: what goes wrong in the account meanwhile.
            until: the logical name of the first resource that is not made any more, as if the engine were killed there.
            excluded: URNs that are left out, as by `--exclude`.
        """
        failures: dict[str, str] = {}
        with self._providers(faults) as providers:
            for urn in self.order:
                resource = self.resources[urn]
                if resource.name == until:
                    break
                if urn in excluded:
                    continue
                if resource.package == "pulumi" or (urn in self.state and urn not in self.unready):
                    self.state.setdefault(urn, resource.id)
                elif self.ready(urn) and (message := self._make(providers[resource.provider_urn], resource)):
                    failures[resource.name] = message
        return failures

    def destroy(self, *faults: Mapping[str, object], only: Collection[str] | None = None) -> dict[str, str]:
        """Delete what is there, what waits for something before that; what went wrong, by logical name.

        Args:
            faults: what goes wrong in the account meanwhile.
            only: URNs of what has left the program; without them, everything goes.
        """
        failures: dict[str, str] = {}
        kept: set[str] = set()
        with self._providers(faults) as providers:
            for urn in reversed(self.order):
                if only is not None and urn not in only:
                    continue
                resource = self.resources[urn]
                if urn not in self.state or urn in kept:
                    kept |= self._awaited[urn] if urn in kept else set()
                    continue
                if resource.package != "pulumi":
                    request = pb.DeleteRequest(id=self.state[urn], urn=urn)
                    try:
                        providers[resource.provider_urn].Delete(request, _context())
                    except _CallFailedError as failed:
                        failures[resource.name] = str(failed)
                        kept |= self._awaited[urn]
                        continue
                del self.state[urn]
        return failures

    def ready(self, urn: str) -> bool:
        """Whether all that this resource waits for is there."""
        return all(one in self.state and one not in self.unready for one in self._awaited[urn])

    def things(self) -> dict[str, list[Thing]]:
        """All that exists in the account, by URN."""
        found: dict[str, list[Thing]] = {}
        with self._world.transaction() as view:
            for thing in view.everything():
                found.setdefault(thing.urn, []).append(thing)
        return found

    def made_more_than_once(self) -> list[str]:
        """Logical names of what was created again: replaced, or made beside what was there."""
        with self._world.transaction() as view:
            return [self.resources[urn].name for urn in self.order if view.creations(urn) > 1]

    def forget(self, urn: str) -> None:
        """Lose the answer to a creation, as a plugin or engine does that dies after the call took effect."""
        del self.state[urn]

    @contextmanager
    def _providers(self, faults: tuple[Mapping[str, object], ...]) -> Iterator[Mapping[str, SimulatedProvider]]:
        scenario = Scenario.model_validate({"faults": faults, "quotas": self.quotas})
        # The account's file stays open between its transactions, or each would wait for the disk.
        with closing(sqlite3.connect(self._file)) as connection:
            connection.execute("SELECT count(*) FROM things").fetchone()
            yield _Configured(self, self._world, scenario)

    def _make(self, provider: SimulatedProvider, resource: RecordedResource) -> str:
        """Create or finish one resource; what the plugin said went wrong, empty if nothing did."""
        urn, inputs = resource.urn, to_struct(dict(resource.inputs))
        try:
            if urn in self.state:
                provider.Update(pb.UpdateRequest(id=self.state[urn], urn=urn, news=inputs), _context())
            else:
                answer = provider.Create(pb.CreateRequest(urn=urn, properties=inputs), _context())
                self.state[urn] = answer.id
        except _CallFailedError as failed:
            if failed.left is not None:
                self.state[urn] = failed.left.id
                self.unready.add(urn)
            return str(failed)
        self.unready.discard(urn)
        return ""


class _Configured(dict[str, SimulatedProvider]):
    """A plugin for each provider of the program, configured once that provider is needed."""

    def __init__(self, replay: Replay, world: World, scenario: Scenario) -> None:
        super().__init__()
        self._replay, self._world, self._scenario = replay, world, scenario

    def __missing__(self, urn: str) -> SimulatedProvider:
        resource = self._replay.resources[urn]
        package = resource.type.rpartition(":")[2]
        provider = SimulatedProvider(package, self._world, self._scenario, 0, {})
        args: Mapping[str, JSON] = resource.inputs
        provider.Configure(pb.ConfigureRequest(args=to_struct(dict(args))), _context())
        self[urn] = provider
        return provider


def _context() -> grpc.ServicerContext:
    return cast("Any", _Context())
