"""Kafka in the cluster, kept by the Strimzi operator."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi_kubernetes import meta

from components.base import Component
from components.kafka import shares
from components.kafka.args import NAMESPACE, PLAINTEXT_PORT, Brokers, KafkaArgs, broker_settings
from components.kafka.openings import CLUSTER_LABELS, METRICS_PORT
from components.namespace import NamespaceRef
from components.network_policies import ROLE_LABEL, NamespaceRole
from components.pools import GENERAL_POOL
from components.workloads import Share

_API_VERSION = "kafka.strimzi.io/v1"
_NAME = CLUSTER_LABELS["strimzi.io/cluster"]
_ZONE = "topology.kubernetes.io/zone"
_STORAGE_CLASS = "gp3-io"

_CONTROLLER_STORAGE_GIB = 12
"""The smallest volume to which the storage class can give its 6,000 IOPS; the metadata of 1,000 topics is some MB."""

_GROUP = 0
"""Group of the files in Strimzi's images and volumes, as on platforms that give each pod a random user."""

_POD_SECURITY = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
_CONTAINER_SECURITY = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}
_ON_GENERAL_NODES = {
    "nodeAffinity": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
            "nodeSelectorTerms": [
                {
                    "matchExpressions": [
                        {"key": label, "operator": "In", "values": [value]} for label, value in GENERAL_POOL.items()
                    ]
                }
            ]
        }
    }
}

_STOP_SECONDS = 120
_READY_SECONDS = 900

Spec = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind that a definition adds to the API server."""

    api_version: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Nodes of one role. Half of a node's memory is `heap`, the other half the page cache, which Kafka reads from.

    `ids` is a range of node ids of its own, so that what one pool takes does not move the other's.
    """

    name: str
    role: str
    nodes: int
    ids: str
    share: Share
    heap: str
    storage_gib: int


class StrimziCluster(Component):
    """Brokers and controllers spread over zones, with disks that outlive their pods.

    Creates two `KafkaNodePool`s, the `Kafka` that they belong to with an exporter of what is still to be read, and a
    `PodMonitor` where somebody scrapes. Brokers
    and controllers are separate, so that brokers can be added without touching the quorum. Nodes speak TLS among
    themselves; the listener for clients does not, because Teranode reads certificates from files that its operator
    cannot mount everywhere, and is closed to all but the miners' namespaces.

    There is no topic operator: Teranode makes and changes its topics itself, and a second owner would be one too many.
    """

    TOKEN = "teranode:kafka:StrimziCluster"

    brokers: Brokers

    def __init__(
        self, name: str, args: KafkaArgs, namespace: NamespaceRef, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self._namespace = namespace
        inside = [*namespace.ready, *args.operator]
        pools = [self._pool(pool, inside) for pool in self._pools()]
        kafka = self._object(
            "kafka",
            Kind(_API_VERSION, "Kafka"),
            _NAME,
            self._kafka_spec(),
            depends_on=[*inside, *args.workloads_ready, *pools],
            annotations={"pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": str(_READY_SECONDS)},
        )
        if args.monitoring:
            self._monitor()
        self.brokers = Brokers(
            hosts=pulumi.Output.from_input(f"{_NAME}-kafka-bootstrap.{NAMESPACE}.svc.cluster.local:{PLAINTEXT_PORT}"),
            ready=(kafka,),
        )
        self.register_outputs({})

    def _pools(self) -> tuple[Pool, Pool]:
        controllers = Pool(
            name="controllers",
            role="controller",
            nodes=shares.CONTROLLERS,
            ids="[100-109]",
            share=shares.CONTROLLER,
            heap="512m",
            storage_gib=_CONTROLLER_STORAGE_GIB,
        )
        brokers = Pool(
            name="brokers",
            role="broker",
            nodes=self._args.brokers,
            ids="[0-99]",
            share=shares.BROKER,
            heap="2g",
            storage_gib=self._args.storage_gib,
        )
        return controllers, brokers

    def _pool(self, pool: Pool, depends_on: list[pulumi.Resource]) -> kubernetes.apiextensions.CustomResource:
        volume = {
            "id": 0,
            "type": "persistent-claim",
            "class": _STORAGE_CLASS,
            "size": f"{pool.storage_gib}Gi",
            "deleteClaim": not self._args.protection.protect,
            "kraftMetadata": "shared",
        }
        spec = {
            "replicas": pool.nodes,
            "roles": [pool.role],
            "storage": {"type": "jbod", "volumes": [volume]},
            "resources": {
                "requests": {"cpu": pool.share.cpu, "memory": pool.share.memory},
                "limits": {"cpu": pool.share.cpu_limit, "memory": pool.share.memory},
            },
            "jvmOptions": {"-Xms": pool.heap, "-Xmx": pool.heap},
            "template": _template(pool.name),
        }
        return self._object(
            f"pool-{pool.name}",
            Kind(_API_VERSION, "KafkaNodePool"),
            pool.name,
            spec,
            depends_on=depends_on,
            annotations={"strimzi.io/next-node-ids": pool.ids},
        )

    def _kafka_spec(self) -> Spec:
        return {
            "kafka": {
                "version": self._args.versions.strimzi,
                "listeners": [
                    {
                        "name": "plain",
                        "port": PLAINTEXT_PORT,
                        "type": "internal",
                        "tls": False,
                        "networkPolicyPeers": [
                            {"namespaceSelector": {"matchLabels": {ROLE_LABEL: str(NamespaceRole.MINER)}}}
                        ],
                    }
                ],
                "config": broker_settings(self._args.brokers),
                "rack": {"topologyKey": _ZONE},
                "metricsConfig": {"type": "strimziMetricsReporter"},
                "template": {"podDisruptionBudget": {"maxUnavailable": 1}},
            },
            "kafkaExporter": _exporter(),
        }

    def _monitor(self) -> None:
        self._object(
            "monitor",
            Kind("monitoring.coreos.com/v1", "PodMonitor"),
            _NAME,
            {
                "selector": {"matchLabels": CLUSTER_LABELS},
                "podMetricsEndpoints": [{"portNumber": METRICS_PORT, "path": "/metrics"}],
            },
            depends_on=[*self._namespace.ready, *self._args.monitoring],
        )

    def _object(
        self,
        role: str,
        kind: Kind,
        name: str,
        spec: Spec,
        *,
        depends_on: list[pulumi.Resource],
        annotations: dict[str, str] | None = None,
    ) -> kubernetes.apiextensions.CustomResource:
        locked = self._args.protection.protect and kind.api_version == _API_VERSION
        return kubernetes.apiextensions.CustomResource(
            f"{self._logical_name}-{role}",
            api_version=kind.api_version,
            kind=kind.kind,
            metadata=meta.v1.ObjectMetaArgs(
                name=name, namespace=self._namespace.name, labels=CLUSTER_LABELS, annotations=annotations
            ),
            spec=spec,
            opts=self._child(
                provider=self._namespace.provider,
                depends_on=depends_on,
                protect=locked,
                retain_on_delete=locked,
                delete_before_replace=True,
            ),
        )


def _template(pool: str) -> Spec:
    """Where the nodes of a pool run, and with which rights; the image's own user is not root."""
    members = {"matchLabels": {**CLUSTER_LABELS, "strimzi.io/pool-name": pool}}
    return {
        "pod": {
            "securityContext": {**_POD_SECURITY, "fsGroup": _GROUP, "fsGroupChangePolicy": "OnRootMismatch"},
            "enableServiceLinks": False,
            "affinity": _ON_GENERAL_NODES,
            "terminationGracePeriodSeconds": _STOP_SECONDS,
            "topologySpreadConstraints": [
                {
                    "topologyKey": key,
                    "maxSkew": 1,
                    "whenUnsatisfiable": strictness,
                    "labelSelector": members,
                }
                for key, strictness in ((_ZONE, "DoNotSchedule"), ("kubernetes.io/hostname", "ScheduleAnyway"))
            ],
        },
        "kafkaContainer": {"securityContext": _CONTAINER_SECURITY},
        "initContainer": {"securityContext": _CONTAINER_SECURITY},
    }


def _exporter() -> Spec:
    """What readers still have to read, which brokers do not say of themselves."""
    return {
        "groupRegex": ".*",
        "topicRegex": ".*",
        "resources": {
            "requests": {"cpu": shares.EXPORTER.cpu, "memory": shares.EXPORTER.memory},
            "limits": {"cpu": shares.EXPORTER.cpu_limit, "memory": shares.EXPORTER.memory},
        },
        "template": {
            "pod": {"securityContext": _POD_SECURITY, "enableServiceLinks": False, "affinity": _ON_GENERAL_NODES},
            "container": {"securityContext": _CONTAINER_SECURITY},
        },
    }
