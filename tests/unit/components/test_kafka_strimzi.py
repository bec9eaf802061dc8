"""Kafka by Strimzi."""

from dataclasses import replace

import pulumi
import pytest

from components.kafka import Kafka
from components.protection import Protection
from tests.support.builders import (
    LOCKED,
    UNLOCKED,
    in_region,
)
from tests.support.stacks import at
from tests.unit.components.kafka_profiles import (
    KAFKA,
    MINERS,
    MONITOR,
    POOL,
    STRIMZI,
    args,
    at_list,
    built,
    list_at,
    plain,
    pool,
    the,
)


def test_controllers_are_an_odd_number_and_do_not_follow_the_brokers() -> None:
    simulation = built(STRIMZI, brokers=6)

    assert at(pool(simulation, "controllers").inputs, "spec.replicas") == 3
    assert at(pool(simulation, "controllers").inputs, "spec.roles") == ["controller"]
    assert at(pool(simulation, "brokers").inputs, "spec.replicas") == 6
    assert at(pool(simulation, "brokers").inputs, "spec.roles") == ["broker"]


def test_the_miners_wait_for_brokers_that_are_ready() -> None:
    kafka = the(plain(STRIMZI), KAFKA)
    annotations = at(kafka.inputs, "metadata.annotations")

    assert isinstance(annotations, dict)
    assert annotations["pulumi.com/waitFor"] == "condition=Ready"
    assert {one.urn for one in plain(STRIMZI).of_type(POOL)} <= set(kafka.dependencies)


def test_the_only_listener_admits_miners_namespaces() -> None:
    [listener] = list_at(the(plain(STRIMZI), KAFKA), "spec.kafka.listeners")

    assert at(listener, "type") == "internal"
    assert at_list(listener, "networkPolicyPeers") == [{"namespaceSelector": {"matchLabels": MINERS}}]


def test_nobody_but_the_miners_owns_topics() -> None:
    assert set(the(plain(STRIMZI), KAFKA).inputs["spec"]) == {"kafka", "kafkaExporter"}  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["controllers", "brokers"])
def test_nodes_spread_over_zones_with_least_rights(name: str) -> None:
    template = at(pool(plain(STRIMZI), name).inputs, "spec.template")
    zone, _ = at_list(template, "pod.topologySpreadConstraints")

    assert (at(zone, "topologyKey"), at(zone, "whenUnsatisfiable")) == ("topology.kubernetes.io/zone", "DoNotSchedule")
    assert at(zone, "labelSelector.matchLabels") == {"strimzi.io/cluster": "kafka", "strimzi.io/pool-name": name}
    for container in ("kafkaContainer", "initContainer"):
        rights = at(template, f"{container}.securityContext")
        assert at(rights, "allowPrivilegeEscalation") is False
        assert at(rights, "readOnlyRootFilesystem") is True
        assert at(rights, "capabilities") == {"drop": ["ALL"]}


@pytest.mark.parametrize(("protection", "kept"), [(LOCKED, True), (UNLOCKED, False)])
def test_disks_outlive_the_cluster_where_the_environment_protects_its_data(
    protection: Protection, *, kept: bool
) -> None:
    simulation = built(STRIMZI, protection=protection)

    for node_pool in simulation.of_type(POOL):
        [volume] = list_at(node_pool, "spec.storage.volumes")
        assert at(volume, "deleteClaim") is not kept
        assert at(volume, "class") == "gp3-io"
    for held in (the(simulation, KAFKA), *simulation.of_type(POOL)):
        assert (held.protect, held.retain_on_delete) == (kept, kept)


def test_an_exporter_tells_what_readers_still_have_to_read() -> None:
    """Its pod carries the cluster's label, and so is scraped and may call brokers as they are among themselves."""
    exporter = at(the(plain(STRIMZI), KAFKA).inputs, "spec.kafkaExporter")

    assert at(exporter, "groupRegex") == at(exporter, "topicRegex") == ".*"
    assert at(exporter, "template.container.securityContext.readOnlyRootFilesystem") is True
    assert at(exporter, "template.pod.securityContext.runAsNonRoot") is True


def test_metrics_are_asked_for_only_where_somebody_scrapes() -> None:
    def monitored(opts: pulumi.ResourceOptions) -> None:
        plain_args = args(STRIMZI)
        Kafka("kafka", replace(plain_args, monitoring=(plain_args.provider,)), opts)

    assert not plain(STRIMZI).of_type(MONITOR)
    [endpoint] = list_at(the(in_region(monitored), MONITOR), "spec.podMetricsEndpoints")
    assert endpoint == {"portNumber": 9404, "path": "/metrics"}
