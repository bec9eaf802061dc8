"""A plugin that runs as long as the tests, and a world that is empty for each of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from simulator.world import World
from tests.plugins.plugin_process import Plugin, configure_for_ireland, plugin


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of the world that the tests share, one after the other."""
    return tmp_path_factory.mktemp("world") / "world.sqlite"


@pytest.fixture(scope="session")
def aws_process(world_file: Path) -> Iterator[Plugin]:
    """The aws plugin, started once: it keeps nothing in memory but what it was configured with."""
    with plugin("aws", world_file) as running:
        yield running


@pytest.fixture
def world(world_file: Path) -> Path:
    """The file of an empty world."""
    World(world_file)
    with closing(sqlite3.connect(world_file)) as connection, connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 (the names are the world's own)
    return world_file


@pytest.fixture
def aws(world: Path, aws_process: Plugin) -> Plugin:  # noqa: ARG001 (empties the world)
    """The aws plugin, configured for Ireland, on an empty world."""
    configure_for_ireland(aws_process)
    return aws_process
