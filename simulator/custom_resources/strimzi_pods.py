"""The parts that Strimzi's kinds share: templates of what the operator makes, probes, storage, JVM.

Source: strimzi/strimzi-kafka-operator, API v1.
"""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.base import (
    Affinity,
    DnsPolicy,
    EnvVar,
    Labels,
    LocalObjectReference,
    Named,
    NonNegative,
    Part,
    PodDNSConfig,
    PodSecurityContext,
    Positive,
    SecurityContext,
    TemplateMetadata,
    Toleration,
    TopologySpreadConstraint,
    VolumeMount,
)

StorageSize = Annotated[str, Field(pattern=r"^([0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$")]
HeapSize = Annotated[str, Field(pattern=r"^[0-9]+[mMgG]?$")]


class Probe(Part):
    """How often health is asked for."""

    initial_delay_seconds: NonNegative | None = None
    timeout_seconds: Positive | None = None
    period_seconds: Positive | None = None
    success_threshold: Positive | None = None
    failure_threshold: Positive | None = None


class JvmOptions(Part):
    """Heap and flags of a Java process."""

    xx: Annotated[Labels | None, Field(alias="-XX")] = None
    xms: Annotated[HeapSize | None, Field(alias="-Xms")] = None
    xmx: Annotated[HeapSize | None, Field(alias="-Xmx")] = None
    gc_logging_enabled: bool | None = None


class PodTemplate(Part):
    """Where pods run, and with which rights."""

    metadata: TemplateMetadata | None = None
    affinity: Affinity | None = None
    dns_config: PodDNSConfig | None = None
    dns_policy: DnsPolicy | None = None
    enable_service_links: bool | None = None
    host_users: bool | None = None
    image_pull_secrets: list[LocalObjectReference] | None = None
    priority_class_name: str | None = None
    scheduler_name: str | None = None
    security_context: PodSecurityContext | None = None
    termination_grace_period_seconds: NonNegative | None = None
    tmp_dir_size_limit: StorageSize | None = None
    tolerations: list[Toleration] | None = None
    topology_spread_constraints: list[TopologySpreadConstraint] | None = None


class ContainerTemplate(Part):
    """Environment, rights and mounts of a container."""

    env: list[EnvVar] | None = None
    security_context: SecurityContext | None = None
    volume_mounts: list[VolumeMount] | None = None


class DisruptionBudgetTemplate(Part):
    """How many pods an eviction may take at once."""

    metadata: TemplateMetadata | None = None
    max_unavailable: NonNegative | None = None


class DeploymentTemplate(Part):
    """How a Deployment is updated."""

    metadata: TemplateMetadata | None = None
    deployment_strategy: Literal["RollingUpdate", "Recreate"] | None = None


class KafkaTemplate(Part):
    """Templates of what belongs to the brokers as a whole."""

    pod: PodTemplate | None = None
    pod_set: Named | None = None
    pod_disruption_budget: DisruptionBudgetTemplate | None = None
    kafka_container: ContainerTemplate | None = None
    init_container: ContainerTemplate | None = None
    persistent_volume_claim: Named | None = None
    bootstrap_service: Named | None = None
    brokers_service: Named | None = None
    service_account: Named | None = None
    cluster_role_binding: Named | None = None


class NodePoolTemplate(Part):
    """Templates of what belongs to the nodes of one pool."""

    pod: PodTemplate | None = None
    pod_set: Named | None = None
    kafka_container: ContainerTemplate | None = None
    init_container: ContainerTemplate | None = None
    persistent_volume_claim: Named | None = None


class EntityOperatorTemplate(Part):
    """Templates of the operators of topics and users."""

    deployment: DeploymentTemplate | None = None
    pod: PodTemplate | None = None
    topic_operator_container: ContainerTemplate | None = None
    user_operator_container: ContainerTemplate | None = None
    service_account: Named | None = None
    pod_disruption_budget: DisruptionBudgetTemplate | None = None


class ExporterTemplate(Part):
    """Templates of the exporter."""

    deployment: DeploymentTemplate | None = None
    pod: PodTemplate | None = None
    container: ContainerTemplate | None = None
    service_account: Named | None = None


class Volume(Part):
    """One volume of a node: lost with its pod, or claimed."""

    type: Literal["ephemeral", "persistent-claim"]
    id: NonNegative | None = None
    class_: Annotated[str | None, Field(alias="class")] = None
    delete_claim: bool | None = None
    kraft_metadata: Literal["shared"] | None = None
    selector: Labels | None = None
    size: str | None = None
    size_limit: StorageSize | None = None
    volume_attributes_class: str | None = None

    @model_validator(mode="after")
    def _says_its_size(self) -> Self:
        if self.type == "persistent-claim" and self.size is None:
            raise ValueError("size is required for storage of type persistent-claim")
        return self


class Storage(Part):
    """The storage of a node: one volume, or several (``jbod``)."""

    type: Literal["ephemeral", "persistent-claim", "jbod"]
    volumes: list[Volume] | None = None
    id: NonNegative | None = None
    class_: Annotated[str | None, Field(alias="class")] = None
    delete_claim: bool | None = None
    kraft_metadata: Literal["shared"] | None = None
    selector: Labels | None = None
    size: str | None = None
    size_limit: StorageSize | None = None
    volume_attributes_class: str | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if self.type == "jbod" and not self.volumes:
            raise ValueError("volumes is required for storage of type jbod")
        if self.type == "jbod" and any(volume.id is None for volume in self.volumes or ()):
            raise ValueError("each volume of storage of type jbod needs an id")
        if self.type == "persistent-claim" and self.size is None:
            raise ValueError("size is required for storage of type persistent-claim")
        return self
