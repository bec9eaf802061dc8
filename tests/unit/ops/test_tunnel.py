"""`ops tunnel` and `ops first-up`: a synthetic pulumi and, behind real local ports, sessions as a test plays them."""

import json
import os
import select
import shutil
import stat
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import tunnel_command
from ops.cli import app
from ops.exit_codes import ExitCode
from ops.stacks import PROJECT_DIR
from ops.tunnel import tunnels
from ops.tunnel.session import CliSession
from ops.tunnel.tunnels import Door, TunnelError, opened
from tests.support import fake_pulumi
from tests.support.aws_account import empty_account
from tests.support.fake_pulumi import FakePulumi
from tests.support.loopback import serving

ACCOUNT = "444455556666"
COMMON = "--stack mainnet --non-interactive --color never"
FIRST = f"up --policy-pack policies --exclude **$kubernetes:** --yes {COMMON}"
SECOND = f"up --policy-pack policies --yes {COMMON}"


class _Proxy(BaseHTTPRequestHandler):
    """As the access host's proxy answers what is no CONNECT."""

    def do_GET(self) -> None:
        self.send_response_only(400)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name of the base class)
        """Nobody reads it."""


class Way:
    """The way through Systems Manager to one port: `script` says what becomes of each session in turn."""

    def __init__(self, *script: str) -> None:
        self.script = list(script)
        self.launched: list[str] = []
        self.ended = 0
        self._stack = ExitStack()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Proxy, bind_and_activate=False)
        self._server.server_bind()  # takes a port, at which nobody answers until it is activated
        self.door = Door("eu-west-1", f"aws localPortNumber={self._server.server_port}", self._server.server_port)

    def launch(self, command: str) -> "_Session":
        self.launched.append(command)
        said = self.script.pop(0)
        if said == "open":
            self._server.server_activate()
            self._stack.enter_context(serving(self._server))
        return _Session(self, said)

    def close(self) -> None:
        self._stack.close()
        self._server.server_close()


class _Session:
    def __init__(self, way: Way, said: str) -> None:
        self._way, self._said = way, said

    def ended(self) -> bool:
        return self._said != "open"

    def said(self) -> str:
        return self._said

    def end(self) -> None:
        self._way.ended += 1


@contextmanager
def way(*script: str) -> Iterator[Way]:
    made = Way(*script)
    try:
        yield made
    finally:
        made.close()


def nothing() -> None:
    """The pause between two looks."""


def test_a_tunnel_opens_when_the_host_has_registered_and_closes_at_the_end() -> None:
    told: list[str] = []
    with way("TargetNotConnected: i-1 is not connected", "open") as found:
        with opened([found.door], found.launch, nothing, told.append):
            assert tunnels.answers(found.door.port)
            assert found.launched == [found.door.command] * 2
        assert found.ended == 2
    assert told == [f"eu-west-1: the tunnel is open, on port {found.door.port}"]


def test_a_tunnel_that_somebody_opened_is_used_and_left_open() -> None:
    told: list[str] = []
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)) as address:
        port = int(address.rpartition(":")[2])
        launched: list[str] = []
        with opened([Door("eu-west-1", "aws", port)], lambda _: pytest.fail("opened twice"), nothing, told.append):
            assert launched == []
        assert tunnels.answers(port)
    assert told == [f"eu-west-1: a tunnel is open already, on port {port}; it stays"]


def test_a_tunnel_that_may_not_be_opened_says_why_and_the_others_are_closed() -> None:
    refused = "AccessDeniedException: not authorized to perform: ssm:StartSession"
    with way("open") as good, way(refused) as bad:
        sessions = {good.door.command: good.launch, bad.door.command: bad.launch}
        with (
            pytest.raises(TunnelError, match=r"not authorized to perform: ssm:StartSession.*Session Manager plugin"),
            opened([good.door, bad.door], lambda command: sessions[command](command), nothing, lambda _: None),
        ):
            pytest.fail("one of them is closed")
        assert (good.ended, bad.ended) == (1, 1)


def test_a_host_that_never_answers_is_given_up() -> None:
    with (
        way(*["TargetNotConnected"] * 200) as found,
        pytest.raises(TunnelError, match="does its proxy run"),
        opened([found.door], found.launch, nothing, lambda _: None),
    ):
        pytest.fail("nothing answers")


def test_a_tunnel_that_breaks_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session that is launched second says so, which ends the test's part under the tunnel."""
    monkeypatch.setattr(tunnels, "PAUSE_SECONDS", 0.001)
    again = threading.Event()
    with way("open") as found:

        def launch(command: str) -> _Session:
            if found.script:
                session = found.launch(command)
                monkeypatch.setattr(session, "ended", lambda: not again.is_set())
                return session
            again.set()
            return _Session(found, "open")

        with opened([found.door], launch, nothing, lambda _: None):
            assert again.wait(10)


def executable(file: Path, text: str) -> Path:
    file.write_text(f"#!{sys.executable}\n{text}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


def test_a_session_is_a_process_whose_last_words_are_kept(tmp_path: Path) -> None:
    refusing = executable(tmp_path / "aws", "import sys; sys.exit('SessionManagerPlugin is not found')")
    session = CliSession(f"{refusing} ssm start-session", {})
    session._process.wait()

    assert (session.ended(), session.said()) == (True, "SessionManagerPlugin is not found")
    session.end()


def test_the_end_of_a_session_is_the_end_of_the_plugin_too(tmp_path: Path) -> None:
    """The AWS CLI waits for its plugin, which holds the port: here one that holds a pipe."""
    pipe = tmp_path / "pipe"
    plugin = "import signal, sys; print('up', flush=True); signal.pause()"
    script = (
        "import subprocess, sys\n"
        f"with open({str(pipe)!r}, 'w') as held:\n"
        f"    child = subprocess.Popen([sys.executable, '-c', {plugin!r}], stdout=held)\n"
        "child.wait()\n"
    )
    os.mkfifo(pipe)
    session = CliSession(f"{executable(tmp_path / 'aws', script)} ssm start-session", {})
    with pipe.open() as held:
        assert held.readline() == "up\n"
        session.end()
        ready, _, _ = select.select([held], [], [], 10)
        assert ready, "the plugin lives and holds the pipe"
        assert held.read() == ""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.testing.yaml", "Pulumi.mainnet.yaml"):
        shutil.copy(PROJECT_DIR / name, folder)
    return folder


@pytest.fixture
def pulumi(tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    fake = fake_pulumi.install(tmp_path / "bin", monkeypatch)
    monkeypatch.setenv("PULUMI_OPTION_CWD", str(project))
    executable(tmp_path / "bin" / "aws", "")
    return fake


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    with empty_account(ACCOUNT, monkeypatch, tmp_path):
        yield


def outputs(port: int | None) -> str:
    tunnel = None if port is None else f"aws ssm start-session --parameters portNumber=3128,localPortNumber={port}"
    region: Mapping[str, object] = {
        "clusterName": "mainnet-eu-west-1",
        "clusterArn": "arn",
        "kubernetesContext": "mainnet-eu-west-1",
        "kubeconfigCommand": "aws eks update-kubeconfig",
        "tunnelCommand": tunnel,
    }
    whole = {"environment": "mainnet", "chain": "mainnet", "release": "v0.15.0", "home": "eu-west-1"}
    return json.dumps({**whole, "regions": {"eu-west-1": region}, "miners": {}})


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


@contextmanager
def open_port() -> Iterator[int]:
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), _Proxy)) as address:
        yield int(address.rpartition(":")[2])


@pytest.mark.usefixtures("account")
def test_a_private_environment_is_updated_in_two_steps_with_tunnels_between(pulumi: FakePulumi) -> None:
    with open_port() as port:
        pulumi.answer("up")
        pulumi.answer("stack output", stdout=outputs(port))
        code, printed, said = run("first-up", "mainnet", "--yes", "--json")

    assert code == ExitCode.CLEAN, said
    assert pulumi.command_lines == [FIRST, f"stack output --json {COMMON}", SECOND]
    assert [(row["step"], row["done"]) for row in json.loads(printed)["steps"]] == [
        ("outside", True),
        ("tunnels", True),
        ("all", True),
    ]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("failing", "begun"), [("--policy-pack policies --exclude", 1), ("--policy-pack policies --yes", 3)]
)
def test_an_update_that_stops_is_said_and_can_be_repeated(pulumi: FakePulumi, failing: str, begun: int) -> None:
    with open_port() as port:
        pulumi.answer(failing, code=255)
        pulumi.answer("up")
        pulumi.answer("stack output", stdout=outputs(port))
        code, _, said = run("first-up", "mainnet", "--yes")

    assert code == ExitCode.FINDINGS
    assert len(pulumi.command_lines) == begun
    assert "Repeat this command" in said


def test_another_account_is_refused_before_anything(
    pulumi: FakePulumi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with empty_account("111122223333", monkeypatch, tmp_path):
        code, _, said = run("first-up", "mainnet", "--yes")

    assert (code, pulumi.command_lines) == (ExitCode.USAGE, [])
    assert "is of account 444455556666" in said


def test_without_a_terminal_pulumi_could_not_ask(pulumi: FakePulumi) -> None:
    code, _, said = run("first-up", "mainnet")

    assert (code, pulumi.command_lines) == (ExitCode.USAGE, [])
    assert "say --yes" in said


@pytest.mark.parametrize(("stack", "lines"), [("mainnet", 3), ("testing", 1)])
def test_a_dry_run_shows_the_steps_that_an_environment_takes(pulumi: FakePulumi, stack: str, lines: int) -> None:
    code, printed, _ = run("first-up", stack, "--dry-run")

    assert (code, len(printed.splitlines()), pulumi.command_lines) == (ExitCode.CLEAN, lines, [])


@pytest.mark.usefixtures("account")
def test_a_command_runs_with_the_tunnels_open_and_its_exit_code_is_handed_on(pulumi: FakePulumi) -> None:
    with open_port() as port:
        pulumi.answer("stack output", stdout=outputs(port))
        code, _, _ = run("tunnel", "mainnet", "--", sys.executable, "-c", "raise SystemExit(7)")

    assert code == 7


def test_an_environment_without_a_private_region_needs_no_tunnel(pulumi: FakePulumi) -> None:
    pulumi.answer("stack output", stdout=outputs(None))
    code, _, said = run("tunnel", "mainnet")

    assert code == ExitCode.USAGE
    assert "answer without a tunnel" in said


def test_without_the_aws_cli_it_is_said_before_anything(pulumi: FakePulumi, tmp_path: Path) -> None:
    (tmp_path / "bin" / "aws").unlink()
    code, _, said = run("first-up", "mainnet", "--yes")

    assert (code, pulumi.command_lines) == (ExitCode.USAGE, [])
    assert "no AWS CLI on the PATH" in said


def test_without_a_command_tunnels_stay_open_until_an_interrupt(
    pulumi: FakePulumi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(tunnel_command.signal, "pause", interrupted)
    with open_port() as port:
        pulumi.answer("stack output", stdout=outputs(port))
        code, _, said = run("tunnel", "mainnet")

    assert code == ExitCode.CLEAN
    assert "Ctrl-C" in said
