"""What is about to leave a stack, as the stack itself announces it, and what belongs to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from . import tokens
from .graph import Graph, Resource

LOCKS = frozenset(
    {
        ("GRD-5", ""),
        ("GRD-5-RETAIN", ""),
        ("R6", ""),
        ("KEY-6", ""),
        ("KEY-6-RETAIN", ""),
        ("KMS-3", ""),
        ("EKS-5", "deletionProtection"),
        ("NET-13", "enableDeletionProtection"),
        ("RDS-2", "deletionProtection"),
        ("S3-4", "forceDestroy"),
    }
)
"""Rules, and the input that they find, which ask for a lock that an announcement lifts; "" is an option of Pulumi's."""

OPEN_DAYS = 30
"""Days after its date in which what was announced is to be removed: an open lock is no state to stay in."""


@dataclass(frozen=True, slots=True, order=True)
class Leaving:
    """One announcement.

    :param part: ``miner``, ``region`` or ``zone``.
    :param day: first day on which it may be removed.
    """

    part: str
    subject: str
    day: date
    reason: str

    @property
    def last_day(self) -> date:
        """After this day its open locks are a finding."""
        return self.day + timedelta(days=OPEN_DAYS)


def announced(graph: Graph) -> tuple[Leaving, ...]:
    """All announcements of a stack, sorted."""
    return tuple(sorted(_read(marker) for marker in graph.of_type(tokens.DECOMMISSION)))


class Owners:
    """What the resources of a stack belong to: miners, zones and regions.

    A miner lies in the region of its AWS resources, whatever the parent of its component. A resource lies in a zone if
    its logical name ends in one: names end in a stable key, and nothing else is called like a zone. A load balancer
    lies in every zone of its region, as it is replaced when it loses one.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._announced = announced(graph)
        self._region_of_miner = {
            miner.urn: graph.region_of(resource)
            for resource in graph.of_package("aws")
            if not resource.type.startswith(tokens.GLOBAL_PREFIXES) and (miner := self._miner(resource)) is not None
        }

    def of(self, resource: Resource) -> frozenset[tuple[str, str]]:
        """Pairs of part and name: empty for what belongs to the environment as a whole."""
        miner, region = self._miner(resource), self._region(resource)
        found = {("miner", miner.name)} if miner else set[tuple[str, str]]()
        if region:
            found.add(("region", region))
        zone = resource.name[-len(region) - 1 :]
        if region and zone[:-1] == region and zone[-1].isalpha():
            found.add(("zone", zone))
        return frozenset(found)

    def leaving(self, resource: Resource) -> Leaving | None:
        """The announcement that ``resource`` leaves by; None if it stays."""
        if not self._announced:
            return None
        owners = self.of(resource)
        spans = resource.type == tokens.LOAD_BALANCER
        return next(
            (
                leaving
                for leaving in self._announced
                if (leaving.part, leaving.subject) in owners
                or (spans and leaving.part == "zone" and ("region", leaving.subject[:-1]) in owners)
            ),
            None,
        )

    def _miner(self, resource: Resource) -> Resource | None:
        return next((found for found in self._ancestors(resource) if found.type == tokens.MINER), None)

    def _region(self, resource: Resource) -> str:
        """The region that a resource is part of; what joins regions is part of none."""
        for ancestor in self._ancestors(resource):
            if ancestor.type == tokens.REGION:
                return ancestor.name
            if ancestor.type == tokens.MINER:
                return self._region_of_miner.get(ancestor.urn, "")
        return ""

    def _ancestors(self, resource: Resource) -> Iterator[Resource]:
        found: Resource | None = resource
        while found is not None:
            yield found
            found = self._graph.by_urn.get(found.parent)


def _read(marker: Resource) -> Leaving:
    inputs = marker.inputs
    return Leaving(
        part=inputs.text("part"),
        subject=inputs.text("subject"),
        day=date.fromisoformat(inputs.text("date")),
        reason=inputs.text("reason"),
    )
