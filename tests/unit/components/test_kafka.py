"""The Kafka of a region, in each of its profiles."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from components.kafka import Kafka, KafkaArgs, KafkaProfile, namespace_args
from components.kafka.broker_files import ASK
from components.namespace import Namespace
from components.network import NetworkRef
from components.protection import Protection
from components.stores import MessagesEndpoint
from simulator import Simulation
from simulator.compare import Action, compare
from simulator.record import RecordedResource
from simulator.schedule import schedule
from tests.support.builders import (
    IMAGES,
    KAFKA_VERSIONS,
    LOCKED,
    UNLOCKED,
    built_region,
    in_region,
    placement,
    region_args,
)
from tests.support.stacks import at

STRIMZI, MSK, SINGLE = KafkaProfile.STRIMZI, KafkaProfile.MSK, KafkaProfile.SINGLE
IN_CLUSTER = [STRIMZI, SINGLE]
MSK_CLUSTER = "aws:msk/cluster:Cluster"
KAFKA, POOL = "kubernetes:kafka.strimzi.io/v1:Kafka", "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"
MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
STATEFUL_SET = "kubernetes:apps/v1:StatefulSet"
CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
LOG_KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
NODES = "sg-0aaaaaaaaaaaaaaaa"
ZONES = ("eu-west-1a", "eu-west-1b", "eu-west-1c")
MINERS = {"teranode-infra/role": "miner"}
BROKERS = {STRIMZI: 3, MSK: 3, SINGLE: 1}


def network(zones: tuple[str, ...] = ZONES) -> NetworkRef:
    return NetworkRef(
        vpc_id=pulumi.Output.from_input("vpc-0aaaaaaaaaaaaaaaa"),
        cidr_block="10.16.0.0/16",
        private_subnet_ids={},
        data_subnet_ids={zone: pulumi.Output.from_input(f"subnet-{zone}") for zone in zones},
        public_subnet_ids={},
        peered_route_table_ids={},
        egress=(),
    )


def args(profile: KafkaProfile, zones: tuple[str, ...] = ZONES, **changes: object) -> KafkaArgs:
    plain: dict[str, object] = {
        "placement": placement(),
        "network": network(zones),
        "profile": profile,
        "versions": KAFKA_VERSIONS,
        "images": IMAGES,
        "brokers": BROKERS[profile],
        "partitions_high": 32,
        "instance_type": "kafka.m7g.large",
        "storage_gib": 50,
        "client_security_group_id": NODES,
        "provider": kubernetes.Provider("cluster", cluster_identifier="arn:aws:eks:eu-west-1:111122223333:cluster/c"),
        "workloads_ready": (),
        "operator": (),
        "monitoring": (),
        "log_retention_days": 365,
        "log_key_arn": LOG_KEY,
        "protection": LOCKED,
    }
    given = {**plain, **changes}
    if profile is not MSK:
        wanted = namespace_args(profile, given["provider"], given["protection"], (), ("10.0.0.0/16",))  # type: ignore[arg-type]
        given = {"namespace": Namespace("kafka-namespace", wanted).ref, **given}
    return KafkaArgs(**{"namespace": None, **given})


def built(profile: KafkaProfile, zones: tuple[str, ...] = ZONES, **changes: object) -> Simulation:
    return in_region(lambda opts: Kafka("kafka", args(profile, zones, **changes), opts))


@cache
def plain(profile: KafkaProfile) -> Simulation:
    return built(profile)


def the(simulation: Simulation, token: str) -> RecordedResource:
    [found] = simulation.of_type(token)
    return found


def pool(simulation: Simulation, name: str) -> RecordedResource:
    [found] = [one for one in simulation.of_type(POOL) if at(one.inputs, "metadata.name") == name]
    return found


def settings(simulation: Simulation, profile: KafkaProfile) -> dict[str, str]:
    """Kafka's settings, wherever a profile writes them."""
    if profile is STRIMZI:
        config = at(the(simulation, KAFKA).inputs, "spec.kafka.config")
        assert isinstance(config, dict)
        return {key: str(value) for key, value in config.items()}
    if profile is MSK:
        text = str(the(simulation, "aws:msk/configuration:Configuration").inputs["serverProperties"])
    else:
        data = the(simulation, CONFIG_MAP).inputs["data"]
        assert isinstance(data, dict)
        text = str(data["server.properties"])
    return dict(line.split("=", 1) for line in text.splitlines())


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


def list_at(resource: RecordedResource, path: str) -> list[object]:
    return at_list(resource.inputs, path)


def at_list(value: object, path: str) -> list[object]:
    """The list at a path; empty where there is none."""
    try:
        found = at(value, path)
    except KeyError:
        return []
    return found if isinstance(found, list) else []


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


# --- MSK


def test_nodes_are_the_only_ones_who_reach_msk_and_it_reaches_nobody() -> None:
    group = the(plain(MSK), "aws:ec2/securityGroup:SecurityGroup")
    ingress = the(plain(MSK), "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    egress = the(plain(MSK), "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")

    for rule, owner, other in ((ingress, group.id, NODES), (egress, NODES, group.id)):
        assert (rule.inputs["securityGroupId"], rule.inputs["referencedSecurityGroupId"]) == (owner, other)
        assert (rule.inputs["fromPort"], rule.inputs["toPort"], rule.inputs["ipProtocol"]) == (9094, 9094, "tcp")
    assert at(the(plain(MSK), MSK_CLUSTER).inputs, "brokerNodeGroupInfo.securityGroups") == [group.id]


def test_msk_speaks_tls_only_and_encrypts_disks_with_a_key_of_its_own() -> None:
    cluster, key = the(plain(MSK), MSK_CLUSTER).inputs, the(plain(MSK), "aws:kms/key:Key")

    assert at(cluster, "encryptionInfo.encryptionInTransit") == {"clientBroker": "TLS", "inCluster": True}
    assert at(cluster, "encryptionInfo.encryptionAtRestKmsKeyArn") == key.outputs["arn"]
    assert cluster["clientAuthentication"] == {"unauthenticated": True}
    assert at(cluster, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type") == "DISABLED"


def test_msks_version_is_pinned_and_its_settings_and_logs_are_its_own() -> None:
    cluster, group = the(plain(MSK), MSK_CLUSTER).inputs, the(plain(MSK), "aws:cloudwatch/logGroup:LogGroup")

    assert cluster["kafkaVersion"] == "4.1.x.kraft"
    assert cluster["enhancedMonitoring"] == "PER_BROKER"
    assert at(cluster, "loggingInfo.brokerLogs.cloudwatchLogs") == {"enabled": True, "logGroup": group.inputs["name"]}
    assert (group.inputs["kmsKeyId"], group.inputs["retentionInDays"]) == (LOG_KEY, 365)
    configuration = the(plain(MSK), "aws:msk/configuration:Configuration")
    assert at(cluster, "configurationInfo.arn") == configuration.outputs["arn"]


def test_a_zone_that_joins_the_region_moves_no_broker() -> None:
    before = built(MSK, ZONES[1:], brokers=6)

    assert not compare(before.deployment, built(MSK, ZONES, brokers=6).deployment).changed


def test_what_takes_msk_long_is_waited_for() -> None:
    timeouts = the(plain(MSK), MSK_CLUSTER).custom_timeouts

    assert timeouts is not None
    assert (timeouts.create, timeouts.update, timeouts.delete) == ("90m", "240m", "90m")


@pytest.mark.parametrize(("protection", "locked"), [(LOCKED, True), (UNLOCKED, False)])
def test_msk_and_its_key_are_locked_where_the_environment_says_so(protection: Protection, *, locked: bool) -> None:
    simulation = built(MSK, protection=protection)

    for held in (the(simulation, MSK_CLUSTER), the(simulation, "aws:kms/key:Key")):
        assert (held.protect, held.retain_on_delete) == (locked, locked)


@pytest.mark.parametrize("profile", [MSK])
def test_msk_is_made_beside_the_control_plane(profile: KafkaProfile) -> None:
    simulation = built_region(kafka=replace(region_args().kafka, profile=profile))
    graph = {resource.urn: resource for resource in simulation.resources}
    [control_plane] = simulation.of_type("aws:eks/cluster:Cluster")
    own = [resource for resource in simulation.resources if "$teranode:kafka:" in resource.urn and resource.custom]

    def needed(urn: str, seen: set[str]) -> set[str]:
        for other in graph[urn].dependencies:
            if other not in seen:
                seen.add(other)
                needed(other, seen)
        return seen

    assert own
    assert all(control_plane.urn not in needed(resource.urn, set()) for resource in own)
    assert schedule(simulation.deployment).total_s < 35 * 60


# --- Strimzi


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


# --- a single broker


def container(simulation: Simulation, kind: str = "containers") -> object:
    [found] = list_at(the(simulation, STATEFUL_SET), f"spec.template.spec.{kind}")
    return found


@pytest.mark.parametrize("kind", ["containers", "initContainers"])
def test_a_single_broker_runs_with_least_rights(kind: str) -> None:
    pod, one = at(the(plain(SINGLE), STATEFUL_SET).inputs, "spec.template.spec"), container(plain(SINGLE), kind)

    assert at(pod, "automountServiceAccountToken") is False
    assert at(pod, "securityContext.runAsUser") == 1000
    assert at(one, "securityContext.readOnlyRootFilesystem") is True
    assert at(one, "securityContext.capabilities") == {"drop": ["ALL"]}
    assert at(one, "resources.limits.memory") == at(one, "resources.requests.memory") == "4Gi"
    assert "@sha256:" in str(at(one, "image"))


def test_the_id_of_a_single_broker_is_drawn_once_and_given_to_its_disk() -> None:
    drawn = the(plain(SINGLE), "random:index/randomId:RandomId")

    assert f"--cluster-id={drawn.outputs['b64Url']}" in at_list(container(plain(SINGLE), "initContainers"), "args")
    assert len(str(drawn.outputs["b64Url"])) == 22


def test_a_change_of_the_files_restarts_the_broker() -> None:
    files = the(plain(SINGLE), CONFIG_MAP)
    volumes = list_at(the(plain(SINGLE), STATEFUL_SET), "spec.template.spec.volumes")

    assert str(at(files.inputs, "metadata.name")).startswith("kafka-single-files-")
    assert at(files.inputs, "metadata.name") in {
        at(volume, "configMap.name") for volume in volumes if isinstance(volume, dict) and "configMap" in volume
    }


def test_a_single_broker_listens_to_its_controller_on_the_loopback_only() -> None:
    found = settings(plain(SINGLE), SINGLE)

    assert found["listeners"] == "PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093"
    assert found["advertised.listeners"] == "PLAINTEXT://kafka.kafka.svc.cluster.local:9092"


@pytest.mark.parametrize("probe", ["startupProbe", "readinessProbe", "livenessProbe"])
def test_every_probe_asks_the_broker(probe: str) -> None:
    data = the(plain(SINGLE), CONFIG_MAP).inputs["data"]

    assert at(container(plain(SINGLE)), f"{probe}.exec.command") == ["bash", "/etc/kafka-broker/ask.sh"]
    assert isinstance(data, dict)
    assert data["ask.sh"] == ASK


Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As a broker that is ready: it knows two requests."""
    request = await reader.readexactly(14)
    assert request == bytes.fromhex("0000000a 0012 0000 00000001 ffff")
    writer.write(bytes.fromhex("00000016 00000001 0000 00000002 0000 0000 000b 0012 0000 0004"))
    await writer.drain()


async def refused(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As a broker that does not speak this version: error 35."""
    await reader.readexactly(14)
    writer.write(bytes.fromhex("0000000a 00000001 0023 00000000"))
    await writer.drain()


async def hung_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As something that only listens."""
    writer.close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="the probe is a script for bash")
@pytest.mark.parametrize(("answer", "healthy"), [(answered, True), (refused, False), (hung_up, False)])
def test_the_probe_believes_an_answer_and_nothing_else(answer: Answer, tmp_path: Path, *, healthy: bool) -> None:
    async def ask() -> int:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        script = tmp_path / "ask.sh"
        script.write_text(ASK.replace("/127.0.0.1/9092", f"/127.0.0.1/{port}"))
        async with server:
            asked = await asyncio.create_subprocess_exec("bash", str(script), stderr=asyncio.subprocess.DEVNULL)
            return await asked.wait()

    assert (asyncio.run(ask()) == 0) is healthy
