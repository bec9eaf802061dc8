"""The community edition: a stateful set of our own, since the operator of Aerospike's maker refuses it."""

import pulumi
import pulumi_kubernetes as kubernetes

from components.aerospike import exporter, pods, scripts
from components.aerospike.args import (
    EXPORTER_PORT,
    LABELS,
    LOCAL_CLASS,
    NAME,
    NETWORK_CLASS,
    WORK_CLASS,
    AerospikeArgs,
    UtxoStore,
)
from components.aerospike.config import (
    FABRIC_PORT,
    HEARTBEAT_PORT,
    SERVICE_PORT,
    Device,
    ServerConfig,
    configuration_file,
)
from components.aerospike.sizing import COMMUNITY_MAX_SERVERS, GIB
from components.base import Component
from components.stores import StoreEndpoint
from components.workloads import Share, container_security, pod_security, resources, scratch

_WORK = "/var/lib/aerospike"
"""Indexes' definitions and user-defined functions, and the records themselves where they lie in a file."""
_FILE_SYSTEM_GIB = 1
"""What a disk's file system keeps for itself and for the definitions."""
_GRACE_SECONDS = 300
_COLD_START_HOURS = 6
"""Without the enterprise edition's index in shared memory a start reads the whole disk."""

_Core = kubernetes.core.v1


class CommunityStore(Component):
    """Up to eight servers of the community edition behind one name, one on each node, spread over the zones.

    Records lie in a file on a network disk, or on the raw disks of a storage pool. The edition knows no racks: both
    copies of a record may lie in one zone. A restart goes on to the next server when all records are back in place.

    Another disk size, class or pool makes another set of volumes and with it another store: on mainnet it is refused.
    The pods of raw disks run as root, without any capability: a container runtime gives a disk to nobody else.
    """

    TOKEN = "teranode:aerospike:CommunityStore"

    store: UtxoStore

    def __init__(self, name: str, args: AerospikeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        if not 1 <= args.servers <= COMMUNITY_MAX_SERVERS:
            raise ValueError(f"{args.servers} servers: the community edition joins 1 to {COMMUNITY_MAX_SERVERS}")
        self._label = name
        self._args = args
        host = f"{NAME}.{args.namespace.name}.svc.cluster.local"
        configuration = self._configuration(host)
        account = kubernetes.core.v1.ServiceAccount(
            f"{name}-service-account",
            metadata=self._metadata(),
            automount_service_account_token=False,
            opts=self._child(
                provider=args.namespace.provider, depends_on=args.namespace.ready, delete_before_replace=True
            ),
        )
        service = self._service()
        servers = self._servers(configuration, [account, service])
        self._disruption_budget()
        self.store = UtxoStore(
            endpoint=StoreEndpoint(
                scheme="aerospike",
                host=pulumi.Output.from_input(host),
                port=pulumi.Output.from_input(SERVICE_PORT),
                ready=(service, servers),
            )
        )
        self.register_outputs({"host": host})

    def _configuration(self, host: str) -> kubernetes.core.v1.ConfigMap:
        args = self._args
        text = configuration_file(
            ServerConfig(
                replication_factor=args.records.copies,
                devices=self._devices(),
                seeds=tuple(f"{NAME}-{number}.{host}" for number in range(args.servers)),
                cluster_name=NAME,
                node_id=scripts.NODE_ID,
                work_directory=_WORK,
            )
        )
        # Auto-named: another configuration is another object, and the servers restart one by one to read it.
        return kubernetes.core.v1.ConfigMap(
            f"{self._label}-configuration",
            metadata=kubernetes.meta.v1.ObjectMetaArgs(namespace=args.namespace.name, labels=LABELS),
            immutable=True,
            data={
                "aerospike.conf": text,
                exporter.CONFIG_KEY: exporter.settings(),
                **scripts.SCRIPTS,
            },
            opts=self._child(provider=args.namespace.provider, depends_on=args.namespace.ready),
        )

    def _devices(self) -> tuple[Device, ...]:
        if self._args.pool is None:
            size = (self._args.disk_gib - _FILE_SYSTEM_GIB) * GIB
            return (Device(path=f"{_WORK}/utxo.dat", file_bytes=size),)
        return tuple(Device(path=f"/dev/utxo-{number}") for number in range(self._args.machine.disks))

    def _service(self) -> kubernetes.core.v1.Service:
        ports = {"service": SERVICE_PORT, "fabric": FABRIC_PORT, "heartbeat": HEARTBEAT_PORT, "metrics": EXPORTER_PORT}
        return kubernetes.core.v1.Service(
            f"{self._label}-service",
            metadata=self._metadata(),
            spec=kubernetes.core.v1.ServiceSpecArgs(
                cluster_ip="None",
                selector=LABELS,
                ports=[kubernetes.core.v1.ServicePortArgs(name=port, port=number) for port, number in ports.items()],
                # Servers find each other before they are ready, and clients may ask one that waits for records.
                publish_not_ready_addresses=True,
            ),
            opts=self._child(
                provider=self._args.namespace.provider,
                depends_on=self._args.namespace.ready,
                delete_before_replace=True,
            ),
        )

    def _servers(
        self, configuration: kubernetes.core.v1.ConfigMap, needed: list[pulumi.Resource]
    ) -> kubernetes.apps.v1.StatefulSet:
        args, protection = self._args, self._args.protection
        when_deleted = "Retain" if protection.retain_volumes else "Delete"
        return kubernetes.apps.v1.StatefulSet(
            f"{self._label}-servers",
            metadata=self._metadata(),
            spec=kubernetes.apps.v1.StatefulSetSpecArgs(
                service_name=NAME,
                replicas=args.servers,
                # They start together; restarts go one by one whatever this says.
                pod_management_policy="Parallel",
                update_strategy=kubernetes.apps.v1.StatefulSetUpdateStrategyArgs(type="RollingUpdate"),
                persistent_volume_claim_retention_policy=(
                    kubernetes.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicyArgs(
                        when_deleted=when_deleted,
                        # Fewer servers may have been a mistake: one that comes back finds its records.
                        when_scaled="Retain",
                    )
                ),
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=LABELS),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=LABELS), spec=self._pod(configuration)
                ),
                volume_claim_templates=self._claims(),
            ),
            opts=self._child(
                provider=args.namespace.provider,
                depends_on=[*args.ready, *args.namespace.ready, *needed],
                protect=protection.protect,
                retain_on_delete=protection.protect,
                delete_before_replace=True,
                custom_timeouts=pulumi.CustomTimeouts(create="30m", update="6h"),
            ),
        )

    def _pod(self, configuration: kubernetes.core.v1.ConfigMap) -> kubernetes.core.v1.PodSpecArgs:
        args = self._args
        image = args.images.reference("aerospike-server")
        return _Core.PodSpecArgs(
            service_account_name=NAME,
            automount_service_account_token=False,
            termination_grace_period_seconds=_GRACE_SECONDS,
            node_selector=args.node_selector,
            tolerations=[_Core.TolerationArgs(key=args.tolerated_taint, operator="Exists", effect="NoSchedule")]
            if args.tolerated_taint
            else None,
            affinity=pods.one_on_each_node(),
            topology_spread_constraints=[pods.over_zones()],
            security_context=pod_security() if args.pool is None else pods.as_root(),
            init_containers=[self._preparation(image)],
            containers=[
                self._server(image),
                exporter.container(
                    args.images.reference("aerospike-exporter"),
                    [pods.mount("exporter", exporter.CONFIG_DIRECTORY, read_only=True)],
                ),
            ],
            volumes=[
                scratch("configuration", "1Mi"),
                scratch("tmp", "64Mi"),
                pods.files("template", configuration, ["aerospike.conf"]),
                pods.files("scripts", configuration, list(scripts.SCRIPTS), executable=True),
                pods.files("exporter", configuration, [exporter.CONFIG_KEY]),
            ],
        )

    def _preparation(self, image: str) -> kubernetes.core.v1.ContainerArgs:
        return _Core.ContainerArgs(
            name="prepare",
            image=image,
            command=["/scripts/prepare"],
            env=[_Core.EnvVarArgs(name="WORK_DIRECTORY", value=_WORK)],
            resources=resources(Share(cpu="50m", memory="64Mi", cpu_limit="250m")),
            security_context=self._container_security(),
            volume_mounts=[
                pods.mount("work", _WORK),
                pods.mount("configuration", "/etc/aerospike"),
                pods.mount("template", "/etc/aerospike-template", read_only=True),
                pods.mount("scripts", "/scripts", read_only=True),
            ],
        )

    def _server(self, image: str) -> kubernetes.core.v1.ContainerArgs:
        args = self._args
        share = Share(cpu=args.cpu, memory=args.memory(survives_zone=False), cpu_limit=args.cpu_limit)
        ports = {"service": SERVICE_PORT, "fabric": FABRIC_PORT, "heartbeat": HEARTBEAT_PORT}
        return _Core.ContainerArgs(
            name="server",
            image=image,
            env=[_Core.EnvVarArgs(name="SERVERS", value=str(args.servers))],
            ports=[_Core.ContainerPortArgs(name=name, container_port=number) for name, number in ports.items()],
            resources=resources(share),
            security_context=self._container_security(),
            lifecycle=_Core.LifecycleArgs(
                pre_stop=_Core.LifecycleHandlerArgs(exec_=_Core.ExecActionArgs(command=["/scripts/leave"]))
            ),
            startup_probe=pods.probe("alive", period_seconds=10, failures=_COLD_START_HOURS * 360),
            liveness_probe=pods.probe("alive", period_seconds=30, failures=5),
            readiness_probe=pods.probe("settled", period_seconds=15, failures=2),
            volume_mounts=[
                pods.mount("work", _WORK),
                pods.mount("configuration", "/etc/aerospike", read_only=True),
                pods.mount("scripts", "/scripts", read_only=True),
                pods.mount("tmp", "/tmp"),  # noqa: S108 (a volume of the pod's own)
            ],
            volume_devices=[
                _Core.VolumeDeviceArgs(name=f"disk-{number}", device_path=device.path)
                for number, device in enumerate(self._devices())
            ]
            if args.pool
            else None,
        )

    def _container_security(self) -> kubernetes.core.v1.SecurityContextArgs:
        secured = container_security()
        if self._args.pool is not None:
            secured.run_as_non_root = False
        return secured

    def _claims(self) -> list[kubernetes.core.v1.PersistentVolumeClaimArgs]:
        args = self._args
        if args.pool is None:
            return [pods.claim("work", NETWORK_CLASS, args.disk_gib)]
        disks = [
            pods.claim(f"disk-{number}", LOCAL_CLASS, args.local_claim_gib, block=True)
            for number in range(args.machine.disks)
        ]
        return [pods.claim("work", WORK_CLASS, 1), *disks]

    def _disruption_budget(self) -> None:
        kubernetes.policy.v1.PodDisruptionBudget(
            f"{self._label}-disruption-budget",
            metadata=self._metadata(),
            spec=kubernetes.policy.v1.PodDisruptionBudgetSpecArgs(
                max_unavailable=1, selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=LABELS)
            ),
            opts=self._child(
                provider=self._args.namespace.provider,
                depends_on=self._args.namespace.ready,
                delete_before_replace=True,
            ),
        )

    def _metadata(self) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=NAME, namespace=self._args.namespace.name, labels=LABELS)
