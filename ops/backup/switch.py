"""`spec.enabled` of a miner's `Cluster`: changed for a while, and owned by nobody of this project but Pulumi.

Pulumi applies a `Cluster` on the server's side, which notes for each field who owns it, and refuses to change what is
another's. Whoever patches a field becomes its owner for good, also if he puts the old value back: the next update that
stops the miner would end in a conflict. So each change here is followed by another one that takes its owner away. A
field that nobody owns is Pulumi's again with its next apply.
"""

from collections.abc import Mapping

from kubernetes import client
from kubernetes.client.exceptions import ApiException

from ops.backup.site import ClusterState
from ops.outputs import RegionOutputs
from ops.verify.cluster import REQUEST_TIMEOUT_S, TERANODE_GROUP, TERANODE_PLURAL, TERANODE_VERSION, Cluster
from simulator.values import JSON, at

FIELD_MANAGER = "teranode-backup"
"""Who owns `spec.enabled` between two requests."""

_CONFLICT = 409
_MOST_ATTEMPTS = 10
"""The operator writes status at any time, and what was read before is refused."""


class Switch(Cluster):
    """The one `Cluster` of a namespace."""

    def __init__(self, region: RegionOutputs, namespace: str) -> None:
        """Find the context of the region.

        Raises:
            LookError: see `configuration`.
        """
        super().__init__(region)
        self._namespace = namespace
        self._custom = client.CustomObjectsApi(self._api)

    def cluster(self) -> ClusterState:
        """What the `Cluster` asks for, and whether somebody else wants that."""
        return _state(self.cluster_object(self._namespace))

    def stop(self) -> None:
        """Set `spec.enabled` to false."""
        self._set(self.cluster_object(self._namespace), enabled=False)

    def resume(self) -> None:
        """Set `spec.enabled` to true where it is as `stop` left it."""
        found = self.cluster_object(self._namespace)
        state = _state(found)
        if not state.enabled and not state.claimed:
            self._set(found, enabled=True)
        else:
            self._disown()

    def _set(self, found: Mapping[str, JSON], *, enabled: bool) -> None:
        with self._explained(f"the Cluster of {self._namespace}"):
            self._patch(found, {"spec": {"enabled": enabled}})
        self._disown()

    def _disown(self) -> None:
        with self._explained(f"who owns the Cluster of {self._namespace}"):
            for attempt in range(1, _MOST_ATTEMPTS + 1):
                found = self.cluster_object(self._namespace)
                owners = _owners(found)
                others = [one for one in owners if one.get("manager") != FIELD_MANAGER]
                if owners == others:
                    return
                version = at(found, "metadata.resourceVersion")
                try:
                    self._patch(found, {"metadata": {"resourceVersion": version, "managedFields": [*others]}})
                except ApiException as error:
                    if error.status != _CONFLICT or attempt == _MOST_ATTEMPTS:
                        raise

    def _patch(self, found: Mapping[str, JSON], patch: dict[str, JSON]) -> None:
        self._custom.patch_namespaced_custom_object(
            TERANODE_GROUP,
            TERANODE_VERSION,
            self._namespace,
            TERANODE_PLURAL,
            str(at(found, "metadata.name")),
            patch,  # the client sends it as a merge patch
            field_manager=FIELD_MANAGER,
            _request_timeout=REQUEST_TIMEOUT_S,
        )


def _owners(found: Mapping[str, JSON]) -> list[dict[str, JSON]]:
    listed = at(found, "metadata.managedFields")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def _state(found: Mapping[str, JSON]) -> ClusterState:
    generation = at(found, "metadata.generation")
    return ClusterState(
        enabled=at(found, "spec.enabled") is not False,
        generation=generation if isinstance(generation, int) else 0,
        claimed=any(
            at(one, "fieldsV1.f:spec.f:enabled") is not None
            for one in _owners(found)
            if one.get("manager") != FIELD_MANAGER
        ),
        release=str(at(found, "spec.image") or "").rpartition("/")[2].partition(":")[2],
    )
