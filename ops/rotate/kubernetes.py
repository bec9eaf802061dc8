"""A store in Kubernetes, through the API server of its region."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward

from ops.rotate.model import Node, Progress, RotationRefusedError, Server, Store

_NAME = "utxo-store"
_OBJECT = "utxo-store-rotation"
_CUSTOM = ("asdb.aerospike.com", "v1")
_PLURAL = "aerospikeclusters"
_MANAGER = "teranode-rotation"
"""Owns `k8sNodeBlockList` alone: Pulumi's own manager does not, and neither takes it away nor calls it a difference."""
_OWN = f"aerospike.com/cr={_NAME}"
_LEASE = timedelta(minutes=5)
_TIMEOUT_S = (5, 20)
_EXPORTER_PORT = 9145
_NOT_FOUND, _CONFLICT = 404, 409
_SIZE = "aerospike_node_stats_cluster_size"
_MIGRATING = "aerospike_namespace_migrate_tx_partitions_remaining"


class Metrics(Protocol):
    """Reads what the exporter of a pod says, as text."""

    def __call__(self, pod: str, /) -> str:
        """The page, or nothing if it does not answer."""
        ...


@dataclass
class KubernetesStore:
    """The UTXO store of one miner, and the object that remembers its rotation. Not for several threads."""

    api: client.ApiClient
    namespace: str
    metrics: Metrics
    holder: str = field(default_factory=lambda: secrets.token_hex(8))

    def nodes(self, pool: str) -> Sequence[Node]:
        """The nodes of a pool, with the pods that are neither the store's nor a DaemonSet's."""
        core = client.CoreV1Api(self.api)
        found = core.list_node(label_selector=f"teranode.io/storage={pool}", _request_timeout=_TIMEOUT_S)
        return [self._node(core, one) for one in found.items]

    def store(self) -> Store:
        """The store with its servers.

        Raises:
            RotationRefusedError: no operator runs it.
        """
        try:
            found: Any = client.CustomObjectsApi(self.api).get_namespaced_custom_object(
                *_CUSTOM, self.namespace, _PLURAL, _NAME, _request_timeout=_TIMEOUT_S
            )
        except ApiException as error:
            if error.status == _NOT_FOUND:
                raise RotationRefusedError(
                    f"{self.namespace} has no AerospikeCluster {_NAME}: no operator moves its records. A community "
                    "store is one server: `kubectl delete pod` moves it, or docs/runbooks/replace-nvme-pool.md"
                ) from error
            raise
        spec, status = found["spec"], found.get("status") or {}
        copies = [int(one.get("replication-factor", 1)) for one in spec["aerospikeConfig"].get("namespaces", [])]
        pods = client.CoreV1Api(self.api).list_namespaced_pod(
            self.namespace, label_selector=_OWN, _request_timeout=_TIMEOUT_S
        )
        return Store(
            phase=str(status.get("phase", "")),
            wanted=int(spec["size"]),
            copies=min(copies, default=1),
            blocked=tuple(spec.get("k8sNodeBlockList") or ()),
            servers=tuple(self._server(pod) for pod in pods.items),
        )

    def block(self, nodes: Sequence[str]) -> None:
        """Apply the list under a manager of its own; an empty one gives the field back."""
        spec = {"k8sNodeBlockList": list(nodes)} if nodes else {}
        body = {
            "apiVersion": "/".join(_CUSTOM),
            "kind": "AerospikeCluster",
            "metadata": {"name": _NAME, "namespace": self.namespace},
            "spec": spec,
        }
        # Its method for custom resources knows no server-side apply.
        self.api.call_api(
            f"/apis/{'/'.join(_CUSTOM)}/namespaces/{self.namespace}/{_PLURAL}/{_NAME}",
            "PATCH",
            query_params=[("fieldManager", _MANAGER)],
            header_params={"Accept": "application/json", "Content-Type": "application/apply-patch+yaml"},
            body=body,
            response_type="object",
            auth_settings=["BearerToken"],
            _request_timeout=_TIMEOUT_S,
        )

    def progress(self) -> Progress | None:
        """What is written down; takes the lock if its holder has let it go, or has not been heard of for 5 minutes.

        Raises:
            RotationRefusedError: another run holds it.
        """
        found = self._read()
        if found is None:
            return None
        held = found.data
        heard = datetime.fromisoformat(held["renewed"])
        if held["holder"] not in ("", self.holder) and datetime.now(UTC) - heard < _LEASE:
            raise RotationRefusedError(
                f"another rotation of {self.namespace} runs, heard of at {held['renewed']}. If it was killed, repeat "
                "the command 5 minutes later: it goes on from there"
            )
        return self.save(_progress(found))

    def unfinished(self) -> Progress | None:
        """What is written down, without the lock."""
        found = self._read()
        return None if found is None else _progress(found)

    def let_go(self) -> None:
        """Free the lock if this run holds it; what is written down stays, for the next run."""
        found = self._read()
        if found is not None and found.data["holder"] == self.holder:
            self.holder = ""
            self.save(_progress(found))

    def _read(self) -> Any:  # noqa: ANN401 (the client's models are untyped)
        try:
            return client.CoreV1Api(self.api).read_namespaced_config_map(
                _OBJECT, self.namespace, _request_timeout=_TIMEOUT_S
            )
        except ApiException as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    def begin(self, progress: Progress) -> Progress:
        """Create the object, which only one run can.

        Raises:
            RotationRefusedError: another run was faster.
        """
        return self._written("create_namespaced_config_map", progress, self.namespace)

    def save(self, progress: Progress) -> Progress:
        """Replace the object, if nobody else has since.

        Raises:
            RotationRefusedError: another run has.
        """
        return self._written("replace_namespaced_config_map", progress, _OBJECT, self.namespace)

    def end(self, progress: Progress) -> None:
        """Delete the object."""
        client.CoreV1Api(self.api).delete_namespaced_config_map(
            _OBJECT,
            self.namespace,
            body=client.V1DeleteOptions(preconditions=client.V1Preconditions(resource_version=progress.version)),
            _request_timeout=_TIMEOUT_S,
        )

    def _written(self, call: str, progress: Progress, *where: str) -> Progress:
        document = {
            "pool": progress.pool,
            "waiting": progress.waiting,
            "nodesByZone": progress.nodes_by_zone,
        }
        body = client.V1ConfigMap(
            metadata=client.V1ObjectMeta(
                name=_OBJECT, namespace=self.namespace, resource_version=progress.version or None
            ),
            data={
                "holder": self.holder,
                "renewed": datetime.now(UTC).isoformat(timespec="seconds"),
                "progress": json.dumps(document),
            },
        )
        try:
            made = getattr(client.CoreV1Api(self.api), call)(*where, body, _request_timeout=_TIMEOUT_S)
        except ApiException as error:
            if error.status == _CONFLICT:
                raise RotationRefusedError(f"another rotation of {self.namespace} has begun: this one ends") from error
            raise
        return replace(progress, version=made.metadata.resource_version)

    def _node(self, core: client.CoreV1Api, found: Any) -> Node:  # noqa: ANN401 (the client's models are untyped)
        pods = core.list_pod_for_all_namespaces(
            field_selector=f"spec.nodeName={found.metadata.name}", _request_timeout=_TIMEOUT_S
        )
        return Node(
            name=found.metadata.name,
            zone=found.metadata.labels["topology.kubernetes.io/zone"],
            instance=found.spec.provider_id.rsplit("/", 1)[-1],
            ready=_is_ready(found.status),
            strangers=tuple(
                f"{pod.metadata.namespace}/{pod.metadata.name}" for pod in pods.items if self._is_stranger(pod)
            ),
        )

    def _is_stranger(self, pod: Any) -> bool:  # noqa: ANN401
        key, _, value = _OWN.partition("=")
        own = pod.metadata.namespace == self.namespace and (pod.metadata.labels or {}).get(key) == value
        daemon = any(owner.kind == "DaemonSet" for owner in pod.metadata.owner_references or ())
        return not own and not daemon and pod.status.phase not in ("Succeeded", "Failed")

    def _server(self, pod: Any) -> Server:  # noqa: ANN401
        node, ready = pod.spec.node_name or "", _is_ready(pod.status)
        said = parsed(self.metrics(pod.metadata.name)) if node and ready else {}
        if _SIZE not in said or _MIGRATING not in said:
            return Server(pod.metadata.name, node, ready)
        return Server(pod.metadata.name, node, ready, size=said[_SIZE], migrating=said[_MIGRATING])


@dataclass(frozen=True, slots=True)
class ForwardedMetrics:
    """Asks the exporter through the API server's port-forward, which ends inside the pod: no policy has to open a port.

    The exporter, and not asinfo: it has a user of its own in the pod, so that no password passes through this machine.
    """

    configuration: client.Configuration
    namespace: str

    def __call__(self, pod: str) -> str:
        """The page, or nothing if it does not answer."""
        api = client.CoreV1Api(client.ApiClient(self.configuration))
        try:
            forward = portforward(
                api.connect_get_namespaced_pod_portforward, pod, self.namespace, ports=str(_EXPORTER_PORT)
            )
            with forward.socket(_EXPORTER_PORT) as connection:
                connection.settimeout(_TIMEOUT_S[1])
                connection.sendall(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")
                parts = []
                while part := connection.recv(65_536):
                    parts.append(part)
        except (ApiException, OSError):
            return ""
        return b"".join(parts).decode(errors="replace")


def parsed(page: str) -> Mapping[str, int]:
    """Of a page of metrics the sums of all series, by name."""
    found: dict[str, int] = {}
    for line in page.splitlines():
        name = line.partition("{")[0].partition(" ")[0]
        if name in (_SIZE, _MIGRATING):
            found[name] = found.get(name, 0) + int(float(line.rsplit(" ", 1)[-1]))
    return found


def _progress(found: Any) -> Progress:  # noqa: ANN401
    written = json.loads(found.data["progress"])
    waiting = tuple((name, instance, zone) for name, instance, zone in written["waiting"])
    return Progress(written["pool"], waiting, written["nodesByZone"], version=found.metadata.resource_version)


def _is_ready(status: Any) -> bool:  # noqa: ANN401
    return any(one.type == "Ready" and one.status == "True" for one in status.conditions or ())
