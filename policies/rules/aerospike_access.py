"""Who reaches Aerospike's servers, and what passes between them in clear (AER-1, AER-2)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import AEROSPIKE, NETWORK_POLICY
from .utxo_stores import neighbours, operators, stores
from .values import View

_ADMIN_ROLES = frozenset({"sys-admin", "user-admin"})
_CLIENT_PORT = 3000
_NAMESPACE_NAME = "kubernetes.io/metadata.name"
_SERVICE = "spec.aerospikeConfig.network.service"


@rule(
    "AER-1",
    title="Aerospike knows its users: security is on, one is the administrator, passwords come from Secrets",
    reason="Otherwise whoever reaches a server may read, write and drop everything.",
    source="AKO access_control_validate.go",
    remedy="Set security and aerospikeAccessControl with an administrator (components/aerospike/cluster_spec.py).",
    on=(AEROSPIKE,),
)
def users_known(_graph: Graph, store: Resource) -> Iterator[Problem]:
    if store.inputs.get("spec.aerospikeConfig.security") is None:
        yield Problem("security is off", "spec.aerospikeConfig.security")
    users = store.inputs.views("spec.aerospikeAccessControl.users")
    if not any(set(user.strings("roles")) >= _ADMIN_ROLES for user in users):
        yield Problem("nobody is administrator", "spec.aerospikeAccessControl.users")
    for user in users:
        if not user.has("secretName"):
            yield Problem(f"the password of {user.text('name')} is in no Secret", user.path)


@rule(
    "AER-2",
    title="Aerospike's servers speak TLS among themselves",
    reason="All records pass between servers; whoever joins them gets a copy.",
    source="AKO TLS sample, Aerospike security documentation",
    remedy="Name a certificate and a TLS port for heartbeat and fabric, and no plain port.",
    on=(AEROSPIKE,),
    tiers=MAINNET_ONLY,
)
def servers_encrypted(_graph: Graph, store: Resource) -> Iterator[Problem]:
    for part in ("heartbeat", "fabric"):
        path = f"spec.aerospikeConfig.network.{part}"
        settings = store.inputs.view(path)
        if not settings.has("tls-name") or not settings.has("tls-port"):
            yield Problem(f"the {part} has no TLS port", path)
        if settings.has("port"):
            yield Problem(f"the {part} has a plain port", path)


@rule(
    "AER-2-CLIENTS",
    title="Clients of Aerospike speak TLS, and its operator shows a certificate",
    reason="Records and passwords pass between clients and servers.",
    source="AKO TLS sample, Aerospike security documentation",
    remedy="Give the service a TLS port and set operatorClientCert, or waive it with a date and its clients' reason.",
    on=(AEROSPIKE,),
    tiers=MAINNET_ONLY,
)
def clients_encrypted(_graph: Graph, store: Resource) -> Iterator[Problem]:
    if store.inputs.has(f"{_SERVICE}.port") or not store.inputs.has(f"{_SERVICE}.tls-port"):
        yield Problem("clients speak plaintext", _SERVICE)
    if not store.inputs.has("spec.operatorClientCert"):
        yield Problem("the operator shows no certificate", "spec.operatorClientCert")


@rule(
    "AER-2-CLOSED",
    title="Aerospike's port for clients is closed to all but its own namespace and its operator",
    reason="It is plain, and the community edition asks nobody for a name.",
    source="controls AER-2",
    remedy="Deny all ingress of the namespace, and name namespaces in what opens port 3000.",
    on=stores,
)
def clients_admitted(graph: Graph, store: Resource) -> Iterator[Problem]:
    policies = neighbours(graph, store, NETWORK_POLICY)
    if not any(_denies_all(policy) for policy in policies):
        yield Problem("the namespace admits whatever no policy names")
    allowed = {store.inputs.text("metadata.namespace")}
    allowed |= {release.inputs.text("namespace") for release in operators(graph, store)}
    for policy in policies:
        for way_in in policy.inputs.views("spec.ingress"):
            if _opens_clients_port(way_in) and not _only_from(way_in, allowed):
                yield Problem("others reach the port for clients", way_in.path, policy.urn)


def _denies_all(policy: Resource) -> bool:
    return (
        "Ingress" in policy.inputs.strings("spec.policyTypes")
        and not policy.inputs.has("spec.ingress")
        and not policy.inputs.has("spec.podSelector")
    )


def _opens_clients_port(way_in: View) -> bool:
    ports = way_in.views("ports")
    return not ports or any(
        port.number("port") <= _CLIENT_PORT <= port.number("endPort", port.number("port")) for port in ports
    )


def _only_from(way_in: View, allowed: set[str]) -> bool:
    sources = way_in.views("from")
    return bool(sources) and all(
        source.view("namespaceSelector.matchLabels").raw.get(_NAMESPACE_NAME) in allowed
        if source.get("namespaceSelector") is not None
        else source.get("podSelector") is not None
        for source in sources
    )


RULES: tuple[Rule, ...] = (users_known, servers_encrypted, clients_encrypted, clients_admitted)
