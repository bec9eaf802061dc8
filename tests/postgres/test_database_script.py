"""The script that gives a miner its databases, run on a real server. Skipped, visibly, where there is none."""

import subprocess
from pathlib import Path

import pytest

from components import credentials
from components.databases.script import SCRIPT
from tests.postgres.conftest import ADMIN, ADMIN_PASSWORD, Server

PASSWORDS = {"a": "first-password-of-a", "b": "first-password-of-b"}
VERIFIED = "SELECT session_user, current_user, current_database()"


def verifier(password: str) -> str:
    return credentials.scram_verifier(password, password.encode()[:16].ljust(16))


def apply(server: Server, script: Path, owner: str, databases: str, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "OWNER": owner,
        "DATABASES": databases,
        "LOGIN_A": f"{owner}__a",
        "LOGIN_B": f"{owner}__b",
        "VERIFIER_A": verifier(PASSWORDS["a"]),
        "VERIFIER_B": verifier(PASSWORDS["b"]),
    }
    return server.run(ADMIN, ADMIN_PASSWORD, f"--file={script}", **{**environment, **changes})


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("script") / "databases.sql"
    path.write_text(SCRIPT)
    return path


def answer(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def query(server: Server, user: str, password: str, statement: str, database: str) -> str:
    return answer(server.run(user, password, f"--command={statement}", database=database))


def refused(server: Server, user: str, password: str, database: str) -> str:
    done = server.run(user, password, f"--command={VERIFIED}", database=database)
    assert done.returncode != 0
    return done.stderr


def test_the_script_may_run_again_and_again(server: Server, script: Path) -> None:
    for _ in range(3):
        answer(apply(server, script, "miner_1", "miner_1,miner_1__utxo"))

    for turn, password in PASSWORDS.items():
        for database in ("miner_1", "miner_1__utxo"):
            found = query(server, f"miner_1__{turn}", password, VERIFIED, database)
            assert found == f"miner_1__{turn}|miner_1|{database}"


def test_what_one_login_makes_the_other_may_change(server: Server, script: Path) -> None:
    answer(apply(server, script, "miner_2", "miner_2"))
    query(server, "miner_2__a", PASSWORDS["a"], "CREATE TABLE blocks (height int)", "miner_2")
    query(server, "miner_2__b", PASSWORDS["b"], "ALTER TABLE blocks ADD COLUMN hash text", "miner_2")

    owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'blocks'"
    assert query(server, "miner_2__b", PASSWORDS["b"], owner, "miner_2") == "miner_2"


def test_a_miner_reaches_no_database_but_its_own(server: Server, script: Path) -> None:
    answer(apply(server, script, "miner_3", "miner_3"))
    answer(apply(server, script, "miner_4", "miner_4"))

    for database in ("miner_4", "postgres", "template1"):
        assert "permission denied for database" in refused(server, "miner_3__a", PASSWORDS["a"], database)


def test_the_owner_of_the_databases_cannot_log_in(server: Server, script: Path) -> None:
    answer(apply(server, script, "miner_5", "miner_5"))

    assert "failed" in refused(server, "miner_5", PASSWORDS["a"], "miner_5")
    can_log_in = "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = 'miner_5'"
    assert query(server, "miner_5__a", PASSWORDS["a"], can_log_in, "miner_5") == "f|f|f|f"


def test_a_new_password_of_one_login_leaves_the_other_valid(server: Server, script: Path) -> None:
    answer(apply(server, script, "miner_6", "miner_6"))

    answer(apply(server, script, "miner_6", "miner_6", VERIFIER_B=verifier("second-password-of-b")))
    assert query(server, "miner_6__a", PASSWORDS["a"], "SELECT 1", "miner_6") == "1"
    assert query(server, "miner_6__b", "second-password-of-b", "SELECT 1", "miner_6") == "1"
    assert "password authentication failed" in refused(server, "miner_6__b", PASSWORDS["b"], "miner_6")

    second = {"VERIFIER_A": verifier("second-password-of-a"), "VERIFIER_B": verifier("second-password-of-b")}
    answer(apply(server, script, "miner_6", "miner_6", **second))
    assert query(server, "miner_6__a", "second-password-of-a", "SELECT 1", "miner_6") == "1"
    assert query(server, "miner_6__b", "second-password-of-b", "SELECT 1", "miner_6") == "1"
    assert "password authentication failed" in refused(server, "miner_6__a", PASSWORDS["a"], "miner_6")


def test_a_password_in_place_of_a_verifier_changes_nothing(server: Server, script: Path) -> None:
    answer(apply(server, script, "miner_7", "miner_7"))
    done = apply(server, script, "miner_7", "miner_7", VERIFIER_A="a-password")

    assert done.returncode != 0
    assert "without a SCRAM-SHA-256 verifier" in done.stderr
    assert query(server, "miner_7__a", PASSWORDS["a"], "SELECT 1", "miner_7") == "1"


@pytest.mark.parametrize("name", ['mi"ner', "miner'; DROP ROLE miner_1; --", "Miner 8", "$$; SELECT 1"])
def test_no_name_is_taken_for_sql(server: Server, script: Path, name: str) -> None:
    answer(apply(server, script, name, name))

    assert query(server, f"{name}__a", PASSWORDS["a"], VERIFIED, name) == f"{name}__a|{name}|{name}"


def test_passwords_are_stored_as_verifiers_and_appear_in_no_log(server: Server, script: Path) -> None:
    answer(apply(server, script, "miner_9", "miner_9"))
    query(server, "miner_9__a", PASSWORDS["a"], "SELECT 1", "miner_9")
    log = server.log

    assert "ALTER ROLE miner_9__a LOGIN PASSWORD 'SCRAM-SHA-256$4096:" in log
    assert not [password for password in PASSWORDS.values() if password in log]
