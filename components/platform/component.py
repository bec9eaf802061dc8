"""Operators and platform services of one cluster."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.base import Component
from components.namespace import NamespaceRef
from components.network_policies import Direction, Opening, Peer, to_anywhere, to_pod_identity_agent
from components.platform import (
    aerospike_operator,
    cert_manager,
    external_secrets,
    kafka_operator,
    load_balancers,
    monitoring,
)
from components.platform.args import PlatformArgs, PlatformRef
from components.platform.chart import Chart, ChartArgs, ClusterContext
from components.platform.local_disks import LocalDisks, LocalDisksArgs
from components.pod_identity import PodRole, PodRoleArgs

_HTTPS_PORT = 443


class Platform(Component):
    """What runs in a cluster for everybody: certificates, secrets from AWS, pods in target groups, monitoring; and the
    operators of Kafka and Aerospike and the provisioner of local disks where they are used.

    Each operator is installed beside the others and waits for none that it does not call; whoever uses one depends on
    its part of `ref`. At destroy everything goes the other way round: resources, operators, then the nodes. What the
    cluster's users hold in custom resources survives another version of an operator. `context` is for the operator that
    comes later, because it is given its rights in the namespaces of miners.
    """

    TOKEN = "teranode:platform:Platform"

    ref: PlatformRef
    context: ClusterContext

    def __init__(self, name: str, args: PlatformArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self.context = self._cluster_context()
        secrets_role, secrets = self._external_secrets()
        metrics = self._monitoring()
        certificates = self._certificates()
        self.ref = PlatformRef(
            external_secrets_role_arn=secrets_role.role_arn,
            external_secrets=secrets.ready,
            certificates=certificates.ready,
            load_balancer_controller=self._load_balancers().ready,
            monitoring=metrics.ready,
            monitoring_namespace=metrics.namespace,
            kafka_operator=self._kafka(args.kafka_namespace).ready if args.kafka_namespace else (),
            aerospike_operator=self._aerospike(certificates) if args.aerospike_namespaces else (),
            local_disks=self._local_disks().ready if args.local_disks else (),
        )
        self.register_outputs({})

    def _cluster_context(self) -> ClusterContext:
        args = self._args
        role = kubernetes.rbac.v1.ClusterRole(
            f"{self._logical_name}-definitions-role",
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(
                    api_groups=["apiextensions.k8s.io"],
                    resources=["customresourcedefinitions"],
                    verbs=["create", "get", "list", "patch", "update"],
                )
            ],
            opts=self._child(provider=args.cluster.provider),
        )
        return ClusterContext(
            provider=args.cluster.provider,
            api_cidrs=(args.network.cidr_block, args.service_cidr),
            after=args.cluster.workloads_ready,
            definitions_role=role.metadata.name.apply(_named),
            definitions_image=args.images.reference("kubernetes-tools"),
            protection=args.protection,
            drift_group=args.cluster.drift_group,
        )

    def _certificates(self) -> Chart:
        return Chart(
            f"{self._logical_name}-cert-manager",
            ChartArgs(
                context=self.context,
                source=self._args.charts["cert-manager"],
                namespace=cert_manager.NAMESPACE,
                values=cert_manager.values(self._args.images, high_availability=self._args.high_availability),
                definitions=cert_manager.DEFINITIONS,
                openings=(self._webhook(cert_manager.WEBHOOK_PORT),),
            ),
            opts=self._child(),
        )

    def _external_secrets(self) -> tuple[PodRole, Chart]:
        role = self._role(
            "external-secrets",
            external_secrets.NAMESPACE,
            external_secrets.SERVICE_ACCOUNT,
            external_secrets.policy(self._args.placement),
        )
        chart = Chart(
            f"{self._logical_name}-external-secrets",
            ChartArgs(
                context=self.context,
                source=self._args.charts["external-secrets"],
                namespace=external_secrets.NAMESPACE,
                values=external_secrets.values(self._args.images, high_availability=self._args.high_availability),
                definitions=external_secrets.DEFINITIONS,
                openings=(
                    self._webhook(external_secrets.WEBHOOK_PORT),
                    to_anywhere("aws", _HTTPS_PORT),
                    to_pod_identity_agent(),
                ),
                after=role.ready,
            ),
            opts=self._child(),
        )
        return role, chart

    def _load_balancers(self) -> Chart:
        args = self._args
        role = self._role(
            "load-balancers",
            load_balancers.NAMESPACE,
            load_balancers.SERVICE_ACCOUNT,
            load_balancers.policy(args.placement),
        )
        return Chart(
            f"{self._logical_name}-load-balancers",
            ChartArgs(
                context=self.context,
                source=args.charts["aws-load-balancer-controller"],
                namespace=load_balancers.NAMESPACE,
                values=load_balancers.values(
                    args.images,
                    cluster_name=args.cluster_name,
                    region=args.placement.region,
                    vpc_id=args.network.vpc_id,
                    high_availability=args.high_availability,
                ),
                definitions=load_balancers.DEFINITIONS,
                openings=(
                    self._webhook(load_balancers.WEBHOOK_PORT),
                    to_anywhere("aws", _HTTPS_PORT),
                    to_pod_identity_agent(),
                ),
                after=role.ready,
            ),
            opts=self._child(),
        )

    def _kafka(self, brokers: NamespaceRef) -> Chart:
        """Its chart gives it rights in the namespace that it watches, which must be there."""
        args = self._args
        return Chart(
            f"{self._logical_name}-kafka-operator",
            ChartArgs(
                context=self.context,
                source=args.charts["strimzi-kafka-operator"],
                namespace=kafka_operator.NAMESPACE,
                values=kafka_operator.values(
                    args.images, watched=brokers.name, high_availability=args.high_availability
                ),
                definitions=kafka_operator.DEFINITIONS,
                openings=kafka_operator.openings(brokers.name),
                after=brokers.ready,
            ),
            opts=self._child(),
        )

    def _aerospike(self, certificates: Chart) -> tuple[pulumi.Resource, ...]:
        """The one operator that waits for another: the certificate of its webhooks is cert-manager's to issue."""
        args = self._args
        chart = Chart(
            f"{self._logical_name}-aerospike-operator",
            ChartArgs(
                context=self.context,
                source=args.charts["aerospike-kubernetes-operator"],
                namespace=aerospike_operator.NAMESPACE,
                values=aerospike_operator.values(
                    args.images, watched=args.aerospike_namespaces, high_availability=args.high_availability
                ),
                definitions=aerospike_operator.DEFINITIONS,
                openings=(self._webhook(aerospike_operator.WEBHOOK_PORT), *aerospike_operator.openings()),
                after=certificates.ready,
            ),
            opts=self._child(),
        )
        if args.high_availability:
            # The chart has no such thing.
            kubernetes.policy.v1.PodDisruptionBudget(
                f"{self._logical_name}-aerospike-operator-budget",
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    name=aerospike_operator.NAMESPACE, namespace=aerospike_operator.NAMESPACE
                ),
                spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                    min_available=1,
                    selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels={"app": aerospike_operator.NAMESPACE}),
                ),
                opts=self._child(
                    provider=args.cluster.provider, depends_on=chart.namespace.ready, delete_before_replace=True
                ),
            )
        return chart.ready

    def _local_disks(self) -> LocalDisks:
        return LocalDisks(
            f"{self._logical_name}-local-disks",
            LocalDisksArgs(
                context=self.context,
                source=self._args.charts["local-static-provisioner"],
                images=self._args.images,
            ),
            opts=self._child(),
        )

    def _monitoring(self) -> Chart:
        args = self._args
        role = None
        if args.workspace is not None:
            role = self._role(
                "monitoring",
                monitoring.NAMESPACE,
                monitoring.SERVICE_ACCOUNT,
                monitoring.policy(args.workspace),
            )
        return Chart(
            f"{self._logical_name}-monitoring",
            ChartArgs(
                context=self.context,
                source=args.charts["kube-prometheus-stack"],
                namespace=monitoring.NAMESPACE,
                values=monitoring.values(
                    args.images,
                    args.monitoring,
                    monitoring.Sending(placement=args.placement, cluster=args.cluster_name, workspace=args.workspace),
                    high_availability=args.high_availability,
                ),
                definitions=monitoring.DEFINITIONS,
                openings=monitoring.openings(args.network.cidr_block, sends=args.workspace is not None),
                after=role.ready if role else (),
            ),
            opts=self._child(),
        )

    def _role(self, role: str, namespace: str, service_account: str, policy: pulumi.Input[str]) -> PodRole:
        args = self._args
        return PodRole(
            f"{self._logical_name}-{role}",
            PodRoleArgs(
                placement=args.placement,
                cluster_name=args.cluster_name,
                cluster=args.cluster.name,
                namespace=namespace,
                service_account=service_account,
                description=f"{namespace} of {args.cluster_name}",
                policy=policy,
            ),
            opts=self._child(),
        )

    def _webhook(self, port: int) -> Opening:
        """The API server calls webhooks from its interfaces in the VPC, whose addresses AWS changes."""
        return Opening(
            name="webhooks",
            direction=Direction.INGRESS,
            peers=(Peer(cidr=self._args.network.cidr_block),),
            ports=(port,),
        )


def _named(name: str | None) -> str:
    return name or ""
