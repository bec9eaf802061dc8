"""One miner of an environment."""

from dataclasses import dataclass

import pulumi

from components import aerospike, naming
from components.aerospike import AerospikeArgs, AerospikeChoice, CommunityStore, Edition, UtxoStore
from components.alarms import MetricAlarms, MetricAlarmsArgs, lustre_watches
from components.base import Component
from components.bucket_access import BucketRef, read_write_policy
from components.eks import POOL_LABEL, STORAGE_TAINT, ClusterRef
from components.files import SharedFilesRef, SharedVolume, SharedVolumeArgs, VolumeRef
from components.images import ImageSource
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import Direction, NamespaceRole, Opening, Peer
from components.placement import Placement
from components.pod_identity import PodRole, PodRoleArgs
from components.protection import Protection
from components.stores import MessagesEndpoint

_SERVICE_ACCOUNT = "teranode-operator-service-runner"
"""Under which Teranode's operator runs every service; the name is its contract."""
GENERAL_POOL = "general"
"""The pool of what keeps nothing on its node."""

_QUOTA = {"pods": "120", "persistentvolumeclaims": "40"}
"""Twice what eleven services at their largest replica counts, stores and jobs of one miner come to."""


@dataclass(frozen=True, kw_only=True)
class MinerArgs:
    """Arguments of `Miner`.

    - `name`: of the miner: its namespace and Teranode's `clientName`, which must be the same.
    - `cluster`: of the miner's region, shared with the region's other miners, as are `files`, `kafka`, where topics are
      told apart by the miner's name, and `archive`, the bucket of old blocks, of which the miner reaches its own
      prefix only.
    - `alarm_topic_arn`: is told when a file system of the miner's own fills up.
    - `aerospike`: of its UTXO store; None where that is a table in the miner's database.
    """

    name: str
    placement: Placement
    cluster: ClusterRef
    files: SharedFilesRef
    archive: BucketRef
    alarm_topic_arn: pulumi.Input[str]
    images: ImageSource
    aerospike: AerospikeChoice | None
    kafka: MessagesEndpoint
    protection: Protection


class Miner(Component):
    """One Teranode's own part of a region: its namespace, and what it shares with nobody.

    It takes the region's AWS provider by `opts.providers`; what it has in Kubernetes goes through the cluster's own.
    Another region, or another name, is another miner: the old one's data stays where it is locked and is deleted
    where it is not.
    """

    TOKEN = "teranode:miner:Miner"

    namespace: NamespaceRef
    volume: VolumeRef
    utxo_store: UtxoStore | None

    def __init__(self, name: str, args: MinerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label = name
        self._args = args
        self.namespace = Namespace(
            f"{name}-namespace",
            NamespaceArgs(
                namespace=args.name,
                provider=args.cluster.provider,
                role=NamespaceRole.MINER,
                pod_security=PodSecurity.BASELINE,
                quota=_QUOTA,
                protection=args.protection,
                openings=(
                    *_own_pods(args.name),
                    _to_kafka(args.kafka),
                    *(aerospike.openings() if args.aerospike else ()),
                ),
            ),
            opts=self._child(),
        ).ref
        self.volume = SharedVolume(
            f"{name}-files",
            SharedVolumeArgs(
                placement=args.placement,
                miner=args.name,
                files=args.files,
                provider=args.cluster.provider,
                protection=args.protection,
            ),
            opts=self._child(),
        ).ref
        if self.volume.watched is not None:
            MetricAlarms(
                f"{name}-alarms",
                MetricAlarmsArgs(
                    placement=args.placement,
                    topic_arn=args.alarm_topic_arn,
                    watches=lustre_watches(self.volume.watched),
                ),
                opts=self._child(),
            )
        PodRole(
            f"{name}-objects",
            PodRoleArgs(
                placement=args.placement,
                cluster_name=naming.cluster_name(args.placement.environment, args.placement.region),
                cluster=args.cluster.name,
                namespace=args.name,
                service_account=_SERVICE_ACCOUNT,
                description=f"Teranode of {args.name} keeps old blocks in its part of the archive",
                policy=read_write_policy(args.placement, args.archive, args.name),
            ),
            opts=self._child(),
        )
        self.utxo_store = self._aerospike(args.aerospike) if args.aerospike else None
        self.register_outputs({"namespace": args.name})

    def _aerospike(self, choice: AerospikeChoice) -> UtxoStore | None:
        if choice.edition is not Edition.COMMUNITY:
            return None
        args = AerospikeArgs(
            namespace=self.namespace,
            images=self._args.images,
            records=choice.records,
            servers_by_zone=choice.servers_by_zone,
            pool=choice.pool,
            node_selector={STORAGE_TAINT: choice.pool} if choice.pool else {POOL_LABEL: GENERAL_POOL},
            tolerated_taint=STORAGE_TAINT if choice.pool else None,
            machine=choice.machine,
            cpu=choice.cpu,
            cpu_limit=choice.cpu_limit,
            protection=self._args.protection,
            ready=self._args.cluster.workloads_ready,
        )
        return CommunityStore(f"{self._label}-utxo-store", args, opts=self._child()).store


def _own_pods(namespace: str) -> tuple[Opening, ...]:
    """The services of a miner call each other, and nobody else's."""
    peers = (Peer(namespace=namespace),)
    return (
        Opening(name="own-pods-in", direction=Direction.INGRESS, peers=peers, ports=()),
        Opening(name="own-pods-out", direction=Direction.EGRESS, peers=peers, ports=()),
    )


def _to_kafka(kafka: MessagesEndpoint) -> Opening:
    return Opening(name="kafka", direction=Direction.EGRESS, peers=(kafka.peer,), ports=(kafka.port,))
