"""Locks on what holds data or addresses that peers rely on: in the program and in the cloud (GRD-5, R6)."""

from collections.abc import Iterable, Iterator

from . import tokens
from .graph import Graph, Resource
from .nodes import storage_groups
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    BACKUP_VAULT,
    BUCKET,
    CLUSTER,
    DB_CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_INSTANCE,
    EFS,
    EIP,
    FSX_LUSTRE,
    KMS_KEY,
    NODE_GROUP,
    PERSISTENT_VOLUME,
    SECRET,
    SUBNET,
    VPC,
    ZONE,
)
from .utxo_stores import stores

_DATABASES = (DB_CLUSTER, DB_CLUSTER_INSTANCE, DB_INSTANCE)
_FILES = (EFS, FSX_LUSTRE, PERSISTENT_VOLUME)
_KAFKA = (tokens.KAFKA, tokens.KAFKA_POOL, tokens.MSK_CLUSTER)
_NODES = (tokens.TERANODE,)
"""Teranode's own, each of which owns the claim of its files: whoever deletes it deletes that."""
_PROTECTED = (
    BACKUP_VAULT,
    BUCKET,
    CLUSTER,
    KMS_KEY,
    SECRET,
    VPC,
    SUBNET,
    EIP,
    ZONE,
    *_DATABASES,
    *_FILES,
    *_KAFKA,
    *_NODES,
)
_KEPT = (BACKUP_VAULT, BUCKET, KMS_KEY, SECRET, *_DATABASES, *_FILES, *_KAFKA, *_NODES)
_CASCADING = (tokens.NAMESPACE, tokens.CUSTOM_RESOURCE_DEFINITION)


def _stateful(graph: Graph) -> Iterable[Resource]:
    yield from graph.of_type(*_PROTECTED)
    yield from storage_groups(graph)
    yield from stores(graph)


def _retained(graph: Graph) -> Iterable[Resource]:
    yield from graph.of_type(*_KEPT)
    yield from stores(graph)


@rule(
    "GRD-5",
    title="Stateful resources are protected in the program and, where AWS has a lock, in the cloud",
    reason="One lock alone has known holes: a targeted destroy, a state edit, the console.",
    source="controls section 4; pulumi#782, #6191, #751",
    remedy="Pass the environment's Protection to the component and set protect from it.",
    on=_stateful,
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def protected(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    if not resource.protect:
        yield Problem("the resource is not protected")
    if resource.type == ZONE and resource.inputs.flag("forceDestroy"):
        yield Problem("the zone deletes its records with itself", "forceDestroy")
    if resource.type == NODE_GROUP and resource.inputs.flag("forceUpdateVersion"):
        yield Problem("an update may evict pods by force", "forceUpdateVersion")


@rule(
    "GRD-5-RETAIN",
    title="Keys, buckets, secrets, databases, files and UTXO stores stay even if they leave the program",
    reason="Protection ends with the line that carries it; a lost key, bucket, secret or volume is lost data.",
    source="controls section 4",
    remedy="Set retain_on_delete together with protect.",
    on=_retained,
    tiers=MAINNET_ONLY,
    guards_data=True,
    hidden_from_pack="a policy pack is not told of retainOnDelete",
)
def retained(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    if not resource.retain_on_delete:
        yield Problem("the resource is deleted when it leaves the program")


@rule(
    "R6",
    title="Namespaces and resource definitions are protected too",
    reason="Protecting the cluster does not protect what is in it: deleting a namespace or a definition cascades.",
    source="pulumi#6191, pulumi-kubernetes#2882",
    remedy="Set protect on the namespace or definition.",
    on=_CASCADING,
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def cascade_protected(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    # What is in an operator's namespace is made anew by installing it; data of the platform has locks of its own. What
    # stands before a miner holds nothing.
    role = resource.inputs.text("metadata.labels.teranode-infra/role")
    if not resource.protect and role not in ("platform", "public"):
        yield Problem("the resource is not protected, and deleting it deletes what it holds")


RULES: tuple[Rule, ...] = (protected, retained, cascade_protected)
