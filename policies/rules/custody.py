"""Who holds the keys of miners: what is synced to the nodes, from where, and by whom it can be read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .documents import policy_document
from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    EVENT_RULE,
    EVENT_TARGET,
    EXTERNAL_SECRET,
    POD_IDENTITY_ASSOCIATION,
    RANDOM_PASSWORD,
    ROLE,
    SECRET,
    SECRET_STORE,
    SECRET_VERSION,
)

_PRIVATE_KEY = re.compile(r"private_keys?$")
_WALLET_KEY = re.compile(r"wallet_private_keys?$")
_MINED_WITH = "miner_wallet_private_keys"
_SEED = re.compile(r"-seed$")
_HEARS_OF_READS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
_OPERATOR = ("external-secrets", "external-secrets")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One value that an ExternalSecret brings: its key there, and the secret and property that it comes from."""

    key: str
    path: str
    source: str
    field: str

    @property
    def reference(self) -> tuple[str, str]:
        return self.source, self.field


def _entries(resource: Resource) -> Iterator[_Entry]:
    for index, entry in enumerate(resource.inputs.view("spec").views("data")):
        remote = entry.view("remoteRef")
        path = f"spec.data.{index}"
        yield _Entry(entry.text("secretKey"), path, remote.text("key"), remote.text("property"))


def _place(resource: Resource) -> tuple[str, str]:
    """Cluster and namespace; a Kubernetes provider is a cluster."""
    return resource.provider, resource.inputs.text("metadata.namespace")


def _made_elsewhere(graph: Graph, resource: Resource, entry: _Entry) -> bool:
    return not graph.follow(resource, f"{entry.path}.remoteRef.key", SECRET)


@rule(
    "KEY-2",
    title="On mainnet no wallet key is brought to the nodes but those that Teranode mines with",
    reason="A key on a node can be spent by whoever takes the node; no service here spends.",
    source="CCSS 1.02/1.04",
    remedy="Bring miner_wallet_private_keys only, and sweep what they receive to keys that are kept offline.",
    on=(EXTERNAL_SECRET,),
    tiers=MAINNET_ONLY,
)
def only_mining_keys(graph: Graph, resource: Resource) -> Iterator[Problem]:
    for entry in _entries(resource):
        other = _WALLET_KEY.search(entry.key) and entry.key != _MINED_WITH
        if other and _made_elsewhere(graph, resource, entry):
            yield Problem(f"{entry.key} is brought to the nodes", entry.path)


@rule(
    "KEY-2-ALARM",
    title="On mainnet somebody is told when the wallet key of a miner is read",
    reason="Teranode takes no payout address, so the key must be on the nodes; who else reads it must not stay unseen.",
    source="CCSS 1.02/1.04; controls OBS-3",
    remedy="Use the SecretReads component, or an EventBridge rule of your own on GetSecretValue that hears of reads.",
    on=(EXTERNAL_SECRET,),
    tiers=MAINNET_ONLY,
)
def wallet_reads_are_told(graph: Graph, resource: Resource) -> Iterator[Problem]:
    for entry in _entries(resource):
        if not _WALLET_KEY.search(entry.key) or not _made_elsewhere(graph, resource, entry):
            continue
        if not any(_watches(graph, found, entry.source) for found in graph.of_type(EVENT_RULE)):
            yield Problem("nobody is told of reads of the wallet's secret", entry.path)


def _watches(graph: Graph, event_rule: Resource, secret: str) -> bool:
    """Whether a rule hears of reads, which one that is merely enabled does not, and tells somebody."""
    if event_rule.inputs.text("state") != _HEARS_OF_READS or not graph.referrers(event_rule, "rule", EVENT_TARGET):
        return False
    detail = event_rule.inputs.document("eventPattern").view("detail")
    named = detail.view("requestParameters").strings("secretId")
    return "GetSecretValue" in detail.strings("eventName") and secret in named


@rule(
    "KEY-3",
    title="A private key belongs to one miner",
    reason="A key that two hold is lost with either, and two peers of one identity shut each other out.",
    source="CCSS 1.02",
    remedy="Give each miner a seed, and a wallet secret, of its own.",
    on=(EXTERNAL_SECRET,),
)
def keys_have_one_holder(graph: Graph, resource: Resource) -> Iterator[Problem]:
    for entry in _entries(resource):
        if not _PRIVATE_KEY.search(entry.key):
            continue
        others = _holders(graph)[entry.reference] - {_place(resource)}
        if others:
            names = ", ".join(sorted(namespace for _, namespace in others))
            yield Problem(f"{entry.key} is also read in {names}", entry.path)


@lru_cache(maxsize=1)  # once for all resources of the graph that is being judged
def _holders(graph: Graph) -> Mapping[tuple[str, str], set[tuple[str, str]]]:
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for resource in graph.of_type(EXTERNAL_SECRET):
        for entry in _entries(resource):
            found.setdefault(entry.reference, set()).add(_place(resource))
    return found


def _seeds(graph: Graph) -> Iterator[Resource]:
    return (resource for resource in graph.of_type(RANDOM_PASSWORD) if _SEED.search(resource.name))


@rule(
    "KEY-3-SEED",
    title="A seed is stored in one secret",
    reason="Two secrets from one seed are one key under two names.",
    source="CCSS 1.02",
    remedy="Generate a seed for each purpose of each miner.",
    on=_seeds,
)
def seeds_are_used_once(graph: Graph, seed: Resource) -> Iterator[Problem]:
    stored = [
        version.name
        for version in graph.of_type(SECRET_VERSION)
        if seed.urn in version.property_dependencies.get("secretString", ())
    ]
    if len(stored) > 1:
        yield Problem(f"the seed is in {', '.join(sorted(stored))}")


@rule(
    "IAM-2-READER",
    title="A store of secrets reads by a role of its own, which External Secrets takes and nobody else",
    reason="Whoever else may take the role reads the secrets; a shared one gives each namespace the other's.",
    source="External Secrets, multi-tenancy; controls IAM-2, IAM-3",
    remedy="Use the SecretReader component.",
    on=(SECRET_STORE,),
)
def reader_roles_are_taken_by_the_operator(graph: Graph, store: Resource) -> Iterator[Problem]:
    path = "spec.provider.aws.role"
    if not store.inputs.has(path):
        yield Problem("the store reads with the operator's own rights", path)
        return
    roles = graph.follow(store, path, ROLE)
    if not roles:
        yield Problem("the role is none of this stack: nobody sees who may take it", path)
    for role in roles:
        yield from _trust_of(graph, role)
        shared = [other.name for other in graph.referrers(role, path, SECRET_STORE) if other.urn != store.urn]
        if shared:
            yield Problem(f"the role also serves {', '.join(sorted(shared))}", path)


def _trust_of(graph: Graph, role: Resource) -> Iterator[Problem]:
    operators = _operator_roles(graph)
    for statement in policy_document(role.inputs, "assumeRolePolicy"):
        if not statement.allows:
            continue
        taken_by = {name for names in statement.principals.values() for name in names}
        if not taken_by or not taken_by <= operators:
            yield Problem("somebody but External Secrets may take the role", "assumeRolePolicy", role.urn)


def _operator_roles(graph: Graph) -> set[str]:
    return {
        association.inputs.text("roleArn")
        for association in graph.of_type(POD_IDENTITY_ASSOCIATION)
        if (association.inputs.text("namespace"), association.inputs.text("serviceAccount")) == _OPERATOR
    }


def key_references(graph: Graph) -> Mapping[tuple[str, str], Resource]:
    """Secret and property of every private key that a stack reads, with the resource that does."""
    return {
        entry.reference: resource
        for resource in graph.of_type(EXTERNAL_SECRET)
        for entry in _entries(resource)
        if _PRIVATE_KEY.search(entry.key)
    }


RULES: tuple[Rule, ...] = (
    only_mining_keys,
    wallet_reads_are_told,
    keys_have_one_holder,
    seeds_are_used_once,
    reader_roles_are_taken_by_the_operator,
)
