"""One miner of an environment."""

from dataclasses import dataclass

import pulumi

from components import aerospike, naming
from components.aerospike import (
    AerospikeArgs,
    AerospikeChoice,
    CommunityStore,
    OperatedStore,
    OperatedStoreArgs,
    UtxoStore,
)
from components.alarms import MetricAlarms, MetricAlarmsArgs, lustre_watches
from components.base import Component
from components.bucket_access import BucketRef, read_write_policy
from components.databases import DatabasesRef, MinerDatabase, MinerDatabaseArgs
from components.eks import POOL_LABEL, STORAGE_TAINT, ClusterRef
from components.external_secrets import OperatorRef, SecretReader, SecretReaderArgs, SyncedSecret, SyncedSecretArgs
from components.files import SharedFilesRef, SharedVolume, SharedVolumeArgs, VolumeRef
from components.images import ImageSource
from components.miner_secrets import Login, MinerSecrets, MinerSecretsArgs, StoreUrls, StoreUrlsArgs
from components.miner_secrets.store_urls import UTXO_SUFFIX
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import Direction, NamespaceRole, Opening, Peer
from components.observability import metrics_opening
from components.placement import Placement
from components.platform import PlatformRef
from components.pod_identity import PodRole, PodRoleArgs
from components.protection import Protection
from components.stored_secret import SecretRef
from components.stores import MessagesEndpoint

OPERATOR_SECRETS = "teranode-operator-secrets"
"""The Secret that upstream's Cluster resource names in `envFrom`."""

_SERVICE_ACCOUNT = "teranode-operator-service-runner"
"""Under which Teranode's operator runs every service; the name is its contract."""
GENERAL_POOL = "general"
"""The pool of what keeps nothing on its node."""

_ANYWHERE = {POOL_LABEL: GENERAL_POOL}

_QUOTA = {"pods": "120", "persistentvolumeclaims": "40"}
"""Twice what eleven services at their largest replica counts, stores and jobs of one miner come to."""


@dataclass(frozen=True, kw_only=True)
class CredentialsChoice:
    """What an environment decides about a miner's credentials; see `MinerSecretsArgs`.

    - `wallet`: secret with the wallet keys that somebody else keeps.
    """

    generation: int
    test_wallet: bool
    wallet: SecretRef | None = None


@dataclass(frozen=True, kw_only=True)
class MinerArgs:
    """Arguments of `Miner`.

    - `name`: of the miner: its namespace and Teranode's `clientName`, which must be the same.
    - `cluster`: of the miner's region, shared with the region's other miners, as are `platform`, `files`, `databases`,
      `external_secrets`, `kafka`, where topics are told apart by the miner's name, and `archive` and `backups`, the
      buckets of old blocks and of copies of UTXO stores, of which the miner reaches its own prefix only.
    - `api_cidrs`: where the Kubernetes API answers.
    - `secrets_key_arn`: KMS key of the region's secrets.
    - `alarm_topic_arn`: is told when a file system of the miner's own fills up.
    - `aerospike`: of its UTXO store; None where that is a database beside the miner's own.
    """

    name: str
    placement: Placement
    cluster: ClusterRef
    api_cidrs: tuple[str, ...]
    platform: PlatformRef
    files: SharedFilesRef
    archive: BucketRef
    backups: BucketRef
    alarm_topic_arn: pulumi.Input[str]
    images: ImageSource
    aerospike: AerospikeChoice | None
    kafka: MessagesEndpoint
    databases: DatabasesRef
    external_secrets: OperatorRef
    secrets_key_arn: pulumi.Input[str]
    credentials: CredentialsChoice
    protection: Protection


class Miner(Component):
    """One Teranode's own part of a region: its namespace, and what it shares with nobody.

    It takes the region's AWS provider and one for random values by `opts.providers`; what it has in Kubernetes goes
    through the cluster's own. Another region, or another name, is another miner: the old one's data stays where it is
    locked and is deleted where it is not.
    """

    TOKEN = "teranode:miner:Miner"

    namespace: NamespaceRef
    volume: VolumeRef
    utxo_store: UtxoStore | None
    peer_id: pulumi.Output[str]

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
                after=args.cluster.workloads_ready,
                openings=(
                    *_own_pods(args.name),
                    metrics_opening(),
                    _to_kafka(args.kafka),
                    *(aerospike.openings(args.aerospike, args.api_cidrs) if args.aerospike else ()),
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
        secrets = MinerSecrets(
            f"{name}-secrets",
            MinerSecretsArgs(
                placement=args.placement,
                miner=args.name,
                generation=args.credentials.generation,
                test_wallet=args.credentials.test_wallet,
                wallet=args.credentials.wallet,
                aerospike_users=args.aerospike.users if args.aerospike else (),
                key_arn=args.secrets_key_arn,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        self.utxo_store = self._aerospike(args.aerospike, secrets.aerospike) if args.aerospike else None
        database = MinerDatabase(
            f"{name}-database",
            MinerDatabaseArgs(
                placement=args.placement,
                miner=args.name,
                databases=args.databases,
                roles=secrets.database,
                suffixes=("",) if self.utxo_store else ("", UTXO_SUFFIX),
            ),
            opts=self._child(),
        ).endpoint
        urls = StoreUrls(
            f"{name}-urls",
            StoreUrlsArgs(
                placement=args.placement,
                miner=args.name,
                database=database,
                database_login=secrets.database_login,
                utxo_store=self.utxo_store.endpoint if self.utxo_store else None,
                utxo_login=self._utxo_login(secrets),
                key_arn=args.secrets_key_arn,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        self._operator_secrets(name, args, (*secrets.operator_secrets, urls.ref))
        self.peer_id = secrets.peer_id
        self.register_outputs({"namespace": args.name, "peerId": self.peer_id})

    def _operator_secrets(self, name: str, args: MinerArgs, secrets: tuple[SecretRef, ...]) -> None:
        """What Teranode reads, under the names of its own settings, in the one Secret that it is pointed to."""
        reader = SecretReader(
            f"{name}-reader",
            SecretReaderArgs(
                placement=args.placement,
                namespace=self.namespace,
                store=args.name,
                secrets=secrets,
                purpose=f"Reads the secrets of {args.name}",
                operator=args.external_secrets,
            ),
            opts=self._child(),
        )
        SyncedSecret(
            f"{name}-operator-secrets",
            SyncedSecretArgs(store=reader.ref, secrets=secrets, secret_name=OPERATOR_SECRETS),
            opts=self._child(),
        )

    def _utxo_login(self, secrets: MinerSecrets) -> Login | None:
        if self.utxo_store is None or self.utxo_store.user is None:
            return None
        return secrets.aerospike_logins[self.utxo_store.user]

    def _aerospike(self, choice: AerospikeChoice, passwords: SecretRef | None) -> UtxoStore:
        miner = self._args
        args = AerospikeArgs(
            namespace=self.namespace,
            images=miner.images,
            records=choice.records,
            servers_by_zone=choice.servers_by_zone,
            pool=choice.pool,
            node_selector={STORAGE_TAINT: choice.pool} if choice.pool else _ANYWHERE,
            tolerated_taint=STORAGE_TAINT if choice.pool else None,
            machine=choice.machine,
            cpu=choice.cpu,
            cpu_limit=choice.cpu_limit,
            protection=miner.protection,
            ready=(
                *miner.cluster.workloads_ready,
                *((*miner.cluster.storage_ready[choice.pool], *miner.platform.local_disks) if choice.pool else ()),
            ),
        )
        if choice.licence is None or passwords is None:
            return CommunityStore(f"{self._label}-utxo-store", args, opts=self._child()).store
        return OperatedStore(
            f"{self._label}-utxo-store",
            OperatedStoreArgs(
                placement=miner.placement,
                servers=args,
                licence=choice.licence,
                passwords=passwords,
                durable=choice.durable,
                external_secrets=miner.external_secrets,
                operator=miner.platform.aerospike_operator,
                certificates=miner.platform.certificates,
                cluster_name=naming.cluster_name(miner.placement.environment, miner.placement.region),
                cluster=miner.cluster.name,
                backups=miner.backups,
                general_nodes=_ANYWHERE,
            ),
            opts=self._child(),
        ).store


def _own_pods(namespace: str) -> tuple[Opening, ...]:
    """The services of a miner call each other, and nobody else's."""
    peers = (Peer(namespace=namespace),)
    return (
        Opening(name="own-pods-in", direction=Direction.INGRESS, peers=peers, ports=()),
        Opening(name="own-pods-out", direction=Direction.EGRESS, peers=peers, ports=()),
    )


def _to_kafka(kafka: MessagesEndpoint) -> Opening:
    return Opening(name="kafka", direction=Direction.EGRESS, peers=(kafka.peer,), ports=(kafka.port,))
