"""Asking AWS from many threads at once; what could not be asked is a value, not an exception."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from botocore.client import BaseClient

from ops.aws.session import Aws, AwsError, faults_worded
from ops.preflight.checks import Area, Check, Verdict

T = TypeVar("T")
Record = Mapping[str, object]
"""One thing as AWS describes it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something could not be asked, and what to do about it."""

    what: str

    def check(self, area: Area, place: str, subject: str, remedy: str = "") -> Check:
        """The check that it leaves open."""
        return Check(area, place, subject, Verdict.UNKNOWN, self.what, remedy)


@dataclass(frozen=True, slots=True)
class Reader:
    """Clients of one account, each made once: botocore makes them one at a time, and uses them at the same time."""

    aws: Aws
    _clients: dict[tuple[str, str], BaseClient] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def client(self, service: str, region: str) -> BaseClient:
        """The client of a service in a region."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                self._clients[key] = self.aws.client(service, region)
            return self._clients[key]

    def all(self, service: str, region: str, call: str, key: str, **parameters: object) -> list[Record]:
        """Everything under ``key`` in all pages of a call."""
        pages = self.client(service, region).get_paginator(call).paginate(**parameters)
        return [record for page in pages for record in page.get(key, [])]


def or_trouble(look: Callable[[], T]) -> T | Trouble:
    """What ``look`` reads, or why it could not."""
    try:
        with faults_worded():
            return look()
    except AwsError as error:
        return Trouble(str(error))


@dataclass(frozen=True, slots=True)
class Own:
    """What belongs to an environment already: its use is none of others, since the graph has it again."""

    environment: str

    def __call__(self, tags: object) -> bool:
        """Whether something with these tags, ``Key`` and ``Value`` as AWS lists them, is the environment's own."""
        found = {str(tag["Key"]): str(tag["Value"]) for tag in tags} if isinstance(tags, list) else {}
        if found.get("environment") == self.environment:
            return True
        # What Kubernetes makes in a cluster carries the name of the cluster, which begins with the environment's.
        return any(key.startswith(f"kubernetes.io/cluster/{self.environment}-") for key in found)

    def others(self, records: Iterable[Record], tags: str = "Tags") -> list[Record]:
        """Those that are not."""
        return [record for record in records if not self(record.get(tags))]


def batches(items: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    """``items`` in groups of at most ``size``."""
    return (items[start : start + size] for start in range(0, len(items), size))
