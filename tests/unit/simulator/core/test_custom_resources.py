"""Custom resources are held to typed models, with the path of whatever does not fit."""

from typing import Any

import pulumi
import pulumi_kubernetes as kubernetes
import pytest

from simulator import SimulationError
from simulator.custom_resources import DEFINITIONS
from simulator.errors import UntaughtError
from simulator.inputs import input_problems, path_problems
from simulator.model import model
from simulator.values import UNKNOWN, secret
from tests.unit.simulator.core.programs import run

CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate"
KAFKA = "kubernetes:kafka.strimzi.io/v1:Kafka"
POOL = "kubernetes:kafka.strimzi.io/v1:KafkaNodePool"
TOPIC = "kubernetes:kafka.strimzi.io/v1:KafkaTopic"
AEROSPIKE = "kubernetes:asdb.aerospike.com/v1:AerospikeCluster"
EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret"  # noqa: S105 (a resource type)


def certificate(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "cert-manager.io/v1",
        "kind": "Certificate",
        "metadata": {"name": "web"},
        "spec": {"secretName": "web", "issuerRef": {"name": "ca"}, "dnsNames": ["web"], **spec},
    }


def spec_of(**spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": "x"}, "spec": spec}


LISTENER = {"name": "plain", "port": 9092, "type": "internal", "tls": False}
POOL_SPEC: dict[str, Any] = {
    "replicas": 3,
    "roles": ["broker"],
    "storage": {"type": "jbod", "volumes": [{"id": 0, "type": "persistent-claim", "size": "100Gi"}]},
}


def aerospike(**spec: Any) -> dict[str, Any]:
    """A store of two nodes whose work directory and one device are volumes."""
    claim = {"persistentVolume": {"size": "10Gi", "storageClass": "gp3", "volumeMode": "Block"}}
    volumes = [
        {"name": "work", "aerospike": {"path": "/opt/aerospike"}, "source": claim},
        {"name": "data", "aerospike": {"path": "/dev/sdb"}, "source": claim},
    ]
    ports = {"service": {"port": 3000}, "heartbeat": {"port": 3002}, "fabric": {"port": 3001}}
    config = {"network": ports, "namespaces": [namespace()]}
    base = {"size": 2, "image": "aerospike/aerospike-server-enterprise:8.1.2.0", "storage": {"volumes": volumes}}
    return spec_of(**{**base, "aerospikeConfig": config, **spec})


def namespace(devices: str = "/dev/sdb", **more: Any) -> dict[str, Any]:
    engine = {"type": "device", "devices": [devices]}
    return {"name": "utxo-store", "replication-factor": 2, "storage-engine": engine, **more}


def with_namespace(**more: Any) -> dict[str, Any]:
    made = aerospike()
    made["spec"]["aerospikeConfig"]["namespaces"] = [namespace(**more)]
    return made


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (CERTIFICATE, certificate()),
        (KAFKA, spec_of(kafka={"listeners": [LISTENER], "config": {"min.insync.replicas": 2}})),
        (POOL, spec_of(**POOL_SPEC)),
        (TOPIC, spec_of(partitions=8, config={"retention.ms": 600_000})),
        (AEROSPIKE, aerospike()),
        (AEROSPIKE, with_namespace(devices="/dev/sdb\t/opt/aerospike")),
    ],
)
def test_a_custom_resource_that_its_operator_takes_has_no_problem(token: str, inputs: dict[str, Any]) -> None:
    assert input_problems(token, inputs) == []


@pytest.mark.parametrize(
    ("token", "inputs", "problem"),
    [
        (CERTIFICATE, certificate(dnsName="web"), "spec.dnsName: no such property; did you mean dnsNames?"),
        (CERTIFICATE, spec_of(dnsNames=["a"], issuerRef={"name": "ca"}), "spec.secretName: required, but missing"),
        (CERTIFICATE, certificate(isCA="yes"), "spec.isCA: Input should be a valid boolean"),
        (CERTIFICATE, certificate(usages=["server-auth"]), "spec.usages[0]: Input should be "),
        (CERTIFICATE, certificate(dnsNames=[]), "spec: at least one of commonName, dnsNames, ipAddresses or uris"),
        (CERTIFICATE, {**certificate(), "data": {}}, "data: no such property"),
        (CERTIFICATE, {**certificate(), "metadata": {"nosuch": 1}}, "metadata: Additional properties"),
        (EXTERNAL_SECRET, spec_of(data=[{"secretKey": "a b", "remoteRef": {"key": "k"}}]), "spec.data[0].secretKey: "),
        (EXTERNAL_SECRET, spec_of(), "spec: either data or dataFrom should be specified"),
        (KAFKA, spec_of(kafka={"listeners": [{**LISTENER, "port": 9091}]}), "spec.kafka.listeners[0].port: "),
        (KAFKA, spec_of(kafka={"listeners": [LISTENER, LISTENER]}), "spec.kafka: every listener needs"),
        (
            KAFKA,
            spec_of(kafka={"listeners": [LISTENER], "config": {"broker.id": 1}}),
            "spec.kafka.config: broker.id is set by Strimzi itself",
        ),
        (TOPIC, spec_of(config={"retention": 1}), "spec.config: retention is no setting of a topic"),
        (POOL, spec_of(**{**POOL_SPEC, "resources": {"limit": {}}}), "spec.resources: Additional properties"),
        (POOL, spec_of(**{**POOL_SPEC, "storage": {"type": "jbod"}}), "spec.storage: volumes is required"),
        (AEROSPIKE, with_namespace(replication=2), "spec.aerospikeConfig.namespaces[0].replication: no such property"),
        (AEROSPIKE, with_namespace(devices="/dev/sdc"), "spec: namespace storage device related devicePath /dev/sdc"),
        (AEROSPIKE, aerospike(size=1), "spec: namespace replication-factor 2 cannot be more than cluster size 1"),
        (AEROSPIKE, aerospike(image="aerospike/aerospike-server:8.1.2.0"), "spec: image is not supported"),
        (AEROSPIKE, aerospike(maxUnavailable=2), "spec: maxUnavailable must be less than"),
        (AEROSPIKE, aerospike(aerospikeAccessControl={"users": []}), "spec: security is disabled"),
        (AEROSPIKE, aerospike(storage={"volumes": []}), "spec: namespace storage device related"),
        (AEROSPIKE, aerospike(podSpec={"sidecars": [{"image": "i"}]}), "spec.podSpec.sidecars[0]: 'name'"),
    ],
)
def test_what_its_operator_refuses_is_named_with_its_path(token: str, inputs: dict[str, Any], problem: str) -> None:
    (found,) = input_problems(token, inputs)
    assert found.startswith(problem)


def test_a_single_copy_does_not_count_among_those_that_maintenance_must_leave() -> None:
    single = namespace()
    single["replication-factor"] = 1
    made = aerospike(maxUnavailable=1)
    made["spec"]["aerospikeConfig"]["namespaces"] = [single]

    assert input_problems(AEROSPIKE, made) == []


def test_unknown_values_fit_and_do_not_hide_other_problems() -> None:
    unknown = certificate(secretName=UNKNOWN, duration=UNKNOWN, privateKey={"size": UNKNOWN}, dnsNames=UNKNOWN)
    assert input_problems(CERTIFICATE, unknown) == []
    assert len(input_problems(CERTIFICATE, certificate(secretName=UNKNOWN, nosuch=UNKNOWN))) == 1
    pool = {**POOL_SPEC, "resources": {"limits": {"memory": UNKNOWN}, "nosuch": 1}}
    assert len(input_problems(POOL, spec_of(**pool))) == 1


@pytest.mark.parametrize("value", [secret({"user": "hunter2"}), secret(["hunter2"])])
def test_secrets_are_judged_but_not_told(value: Any) -> None:
    problems = input_problems(CERTIFICATE, certificate(secretName=value, duration=value, privateKey={"size": value}))
    assert len(problems) == 3
    assert not any("hunter2" in problem for problem in problems)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("spec.dnsNames[0]", True),
        ("spec.privateKey.size", True),
        ("metadata.annotations", True),
        ("spec.secretTemplate.labels.any", True),
        ("spec.dnsName", False),
        ("status", False),
    ],
)
def test_paths_of_ignored_changes_lead_somewhere(path: str, *, found: bool) -> None:
    assert (path_problems(CERTIFICATE, [path]) == []) is found


def test_a_kind_that_nobody_taught_says_where_to_teach_it() -> None:
    with pytest.raises(UntaughtError, match=r"teach it in simulator/custom_resources/<operator>\.py"):
        model("kubernetes:karpenter.sh/v1:NodePool")


def resource(opts: pulumi.ResourceOptions, **spec: Any) -> None:
    """A certificate, as a program makes one."""
    cluster = kubernetes.Provider("cluster", kubeconfig="{}", opts=pulumi.ResourceOptions(parent=opts.parent))
    kubernetes.apiextensions.CustomResource(
        "web",
        api_version="cert-manager.io/v1",
        kind="Certificate",
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name="web", namespace="miner-1"),
        spec=certificate(**spec)["spec"],
        opts=pulumi.ResourceOptions(parent=opts.parent, provider=cluster),
    )


@pytest.mark.parametrize("preview", [True, False])
def test_a_program_makes_custom_resources_that_echo_what_they_are_given(*, preview: bool) -> None:
    made = next(one for one in run(resource, preview=preview).resources if one.type == CERTIFICATE)
    assert made.outputs["spec"] == certificate()["spec"]
    assert made.id == ("" if preview else "miner-1/web")


def test_a_program_that_makes_a_faulty_custom_resource_is_refused() -> None:
    with pytest.raises(SimulationError, match=r"web: spec\.nosuch: no such property"):
        run(lambda opts: resource(opts, nosuch=1))


def test_kinds_are_taught_once_and_know_their_scope() -> None:
    assert {token for token, one in DEFINITIONS.items() if one.cluster_scoped} == {
        "kubernetes:cert-manager.io/v1:ClusterIssuer",
        "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
    }
