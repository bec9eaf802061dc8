"""Tunnels to the Kubernetes APIs of private regions, open for as long as somebody needs them."""

import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from ops.errors import UsageError
from ops.outputs import StackOutputs
from ops.tunnel.session import Session

_PORT = re.compile(r"\blocalPortNumber=(\d+)\b")
_NOT_YET = "TargetNotConnected"
"""What Systems Manager says of an instance whose agent has not registered, as in the first minutes of its life."""

_PROBE = b"GET / HTTP/1.0\r\n\r\n"
_PROBE_SECONDS = 5
PAUSE_SECONDS = 3
_LOOKS = 100
"""Five minutes: an instance boots, registers and installs its proxy in two or three."""

_NEEDS = (
    "It needs the AWS CLI with its Session Manager plugin "
    "(https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html), "
    "and the right ssm:StartSession on the instance and on the document AWS-StartPortForwardingSession"
)


class TunnelError(UsageError):
    """A tunnel does not open."""


@dataclass(frozen=True, slots=True)
class Door:
    """The way into a region: ``command`` forwards ``port`` of this machine to the proxy of its access host."""

    region: str
    command: str
    port: int


Launch = Callable[[str], Session]


def doors(outputs: StackOutputs) -> Sequence[Door]:
    """Those of the environment's private regions; none where every API is public.

    Raises:
        TunnelError: an output names no local port.
    """
    return [
        Door(name, region.tunnel_command, _port(name, region.tunnel_command))
        for name, region in outputs.regions.items()
        if region.tunnel_command
    ]


@contextmanager
def opened(
    doors: Sequence[Door], launch: Launch, pause: Callable[[], None], tell: Callable[[str], None]
) -> Iterator[None]:
    """All of ``doors``, until the end of the context. Whoever has opened one already keeps it.

    AWS ends a session that is idle for twenty minutes, and the longest one after a time of the account's: one that ends
    meanwhile is opened again.

    Raises:
        TunnelError: one does not open, with what the AWS CLI said; those that did are closed again.
    """
    with ExitStack() as stack:
        keepers = [_Keeper(door, launch) for door in doors if not _is_open(door, tell)]
        for keeper in keepers:
            stack.callback(keeper.close)
            keeper.open()
        for keeper in keepers:
            keeper.wait(pause)
            tell(f"{keeper.door.region}: the tunnel is open, on port {keeper.door.port}")
        stack.enter_context(_kept(keepers))
        yield


def refuse_without_aws_cli() -> None:
    """Look for the AWS CLI before anything else is done.

    Raises:
        TunnelError: there is none on the PATH.
    """
    if shutil.which("aws") is None:
        raise TunnelError(f"no AWS CLI on the PATH. {_NEEDS}")


class _Keeper:
    """Holds one door open."""

    def __init__(self, door: Door, launch: Launch) -> None:
        self.door = door
        self._launch = launch
        self._session: Session | None = None

    def open(self) -> None:
        self.close()
        self._session = self._launch(self.door.command)

    def close(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None

    def reopen_if_ended(self) -> None:
        if self._session is not None and self._session.ended():
            self.open()

    def wait(self, pause: Callable[[], None]) -> None:
        for _ in range(_LOOKS):
            if answers(self.door.port):
                return
            self._judge()
            pause()
        raise TunnelError(
            f"{self.door.region}: the tunnel is open and the access host does not answer behind it: does its proxy "
            "run? `aws ssm start-session --target <instance>` and `journalctl -u cloud-final` there; an update makes a "
            "new one where it was terminated"
        )

    def _judge(self) -> None:
        session = self._session
        if session is None or not session.ended():
            return
        said = session.said()
        if _NOT_YET not in said:
            raise TunnelError(f"{self.door.region}: the tunnel does not open: {said or 'no word why'}. {_NEEDS}")
        self.open()


def answers(port: int) -> bool:
    """Whether a proxy answers behind this port: the plugin itself listens before anything is behind it."""
    try:
        with socket.create_connection(("127.0.0.1", port), _PROBE_SECONDS) as connection:
            connection.sendall(_PROBE)
            return bool(connection.recv(1))
    except OSError:
        return False


def _is_open(door: Door, tell: Callable[[str], None]) -> bool:
    if not answers(door.port):
        return False
    tell(f"{door.region}: a tunnel is open already, on port {door.port}; it stays")
    return True


@contextmanager
def _kept(keepers: Sequence[_Keeper]) -> Iterator[None]:
    done = threading.Event()

    def watch() -> None:
        while not done.wait(PAUSE_SECONDS):
            for keeper in keepers:
                keeper.reopen_if_ended()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _port(region: str, command: str) -> int:
    found = _PORT.search(command)
    if found is None:
        raise TunnelError(f"{region}: the output tunnelCommand names no local port: `pulumi up` writes it anew")
    return int(found[1])
