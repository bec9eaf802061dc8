"""A real Kubernetes API server: one of our own on loopback, or one that the caller names; else skipped, visibly.

What a server of our own lacks: controllers, nodes, and the webhooks of operators (their definitions are judged, what an
operator's webhook would say is not).
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from simulator.kubeconfig import ClusterAccess, KubeconfigError, read_contexts
from tests.cluster.api import Api, Object
from tests.cluster.judge import Judgement, Server
from tests.cluster.local_server import running
from tests.cluster.objects import Declared
from tests.support import published
from tools.cluster_programs import program

KUBECONFIG_VARIABLE = "TERANODE_CLUSTER_KUBECONFIG"
"""Names a kubeconfig of one context: an empty cluster to try everything on. KUBECONFIG itself is never read."""
KUBECONFIG = os.environ.get(KUBECONFIG_VARIABLE, "")
NO_SERVER = f"no Kubernetes API server here: `make cluster-tests` builds one, or {KUBECONFIG_VARIABLE} names one"

PLACE = "teranode-tests"
"""The namespace that tests of single objects make."""

needs_no_controllers = pytest.mark.skipif(bool(KUBECONFIG), reason="controllers of the named cluster act themselves")
needs_definitions = pytest.mark.skipif(not published.FOLDER, reason=published.REASON)

JUDGED = "judged by the API server"
"""The property of a test's report that says what was judged and what was not."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a server."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.cluster)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what a server judged, and what nobody did."""
    reports = (report for said in terminalreporter.stats.values() for report in said)
    calls = (report for report in reports if getattr(report, "when", "") == "call")
    lines = [text for report in calls for name, text in report.user_properties if name == JUDGED]
    if lines:
        terminalreporter.section(JUDGED)
        terminalreporter.write_line("\n".join(lines))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server with the published definitions, where a folder of them is named."""
    with _access() as access:
        api = Api(access)
        server = Server(api, access, controlled=bool(KUBECONFIG))
        new = server.install(_definitions())
        yield server
        for definition in reversed(new) if server.controlled else ():
            server.remove(definition)
        api.close()


@pytest.fixture
def try_out(server: Server) -> Iterator[Callable[..., Judgement]]:
    """Apply objects into a namespace of their own, with the labels given, and take everything away at the end."""
    tried: list[Judgement] = []

    def apply(*manifests: Object, **labels: str) -> Judgement:
        namespace = manifest("v1", "Namespace")
        namespace = {**namespace, "metadata": {"name": PLACE, "labels": labels}}
        tried.append(server.apply([declared(namespace), *map(declared, manifests)]))
        return tried[-1]

    yield apply
    assert [refused for said in tried for refused in server.delete(said)] == []


def declared(item: Object) -> Declared:
    """An object that no stack declares."""
    return Declared(f"urn:{item['kind']}:{item['metadata']['name']}", "." not in item["apiVersion"], item)


def manifest(api_version: str, kind: str, name: str = "tried", **parts: object) -> Object:
    """An object in the namespace of `try_out`."""
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": PLACE}, **parts}


@contextmanager
def _access() -> Iterator[ClusterAccess]:
    if KUBECONFIG:
        yield named_cluster(Path(KUBECONFIG))
        return
    api_server, etcd = program("kube-apiserver"), program("etcd")
    if api_server is None or etcd is None:
        pytest.skip(NO_SERVER)
    with running(api_server, etcd) as access:
        yield access


def named_cluster(path: Path) -> ClusterAccess:
    """The cluster of a kubeconfig of one context: nothing is chosen for the caller.

    Raises:
        KubeconfigError: not readable, or of several contexts.
    """
    contexts = read_contexts(path, KUBECONFIG_VARIABLE)
    if len(contexts) != 1:
        raise KubeconfigError(
            f"{KUBECONFIG_VARIABLE}={path}: has {len(contexts)} contexts; write one with the scratch cluster's alone, "
            "such as `kubectl config view --minify --flatten --context=<name>` prints"
        )
    return next(iter(contexts.values()))


def _definitions() -> Iterator[Object]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in sorted(Path(published.FOLDER).rglob("*.yaml")) if published.FOLDER else ():
        yield from yaml.load_all(file.read_text(encoding="utf-8"), loader)
