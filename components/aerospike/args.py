"""What a UTXO store is asked for, and what its two editions have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi

from components.aerospike import config
from components.aerospike.sizing import GIB, Layout, Machine, Records, memory_bytes
from components.images import ImageSource
from components.namespace import NamespaceRef
from components.protection import Protection
from components.stored_secret import SecretRef
from components.stores import StoreEndpoint

NAME = "utxo-store"
"""Of the servers, their Service and their volumes; fixed, because Teranode's URL contains it."""
EXPORTER_PORT = 9145
LABELS: Mapping[str, str] = {"app.kubernetes.io/name": "aerospike", "app.kubernetes.io/instance": NAME}

ADMIN, TERANODE, EXPORTER, BACKUP, RESTORE = "admin", "teranode", "exporter", "backup", "restore"
"""Users of the enterprise edition; the community edition asks nobody for a name."""

LOCAL_CLASS = "local-nvme"
NETWORK_CLASS = "gp3-io"
WORK_CLASS = "gp3"

_MIB = 2**20


class Edition(StrEnum):
    """Which Aerospike runs. They share no files and no cluster: another edition is another, empty store."""

    ENTERPRISE = "enterprise"
    COMMUNITY = "community"


@dataclass(frozen=True, kw_only=True)
class AerospikeChoice:
    """What an environment decides about the store of one miner; see `AerospikeArgs` and `EnterpriseArgs`.

    - `licence`: secret with the text of `features.conf`; the enterprise edition runs no cluster without it.
    - `durable`: with the enterprise edition, a second copy of every write on network disks, and backups.
    """

    edition: Edition
    records: Records
    servers_by_zone: Mapping[str, int]
    pool: str | None
    machine: Machine
    cpu: str
    cpu_limit: str
    durable: bool
    licence: SecretRef | None = None

    def __post_init__(self) -> None:
        if self.edition is Edition.ENTERPRISE and self.licence is None:
            raise ValueError("the enterprise edition needs the secret with its licence")

    @property
    def users(self) -> tuple[str, ...]:
        """Whom the store knows by name and password; nobody with the community edition."""
        if self.edition is not Edition.ENTERPRISE:
            return ()
        return (ADMIN, EXPORTER, TERANODE, *((BACKUP, RESTORE) if self.durable else ()))


@dataclass(frozen=True, kw_only=True)
class AerospikeArgs:
    """Arguments of either edition.

    - `servers_by_zone`: by full zone name.
    - `pool`: the storage pool whose nodes and raw disks the servers take; None for network disks.
    - `node_selector`, `tolerated_taint`: labels of the nodes that servers run on, and the key of their taint.
    - `machine`: the memory of the node that each server runs on, and the disks that it gets.
    - `cpu`, `cpu_limit`: in Kubernetes' notation, of each server.
    - `ready`: what pods and volumes need in the cluster.
    """

    namespace: NamespaceRef
    images: ImageSource
    records: Records
    servers_by_zone: Mapping[str, int]
    pool: str | None
    node_selector: Mapping[str, str]
    tolerated_taint: str | None
    machine: Machine
    cpu: str
    cpu_limit: str
    protection: Protection
    ready: tuple[pulumi.Resource, ...]

    @property
    def servers(self) -> int:
        """How many servers there are."""
        return sum(self.servers_by_zone.values())

    def memory(self, *, survives_zone: bool) -> str:
        """Memory of each server, in Kubernetes' notation; more if the others are to take over those of a zone."""
        layout = Layout(servers_by_zone=tuple(self.servers_by_zone.values()), survives_zone=survives_zone)
        return f"{-(-memory_bytes(self.records, layout, self.machine.disks) // _MIB)}Mi"

    @property
    def disk_gib(self) -> int:
        """Whole GiB of one of a server's disks."""
        return self.machine.disk_bytes // GIB

    @property
    def local_claim_gib(self) -> int:
        """What a claim asks of a local disk: a little less, since its size on paper and in Kubernetes differ."""
        return self.disk_gib * 9 // 10


@dataclass(frozen=True, kw_only=True)
class SetAccess:
    """How a Job copies a store and restores it: as this account, with passwords of two users from these Secrets."""

    service_account: str
    reader_secret: pulumi.Output[str]
    writer_secret: pulumi.Output[str]


@dataclass(frozen=True, kw_only=True)
class UtxoStore:
    """A UTXO store as the miner sees it: where it answers, which namespace and set of it are the miner's, and as whom.

    `user` is None where the store asks nobody for a name, and `sets` where it asks none or has no backups.
    """

    endpoint: StoreEndpoint
    namespace: str = config.NAMESPACE
    record_set: str = config.SET
    user: str | None = None
    sets: SetAccess | None = None
