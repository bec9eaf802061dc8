"""The load as the pod runs it: a process that is told what to do by its environment, and ends when it is told to."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import components.teranode
from components import credentials
from components.teranode.scripts.load.node import Server, Unanswered
from tests.support.synthetic_teranode import SyntheticTeranode, served

SCRIPTS = Path(components.teranode.__file__).parent / "scripts"
WALLET = credentials.regtest_wallet_key(bytes(range(32)))
HANG_SECONDS = 60


def environment(folder: Path, url: str, **changes: str | None) -> dict[str, str]:
    wallet = folder / "miner_wallet_private_keys"
    wallet.write_text(WALLET)
    told: dict[str, str | None] = {
        "ASSET_URL": f"{url}/api/v1",
        "PROPAGATION_URL": url,
        "TRANSACTIONS_PER_SECOND": "1",
        "WALLET_FILE": str(wallet),
        "PYTHONPATH": str(SCRIPTS),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": os.environ["PATH"],
    }
    return {name: value for name, value in (told | changes).items() if value is not None}


def program(told: dict[str, str]) -> subprocess.Popen[str]:
    # Nothing of this project's environment: the pod has the standard library alone.
    return subprocess.Popen(
        [sys.executable, "-S", "-m", "load"], env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("busy", [True, False])
def test_it_ends_at_once_when_it_is_told_to(tmp_path: Path, number: signal.Signals, busy: bool) -> None:  # noqa: FBT001
    """In the middle of a question that is never answered, and while it waits."""
    node = SyntheticTeranode()
    if busy:
        honest = node.answer
        node.answer = lambda *asked: (node.released.wait(HANG_SECONDS), honest(*asked))[1]  # type: ignore[method-assign]
    with served(node) as url, program(environment(tmp_path, url)) as process:
        assert node.received.wait(HANG_SECONDS)
        process.send_signal(number)
        said, _ = process.communicate(timeout=HANG_SECONDS)
        node.released.set()

    assert process.returncode == 0
    assert f"told to stop: {number.name}" in said


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"TRANSACTIONS_PER_SECOND": None}, "TRANSACTIONS_PER_SECOND is not set"),
        ({"TRANSACTIONS_PER_SECOND": "0"}, "not a whole number from 1 to 100"),
        ({"TRANSACTIONS_PER_SECOND": "101"}, "not a whole number from 1 to 100"),
        ({"TRANSACTIONS_PER_SECOND": "1.5"}, "not a whole number from 1 to 100"),
        ({"ASSET_URL": "https://asset"}, "ASSET_URL: 'https://asset' is no URL with http and a host"),
        ({"PROPAGATION_URL": "http://"}, "PROPAGATION_URL: 'http://' is no URL with http and a host"),
        ({"WALLET_FILE": "/nowhere/wallet"}, "No such file"),
    ],
)
def test_what_it_cannot_do_it_says_and_ends(tmp_path: Path, changes: dict[str, str | None], reason: str) -> None:
    with program(environment(tmp_path, "http://localhost:1", **changes)) as process:
        said, _ = process.communicate(timeout=HANG_SECONDS)

    assert process.returncode == 2
    assert reason in said
    assert "Traceback" not in said


@pytest.mark.parametrize("wallet", [WALLET[:-1], "", "schlüssel"])
def test_a_wallet_that_is_none_ends_it_and_is_not_shown(tmp_path: Path, wallet: str) -> None:
    told = environment(tmp_path, "http://localhost:1")
    Path(told["WALLET_FILE"]).write_text(wallet)
    with program(told) as process:
        said, _ = process.communicate(timeout=HANG_SECONDS)

    assert process.returncode == 2
    assert "WALLET_FILE" in said
    assert not wallet or wallet not in said


def test_a_node_that_is_not_there_is_no_reason_to_end() -> None:
    server = Server("http://127.0.0.1:1")

    with pytest.raises(Unanswered, match=r"127\.0\.0\.1:1/tx"):
        server.ask("POST", "/tx", b"")


def test_a_connection_that_was_closed_meanwhile_is_opened_again() -> None:
    node = SyntheticTeranode()
    with served(node) as url:
        server = Server(url)
        assert server.ask("GET", "/api/v1/bestblockheader/json")[0] == 200
        node.hang_up = True
        assert server.ask("GET", "/api/v1/bestblockheader/json")[0] == 200
        assert server.ask("GET", "/api/v1/bestblockheader/json")[0] == 200
        server.close()


@pytest.mark.parametrize("path", sorted((SCRIPTS / "load").glob("*.py")), ids=lambda path: path.name)
def test_it_imports_the_standard_library_alone(path: Path) -> None:
    found = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and node.level == 0
            else []
        )
    }

    assert found <= sys.stdlib_module_names
