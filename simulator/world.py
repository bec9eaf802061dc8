"""The simulated account: everything that exists in it, kept between runs in one SQLite file.

Several plugin processes share the file (one for each provider of the program), so every read that a decision rests on
happens in the same immediate transaction as the write that follows it: two processes cannot both find a name free.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from simulator.inspection import GLOBAL_SERVICES
from simulator.model import Place
from simulator.values import JSON

LOCK_TIMEOUT_SECONDS = 60
"""How long a process waits for another one's transaction; a transaction takes milliseconds."""

GLOBAL_REGION = "global"
"""Where things of services live that have one name space for an account, whichever region's endpoint is called."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS things (
    token TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL, partition TEXT NOT NULL,
    cluster TEXT NOT NULL, urn TEXT NOT NULL, serial INTEGER NOT NULL, status TEXT NOT NULL, inputs TEXT NOT NULL,
    outputs TEXT NOT NULL,
    PRIMARY KEY (token, id, account, region, cluster)
);
CREATE TABLE IF NOT EXISTS creations (urn TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS fault_matches (fault TEXT PRIMARY KEY, count INTEGER NOT NULL);
"""
_COLUMNS = "token, id, account, region, partition, cluster, urn, serial, status, inputs, outputs"


class Status(StrEnum):
    """Where a thing is in its life, as the API reports it."""

    CREATING = "creating"
    ACTIVE = "active"
    DELETING = "deleting"
    PENDING_DELETION = "pending-deletion"
    """A KMS key or a secret after its deletion: it can be used for nothing, and its name or id is not free."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One resource that exists in the simulated account."""

    token: str
    id: str
    place: Place
    urn: str
    """The URN under which it was created; a later alias does not change what AWS knows."""
    inputs: Mapping[str, JSON]
    outputs: Mapping[str, JSON]
    status: Status = Status.ACTIVE
    serial: int = 0
    """How many things of this URN were created before."""
    cluster: str = ""
    """Which cluster holds a Kubernetes object; empty for everything else."""


def residence(token: str, place: Place) -> Place:
    """Where things of type ``token`` live when they are made through a provider at ``place``."""
    return replace(place, region=GLOBAL_REGION) if token.partition("/")[0] in GLOBAL_SERVICES else place


class View:
    """The world inside one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Wrap ``connection``, on which a transaction has begun."""
        self._connection = connection

    def everything(self) -> list[Thing]:
        """All that exists, by type and id; keys and secrets that await their deletion are gone for their owner."""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM things WHERE status != ? ORDER BY token, id, account, region, cluster",  # noqa: S608
            (Status.PENDING_DELETION,),
        )
        return [_thing(row) for row in rows]

    def in_account(self, token: str, account: str) -> list[Thing]:
        """Every thing of type ``token`` in ``account``, in all regions."""
        return self._select("token = ? AND account = ?", token, account)

    def in_place(self, token: str, place: Place, cluster: str = "") -> list[Thing]:
        """Every thing of type ``token`` where a provider at ``place`` would see it."""
        home = residence(token, place)
        where = "token = ? AND account = ? AND region = ? AND cluster = ?"
        return self._select(where, token, home.account, home.region, cluster)

    def in_cluster(self, cluster: str) -> list[Thing]:
        """Every Kubernetes object of ``cluster``."""
        return self._select("cluster = ?", cluster)

    def get(self, token: str, thing_id: str, place: Place, cluster: str = "") -> Thing | None:
        """The thing of that type and id, or None."""
        home = residence(token, place)
        where = "token = ? AND id = ? AND account = ? AND region = ? AND cluster = ?"
        found = self._select(where, token, thing_id, home.account, home.region, cluster)
        return found[0] if found else None

    def find(self, token: str, thing_id: str, account: str) -> Thing | None:
        """The thing of that type and id in any region of ``account``, or None."""
        found = self._select("token = ? AND id = ? AND account = ?", token, thing_id, account)
        return found[0] if found else None

    def with_id(self, thing_id: str, account: str) -> list[Thing]:
        """Everything in ``account`` that has this id, of whatever type and region."""
        return self._select("id = ? AND account = ?", thing_id, account)

    def put(self, thing: Thing) -> None:
        """Add ``thing``, or replace what has its type, id and place."""
        home = residence(thing.token, thing.place)
        self._connection.execute(
            f"INSERT OR REPLACE INTO things ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                *(thing.token, thing.id, home.account, home.region, home.partition, thing.cluster),
                *(thing.urn, thing.serial, thing.status, json.dumps(thing.inputs), json.dumps(thing.outputs)),
            ),
        )

    def remove(self, thing: Thing) -> None:
        """Forget ``thing``; what does not exist is not missed."""
        home = residence(thing.token, thing.place)
        self._connection.execute(
            "DELETE FROM things WHERE token = ? AND id = ? AND account = ? AND region = ? AND cluster = ?",
            (thing.token, thing.id, home.account, home.region, thing.cluster),
        )

    def creations(self, urn: str) -> int:
        """How many times a resource of this URN was created: the serial number of the next one."""
        row = self._connection.execute("SELECT count FROM creations WHERE urn = ?", (urn,)).fetchone()
        return row[0] if row else 0

    def count_creation(self, urn: str) -> None:
        """Note one more creation of ``urn``."""
        self._count("creations", "urn", urn)

    def count_fault_match(self, fault: str) -> int:
        """Note that a call matched ``fault`` once more, and say how many have, in all processes and runs."""
        return self._count("fault_matches", "fault", fault)

    def _count(self, table: str, key: str, value: str) -> int:
        row = self._connection.execute(
            f"INSERT INTO {table} ({key}, count) VALUES (?, 1) "  # noqa: S608 (both names are literals of this class)
            f"ON CONFLICT ({key}) DO UPDATE SET count = count + 1 RETURNING count",
            (value,),
        ).fetchone()
        return row[0]

    def _select(self, where: str, *values: str) -> list[Thing]:
        query = f"SELECT {_COLUMNS} FROM things WHERE {where} ORDER BY id"  # noqa: S608 (literals of this class)
        return [_thing(row) for row in self._connection.execute(query, values)]


class World:
    """The file that holds a simulated account."""

    def __init__(self, path: Path) -> None:
        """Open the world at ``path``, or begin an empty one there."""
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[View]:
        """A view to read and change; all changes are kept together, or none if the block raises."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield View(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        # One connection per transaction: gRPC calls arrive on many threads and SQLite's connections belong to one.
        connection = sqlite3.connect(self._path, timeout=LOCK_TIMEOUT_SECONDS, isolation_level=None)
        # Survives the death of any process; only a power cut could lose the last transactions, never the file.
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection


def _thing(row: tuple[str, ...]) -> Thing:
    token, thing_id, account, region, partition, cluster, urn, serial, status, inputs, outputs = row
    place = Place(account=account, region=region, partition=partition)
    return Thing(
        *(token, thing_id, place, urn, _decoded(inputs), _decoded(outputs)),
        status=Status(status),
        serial=int(serial),
        cluster=cluster,
    )


@lru_cache(maxsize=8192)
def _decoded(text: str) -> Mapping[str, JSON]:
    """Rules look at most things again in every call, and nobody changes what belongs to a thing."""
    return json.loads(text)
