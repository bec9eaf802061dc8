"""The `Miner` component."""

import pulumi

from components import naming
from components.aerospike import (
    AerospikeArgs,
    AerospikeChoice,
    CommunityStore,
    OperatedStore,
    OperatedStoreArgs,
    UtxoStore,
)
from components.alarms import MetricAlarms, MetricAlarmsArgs, SecretReads, SecretReadsArgs, lustre_watches
from components.base import Component
from components.bucket_access import read_write_policy
from components.databases import MinerDatabase, MinerDatabaseArgs
from components.eks import STORAGE_TAINT
from components.external_secrets import SecretReader, SecretReaderArgs, SyncedSecret, SyncedSecretArgs
from components.files import SharedVolume, SharedVolumeArgs, VolumeRef
from components.miner.args import MinerArgs
from components.miner.openings import openings
from components.miner_secrets import Login, MinerSecrets, MinerSecretsArgs, StoreUrls, StoreUrlsArgs
from components.miner_secrets.store_urls import ALERT_SUFFIX, UTXO_SUFFIX
from components.namespace import Namespace, NamespaceArgs, NamespaceRef, PodSecurity
from components.network_policies import NamespaceRole
from components.pod_identity import PodRole, PodRoleArgs
from components.pools import GENERAL_POOL
from components.stored_secret import SecretRef
from components.teranode import PRESETS, SECRET, SERVICE_ACCOUNT, secret_keys

_QUOTA = {"pods": "120", "persistentvolumeclaims": "40"}
"""Twice what eleven services at their largest replica counts, stores and jobs of one miner come to."""


class Miner(Component):
    """One Teranode's own part of a region: its namespace, and what it shares with nobody.

    Teranode itself comes after it, because its operator does. `ready` is what Teranode's pods need besides: stores that
    answer, with the database and its roles in them, files, settings that are secret, and rights in AWS.
    `secret_versions` are ids of what those settings are now; a wallet that somebody else keeps has none here.

    It takes the region's AWS provider and one for random values by `opts.providers`; what it has in Kubernetes goes
    through the cluster's own. Another region, or another name, is another miner: the old one's data stays where it is
    locked and is deleted where it is not.
    """

    TOKEN = "teranode:miner:Miner"

    namespace: NamespaceRef
    volume: VolumeRef
    utxo_store: UtxoStore | None
    peer_id: pulumi.Output[str]
    reader_role_arn: pulumi.Output[str]
    secret_versions: tuple[pulumi.Output[str], ...]
    ready: tuple[pulumi.Resource, ...]

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
                stopped=not args.enabled,
                protection=args.protection,
                after=args.cluster.workloads_ready,
                openings=openings(
                    args.name,
                    args.chain,
                    args.kafka,
                    args.aerospike,
                    region=args.placement.region,
                    regions=args.regions,
                    api_cidrs=args.api_cidrs,
                    public=args.public,
                    partners=args.partners,
                    assets=args.assets,
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
        role = PodRole(
            f"{name}-objects",
            PodRoleArgs(
                placement=args.placement,
                cluster_name=naming.cluster_name(args.placement.environment, args.placement.region),
                cluster=args.cluster.name,
                namespace=args.name,
                service_account=SERVICE_ACCOUNT,
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
                partners=args.partners,
                aerospike_users=args.aerospike.users if args.aerospike else (),
                key_arn=args.secrets_key_arn,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        self.utxo_store = self._aerospike(args.aerospike, secrets.aerospike) if args.aerospike else None
        alerts = PRESETS[args.chain].alerts
        database = MinerDatabase(
            f"{name}-database",
            MinerDatabaseArgs(
                placement=args.placement,
                miner=args.name,
                databases=args.databases,
                roles=secrets.database,
                suffixes=("", *(() if self.utxo_store else (UTXO_SUFFIX,)), *((ALERT_SUFFIX,) if alerts else ())),
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
                alerts=alerts,
                key_arn=args.secrets_key_arn,
                protection=args.protection,
            ),
            opts=self._child(),
        )
        read = (*secrets.operator_secrets, urls.ref)
        if missing := secret_keys(args.chain) - {key for secret in read for key in secret.keys}:
            raise ValueError(f"Teranode would take published defaults for {', '.join(sorted(missing))}")
        self.secret_versions = tuple(secret.version for secret in read if secret.version is not None)
        self.ready = (
            self._synced(name, args, read),
            *self.volume.ready,
            *(self.utxo_store.endpoint.ready if self.utxo_store else ()),
            *database.ready,
            *args.kafka.ready,
            *role.ready,
        )
        self.peer_id = secrets.peer_id
        self.register_outputs({"namespace": args.name, "peerId": self.peer_id})

    def _synced(self, name: str, args: MinerArgs, secrets: tuple[SecretRef, ...]) -> pulumi.Resource:
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
        self.reader_role_arn = reader.role_arn
        if args.credentials.wallet is not None:
            SecretReads(
                f"{name}-wallet-reads",
                SecretReadsArgs(
                    placement=args.placement,
                    what=f"the wallet of {args.name}",
                    secret_arn=args.credentials.wallet.arn,
                    reader_role=reader.role_name,
                    reader_role_arn=reader.role_arn,
                    endpoint_id=args.secrets_endpoint_id,
                    topic_arn=args.alarm_topic_arn,
                ),
                opts=self._child(),
            )
        return SyncedSecret(
            f"{name}-operator-secrets",
            SyncedSecretArgs(store=reader.ref, secrets=secrets, secret_name=SECRET),
            opts=self._child(),
        ).ready

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
            node_selector={STORAGE_TAINT: choice.pool} if choice.pool else GENERAL_POOL,
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
                general_nodes=GENERAL_POOL,
            ),
            opts=self._child(),
        ).store
