"""The Kubernetes API of one region, as verification uses it: to read, and to forward a port."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import cast

import urllib3
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import portforward
from kubernetes.stream.ws_client import PortForward

from ops.outputs import RegionOutputs
from ops.verify.kubeconfig import configuration
from ops.verify.readings import ClusterReading, DeploymentReading, LookError
from simulator.values import JSON, at

REQUEST_TIMEOUT_S = (5, 20)
"""To connect, and between two parts of an answer."""

TERANODE_GROUP, TERANODE_VERSION, TERANODE_PLURAL = "teranode.bsvblockchain.org", "v1alpha1", "clusters"
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 401, 403, 404
_UNTRUSTED = "CERTIFICATE_VERIFY_FAILED"
_HANDSHAKE = re.compile(r"Handshake status (\d{3})")


class Cluster:
    """The API server behind one context of the kubeconfig. Several threads may use it."""

    def __init__(self, region: RegionOutputs) -> None:
        """Find the context of the region and get its credentials; nothing is asked of the API server yet.

        Raises:
            LookError: see `configuration`.
        """
        self._region = region
        self._context = region.kubernetes_context
        self._configuration = configuration(region)
        self._api = client.ApiClient(self._configuration)

    def read(self, namespace: str) -> ClusterReading:
        """The Deployments of a miner and the images of its `Cluster`.

        Raises:
            LookError: the API server does not answer or refuses, or namespace or `Cluster` are missing.
        """
        with self._explained(f"namespace {namespace}"):
            client.CoreV1Api(self._api).read_namespace(namespace, _request_timeout=REQUEST_TIMEOUT_S)
        with self._explained(f"the Deployments of {namespace}"):
            listed = client.AppsV1Api(self._api).list_namespaced_deployment(
                namespace, _request_timeout=REQUEST_TIMEOUT_S
            )
        found = self.cluster_object(namespace)
        return ClusterReading(
            deployments={one.name: one for one in map(_deployment, self._plain(listed.items))},
            image=str(at(found, "spec.image") or ""),
            rpc_image=str(at(found, "spec.rpc.spec.deploymentOverrides.image") or ""),
        )

    def cluster_object(self, namespace: str) -> dict[str, JSON]:
        """The one `Cluster` of a miner.

        Raises:
            LookError: the API server does not answer or refuses, or there is none, or several.
        """
        with self._explained(f"the Cluster of {namespace}"):
            found = client.CustomObjectsApi(self._api).list_namespaced_custom_object(
                TERANODE_GROUP, TERANODE_VERSION, namespace, TERANODE_PLURAL, _request_timeout=REQUEST_TIMEOUT_S
            )
        items = at(cast("dict[str, JSON]", found), "items")
        if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
            number = len(items) if isinstance(items, list) else 0
            raise LookError(
                f"namespace {namespace} has {number} Cluster resources of Teranode where there must be one",
                "pulumi up makes it; whoever made another one by hand must take it away",
            )
        return items[0]

    def _plain(self, found: object) -> list[dict[str, JSON]]:
        """What the client made of an answer as the JSON that it was."""
        return cast("list[dict[str, JSON]]", self._api.sanitize_for_serialization(found))

    @contextmanager
    def forwarded(self, namespace: str, deployment: str, port: int) -> Iterator[PortForward]:
        """A port of one ready pod of a Deployment, forwarded by the API server.

        It ends inside the pod's network: no network policy needs an opening for it.

        Raises:
            LookError: no pod is ready, or the forward is refused.
        """
        pod = self._ready_pod(namespace, deployment)
        with self._explained(f"port {port} of pod {pod}"):
            # A client of its own: while a forward opens it takes the place of all requests of its client.
            api = client.CoreV1Api(client.ApiClient(self._configuration))
            forward = portforward(api.connect_get_namespaced_pod_portforward, pod, namespace, ports=str(port))
        try:
            yield forward
        finally:
            forward.close()

    def _ready_pod(self, namespace: str, deployment: str) -> str:
        with self._explained(f"the pods of {deployment} in {namespace}"):
            listed = client.CoreV1Api(self._api).list_namespaced_pod(
                namespace, label_selector=f"app={deployment}", _request_timeout=REQUEST_TIMEOUT_S
            )
        for pod in listed.items:
            if any(one.type == "Ready" and one.status == "True" for one in pod.status.conditions or ()):
                return pod.metadata.name
        raise LookError(
            f"no pod of {deployment} in {namespace} is ready",
            f"kubectl --context {self._context} --namespace {namespace} describe pods --selector app={deployment}",
        )

    @contextmanager
    def _explained(self, what: str) -> Iterator[None]:
        """Turn what the client raises into what to do."""
        try:
            yield
        except ApiException as error:
            raise self._refused(what, error) from error
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._unreachable(str(error)) from error

    def _unreachable(self, cause: str) -> LookError:
        said, host, tunnel = " ".join(cause.split()), self._configuration.host, self._region.tunnel_command
        if _UNTRUSTED in said:
            return LookError(
                f"the API server {host} is not the one that context {self._context} knows ({said})",
                f"the cluster was made anew, or somebody stands between: {_run(self._region)}",
            )
        return LookError(
            f"the API server {host} does not answer ({said})",
            f"open the tunnel and leave it open: {tunnel}"
            if tunnel
            else "is the address of this machine in access.apiCidrs of the stack file, and the region in order?",
        )

    def _refused(self, what: str, error: ApiException) -> LookError:
        handshake = _HANDSHAKE.search(str(error.reason))
        status = int(handshake[1]) if handshake else error.status
        if not status:
            return self._unreachable(str(error.reason))
        if status == _UNAUTHORIZED:
            return LookError(
                f"the API server refuses the credentials of context {self._context}",
                "they have expired or are somebody else's: log in to AWS again (`aws sts get-caller-identity` says as "
                f"whom), then {_run(self._region)}",
            )
        if status == _FORBIDDEN:
            return LookError(
                f"context {self._context} may not use {what}",
                "use a role that may read and forward ports: access.operatorRole or access.adminRole of the stack file",
            )
        if status == _NOT_FOUND:
            return LookError(f"{what} does not exist", "pulumi preview says what else is missing, pulumi up makes it")
        return LookError(f"{what}: the API server answers {status} {error.reason}", "ask again in a minute")


def _run(region: RegionOutputs) -> str:
    return f"run: {region.kubeconfig_command}"


def _deployment(found: Mapping[str, JSON]) -> DeploymentReading:
    containers = at(found, "spec.template.spec.containers")
    images = [one for one in containers if isinstance(one, Mapping)] if isinstance(containers, list) else []
    wanted = _number(found, "spec.replicas")
    return DeploymentReading(
        name=str(at(found, "metadata.name")),
        wanted=wanted,
        available=_number(found, "status.availableReplicas"),
        settled=(
            _number(found, "status.observedGeneration") >= _number(found, "metadata.generation")
            and _number(found, "status.updatedReplicas") == _number(found, "status.replicas") == wanted
        ),
        images={str(at(one, "name")): str(at(one, "image")) for one in images},
    )


def _number(found: Mapping[str, JSON], path: str) -> int:
    """A whole number, which the API leaves out where it is 0."""
    value = at(found, path)
    return value if isinstance(value, int) else 0
