"""A throw-away Kubernetes API server with its etcd on loopback. No controller runs beside it: see `ServerOfOurOwn`."""

import base64
import secrets
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from simulator.kubeconfig import ClusterAccess
from tests.cluster.api import Api, NotInTimeError, wait_until

_START_SECONDS = 120
_STOP_SECONDS = 30
_LOG_LINES = 15


@contextmanager
def running(api_server: Path, etcd: Path) -> Iterator[ClusterAccess]:
    """Start both programs in a temporary folder, and end them by their process ids.

    Raises:
        NotInTimeError: a program ended or was not ready in time; with the last of what it logged.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="teranode-cluster-")))
        store_port, peer_port, port = _free_ports(3)
        store, peer = f"http://127.0.0.1:{store_port}", f"http://127.0.0.1:{peer_port}"
        store_arguments = (
            *(f"--data-dir={folder / 'etcd'}", "--unsafe-no-fsync", "--name=default"),
            *(f"--listen-client-urls={store}", f"--advertise-client-urls={store}"),
            *(f"--listen-peer-urls={peer}", f"--initial-advertise-peer-urls={peer}"),
            f"--initial-cluster=default={peer}",
        )
        stack.enter_context(_process(etcd, store_arguments, folder))
        token = secrets.token_hex(16)
        server = stack.enter_context(_process(api_server, _arguments(folder, store, port, token), folder))
        certificate = folder / "certificates" / "apiserver.crt"

        def ready() -> bool:
            if server.poll() is not None:
                raise NotInTimeError(f"kube-apiserver ended with {server.returncode}\n{_log(folder, api_server)}")
            return certificate.is_file() and _is_ready(_access(port, token, certificate))

        try:
            wait_until(ready, "kube-apiserver is ready", _START_SECONDS)
        except NotInTimeError as error:
            error.add_note(_log(folder, api_server))
            raise
        yield _access(port, token, certificate)


def _arguments(folder: Path, store: str, port: int, token: str) -> tuple[str, ...]:
    key = folder / "service-accounts.key"
    key.write_bytes(
        rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    tokens = folder / "tokens.csv"
    tokens.touch(mode=0o600)
    tokens.write_text(f"{token},tests,tests,system:masters\n")
    return (
        *(f"--etcd-servers={store}", f"--cert-dir={folder / 'certificates'}", f"--secure-port={port}"),
        *("--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", "--service-cluster-ip-range=172.20.0.0/16"),
        *("--authorization-mode=RBAC", f"--token-auth-file={tokens}", "--anonymous-auth=false"),
        *(f"--service-account-key-file={key}", f"--service-account-signing-key-file={key}"),
        *("--service-account-issuer=https://kubernetes.default.svc", "--allow-privileged=true"),
        "--endpoint-reconciler-type=none",
    )


def _access(port: int, token: str, certificate: Path) -> ClusterAccess:
    authority = base64.b64encode(certificate.read_bytes()).decode()
    return ClusterAccess(endpoint=f"https://127.0.0.1:{port}", certificate_authority=authority, token=token)


def _is_ready(access: ClusterAccess) -> bool:
    api = Api(access)
    try:
        return api.healthy()
    finally:
        api.close()


@contextmanager
def _process(program: Path, arguments: tuple[str, ...], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{program.name}.log").open("wb") as log:
        process = subprocess.Popen([str(program), *arguments], cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _log(folder: Path, program: Path) -> str:
    lines = (folder / f"{program.name}.log").read_text(errors="replace").splitlines()
    return "\n".join(lines[-_LOG_LINES:])


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.socket()) for _ in range(count)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        return [listener.getsockname()[1] for listener in listeners]
