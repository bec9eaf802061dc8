"""Strimzi: Kafka clusters, their node pools and topics. Source: strimzi/strimzi-kafka-operator, API v1 (KRaft only)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.custom_resources.base import (
    Definition,
    Labels,
    NetworkPolicyPeer,
    NonNegative,
    Part,
    Positive,
    Resources,
    WithSpec,
)
from simulator.custom_resources.strimzi_pods import (
    EntityOperatorTemplate,
    ExporterTemplate,
    JvmOptions,
    KafkaTemplate,
    NodePoolTemplate,
    Probe,
    Storage,
)
from simulator.custom_resources.strimzi_settings import BrokerSettings, TopicSettings


class ListenerAuthentication(Part):
    """How clients of a listener prove who they are."""

    type: Literal["tls", "scram-sha-512", "custom"]


class ListenerConfiguration(Part):
    """Limits and addresses of a listener."""

    max_connections: int | None = None
    max_connection_creation_rate: int | None = None
    use_service_dns_domain: bool | None = None
    create_bootstrap_service: bool | None = None


class Listener(Part):
    """One port for clients."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]{1,11}$")]
    port: Annotated[int, Field(ge=9092)]
    type: Literal["internal", "loadbalancer", "nodeport", "ingress", "cluster-ip"]
    tls: bool
    authentication: ListenerAuthentication | None = None
    configuration: ListenerConfiguration | None = None
    network_policy_peers: list[NetworkPolicyPeer] | None = None


class Rack(Part):
    """The node label that says which zone a broker is in."""

    topology_key: str | None = None
    type: Literal["topology-label", "environment-variable"] | None = None
    env_var_name: str | None = None

    @model_validator(mode="after")
    def _names_its_source(self) -> Self:
        if self.type == "environment-variable" and not self.env_var_name:
            raise ValueError("envVarName property is required")
        if self.type != "environment-variable" and not self.topology_key:
            raise ValueError("topologyKey property is required")
        return self


class ConfigMapKey(Part):
    """One key of a ConfigMap."""

    key: str | None = None
    name: str | None = None
    optional: bool | None = None


class ValueFrom(Part):
    """A value that a ConfigMap holds."""

    config_map_key_ref: ConfigMapKey | None = None


class ReporterValues(Part):
    """Which metrics Strimzi's own reporter offers."""

    allow_list: list[str] | None = None


class MetricsConfig(Part):
    """How metrics are offered to Prometheus."""

    type: Literal["jmxPrometheusExporter", "strimziMetricsReporter"]
    value_from: ValueFrom | None = None
    values: ReporterValues | None = None

    @model_validator(mode="after")
    def _exporter_has_rules(self) -> Self:
        if self.type == "jmxPrometheusExporter" and self.value_from is None:
            raise ValueError("valueFrom property is required")
        return self


class Logging(Part):
    """Levels of loggers."""

    type: Literal["inline", "external"]
    loggers: Labels | None = None
    value_from: ValueFrom | None = None


class Authorization(Part):
    """Access control lists."""

    type: Literal["simple", "custom"]
    super_users: list[str] | None = None


class KafkaClusterSpec(Part):
    """The brokers."""

    listeners: Annotated[list[Listener], Field(min_length=1)]
    version: str | None = None
    metadata_version: str | None = None
    image: str | None = None
    authorization: Authorization | None = None
    config: BrokerSettings | None = None
    jvm_options: JvmOptions | None = None
    liveness_probe: Probe | None = None
    logging: Logging | None = None
    metrics_config: MetricsConfig | None = None
    rack: Rack | None = None
    readiness_probe: Probe | None = None
    template: KafkaTemplate | None = None

    @model_validator(mode="after")
    def _listeners_differ(self) -> Self:
        for values in ([one.name for one in self.listeners], [one.port for one in self.listeners]):
            if len(set(values)) < len(values):
                raise ValueError("every listener needs to have a unique name and a unique port")
        return self


class TopicOperator(Part):
    """The operator of topics."""

    image: str | None = None
    jvm_options: JvmOptions | None = None
    liveness_probe: Probe | None = None
    logging: Logging | None = None
    readiness_probe: Probe | None = None
    reconciliation_interval_ms: NonNegative | None = None
    resources: Resources | None = None
    startup_probe: Probe | None = None
    watched_namespace: str | None = None


class UserOperator(Part):
    """The operator of users."""

    image: str | None = None
    jvm_options: JvmOptions | None = None
    liveness_probe: Probe | None = None
    logging: Logging | None = None
    readiness_probe: Probe | None = None
    reconciliation_interval_ms: NonNegative | None = None
    resources: Resources | None = None
    secret_prefix: str | None = None
    watched_namespace: str | None = None


class EntityOperator(Part):
    """The operators of topics and users, in one pod."""

    topic_operator: TopicOperator | None = None
    user_operator: UserOperator | None = None
    template: EntityOperatorTemplate | None = None


class CertificateAuthority(Part):
    """How a certificate authority of Strimzi lives."""

    generate_certificate_authority: bool | None = None
    generate_secret_owner_reference: bool | None = None
    validity_days: Positive | None = None
    renewal_days: Positive | None = None
    certificate_expiration_policy: Literal["renew-certificate", "replace-key"] | None = None


class KafkaExporter(Part):
    """The exporter of consumer lag."""

    image: str | None = None
    group_regex: str | None = None
    group_exclude_regex: str | None = None
    topic_regex: str | None = None
    topic_exclude_regex: str | None = None
    enable_sarama_logging: bool | None = None
    liveness_probe: Probe | None = None
    logging: str | None = None
    readiness_probe: Probe | None = None
    resources: Resources | None = None
    show_all_offsets: bool | None = None
    template: ExporterTemplate | None = None


class KafkaSpec(Part):
    """A cluster: brokers (their nodes come from node pools) and the operators beside them."""

    kafka: KafkaClusterSpec
    clients_ca: CertificateAuthority | None = None
    cluster_ca: CertificateAuthority | None = None
    entity_operator: EntityOperator | None = None
    kafka_exporter: KafkaExporter | None = None
    maintenance_time_windows: list[str] | None = None


class KafkaNodePoolSpec(Part):
    """Nodes of one shape. The label ``strimzi.io/cluster`` says whose they are."""

    replicas: NonNegative
    roles: list[Literal["controller", "broker"]]
    storage: Storage
    jvm_options: JvmOptions | None = None
    resources: Resources | None = None
    template: NodePoolTemplate | None = None


class KafkaTopicSpec(Part):
    """One topic."""

    topic_name: str | None = None
    partitions: Positive | None = None
    replicas: Annotated[int | None, Field(ge=1, le=32767)] = None
    config: TopicSettings | None = None


_API_VERSION = "kafka.strimzi.io/v1"

DEFINITIONS = (
    Definition(_API_VERSION, "Kafka", WithSpec[KafkaSpec]),
    Definition(_API_VERSION, "KafkaNodePool", WithSpec[KafkaNodePoolSpec]),
    Definition(_API_VERSION, "KafkaTopic", WithSpec[KafkaTopicSpec]),
)
