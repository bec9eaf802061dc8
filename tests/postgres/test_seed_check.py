"""Whether a node may be seeded, asked of a real server. Skipped, visibly, where there is none."""

import os
import subprocess
from pathlib import Path

import pytest

import components.teranode
from tests.postgres.conftest import ADMIN, ADMIN_PASSWORD, Server

SCRIPT = Path(components.teranode.__file__).parent / "scripts" / "seed-check.sh"
HASH = "ab" * 32
REFUSED = 42


class Node:
    """A node's database and volume."""

    def __init__(self, server: Server, folder: Path, name: str) -> None:
        self.server, self.data, self.name = server, folder, name
        self.seed = folder / "seed" / HASH
        self.seed.mkdir(parents=True)
        created = server.run(ADMIN, ADMIN_PASSWORD, f"--command=CREATE DATABASE {name}")
        assert created.returncode == 0, created.stderr

    def has(self, *heights: int) -> None:
        rows = [f"INSERT INTO blocks VALUES ({height:d})" for height in heights]  # noqa: S608 (numbers)
        for statement in ("CREATE TABLE blocks (height bigint)", *rows):
            done = self.server.run(ADMIN, ADMIN_PASSWORD, f"--command={statement}", database=self.name)
            assert done.returncode == 0, done.stderr

    def check(self, port: int | None = None) -> subprocess.CompletedProcess[str]:
        login = f"{ADMIN}:{ADMIN_PASSWORD}@127.0.0.1:{port or self.server.port}"
        return subprocess.run(
            ["sh", SCRIPT],
            env={
                "PATH": f"{Path(self.server.psql).parent}:{os.environ['PATH']}",
                "FOLDER": str(self.seed),
                "DATA": str(self.data),
                "BLOCK_HASH": HASH,
                "blockchain_store": f"postgres://{login}/{self.name}?sslmode=disable",
            },
            capture_output=True,
            text=True,
            check=False,
        )


def test_a_database_without_tables_is_a_fresh_node(server: Server, tmp_path: Path) -> None:
    done = Node(server, tmp_path, "seed_empty").check()

    assert (done.returncode, done.stdout) == (0, "the node has no blocks: it can be seeded\n"), done.stderr


def test_the_first_block_alone_is_no_data(server: Server, tmp_path: Path) -> None:
    node = Node(server, tmp_path, "seed_genesis")
    node.has(0)

    assert node.check().returncode == 0


def test_a_node_with_blocks_is_refused_for_good(server: Server, tmp_path: Path) -> None:
    node = Node(server, tmp_path, "seed_data")
    node.has(0, 1, 2)
    done = node.check()

    assert done.returncode == REFUSED
    assert "refused: the node has 2 blocks" in done.stdout


def test_files_without_blocks_are_of_another_node(server: Server, tmp_path: Path) -> None:
    node = Node(server, tmp_path, "seed_files")
    (tmp_path / "blockstore" / "ab").mkdir(parents=True)
    assert node.check().returncode == 0

    (tmp_path / "blockstore" / "ab" / "block").write_text("x")
    done = node.check()
    assert done.returncode == REFUSED
    assert "parts of two nodes" in done.stdout


@pytest.mark.parametrize(("marker", "said"), [("done", "there is nothing to do"), ("started", "it goes on")])
def test_what_this_snapshot_brought_is_no_reason_to_refuse(
    server: Server, tmp_path: Path, marker: str, said: str
) -> None:
    node = Node(server, tmp_path, f"seed_{marker}")
    node.has(0, 1, 2)
    (node.seed / marker).touch()
    done = node.check()

    assert done.returncode == 0
    assert said in done.stdout


def test_a_server_that_does_not_answer_is_asked_again_not_refused(server: Server, tmp_path: Path) -> None:
    done = Node(server, tmp_path, "seed_silent").check(port=1)

    assert done.returncode not in (0, REFUSED)
