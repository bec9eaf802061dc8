"""Prometheus operator: what is scraped and which alarms are raised. Source: prometheus-operator, API v1."""

from typing import Annotated, Literal

from pydantic import Field

from simulator.custom_resources.base import (
    Definition,
    IntOrString,
    Labels,
    LabelSelector,
    NonNegative,
    Part,
    SecretKeySelector,
    WithSpec,
)

_DURATION = r"^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$"
Duration = Annotated[str, Field(pattern=_DURATION)]
"""A duration as Prometheus writes it, such as ``30s`` or ``1h30m``."""


class NamespaceSelector(Part):
    """The namespaces that are looked into; the monitor's own one by default."""

    any: bool | None = None
    match_names: list[str] | None = None


class Relabeling(Part):
    """One step of rewriting labels."""

    action: (
        Literal[
            "replace",
            "keep",
            "drop",
            "hashmod",
            "labelmap",
            "labeldrop",
            "labelkeep",
            "lowercase",
            "uppercase",
            "keepequal",
            "dropequal",
        ]
        | None
    ) = None
    modulus: NonNegative | None = None
    regex: str | None = None
    replacement: str | None = None
    separator: str | None = None
    source_labels: list[str] | None = None
    target_label: str | None = None


class BasicAuth(Part):
    """User and password from a Secret."""

    username: SecretKeySelector | None = None
    password: SecretKeySelector | None = None


class Endpoint(Part):
    """One port that is scraped."""

    basic_auth: BasicAuth | None = None
    enable_http2: bool | None = None
    filter_running: bool | None = None
    follow_redirects: bool | None = None
    honor_labels: bool | None = None
    honor_timestamps: bool | None = None
    interval: Duration | None = None
    metric_relabelings: list[Relabeling] | None = None
    params: dict[str, list[str]] | None = None
    path: str | None = None
    port: str | None = None
    relabelings: list[Relabeling] | None = None
    scheme: Literal["http", "https"] | None = None
    scrape_timeout: Duration | None = None
    target_port: IntOrString | None = None


class PodMetricsEndpoint(Endpoint):
    """One port of a pod that is scraped."""

    port_number: Annotated[int | None, Field(ge=1, le=65535)] = None


class Monitor(Part):
    """What the two kinds of monitors share."""

    selector: LabelSelector
    job_label: str | None = None
    label_limit: NonNegative | None = None
    namespace_selector: NamespaceSelector | None = None
    pod_target_labels: list[str] | None = None
    sample_limit: NonNegative | None = None
    target_limit: NonNegative | None = None


class PodMonitorSpec(Monitor):
    """Pods that are scraped without a Service."""

    pod_metrics_endpoints: list[PodMetricsEndpoint] | None = None


class ServiceMonitorSpec(Monitor):
    """Services whose endpoints are scraped."""

    endpoints: list[Endpoint]
    target_labels: list[str] | None = None


class RuleOfGroup(Part):
    """An alarm, or a recorded series."""

    expr: IntOrString
    alert: str | None = None
    annotations: Labels | None = None
    for_: Annotated[Duration | None, Field(alias="for")] = None
    keep_firing_for: Annotated[Duration | None, Field(alias="keep_firing_for", min_length=1)] = None
    labels: Labels | None = None
    record: str | None = None


class RuleGroup(Part):
    """Rules that are evaluated one after another."""

    name: Annotated[str, Field(min_length=1)]
    interval: Duration | None = None
    labels: Labels | None = None
    limit: int | None = None
    rules: list[RuleOfGroup] | None = None


class PrometheusRuleSpec(Part):
    """Groups of rules."""

    groups: list[RuleGroup] | None = None


_API_VERSION = "monitoring.coreos.com/v1"

DEFINITIONS = (
    Definition(_API_VERSION, "PodMonitor", WithSpec[PodMonitorSpec]),
    Definition(_API_VERSION, "ServiceMonitor", WithSpec[ServiceMonitorSpec]),
    Definition(_API_VERSION, "PrometheusRule", WithSpec[PrometheusRuleSpec]),
)
