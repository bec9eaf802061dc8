"""Kafka, by AWS or in the cluster (MSK-1, KAFKA-1 to KAFKA-3)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import INGRESS_RULE, KAFKA, KAFKA_CONFIGURATION, KAFKA_POOL, MSK_CLUSTER, SECURITY_GROUP
from .values import View

_BASIC_MONITORING = frozenset({"", "DEFAULT"})
_TRANSIT = "encryptionInfo.encryptionInTransit"
_MAINNET_COPIES = 3
_COPIES, _IN_SYNC = "default.replication.factor", "min.insync.replicas"


@rule(
    "MSK-1",
    title="MSK speaks TLS alone, is encrypted with a key of the account, private, logged and watched",
    reason="Clients are admitted by their network and not by name, so the network and the wire must be closed.",
    source="MSK.1/2; project",
    remedy="Use the Kafka component.",
    on=(MSK_CLUSTER,),
)
def msk_closed(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    inputs = cluster.inputs
    if inputs.text(f"{_TRANSIT}.clientBroker") != "TLS":
        yield Problem("clients may speak plaintext", f"{_TRANSIT}.clientBroker")
    if not inputs.flag(f"{_TRANSIT}.inCluster"):
        yield Problem("brokers speak plaintext among themselves", f"{_TRANSIT}.inCluster")
    if not inputs.has("encryptionInfo.encryptionAtRestKmsKeyArn"):
        yield Problem("no customer-managed key", "encryptionInfo.encryptionAtRestKmsKeyArn")
    public = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
    if inputs.text(public, "DISABLED") != "DISABLED":
        yield Problem("brokers have public addresses", public)
    if not inputs.flag("loggingInfo.brokerLogs.cloudwatchLogs.enabled"):
        yield Problem("the brokers' log is not kept", "loggingInfo.brokerLogs.cloudwatchLogs.enabled")
    if inputs.text("enhancedMonitoring") in _BASIC_MONITORING:
        yield Problem("only basic metrics are kept", "enhancedMonitoring")
    for group in graph.follow(cluster, "brokerNodeGroupInfo.securityGroups", SECURITY_GROUP):
        for way_in in graph.referrers(group, "securityGroupId", INGRESS_RULE):
            if not way_in.inputs.has("referencedSecurityGroupId"):
                yield Problem("clients are admitted by address and not by security group", urn=way_in.urn)


@rule(
    "KAFKA-1",
    title="Listeners of a Kafka in the cluster speak TLS",
    reason="Whoever can listen on the wire reads and forges messages.",
    source="Strimzi documentation, listeners; project",
    remedy="Set tls on the listener, or waive it with a date and the reason why its clients cannot.",
    on=(KAFKA,),
)
def listeners_encrypted(_graph: Graph, kafka: Resource) -> Iterator[Problem]:
    for listener in kafka.inputs.views("spec.kafka.listeners"):
        if not listener.flag("tls"):
            yield Problem(f"the listener {listener.text('name')} speaks plaintext", "spec.kafka.listeners")


@rule(
    "KAFKA-2",
    title="Listeners of a Kafka in the cluster are internal and admit named namespaces only",
    reason="It knows no users: whoever reaches a broker may read, write and delete everything.",
    source="controls K8S-7; Strimzi documentation, networkPolicyPeers",
    remedy="Make the listener internal and name the namespaces in networkPolicyPeers.",
    on=(KAFKA,),
)
def listeners_closed(_graph: Graph, kafka: Resource) -> Iterator[Problem]:
    for listener in kafka.inputs.views("spec.kafka.listeners"):
        name = listener.text("name")
        if listener.text("type") != "internal":
            yield Problem(f"the listener {name} is reachable from outside the cluster", "spec.kafka.listeners")
        peers = listener.views("networkPolicyPeers")
        if not peers or not all(_names_somebody(peer) for peer in peers):
            yield Problem(f"the listener {name} admits everybody in the cluster", "spec.kafka.listeners")


def _names_somebody(peer: View) -> bool:
    return any(peer.view(f"{selector}.matchLabels").raw for selector in ("namespaceSelector", "podSelector"))


@rule(
    "KAFKA-3",
    title="Messages have as many copies as the tier asks for, and no more than there are brokers",
    reason="Topics with more copies than brokers cannot be made; with fewer, a lost broker takes messages with it.",
    source="Kafka documentation, default.replication.factor and min.insync.replicas; project",
    remedy="Let replication follow the number of brokers (components/kafka/partitions.py).",
    on=(KAFKA, MSK_CLUSTER),
)
def copies_fit(graph: Graph, kafka: Resource) -> Iterator[Problem]:
    brokers, settings = _brokers(graph, kafka), _settings(graph, kafka)
    copies, in_sync = int(settings.get(_COPIES, "1")), int(settings.get(_IN_SYNC, "1"))
    if copies > brokers:
        yield Problem(f"{copies} copies on {brokers} brokers")
    if in_sync >= copies > 1:
        yield Problem(f"{in_sync} of {copies} copies must be there: no broker may be away")
    if graph.strict and (copies < _MAINNET_COPIES or in_sync < _MAINNET_COPIES - 1):
        yield Problem(f"{copies} copies, {in_sync} of them written at once; mainnet needs 3 and 2")


def _brokers(graph: Graph, kafka: Resource) -> int:
    if kafka.type == MSK_CLUSTER:
        return int(kafka.inputs.number("numberOfBrokerNodes"))
    own = kafka.inputs.text("metadata.name"), kafka.inputs.text("metadata.namespace")
    return sum(
        int(pool.inputs.number("spec.replicas"))
        for pool in graph.of_type(KAFKA_POOL)
        if "broker" in pool.inputs.strings("spec.roles")
        and pool.provider == kafka.provider
        and (pool.inputs.view("metadata.labels").raw.get("strimzi.io/cluster"), pool.inputs.text("metadata.namespace"))
        == own
    )


def _settings(graph: Graph, kafka: Resource) -> dict[str, str]:
    if kafka.type == KAFKA:
        return {key: str(value) for key, value in kafka.inputs.view("spec.kafka.config").raw.items()}
    configurations = graph.follow(kafka, "configurationInfo.arn", KAFKA_CONFIGURATION)
    lines = [line for one in configurations for line in one.inputs.text("serverProperties").splitlines()]
    return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}


RULES: tuple[Rule, ...] = (msk_closed, listeners_encrypted, listeners_closed, copies_fit)
