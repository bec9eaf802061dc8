"""A real Postgres server, as RDS sets one up: the administrator is no superuser, passwords are SCRAM, all is logged."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

ADMIN, ADMIN_PASSWORD = "teranode_admin", "of-the-administrator"
_SUPERUSER = "rdsadmin"
_NOBODY = 65534
"""Who the server runs as where the tests run as root, which Postgres refuses."""


@dataclass(frozen=True)
class Server:
    """A running server; `log` is what it has logged so far, every statement included."""

    port: int
    log_file: Path
    psql: str

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    def run(
        self, user: str, password: str, *arguments: str, database: str = "postgres", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run psql as `user`; the password is checked as it would be from elsewhere."""
        return subprocess.run(
            [self.psql, "--no-psqlrc", "--quiet", "--no-password", "--tuples-only", "--no-align", *arguments],
            env={
                "PATH": os.environ["PATH"],
                "PGHOST": "127.0.0.1",
                "PGPORT": str(self.port),
                "PGUSER": user,
                "PGPASSWORD": password,
                "PGDATABASE": database,
                "PGSSLMODE": "disable",
                **environment,
            },
            capture_output=True,
            text=True,
            check=False,
        )


def _folders() -> list[Path]:
    """Where server programs may be: the folder that the environment names, the PATH, Debian's packages."""
    named = os.environ.get("TERANODE_POSTGRES_BIN")
    on_path = shutil.which("initdb")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return [*([Path(named)] if named else []), *([Path(on_path).resolve().parent] if on_path else []), *packaged]


def _programs() -> tuple[Path, str]:
    folder = next((folder for folder in _folders() if (folder / "initdb").is_file()), None)
    psql = next((str(found / "psql") for found in _folders() if (found / "psql").is_file()), shutil.which("psql"))
    if folder is None or psql is None:
        pytest.skip("no Postgres server here: install one (Debian: postgresql) to try the script on it")
    return folder, psql


def _as_server(command: list[str], **environment: str) -> None:
    owner = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run(command, env={"LC_ALL": "C", **environment}, check=True, capture_output=True, cwd="/", **owner)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    programs, psql = _programs()
    # The server may still be removing its own files.
    with tempfile.TemporaryDirectory(prefix="teranode-postgres-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        if os.geteuid() == 0:
            os.chown(home, _NOBODY, _NOBODY)
        data, log, port = home / "data", home / "log", _free_port()
        _as_server([f"{programs}/initdb", "--pgdata", str(data), "--username", _SUPERUSER, "--auth-local", "trust"])
        (data / "pg_hba.conf").write_text("local all rdsadmin trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home} -c log_statement=all"
        control = [f"{programs}/pg_ctl", "--pgdata", str(data), "--wait"]
        _start([*control, "--log", str(log), "--options", f"{options} -c fsync=off"])
        try:
            server = Server(port=port, log_file=log, psql=psql)
            _as_rds_does(server, home)
            yield server
        finally:
            _stop(data)


def _start(control: list[str]) -> None:
    """Start the server; once more where pg_ctl was ended by a signal, which says nothing of the server."""
    try:
        _as_server([*control, "start"])
    except subprocess.CalledProcessError as error:
        if error.returncode >= 0:
            raise
        _as_server([*control, "restart"])


def _stop(data: Path) -> None:
    """Stop the server at once, by its own process id: its data is thrown away with its folder."""
    pid = int((data / "postmaster.pid").read_text().splitlines()[0])
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGQUIT)  # Postgres' immediate shutdown


def _as_rds_does(server: Server, socket_folder: Path) -> None:
    statements = (
        f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD '{ADMIN_PASSWORD}'",
        f"ALTER DATABASE postgres OWNER TO {ADMIN}",
        f"ALTER DATABASE template1 OWNER TO {ADMIN}",
    )
    for statement in statements:
        done = server.run(_SUPERUSER, "", f"--command={statement}", PGHOST=str(socket_folder))
        assert done.returncode == 0, done.stderr
