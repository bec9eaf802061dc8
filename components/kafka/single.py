"""Kafka as one broker in the cluster, without an operator."""

import pulumi
import pulumi_random as random
from pulumi_kubernetes import apps, core, meta

from components import workloads
from components.base import Component
from components.kafka import broker_files, shares
from components.kafka.args import NAMESPACE, PLAINTEXT_PORT, Brokers, KafkaArgs
from components.kafka.exporter import Exporter, ExporterArgs
from components.kafka.openings import BROKER_LABELS
from components.namespace import NamespaceRef
from components.pools import GENERAL_POOL

IMAGE = "kafka"
NAME = "kafka"
HEADLESS = "kafka-brokers"

_USER = 1000
"""`appuser` of apache/kafka's images, who owns Kafka's files there."""

_HEAP = "2g"
"""Half of the memory: the other half is the page cache, which Kafka reads from."""

_STORAGE_CLASS = "gp3"
_STOP_SECONDS = 60
_CLUSTER_ID_BYTES = 16
_NOT_AWAITED = {"pulumi.com/skipAwait": "true"}


class SingleBroker(Component):
    """One Kafka broker, its own controller, with a disk that outlives its pod.

    Creates a StatefulSet of one replica with service account, settings, volume claim and two Services, and the id by
    which the broker knows its disk; where somebody scrapes, an `Exporter`. There is no disruption budget: with one
    replica it would forbid every drain of a node, and whoever chooses this profile accepts that the miners stand still
    while the broker restarts.

    The claim stands by itself and is no template of the StatefulSet, so that a larger disk changes it in place.
    """

    TOKEN = "teranode:kafka:SingleBroker"

    brokers: Brokers

    def __init__(
        self, name: str, args: KafkaArgs, namespace: NamespaceRef, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        self._logical_name = name
        self._args = args
        self._namespace = namespace
        cluster_id = random.RandomId(
            f"{name}-cluster-id", byte_length=_CLUSTER_ID_BYTES, opts=self._child(protect=args.protection.protect)
        )
        account = core.v1.ServiceAccount(
            f"{name}-service-account",
            metadata=self._metadata(NAME),
            automount_service_account_token=False,
            opts=self._inside(),
        )
        files = core.v1.ConfigMap(
            f"{name}-files",
            # Without a name of its own, changed files are another ConfigMap, and the broker restarts with them.
            metadata=meta.v1.ObjectMetaArgs(namespace=namespace.name, labels=BROKER_LABELS),
            immutable=True,
            data=broker_files.files(f"{NAME}.{NAMESPACE}.svc.cluster.local"),
            opts=self._child(provider=namespace.provider, depends_on=namespace.ready),
        )
        claim = self._claim()
        services = (self._service(NAME, headless=False), self._service(HEADLESS, headless=True))
        broker = self._broker(cluster_id.b64_url, account, files, claim, services)
        hosts = f"{NAME}.{NAMESPACE}.svc.cluster.local:{PLAINTEXT_PORT}"
        self.brokers = Brokers(hosts=pulumi.Output.from_input(hosts), ready=(broker, *services))
        if args.monitoring:
            Exporter(
                f"{name}-exporter",
                ExporterArgs(
                    namespace=namespace, images=args.images, hosts=hosts, after=(broker,), monitoring=args.monitoring
                ),
                opts=self._child(),
            )
        self.register_outputs({})

    def _claim(self) -> core.v1.PersistentVolumeClaim:
        return core.v1.PersistentVolumeClaim(
            f"{self._logical_name}-data",
            # The volume is made with the first pod, which waits for this claim.
            metadata=self._metadata(f"{NAME}-data", _NOT_AWAITED),
            spec=core.v1.PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                storage_class_name=_STORAGE_CLASS,
                resources=core.v1.VolumeResourceRequirementsArgs(requests={"storage": f"{self._args.storage_gib}Gi"}),
            ),
            opts=self._inside(),
        )

    def _service(self, service: str, *, headless: bool) -> core.v1.Service:
        return core.v1.Service(
            f"{self._logical_name}-service-{service}",
            # Its endpoint is the broker, which waits for this Service.
            metadata=self._metadata(service, _NOT_AWAITED),
            spec=core.v1.ServiceSpecArgs(
                type="ClusterIP",
                cluster_ip="None" if headless else None,
                publish_not_ready_addresses=headless,
                selector=BROKER_LABELS,
                ports=[core.v1.ServicePortArgs(name="kafka", port=PLAINTEXT_PORT, target_port=PLAINTEXT_PORT)],
            ),
            opts=self._inside(),
        )

    def _broker(
        self,
        cluster_id: pulumi.Output[str],
        account: core.v1.ServiceAccount,
        files: core.v1.ConfigMap,
        claim: core.v1.PersistentVolumeClaim,
        services: tuple[core.v1.Service, ...],
    ) -> apps.v1.StatefulSet:
        pod = core.v1.PodSpecArgs(
            service_account_name=account.metadata.name,
            automount_service_account_token=False,
            enable_service_links=False,
            node_selector=GENERAL_POOL,
            security_context=workloads.pod_security(_USER),
            termination_grace_period_seconds=_STOP_SECONDS,
            init_containers=[self._formatter(cluster_id)],
            containers=[self._container()],
            volumes=[
                core.v1.VolumeArgs(
                    name="data",
                    persistent_volume_claim=core.v1.PersistentVolumeClaimVolumeSourceArgs(
                        claim_name=claim.metadata.name
                    ),
                ),
                core.v1.VolumeArgs(
                    name="files", config_map=core.v1.ConfigMapVolumeSourceArgs(name=files.metadata.name)
                ),
                workloads.scratch("scratch", "256Mi"),
            ],
        )
        return apps.v1.StatefulSet(
            f"{self._logical_name}-broker",
            metadata=self._metadata(NAME),
            spec=apps.v1.StatefulSetSpecArgs(
                replicas=1,
                service_name=HEADLESS,
                selector=meta.v1.LabelSelectorArgs(match_labels=BROKER_LABELS),
                template=core.v1.PodTemplateSpecArgs(metadata=meta.v1.ObjectMetaArgs(labels=BROKER_LABELS), spec=pod),
            ),
            opts=self._child(
                provider=self._namespace.provider,
                depends_on=[*self._namespace.ready, *self._args.workloads_ready, *services],
                delete_before_replace=True,
            ),
        )

    def _formatter(self, cluster_id: pulumi.Output[str]) -> core.v1.ContainerArgs:
        """Prepares an empty disk, leaves one that is prepared, and refuses one of another cluster."""
        return core.v1.ContainerArgs(
            name="format",
            image=self._args.images.reference(IMAGE),
            image_pull_policy="IfNotPresent",
            command=["/opt/kafka/bin/kafka-storage.sh"],
            args=[
                "format",
                "--ignore-formatted",
                pulumi.Output.concat("--cluster-id=", cluster_id),
                f"--config={broker_files.FOLDER}/{broker_files.SETTINGS}",
            ],
            env=_environment(KAFKA_HEAP_OPTS="-Xmx256m", LOG_DIR=f"{broker_files.SCRATCH}/logs"),
            resources=workloads.resources(shares.SINGLE_BROKER),
            security_context=workloads.container_security(),
            volume_mounts=_mounts(),
        )

    def _container(self) -> core.v1.ContainerArgs:
        return core.v1.ContainerArgs(
            name="kafka",
            image=self._args.images.reference(IMAGE),
            image_pull_policy="IfNotPresent",
            command=["/opt/kafka/bin/kafka-server-start.sh"],
            args=[f"{broker_files.FOLDER}/{broker_files.SETTINGS}"],
            env=_environment(
                EXTRA_ARGS="-name kafkaServer",  # instead of the script's default, which adds a log of the collector
                KAFKA_HEAP_OPTS=f"-Xms{_HEAP} -Xmx{_HEAP}",
                KAFKA_LOG4J_OPTS=f"-Dlog4j2.configurationFile={broker_files.FOLDER}/{broker_files.LOGGING}",
                LOG_DIR=f"{broker_files.SCRATCH}/logs",
            ),
            ports=[core.v1.ContainerPortArgs(name="kafka", container_port=PLAINTEXT_PORT)],
            resources=workloads.resources(shares.SINGLE_BROKER),
            security_context=workloads.container_security(),
            volume_mounts=_mounts(),
            startup_probe=_probe(period_seconds=5, failures=60),
            readiness_probe=_probe(period_seconds=10, failures=3),
            liveness_probe=_probe(period_seconds=20, failures=6),
        )

    def _metadata(self, name: str, annotations: dict[str, str] | None = None) -> meta.v1.ObjectMetaArgs:
        return meta.v1.ObjectMetaArgs(
            name=name, namespace=self._namespace.name, labels=BROKER_LABELS, annotations=annotations
        )

    def _inside(self) -> pulumi.ResourceOptions:
        """Options of what has a fixed name in the namespace: its successor cannot exist beside it."""
        return self._child(
            provider=self._namespace.provider, depends_on=self._namespace.ready, delete_before_replace=True
        )


def _environment(**variables: str) -> list[core.v1.EnvVarArgs]:
    return [core.v1.EnvVarArgs(name=name, value=value) for name, value in variables.items()]


def _mounts() -> list[core.v1.VolumeMountArgs]:
    return [
        core.v1.VolumeMountArgs(name="data", mount_path=broker_files.DATA),
        core.v1.VolumeMountArgs(name="files", mount_path=broker_files.FOLDER, read_only=True),
        core.v1.VolumeMountArgs(name="scratch", mount_path=broker_files.SCRATCH),
    ]


def _probe(*, period_seconds: int, failures: int) -> core.v1.ProbeArgs:
    """Asks the broker which requests it knows; see `broker_files.ASK`."""
    return core.v1.ProbeArgs(
        exec_=core.v1.ExecActionArgs(command=["bash", f"{broker_files.FOLDER}/{broker_files.PROBE}"]),
        period_seconds=period_seconds,
        timeout_seconds=5,
        failure_threshold=failures,
    )
