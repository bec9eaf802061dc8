"""What a rotation reads, does and remembers. Data and interfaces only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from ops.errors import UsageError


class RotationRefusedError(UsageError):
    """The rotation must not begin, or must not go on by itself; what is done stays."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the pool. `strangers` are pods on it of other stores or workloads, as `namespace/name`."""

    name: str
    zone: str
    instance: str
    ready: bool
    strangers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """A pod of the store: where it runs, and what its exporter says; `size` 0 if it says nothing."""

    name: str
    node: str
    ready: bool
    size: int = 0
    migrating: int = 0


@dataclass(frozen=True, slots=True)
class Store:
    """The store as its operator reports it, with its servers."""

    phase: str
    wanted: int
    copies: int
    blocked: tuple[str, ...]
    servers: tuple[Server, ...]

    @property
    def trouble(self) -> str:
        """Why it is not whole; empty if it is."""
        if self.phase != "Completed":
            return f"its operator reports {self.phase or 'nothing'}, not Completed"
        if len(self.servers) != self.wanted:
            return f"it has {len(self.servers)} of {self.wanted} servers"
        return self.unsettled

    @property
    def unsettled(self) -> str:
        """Why the servers that run are not at rest among themselves; empty if they are."""
        running = [one for one in self.servers if one.node]
        if late := [one.name for one in running if not one.ready]:
            return f"{', '.join(late)} not ready"
        if apart := [one.name for one in running if one.size != len(running)]:
            return f"{', '.join(apart)} sees another number of servers than the {len(running)} that run"
        migrating = sum(one.migrating for one in running)
        return f"{migrating} partitions migrate" if migrating else ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What outlives an interrupt: nodes still to be replaced with their instances, and how many nodes each zone had.

    Of `waiting`, each with name, instance and zone, the first is at work; `version` is the stored object's.
    """

    pool: str
    waiting: tuple[tuple[str, str, str], ...]
    nodes_by_zone: dict[str, int]
    version: str = field(default="", compare=False)


class Cluster(Protocol):
    """Kubernetes, as far as a rotation needs it."""

    def nodes(self, pool: str, /) -> Sequence[Node]:
        """The nodes of a pool."""
        ...

    def store(self) -> Store:
        """The store with its servers.

        Raises:
            RotationRefusedError: no operator runs it.
        """
        ...

    def block(self, nodes: Sequence[str]) -> None:
        """Let the operator keep its servers away from these nodes, and from no others."""
        ...

    def progress(self) -> Progress | None:
        """What another run, or an earlier one, has written down; holds the lock from now on if there is any.

        Raises:
            RotationRefusedError: another run holds it.
        """
        ...

    def begin(self, progress: Progress) -> Progress:
        """Take the lock and write down what is to be done.

        Raises:
            RotationRefusedError: another run was faster.
        """
        ...

    def save(self, progress: Progress) -> Progress:
        """Write it down and renew the lock.

        Raises:
            RotationRefusedError: another run has taken it over.
        """
        ...

    def end(self, progress: Progress, /) -> None:
        """Forget it and free the lock."""
        ...


class Machines(Protocol):
    """EC2, as far as a rotation needs it."""

    def terminate(self, instance: str) -> None:
        """End an instance; one that is ending or gone already is no fault."""
        ...
