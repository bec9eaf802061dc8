"""The one list of what holds data, or an address that others rely on, with its locks (controls, section 4).

Each type has a lock in the program, one in the cloud where AWS or the operator has any, and a way back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from . import tokens
from .graph import Graph, Resource
from .nodes import storage_groups
from .utxo_stores import stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """How a type is held on mainnet; `protect` it is in any case.

    :param retained: stays in the cloud should it leave the program all the same.
    :param cloud: inputs that are the cloud's own lock, with the value that closes it.
    :param recovery: what brings it back.
    """

    retained: bool
    cloud: Mapping[str, object]
    recovery: str


def _locks(recovery: str, *, retained: bool = True, **cloud: object) -> Locks:
    return Locks(retained=retained, cloud=MappingProxyType(cloud), recovery=recovery)


STATEFUL: Mapping[str, Locks] = MappingProxyType(
    {
        tokens.DB_CLUSTER: _locks("final snapshot, backups", deletionProtection=True, skipFinalSnapshot=False),
        tokens.DB_CLUSTER_INSTANCE: _locks("the cluster keeps the data"),
        tokens.DB_INSTANCE: _locks("final snapshot, backups", deletionProtection=True, skipFinalSnapshot=False),
        tokens.BUCKET: _locks("versions, a copy of the backups in another region", forceDestroy=False),
        tokens.EFS: _locks("backups"),
        tokens.FSX_LUSTRE: _locks("final backup, backups", skipFinalBackup=False),
        tokens.KMS_KEY: _locks("can be rescued for 30 days", deletionWindowInDays=30),
        tokens.SECRET: _locks("can be restored for 30 days", recoveryWindowInDays=30),
        tokens.CLUSTER: _locks("this program and the operators", retained=False, deletionProtection=True),
        tokens.NODE_GROUP: _locks("backup of the store", retained=False, forceUpdateVersion=False),
        tokens.MSK_CLUSTER: _locks("none: messages are of the last hours"),
        tokens.KAFKA: _locks("none: messages are of the last hours"),
        tokens.KAFKA_POOL: _locks("none: messages are of the last hours"),
        tokens.TERANODE: _locks("its files stay on their volume"),
        tokens.AEROSPIKE: _locks("backups of the store"),
        tokens.PERSISTENT_VOLUME: _locks("the file system stays"),
        tokens.NAMESPACE: _locks("backups of what was in it"),
        tokens.ZONE: _locks("this program", retained=False, forceDestroy=False),
        "aws:backup/vault:Vault": _locks("locked recovery points", forceDestroy=False),
        tokens.REPOSITORY: _locks("the release workflow fills it again", forceDelete=False),
        tokens.VPC: _locks("this program", retained=False),
        tokens.SUBNET: _locks("this program", retained=False),
        tokens.EIP: _locks("none: peers must be told of another address", retained=False),
    }
)
"""By type. Node groups count with data on their disks, namespaces unless they are an operator's."""


def stateful(graph: Graph) -> dict[str, Resource]:
    """Everything of a stack that the list is about, by URN; a store that a StatefulSet makes is one too."""
    chosen = {tokens.NODE_GROUP, tokens.NAMESPACE}
    found = {urn: one for urn, one in graph.by_urn.items() if one.type in STATEFUL.keys() - chosen}
    found.update((group.urn, group) for group in storage_groups(graph))
    found.update((space.urn, space) for space in graph.of_type(tokens.NAMESPACE) if _holds_data(space))
    found.update((store.urn, store) for store in stores(graph))
    return found


def _holds_data(namespace: Resource) -> bool:
    """An operator's is made anew by installing it."""
    return namespace.protect or namespace.inputs.text("metadata.labels.teranode-infra/role") == "miner"
