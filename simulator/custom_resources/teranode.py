"""Teranode's operator: a node of sixteen services. Source: bsv-blockchain/teranode-operator, v0.2.6."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.base import (
    Affinity,
    Definition,
    Labels,
    Part,
    Quantity,
    Resources,
    Toleration,
    Volume,
    VolumeMount,
    WithSpec,
)


class Strategy(Part):
    """How a Deployment changes its pods; the limits of rolling are not set."""

    type: Literal["Recreate", "RollingUpdate"] | None = None


class Overrides(Part):
    """What a Deployment has otherwise than by default.

    ``env``, ``envFrom``, ``configMapName`` and ``imagePullSecrets`` are left out: this operator appends them anew on
    every pass, and some services roll out without end.
    """

    affinity: Affinity | None = None
    image: str | None = None
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = None
    node_selector: Labels | None = None
    replicas: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    resources: Resources | None = None
    strategy: Strategy | None = None
    tolerations: list[Toleration] | None = None


class OverridesWithVolumes(Overrides):
    """Of a service that takes volumes over: four others lose them without a word."""

    volumes: list[Volume] | None = None
    volume_mounts: list[VolumeMount] | None = None


class ServiceSpec(Part):
    """Of a service whose volumes the operator loses. Ingresses are left out: those that it makes do not work."""

    deployment_overrides: Overrides | None = None


class ServiceSpecWithVolumes(Part):
    """Of every other service."""

    deployment_overrides: OverridesWithVolumes | None = None


class BootstrapSpec(Part):
    """Of the one service without overrides."""


class Service(Part):
    """One service."""

    enabled: bool
    spec: ServiceSpec


class ServiceWithVolumes(Part):
    """One service that may have volumes."""

    enabled: bool
    spec: ServiceSpecWithVolumes


class Bootstrap(Part):
    """The service that finds peers; the image has no such program."""

    enabled: bool
    spec: BootstrapSpec


class SingleService(ServiceWithVolumes):
    """A service of which a second replica does harm."""

    @model_validator(mode="after")
    def _is_single(self) -> Self:
        overrides = self.spec.deployment_overrides
        # The default of block assembly is two.
        if self.enabled and (overrides is None or overrides.replicas != 1):
            raise ValueError("replicas must be 1: a second one loses solved blocks")
        return self


class SecretName(Part):
    """A Secret."""

    name: str | None = None


class EnvironmentSource(Part):
    """Where variables of all containers come from."""

    secret_ref: SecretName | None = None


class StorageResources(Part):
    """The size of the claim."""

    requests: dict[str, Quantity] | None = None


class SharedStorage(Part):
    """The claim ``cluster-storage``, which dies with the node."""

    storage_class: str | None = None
    storage_resources: StorageResources | None = None
    storage_volume: str | None = None


class ClusterSpec(Part):
    """A node: all sixteen services are required."""

    enabled: bool | None = None
    image: str  # the operator's own default is in a private registry
    config_map_name: str
    env_from: list[EnvironmentSource] | None = None
    shared_storage: SharedStorage
    alert_system: ServiceWithVolumes
    asset: Service
    block_assembly: SingleService
    block_persister: ServiceWithVolumes
    block_validator: ServiceWithVolumes
    blockchain: ServiceWithVolumes
    bootstrap: Bootstrap
    coinbase: ServiceWithVolumes
    legacy: ServiceWithVolumes
    peer: ServiceWithVolumes
    propagation: Service
    pruner: ServiceWithVolumes
    rpc: Service
    subtree_validator: Service
    utxo_persister: ServiceWithVolumes
    validator: ServiceWithVolumes

    @model_validator(mode="after")
    def _moves_the_image_of_rpc(self) -> Self:
        overrides = self.rpc.spec.deployment_overrides
        if self.rpc.enabled and (overrides is None or overrides.image != self.image):
            raise ValueError("rpc keeps the image it was made with unless its overrides name the cluster's")
        return self


DEFINITIONS = (Definition("teranode.bsvblockchain.org/v1alpha1", "Cluster", WithSpec[ClusterSpec]),)
