"""What a cluster's operators are made of, and what they tell those who rely on them."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi

from components.eks import ClusterRef
from components.images import ImageSource
from components.namespace import NamespaceRef
from components.network import NetworkRef
from components.placement import Placement
from components.platform.monitoring import MonitoringSize
from components.platform.sources import ChartSource
from components.protection import Protection
from components.workspace import WorkspaceRef


@dataclass(frozen=True, kw_only=True)
class PlatformArgs:
    """Arguments of `Platform`.

    - `cluster_name` is the physical name, for trust policies.
    - `service_cidr`: addresses of Kubernetes services, among them that of the Kubernetes API.
    - `charts`: sources by the name of the chart.
    - `kafka_namespace`: where Strimzi runs brokers; without it the operator is not installed.
    - `aerospike_namespaces`: miners whose UTXO store the Aerospike operator runs; without one it is not installed.
    - `local_disks`: whether there are nodes with local disks to hand out.
    - `monitoring`: how much is remembered of what pods say of themselves.
    - `workspace`: where recorded series are sent to; None sends them nowhere.
    - `high_availability`: operators run twice, in different zones, and may not be drained both at once.
    """

    placement: Placement
    cluster_name: str
    cluster: ClusterRef
    network: NetworkRef
    service_cidr: str
    charts: Mapping[str, ChartSource]
    images: ImageSource
    kafka_namespace: NamespaceRef | None
    aerospike_namespaces: tuple[str, ...]
    local_disks: bool
    monitoring: MonitoringSize
    workspace: WorkspaceRef | None
    high_availability: bool
    protection: Protection


@dataclass(frozen=True, kw_only=True)
class PlatformRef:
    """The operators of a cluster as others see them: for each, what a resource of its kinds depends on.

    Resources depend on the operator that serves them and on no other. What an environment does not use is not
    installed and empty here.

    - `external_secrets_role_arn`: the only role that the reader roles of namespaces trust.
    - `monitoring_namespace`: where Prometheus and Grafana look for what is theirs.
    """

    external_secrets_role_arn: pulumi.Output[str]
    external_secrets: tuple[pulumi.Resource, ...]
    certificates: tuple[pulumi.Resource, ...]
    load_balancer_controller: tuple[pulumi.Resource, ...]
    monitoring: tuple[pulumi.Resource, ...]
    monitoring_namespace: NamespaceRef
    kafka_operator: tuple[pulumi.Resource, ...] = ()
    aerospike_operator: tuple[pulumi.Resource, ...] = ()
    local_disks: tuple[pulumi.Resource, ...] = ()
