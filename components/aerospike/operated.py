"""The enterprise edition with all that it needs beside its servers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pulumi

from components.aerospike.args import BACKUP, RESTORE, AerospikeArgs, UtxoStore
from components.aerospike.backups import StoreBackups, StoreBackupsArgs
from components.aerospike.cluster_spec import EnterpriseArgs
from components.aerospike.enterprise import EnterpriseStore
from components.aerospike.sets import StoreSets, StoreSetsArgs
from components.aerospike.store_secrets import StoreSecrets, StoreSecretsArgs
from components.base import Component
from components.bucket_access import BucketRef
from components.external_secrets import OperatorRef
from components.placement import Placement
from components.stored_secret import SecretRef


@dataclass(frozen=True, kw_only=True)
class OperatedStoreArgs:
    """Arguments of `OperatedStore`.

    - `servers`: what either edition is asked for.
    - `licence`: secret with the text of `features.conf`; `passwords`: one whose keys are the store's users.
    - `durable`: network disks beside the local ones, and backups.
    - `external_secrets`, `operator`, `certificates`: the operators that serve the store.
    - `cluster_name` is the physical name of the Kubernetes cluster, `cluster` the output that waits for it.
    - `backups`: bucket for them; `general_nodes`: labels of nodes that keep nothing, where they are made.
    """

    placement: Placement
    servers: AerospikeArgs
    licence: SecretRef
    passwords: SecretRef
    durable: bool
    external_secrets: OperatorRef
    operator: tuple[pulumi.Resource, ...]
    certificates: tuple[pulumi.Resource, ...]
    cluster_name: str
    cluster: pulumi.Input[str]
    backups: BucketRef
    general_nodes: Mapping[str, str]


class OperatedStore(Component):
    """A UTXO store of the enterprise edition: its Secrets, its racks, and where it is to be durable its backups.

    Servers start when their operator, cert-manager, their disks and their Secrets are there; nothing else holds them.
    """

    TOKEN = "teranode:aerospike:OperatedStore"

    store: UtxoStore

    def __init__(self, name: str, args: OperatedStoreArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        secrets = StoreSecrets(
            f"{name}-secrets",
            StoreSecretsArgs(
                placement=args.placement,
                namespace=args.servers.namespace,
                licence=args.licence,
                passwords=args.passwords,
                operator=args.external_secrets,
            ),
            opts=self._child(),
        )
        self.store = EnterpriseStore(
            f"{name}-racks",
            args.servers,
            EnterpriseArgs(
                licence=secrets.licence,
                password_secrets=secrets.passwords,
                durable=args.durable,
                operator=args.operator,
                certificates=args.certificates,
                secrets_ready=secrets.ready,
            ),
            opts=self._child(),
        ).store
        if args.durable:
            StoreBackups(
                f"{name}-backups",
                StoreBackupsArgs(
                    placement=args.placement,
                    cluster_name=args.cluster_name,
                    cluster=args.cluster,
                    namespace=args.servers.namespace,
                    images=args.servers.images,
                    store=self.store,
                    bucket=args.backups,
                    password_secret=secrets.passwords[BACKUP],
                    secrets_ready=secrets.ready,
                    operator=args.operator,
                    node_selector=args.general_nodes,
                ),
                opts=self._child(),
            )
            sets = StoreSets(
                f"{name}-sets",
                StoreSetsArgs(
                    placement=args.placement,
                    cluster_name=args.cluster_name,
                    cluster=args.cluster,
                    namespace=args.servers.namespace,
                    bucket=args.backups,
                    reader_secret=secrets.passwords[BACKUP],
                    writer_secret=secrets.passwords[RESTORE],
                ),
                opts=self._child(),
            )
            self.store = replace(self.store, sets=sets.access)
        self.register_outputs({"host": self.store.endpoint.host})
