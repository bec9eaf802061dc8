import json
from pathlib import Path

import pytest

from simulator.diff import Change, covers, diff, format_path, parse_path
from simulator.replacement import UnknownReplacementError, replacement
from simulator.values import JSON, UNKNOWN, seal, secret, unseal

VPC = "aws:ec2/vpc:Vpc"
CLUSTER = "aws:eks/cluster:Cluster"
NODE_GROUP = "aws:eks/nodeGroup:NodeGroup"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"
NAMESPACE = "kubernetes:core/v1:Namespace"
TABLE = Path(__file__).parents[3] / "simulator" / "data" / "replacement.json"


def replaced_by(token: str, old: dict[str, JSON], new: dict[str, JSON]) -> list[str]:
    return [change.path for change in diff(token, old, new) if change.replaces]


def test_equal_inputs_have_no_difference() -> None:
    inputs: dict[str, JSON] = {"cidrBlock": "10.0.0.0/16", "tags": {"Name": "a"}}
    assert diff(VPC, inputs, dict(inputs)) == ()


def test_a_create_only_input_replaces_and_another_does_not() -> None:
    changes = diff(VPC, {"cidrBlock": "10.0.0.0/16"}, {"cidrBlock": "10.1.0.0/16", "enableDnsSupport": True})
    assert changes == (Change("cidrBlock", True, "create-only"), Change("enableDnsSupport", False, ""))  # noqa: FBT003


def test_a_change_inside_a_create_only_list_replaces() -> None:
    assert replaced_by(NODE_GROUP, {"subnetIds": ["a", "b"]}, {"subnetIds": ["a"]}) == ["subnetIds"]


def test_a_new_launch_template_version_is_in_place_but_a_new_template_replaces() -> None:
    old: dict[str, JSON] = {"launchTemplate": {"id": "lt-1", "version": "1"}}
    assert replaced_by(NODE_GROUP, old, {"launchTemplate": {"id": "lt-1", "version": "2"}}) == []
    assert replaced_by(NODE_GROUP, old, {"launchTemplate": {"id": "lt-2", "version": "1"}}) == ["launchTemplate.id"]


def test_a_config_map_changes_in_place_unless_it_says_otherwise() -> None:
    kind = "kubernetes:core/v1:ConfigMap"
    assert replaced_by(kind, {"data": {"a": "1"}}, {"data": {"a": "2"}}) == []
    assert replaced_by(kind, {"data": {"a": "1"}, "immutable": True}, {"data": {"a": "2"}, "immutable": True}) == [
        "data.a"
    ]


def test_an_added_block_names_the_part_that_forces_the_replacement() -> None:
    new: dict[str, JSON] = {"accessConfig": {"bootstrapClusterCreatorAdminPermissions": False}}
    assert "accessConfig.bootstrapClusterCreatorAdminPermissions" in replaced_by(CLUSTER, {}, new)


def test_encryption_is_added_in_place_and_its_removal_replaces() -> None:
    encrypted: dict[str, JSON] = {"encryptionConfig": {"resources": ["secrets"], "provider": {"keyArn": "arn"}}}
    assert replaced_by(CLUSTER, {}, encrypted) == []
    assert replaced_by(CLUSTER, encrypted, {}) == ["encryptionConfig"]


def test_a_rule_replaces_only_when_the_kind_of_its_source_changes() -> None:
    assert replaced_by(INGRESS_RULE, {"cidrIpv4": "10.0.0.0/16"}, {"cidrIpv4": "10.1.0.0/16"}) == []
    assert replaced_by(INGRESS_RULE, {"cidrIpv4": "10.0.0.0/16"}, {"prefixListId": "pl-1"}) == [
        "cidrIpv4",
        "prefixListId",
    ]


def test_a_network_load_balancer_takes_subnets_and_gives_none_up() -> None:
    def over(*subnets: str, kind: str = "network") -> dict[str, JSON]:
        return {"loadBalancerType": kind, "subnets": [*subnets]}

    assert replaced_by(BALANCER, over("a", "b"), over("b", "a", "c")) == []
    assert replaced_by(BALANCER, over("a", "b"), over("a"))
    assert replaced_by(BALANCER, over("a"), {"loadBalancerType": "network", "subnets": UNKNOWN}) == ["subnets"]
    assert replaced_by(BALANCER, over("a", "b", kind="application"), over("a", kind="application")) == []


def test_a_network_load_balancer_has_security_groups_from_its_creation_or_never() -> None:
    bare: dict[str, JSON] = {"loadBalancerType": "network"}
    guarded: dict[str, JSON] = {**bare, "securityGroups": ["sg-1"]}

    assert replaced_by(BALANCER, bare, guarded)
    assert replaced_by(BALANCER, guarded, bare)
    assert replaced_by(BALANCER, guarded, {**bare, "securityGroups": ["sg-2"]}) == []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("m7g.large", "c8g.xlarge", []), ("m7g.large", "m7i.large", ["instanceType"]), ("m7i.large", "m6a.large", [])],
)
def test_an_instance_is_replaced_only_by_another_processor_architecture(
    before: str, after: str, expected: list[str]
) -> None:
    resource_type = "aws:ec2/instance:Instance"
    assert replaced_by(resource_type, {"instanceType": before}, {"instanceType": after}) == expected


def test_what_the_provider_filled_in_is_not_compared() -> None:
    old: dict[str, JSON] = {"__defaults": ["name"], "name": "group-1a2b3c4", "__other": 1, "description": "x"}
    assert diff("aws:ec2/securityGroup:SecurityGroup", old, {"description": "x"}) == ()


def test_an_input_that_the_program_no_longer_gives_is_a_change() -> None:
    old: dict[str, JSON] = {"__defaults": [], "description": "x", "name": "fixed"}
    assert replaced_by("aws:ec2/securityGroup:SecurityGroup", old, {"description": "x"}) == ["name"]


def test_kubernetes_automatic_names_and_the_managed_by_label_are_not_compared() -> None:
    old: dict[str, JSON] = {
        "metadata": {
            "name": "miner-1-5f2e1b9c",
            "annotations": {"pulumi.com/autonamed": "true"},
            "labels": {"app.kubernetes.io/managed-by": "pulumi"},
        }
    }
    assert diff(NAMESPACE, old, {"metadata": {}}) == ()
    assert replaced_by(NAMESPACE, old, {"metadata": {"name": "miner-1"}}) == ["metadata.name"]


def test_unknown_is_a_change_and_replaces_where_the_input_is_create_only() -> None:
    subnet = "aws:ec2/subnet:Subnet"
    assert replaced_by(subnet, {"vpcId": "vpc-1"}, {"vpcId": UNKNOWN}) == ["vpcId"]


def test_sealed_secrets_compare_only_as_secret_or_not() -> None:
    resource_type = "random:index/randomPassword:RandomPassword"
    assert diff(resource_type, {"keepers": seal(secret("a"))}, {"keepers": seal(secret("b"))}) == ()
    assert diff(resource_type, {"keepers": seal(secret("a"))}, {"keepers": secret("b")}) == ()
    (change,) = diff(resource_type, {"keepers": "a"}, {"keepers": seal(secret("a"))})
    assert change.reason == "now secret"


def test_secrets_in_flight_compare_by_content() -> None:
    assert replaced_by("random:index/randomId:RandomId", {"prefix": secret("a")}, {"prefix": secret("b")}) == ["prefix"]


def test_json_documents_compare_by_content() -> None:
    resource_type = "aws:iam/rolePolicy:RolePolicy"
    assert diff(resource_type, {"policy": '{"a": 1, "b": 2}'}, {"policy": '{"b":2,"a":1}'}) == ()
    assert len(diff(resource_type, {"policy": '{"a": 1}'}, {"policy": '{"a": 2}'})) == 1


def test_ignored_changes_are_left_out_at_and_below_the_path() -> None:
    old: dict[str, JSON] = {"scalingConfig": {"desiredSize": 2, "minSize": 1}}
    new: dict[str, JSON] = {"scalingConfig": {"desiredSize": 3, "minSize": 2}}
    changes = diff(NODE_GROUP, old, new, ignore_changes=["scalingConfig.desiredSize"])
    assert [change.path for change in changes] == ["scalingConfig.minSize"]
    assert diff(NODE_GROUP, old, new, ignore_changes=["scalingConfig"]) == ()


def test_replace_on_changes_turns_an_update_into_a_replacement() -> None:
    (change,) = diff(VPC, {"tags": {"a": "1"}}, {"tags": {"a": "2"}}, replace_on_changes=["tags.*"])
    assert (change.replaces, change.reason) == (True, "replaceOnChanges")


def test_the_engines_keys_of_a_provider_are_not_compared() -> None:
    old: dict[str, JSON] = {"region": "eu-west-1", "version": "7.51.1", "__internal": {}}
    assert diff("pulumi:providers:aws", old, {"region": "eu-west-1"}) == ()


def test_a_cluster_provider_is_replaced_by_its_identifier_and_not_by_its_kubeconfig() -> None:
    resource_type = "pulumi:providers:kubernetes"
    old: dict[str, JSON] = {"clusterIdentifier": "arn:a", "kubeconfig": "{}"}
    assert replaced_by(resource_type, old, {"clusterIdentifier": "arn:a", "kubeconfig": "other"}) == []
    assert replaced_by(resource_type, old, {"clusterIdentifier": "arn:b", "kubeconfig": "{}"}) == ["clusterIdentifier"]
    assert replaced_by(resource_type, {"kubeconfig": "a"}, {"kubeconfig": "b"}) == ["kubeconfig"]


def test_an_unknown_type_says_where_to_add_it() -> None:
    with pytest.raises(UnknownReplacementError, match=r"aws:x/y:Y.*simulator/data/replacement\.json"):
        diff("aws:x/y:Y", {}, {})


def test_property_paths_are_read_and_written_as_pulumi_does() -> None:
    path = ("spec", "containers", 0, "env", "a.b")
    assert format_path(path) == 'spec.containers[0].env["a.b"]'
    assert parse_path(format_path(path)) == path
    assert covers("spec.containers[*].env", path)
    assert not covers("spec.containers[1]", path)


def test_every_type_of_the_table_reads_and_names_its_source() -> None:
    for token, entry in json.loads(TABLE.read_text(encoding="utf-8"))["types"].items():
        assert replacement(token).create_only == frozenset(entry["create_only"])
        assert entry["source"]


@pytest.mark.parametrize(("engine", "replaced"), [("aurora-postgresql", []), ("postgres", ["storageType"])])
def test_only_aurora_changes_its_kind_of_storage_in_place(engine: str, replaced: list[str]) -> None:
    old: dict[str, JSON] = {"engine": engine, "storageType": "aurora"}
    assert replaced_by("aws:rds/cluster:Cluster", old, {**old, "storageType": "aurora-iopt1"}) == replaced


def test_a_snapshot_to_restore_from_replaces_when_it_is_named_and_not_when_it_is_forgotten() -> None:
    token, named = "aws:rds/cluster:Cluster", {"snapshotIdentifier": "a"}
    assert replaced_by(token, {}, {**named}) == ["snapshotIdentifier"]
    assert replaced_by(token, {**named}, {"snapshotIdentifier": "b"}) == ["snapshotIdentifier"]
    assert replaced_by(token, {**named}, {}) == []


KAFKA = "aws:msk/cluster:Cluster"


@pytest.mark.parametrize(
    ("version", "replaced"), [("4.2.x.kraft", []), ("4.10.x.kraft", []), ("3.9.x.kraft", ["kafkaVersion"])]
)
def test_a_kafka_is_upgraded_in_place_and_replaced_where_its_version_is_lowered(
    version: str, replaced: list[str]
) -> None:
    assert replaced_by(KAFKA, {"kafkaVersion": "4.1.x.kraft"}, {"kafkaVersion": version}) == replaced


def test_a_kafka_moves_to_no_other_subnets_but_its_brokers_grow_in_place() -> None:
    old: dict[str, JSON] = {
        "numberOfBrokerNodes": 3,
        "brokerNodeGroupInfo": {"clientSubnets": ["subnet-a"], "instanceType": "kafka.m7g.large"},
    }
    grown: dict[str, JSON] = {
        "numberOfBrokerNodes": 6,
        "brokerNodeGroupInfo": {"clientSubnets": ["subnet-a"], "instanceType": "kafka.m7g.xlarge"},
    }
    moved: dict[str, JSON] = {
        **old,
        "brokerNodeGroupInfo": {"clientSubnets": ["subnet-b"], "instanceType": "kafka.m7g.large"},
    }
    assert replaced_by(KAFKA, old, grown) == []
    assert replaced_by(KAFKA, old, moved) == ["brokerNodeGroupInfo.clientSubnets"]


def test_a_secret_that_comes_from_something_replaced_is_another() -> None:
    version = "aws:secretsmanager/secretVersion:SecretVersion"
    sealed: dict[str, JSON] = {"secretString": seal(secret("hidden"))}

    assert replaced_by(version, sealed, {"secretString": UNKNOWN}) == ["secretString"]
    assert replaced_by(version, sealed, sealed) == []


def test_what_a_sealed_secret_holds_is_not_compared_with_what_the_program_knows() -> None:
    version = "aws:secretsmanager/secretVersion:SecretVersion"
    recorded: dict[str, JSON] = {"secretString": unseal(seal(secret("hidden")))}

    assert replaced_by(version, recorded, {"secretString": secret("hidden")}) == []
    assert replaced_by(version, recorded, {"secretString": secret("other")}) == []
