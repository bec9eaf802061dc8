"""Kafka: what holds whichever profile provides it."""

from dataclasses import replace

import pulumi
import pytest

from components.kafka import Kafka, KafkaProfile
from components.protection import Protection
from components.stores import MessagesEndpoint
from simulator.compare import Action, compare
from tests.support.builders import (
    LOCKED,
    UNLOCKED,
    in_region,
)
from tests.support.stacks import at
from tests.unit.components.kafka_profiles import (
    BROKERS,
    IN_CLUSTER,
    MINERS,
    MONITOR,
    MSK,
    MSK_CLUSTER,
    POLICY,
    SINGLE,
    STATEFUL_SET,
    STRIMZI,
    ZONES,
    args,
    at_list,
    built,
    list_at,
    plain,
    settings,
    the,
)


@pytest.mark.parametrize("profile", list(KafkaProfile))
@pytest.mark.parametrize(("brokers", "copies", "in_sync"), [(1, "1", "1"), (2, "2", "1"), (3, "3", "2"), (6, "3", "2")])
def test_replication_follows_the_number_of_brokers(
    profile: KafkaProfile, brokers: int, copies: str, in_sync: str
) -> None:
    if profile is SINGLE and brokers > 1:
        return
    found = settings(built(profile, ZONES[: min(brokers, 3)], brokers=brokers), profile)

    for key in ("default.replication.factor", "offsets.topic.replication.factor"):
        assert found[key] == copies
    assert found["min.insync.replicas"] == found["transaction.state.log.min.isr"] == in_sync


@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_the_namespace_is_locked_with_the_claims_in_it(protection: Protection, *, locked: bool) -> None:
    namespace = the(built(STRIMZI, protection=protection), "kubernetes:core/v1:Namespace")

    assert (namespace.protect, namespace.retain_on_delete) == (locked, locked)


@pytest.mark.parametrize("profile", list(KafkaProfile))
def test_only_miners_make_topics_and_messages_are_kept_for_half_an_hour(profile: KafkaProfile) -> None:
    found = settings(plain(profile), profile)

    assert found["auto.create.topics.enable"] == "false"
    assert found["log.retention.ms"] == "1800000"
    assert found["unclean.leader.election.enable"] == "false"
    assert not plain(profile).of_type("kubernetes:kafka.strimzi.io/v1:KafkaTopic")


@pytest.mark.parametrize(
    ("profile", "hosts", "tls", "port"),
    [
        (STRIMZI, "kafka-kafka-bootstrap.kafka.svc.cluster.local:9092", False, 9092),
        (SINGLE, "kafka.kafka.svc.cluster.local:9092", False, 9092),
        (MSK, ":9094", True, 9094),
    ],
)
def test_the_endpoint_says_where_to_begin_and_what_the_brokers_take(
    profile: KafkaProfile, hosts: str, *, tls: bool, port: int
) -> None:
    made: list[MessagesEndpoint] = []
    seen: list[str] = []

    def program(opts: pulumi.ResourceOptions) -> None:
        endpoint = Kafka("kafka", args(profile), opts).endpoint
        made.append(endpoint)
        endpoint.hosts.apply(seen.append)

    simulation = in_region(program)
    [endpoint] = made

    assert seen[0].endswith(hosts)
    assert (endpoint.tls, endpoint.port, endpoint.partitions_high) == (tls, port, 32)
    assert endpoint.replication == BROKERS[profile]
    assert endpoint.ready
    if profile is MSK:
        assert seen == [the(simulation, MSK_CLUSTER).outputs["bootstrapBrokersTls"]]
        assert endpoint.peer.cidr == "10.16.0.0/16"
    else:
        assert endpoint.peer.namespace == "kafka"


@pytest.mark.parametrize("profile", IN_CLUSTER)
def test_only_miners_reach_the_plaintext_port_from_outside(profile: KafkaProfile) -> None:
    admitted = [
        peer
        for policy in plain(profile).of_type(POLICY)
        for rule in list_at(policy, "spec.ingress")
        if any(at(port, "port") == 9092 for port in at_list(rule, "ports"))
        for peer in at_list(rule, "from")
    ]

    of_the_namespace = {"podSelector": {"matchLabels": {"app.kubernetes.io/name": "kafka-exporter"}}}
    assert [peer for peer in admitted if peer != of_the_namespace] == [{"namespaceSelector": {"matchLabels": MINERS}}]


@pytest.mark.parametrize("profile", IN_CLUSTER)
def test_brokers_live_in_a_closed_namespace_of_their_own(profile: KafkaProfile) -> None:
    namespace = the(plain(profile), "kubernetes:core/v1:Namespace")
    names = {at(policy.inputs, "metadata.name") for policy in plain(profile).of_type(POLICY)}

    assert at(namespace.inputs, "metadata.name") == "kafka"
    assert namespace.inputs["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"  # type: ignore[index]
    assert {"deny-all", "dns", "clients"} <= names
    for resource in plain(profile).resources:
        if resource.type.startswith("kubernetes:") and resource.type != "kubernetes:core/v1:Namespace":
            assert at(resource.inputs, "metadata.namespace") == "kafka", resource.name


@pytest.mark.parametrize("profile", list(KafkaProfile))
def test_a_larger_disk_changes_in_place(profile: KafkaProfile) -> None:
    result = compare(plain(profile).deployment, built(profile, storage_gib=80).deployment)

    assert len(result.of(Action.UPDATE)) == 1
    assert result.changed == result.of(Action.UPDATE)


@pytest.mark.parametrize("profile", [STRIMZI, MSK])
def test_more_brokers_change_in_place(profile: KafkaProfile) -> None:
    result = compare(plain(profile).deployment, built(profile, brokers=6).deployment)

    assert result.of(Action.UPDATE)
    assert result.changed == result.of(Action.UPDATE)


def test_nodes_reach_the_kubernetes_api_where_it_answers_and_nothing_else_outside() -> None:
    policies = {at(policy.inputs, "metadata.name"): policy for policy in plain(STRIMZI).of_type(POLICY)}
    [rule] = list_at(policies["kubernetes-api"], "spec.egress")

    assert [at(peer, "ipBlock.cidr") for peer in at_list(rule, "to")] == ["10.0.0.0/16"]
    assert [at(port, "port") for port in at_list(rule, "ports")] == [443]


def test_what_readers_still_have_to_read_is_told_beside_a_single_broker() -> None:
    """It calls the broker and nobody else, and Prometheus alone calls it."""

    def scraped(opts: pulumi.ResourceOptions) -> None:
        broker = args(SINGLE)
        Kafka("kafka", replace(broker, monitoring=(broker.provider,)), opts)

    simulation = in_region(scraped)
    [exporter] = simulation.of_type("kubernetes:apps/v1:Deployment")
    monitor = the(simulation, MONITOR)
    policies = {at(policy.inputs, "metadata.name"): policy.inputs for policy in simulation.of_type(POLICY)}
    labels = at(exporter.inputs, "spec.template.metadata.labels")
    broker = at(the(simulation, STATEFUL_SET).inputs, "spec.template.metadata.labels")

    arguments = at(exporter.inputs, "spec.template.spec.containers.0.args")
    assert "--kafka.server=kafka.kafka.svc.cluster.local:9092" in list(arguments)  # type: ignore[arg-type]
    assert at(monitor.inputs, "spec.selector.matchLabels") == labels
    assert at(monitor.inputs, "spec.podMetricsEndpoints.0.portNumber") == 9404
    for policy, pods, side, port in (
        ("exporter-out", labels, "egress", 9092),
        ("exporter-in", broker, "ingress", 9092),
        ("metrics", labels, "ingress", 9404),
    ):
        assert at(policies[policy], "spec.podSelector.matchLabels") == pods
        assert at(policies[policy], f"spec.{side}.0.ports.0.port") == port
    assert at(policies["exporter-out"], "spec.egress.0.to.0.podSelector.matchLabels") == broker
    assert at(policies["exporter-in"], "spec.ingress.0.from.0.podSelector.matchLabels") == labels
    assert at(policies["metrics"], "spec.ingress.0.from.0.namespaceSelector.matchLabels") == {
        "kubernetes.io/metadata.name": "monitoring"
    }


def test_more_partitions_are_the_miners_business() -> None:
    for profile in KafkaProfile:
        result = compare(plain(profile).deployment, built(profile, partitions_high=64).deployment)
        assert not result.changed


@pytest.mark.parametrize(
    ("profile", "changes", "words"),
    [
        (SINGLE, {"brokers": 2}, "one broker, not 2"),
        (MSK, {"brokers": 4}, "multiple of its 3 zones"),
        (STRIMZI, {"brokers": 0}, "needs a broker"),
    ],
)
def test_brokers_that_cannot_be_are_refused(profile: KafkaProfile, changes: dict[str, int], words: str) -> None:
    def refused(_: pulumi.ResourceOptions) -> None:
        with pytest.raises(ValueError, match=words):
            args(profile, ZONES, **changes)

    in_region(refused)
