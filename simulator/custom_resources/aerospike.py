"""Aerospike operator: clusters. Source: aerospike/aerospike-kubernetes-operator 4.5, definitions and webhooks."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.aerospike_config import AerospikeConfig, Namespace, Port, RackConfiguration
from simulator.custom_resources.aerospike_storage import Storage
from simulator.custom_resources.base import (
    Affinity,
    Container,
    Definition,
    DnsPolicy,
    IntOrString,
    Labels,
    LocalObjectReference,
    Named,
    NonNegative,
    Part,
    PodDNSConfig,
    PodSecurityContext,
    Resources,
    SecurityContext,
    TemplateMetadata,
    Toleration,
    WithSpec,
)

_SUPPORTED_EDITIONS = ("enterprise", "federal")
_DEFAULT_REPLICATION_FACTOR = 2
_WORK_DIRECTORY = "/opt/aerospike"

NetworkType = Literal["pod", "hostInternal", "hostExternal", "configuredIP", "customInterface"]
UserName = Annotated[str, Field(min_length=1, max_length=63)]


class User(Part):
    """A user of the database; the password is in a Secret."""

    name: UserName
    roles: list[str]
    auth_mode: Literal["Internal", "PKIOnly"] | None = None
    secret_name: str | None = None


class Role(Part):
    """A set of privileges, and from where it may be used."""

    name: UserName
    privileges: list[str]
    read_quota: int | None = None
    whitelist: list[str] | None = None
    write_quota: int | None = None


class AdminPolicy(Part):
    """How the operator itself connects."""

    timeout: NonNegative


class AccessControl(Part):
    """Users and roles, which the operator keeps as written here."""

    users: list[User]
    roles: list[Role] | None = None
    admin_policy: AdminPolicy | None = None


class NetworkPolicy(Part):
    """Which addresses the nodes advertise to clients."""

    access: NetworkType | None = None
    alternate_access: NetworkType | None = None
    tls_access: NetworkType | None = None
    tls_alternate_access: NetworkType | None = None


class ServerContainer(Part):
    """Share of the node and rights of the server."""

    resources: Resources | None = None
    security_context: SecurityContext | None = None


class InitContainer(ServerContainer):
    """The container that prepares disks and configuration, and where its image comes from."""

    image_name_and_tag: str | None = None
    image_registry: str | None = None
    image_registry_namespace: str | None = None


class RackPodSpec(Part):
    """Where the pods of one rack run."""

    affinity: Affinity | None = None
    node_selector: Labels | None = None
    tolerations: list[Toleration] | None = None


class PodSpec(RackPodSpec):
    """Where pods run, with which rights, and what runs beside the server."""

    aerospike_container: ServerContainer | None = None
    aerospike_init_container: InitContainer | None = None
    dns_config: PodDNSConfig | None = None
    dns_policy: DnsPolicy | None = None
    host_network: bool | None = None
    image_pull_secrets: list[LocalObjectReference] | None = None
    init_containers: list[Container] | None = None
    metadata: TemplateMetadata | None = None
    multi_pod_per_host: bool | None = None
    security_context: PodSecurityContext | None = None
    sidecars: list[Container] | None = None

    @model_validator(mode="after")
    def _fits_the_webhook(self) -> Self:
        if self.host_network and self.multi_pod_per_host:
            raise ValueError("host networking cannot be enabled with multi pod per host")
        if self.dns_policy == "Default":
            raise ValueError("dnsPolicy: Default is not supported")
        return self


class Rack(Part):
    """Nodes of which no two hold the same copy: a zone, in this project."""

    id: Annotated[int, Field(ge=0, le=1_000_000)]
    aerospike_config: RackConfiguration | None = None
    force_block_from_roster: bool | None = None
    node_name: str | None = None
    pod_spec: RackPodSpec | None = None
    rack_label: str | None = None
    region: str | None = None
    revision: str | None = None
    storage: Storage | None = None
    zone: str | None = None


class RackConfig(Part):
    """The racks, and how many pods are updated at once."""

    racks: list[Rack] | None = None
    namespaces: list[str] | None = None
    max_ignorable_pods: IntOrString | None = None
    rolling_update_batch_size: IntOrString | None = None
    scale_down_batch_size: IntOrString | None = None

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        ids = [rack.id for rack in self.racks or ()]
        if len(set(ids)) < len(ids):
            raise ValueError("duplicate rackID not allowed")
        return self


class SeedsFinderLoadBalancer(Part):
    """A load balancer in front of all nodes."""

    port: Port
    target_port: Port
    external_traffic_policy: Literal["Local", "Cluster"] | None = None
    load_balancer_source_ranges: list[str] | None = None
    port_name: str | None = None
    annotations: Labels | None = None


class SeedsFinderServices(Part):
    """How clients outside find the first node."""

    load_balancer: SeedsFinderLoadBalancer | None = None


class ValidationPolicy(Part):
    """Checks of the operator that are left out."""

    skip_work_dir_validate: bool
    skip_xdr_dlog_file_validate: bool | None = None


class Operation(Part):
    """A restart that is asked for once."""

    id: Annotated[str, Field(min_length=1, max_length=20)]
    kind: Literal["WarmRestart", "PodRestart"]
    pod_list: list[str] | None = None


class AerospikeClusterSpec(Part):
    """A store."""

    size: Annotated[int, Field(ge=1, le=256)]
    image: Annotated[str, Field(min_length=1)]
    aerospike_config: AerospikeConfig
    aerospike_access_control: AccessControl | None = None
    aerospike_network_policy: NetworkPolicy | None = None
    disable_pdb: Annotated[bool | None, Field(alias="disablePDB")] = None
    enable_dynamic_config_update: bool | None = None
    enable_rack_id_override: Annotated[bool | None, Field(alias="enableRackIDOverride")] = None
    headless_service: Named | None = None
    ignore_sidecar_failure: bool | None = None
    k8s_node_block_list: Annotated[list[str] | None, Field(alias="k8sNodeBlockList", min_length=1)] = None
    max_unavailable: IntOrString | None = None
    operations: Annotated[list[Operation], Field(max_length=1)] | None = None
    paused: bool | None = None
    pod_service: Named | None = None
    pod_spec: PodSpec | None = None
    rack_config: RackConfig | None = None
    roster_node_block_list: list[str] | None = None
    seeds_finder_services: SeedsFinderServices | None = None
    storage: Storage | None = None
    validation_policy: ValidationPolicy | None = None

    @model_validator(mode="after")
    def _fits_the_webhook(self) -> Self:
        for refusal in self._refusals():
            raise ValueError(refusal)
        return self

    def _refusals(self) -> Iterator[str]:
        if not any(edition in self.image for edition in _SUPPORTED_EDITIONS):
            yield "image is not supported: only Enterprise and Federal editions are allowed"
        if self.aerospike_access_control and self.aerospike_config.security is None:
            yield "security is disabled but access control is specified"
        factors = [
            namespace.replication_factor or _DEFAULT_REPLICATION_FACTOR
            for namespace in self.aerospike_config.namespaces
        ]
        if max(factors) > self.size:
            yield f"namespace replication-factor {max(factors)} cannot be more than cluster size {self.size}"
        # A single copy, or server, is taken away by any restart: the operator's webhook passes over both.
        safe = min((factor for factor in (*factors, self.size) if factor > 1), default=None)
        if safe is not None and isinstance(self.max_unavailable, int) and self.max_unavailable >= safe:
            yield f"maxUnavailable must be less than the minimum replication factor ({safe}) to avoid data loss"
        yield from self._unmounted()

    def _unmounted(self) -> Iterator[str]:
        """Devices, files and the work directory that no volume stands for; racks may have volumes of their own."""
        racks = (self.rack_config.racks or []) if self.rack_config else []
        storages = [self.storage, *(rack.storage for rack in racks)]
        volumes = [volume for storage in storages if storage for volume in storage.volumes or ()]
        paths = {volume.aerospike.path for volume in volumes if volume.aerospike}
        namespaces = [*self.aerospike_config.namespaces, *(one for rack in racks for one in _namespaces(rack))]
        for namespace in namespaces:
            for device in namespace.storage_engine.devices or ():
                for part in device.split():
                    if part not in paths:
                        yield f"namespace storage device related devicePath {part} not found in Storage config"
            for file in namespace.storage_engine.files or ():
                if not any(re.match(rf"{re.escape(path)}(/|$)", file) for path in paths):
                    yield f"namespace storage file related mountPath {file} not found in storage config"
        skipped = self.validation_policy is not None and self.validation_policy.skip_work_dir_validate
        if not skipped and _WORK_DIRECTORY not in paths:
            yield f"aerospike work directory path {_WORK_DIRECTORY} not found in storage volume's aerospike paths"


def _namespaces(rack: Rack) -> list[Namespace]:
    return (rack.aerospike_config.namespaces or []) if rack.aerospike_config else []


DEFINITIONS = (Definition("asdb.aerospike.com/v1", "AerospikeCluster", WithSpec[AerospikeClusterSpec]),)
