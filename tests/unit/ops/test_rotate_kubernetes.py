"""A rotation's reading and writing of Kubernetes, against a synthetic API server on loopback; moto answers for EC2."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from kubernetes import client
from moto import mock_aws

from ops.aws.session import Aws
from ops.rotate.kubernetes import KubernetesStore, parsed
from ops.rotate.machines import Ec2Machines
from ops.rotate.model import Progress, RotationRefusedError
from tests.support.loopback import serving

LOCK = "/api/v1/namespaces/miner-1/configmaps/utxo-store-rotation"
STORE = "/apis/asdb.aerospike.com/v1/namespaces/miner-1/aerospikeclusters/utxo-store"
PAGE = (
    "# TYPE aerospike_node_stats_cluster_size gauge\n"
    'aerospike_node_stats_cluster_size{cluster_name="utxo-store"} 2\n'
    'aerospike_namespace_migrate_tx_partitions_remaining{ns="utxo-store"} 3\n'
    'aerospike_namespace_migrate_tx_partitions_remaining{ns="other"} 4\n'
)
WRITTEN = Progress("aerospike", (("node-1", "i-1", "eu-west-1a"),), {"eu-west-1a": 1})


class Api:
    """Objects by path; every write of the lock gives it another version, and one of an older version is refused."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.patches: list[tuple[str, dict[str, list[str]], str, Any]] = []
        self.version = 0

    def write(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        known = self.objects.get(path)
        said = body["metadata"].get("resourceVersion")
        if known is not None and said != known["metadata"]["resourceVersion"]:
            return 409, {}
        self.version += 1
        body["metadata"]["resourceVersion"] = str(self.version)
        self.objects[path] = body
        return 200, body

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any, kind: str) -> tuple[int, Any]:
        if method == "POST":
            return self.write(f"{path}/{body['metadata']['name']}", body)
        if method == "PUT":
            return self.write(path, body)
        if method == "PATCH":
            self.patches.append((path, query, kind, body))
            return 200, body
        if method == "DELETE":
            return 200, self.objects.pop(path)
        found = self.objects.get(path)
        return (404, {}) if found is None else (200, found)


@pytest.fixture
def api() -> Iterator[tuple[Api, client.ApiClient]]:
    served = Api()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            kind = self.headers.get("Content-Type", "")
            status, document = served.answer(self.command, url.path, parse_qs(url.query), body, kind)
            text = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        setattr(Handler, f"do_{method}", Handler.answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    configuration = client.Configuration()
    configuration.host = f"http://127.0.0.1:{server.server_port}"
    configuration.proxy = None
    with serving(server):
        yield served, client.ApiClient(configuration)


def store(api: client.ApiClient) -> KubernetesStore:
    return KubernetesStore(api, "miner-1", metrics=lambda _: PAGE)


def pod(name: str, node: str, *, namespace: str = "miner-1", owner: str = "StatefulSet") -> dict[str, Any]:
    return {
        "metadata": {
            "name": name,
            "namespace": namespace,
            "labels": {"aerospike.com/cr": "utxo-store"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": owner, "name": "one", "uid": "1"}],
        },
        "spec": {"nodeName": node, "containers": []},
        "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]},
    }


def test_the_store_its_servers_and_its_nodes_are_read_with_what_else_runs_on_them(
    api: tuple[Api, client.ApiClient],
) -> None:
    served, connection = api
    namespaces = [{"name": "utxo-store", "replication-factor": 2}]
    served.objects[STORE] = {
        "spec": {"size": 2, "aerospikeConfig": {"namespaces": namespaces}, "k8sNodeBlockList": ["node-9"]},
        "status": {"phase": "Completed"},
    }
    served.objects["/api/v1/namespaces/miner-1/pods"] = {"items": [pod("a", "node-1"), pod("b", "node-2")]}
    served.objects["/api/v1/pods"] = {
        "items": [
            pod("a", "node-1"),
            pod("other", "node-1", namespace="miner-2"),
            pod("disks", "node-1", namespace="kube-system", owner="DaemonSet"),
        ]
    }
    labels = {"topology.kubernetes.io/zone": "eu-west-1a"}
    served.objects["/api/v1/nodes"] = {
        "items": [
            {
                "metadata": {"name": "node-1", "labels": labels},
                "spec": {"providerID": "aws:///eu-west-1a/i-1"},
                "status": {"conditions": [{"type": "Ready", "status": "True"}]},
            }
        ]
    }

    read = store(connection).store()
    [node] = store(connection).nodes("aerospike")

    assert (read.phase, read.wanted, read.copies, read.blocked) == ("Completed", 2, 2, ("node-9",))
    assert read.trouble == "14 partitions migrate"
    assert (node.name, node.zone, node.instance, node.ready) == ("node-1", "eu-west-1a", "i-1", True)
    assert node.strangers == ("miner-2/other",)


def test_a_store_without_an_operator_is_refused_with_the_other_way(api: tuple[Api, client.ApiClient]) -> None:
    with pytest.raises(RotationRefusedError, match=r"no AerospikeCluster.*kubectl delete pod"):
        store(api[1]).store()


def test_the_block_list_is_applied_by_a_manager_of_its_own_and_given_back(api: tuple[Api, client.ApiClient]) -> None:
    served, connection = api
    store(connection).block(("node-1",))
    store(connection).block(())

    for path, query, kind, _ in served.patches:
        assert path == STORE
        assert query["fieldManager"] == ["teranode-rotation"]
        assert kind == "application/apply-patch+yaml"
    assert [body["spec"] for *_, body in served.patches] == [{"k8sNodeBlockList": ["node-1"]}, {}]


def test_only_one_run_begins_and_another_waits_until_it_lets_go(api: tuple[Api, client.ApiClient]) -> None:
    connection = api[1]
    first, second = store(connection), store(connection)
    assert first.progress() is None
    held = first.begin(WRITTEN)

    with pytest.raises(RotationRefusedError, match="another rotation"):
        second.begin(WRITTEN)
    with pytest.raises(RotationRefusedError, match="repeat the command 5 minutes later"):
        second.progress()
    first.save(held)
    first.let_go()
    assert second.progress() == WRITTEN
    second.let_go()
    assert second.unfinished() == WRITTEN


def test_a_run_that_was_killed_is_taken_over_and_ends_if_it_was_not(api: tuple[Api, client.ApiClient]) -> None:
    served, connection = api
    first, second = store(connection), store(connection)
    held = first.begin(WRITTEN)
    served.objects[LOCK]["data"]["renewed"] = "2026-01-01T00:00:00+00:00"

    taken = second.progress()
    assert taken == WRITTEN
    with pytest.raises(RotationRefusedError, match="this one ends"):
        first.save(held)
    assert taken is not None
    second.end(taken)
    assert LOCK not in served.objects


def test_metrics_are_summed_over_namespaces_and_other_lines_passed_by() -> None:
    assert parsed(PAGE) == {
        "aerospike_node_stats_cluster_size": 2,
        "aerospike_namespace_migrate_tx_partitions_remaining": 7,
    }
    assert parsed("") == {}


def test_an_instance_is_ended_and_one_that_is_gone_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        ec2: Any = boto3.client("ec2", region_name="eu-west-1")
        made = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        machines = Ec2Machines(Aws.of(None), "eu-west-1")

        machines.terminate(made)
        machines.terminate(made)
        machines.terminate("i-0123456789abcdef0")

        [found] = ec2.describe_instances(InstanceIds=[made])["Reservations"][0]["Instances"]
        assert found["State"]["Name"] == "terminated"
