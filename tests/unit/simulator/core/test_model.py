import base64
import ipaddress
import re
from collections.abc import Mapping

import pytest

from simulator import schema
from simulator.errors import CheckError, UntaughtError
from simulator.inputs import input_problems
from simulator.model import MODELS, Place, Request, check, create, model, preview_outputs
from simulator.values import JSON, UNKNOWN, is_secret, is_unknown, reveal, secret

IRELAND = Place(account="111122223333", region="eu-west-1")
BEIJING = Place(account="111122223333", region="cn-north-1", partition="aws-cn")

KUBERNETES = ("kubernetes:core/v1:Namespace", "kubernetes:storage.k8s.io/v1:StorageClass")


VPC = "aws:ec2/vpc:Vpc"
ROLE = "aws:iam/role:Role"
ALIAS = "aws:kms/alias:Alias"
NAMESPACE = "kubernetes:core/v1:Namespace"


def request(
    token: str,
    inputs: Mapping[str, JSON] | None = None,
    *,
    logical: str = "main",
    place: Place = IRELAND,
    serial: int = 0,
) -> Request:
    return Request(token, f"urn:pulumi:testing::p::{token}::{logical}", inputs or {}, place, serial)


def outputs_of(token: str, **inputs: JSON) -> dict[str, JSON]:
    return create(request(token, inputs))[1]


@pytest.mark.parametrize("token", sorted(MODELS) + list(KUBERNETES))
def test_every_output_that_the_sdk_declares_is_supplied_or_listed_as_empty(token: str) -> None:
    declared = schema.computed_outputs(token)
    assert declared - outputs_of(token).keys() - model(token).empty == set()


@pytest.mark.parametrize("token", sorted(MODELS))
def test_no_output_is_supplied_or_listed_that_the_sdk_does_not_declare(token: str) -> None:
    known = schema.computed_outputs(token) | schema.input_names(token) | {"id"}
    assert outputs_of(token).keys() - known == set()
    assert model(token).empty - schema.computed_outputs(token) == set()


@pytest.mark.parametrize("token", sorted(MODELS))
def test_bridged_providers_repeat_the_id_among_the_outputs(token: str) -> None:
    resource_id, outputs = create(request(token))
    bridged = token.partition(":")[0] not in ("pulumi", "kubernetes")
    assert outputs.get("id") == (resource_id if bridged else None)


def test_kubernetes_objects_have_no_id_among_their_outputs() -> None:
    assert "id" not in outputs_of(NAMESPACE, metadata={"name": "miner"})


@pytest.mark.parametrize("token", sorted(MODELS))
def test_creating_the_same_thing_twice_gives_the_same_answer(token: str) -> None:
    assert create(request(token)) == create(request(token))


@pytest.mark.parametrize("token", sorted(MODELS))
def test_a_preview_knows_the_inputs_and_nothing_else(token: str) -> None:
    given: dict[str, JSON] = {"tags": {"Name": "x"}}
    previewed = preview_outputs(token, given)
    assert previewed.pop("tags") == {"Name": "x"}
    assert all(is_unknown(value) for value in previewed.values())


@pytest.mark.parametrize(
    ("token", "pattern"),
    [
        ("aws:ec2/vpc:Vpc", r"vpc-0[0-9a-f]{16}"),
        ("aws:ec2/eip:Eip", r"eipalloc-0[0-9a-f]{16}"),
        ("aws:kms/key:Key", r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"),
        ("aws:route53/zone:Zone", r"Z[0-9A-F]{20}"),
        ("aws:eks/podIdentityAssociation:PodIdentityAssociation", r"a-[0-9a-f]{17}"),
    ],
)
def test_ids_look_like_those_of_aws(token: str, pattern: str) -> None:
    assert re.fullmatch(pattern, create(request(token))[0])


def test_ids_differ_by_region_account_name_and_replacement() -> None:
    requests = (
        request(VPC),
        request(VPC, logical="other"),
        request(VPC, serial=1),
        request(VPC, place=Place("111122223333", "us-east-1")),
        request(VPC, place=Place("444455556666", "eu-west-1")),
    )
    assert len({create(each)[0] for each in requests}) == len(requests)


def test_arns_carry_partition_region_and_account_only_where_the_service_does() -> None:
    assert outputs_of("aws:eks/cluster:Cluster", name="c")["arn"] == "arn:aws:eks:eu-west-1:111122223333:cluster/c"
    assert outputs_of("aws:iam/role:Role", name="r", path="/teranode/")["arn"] == (
        "arn:aws:iam::111122223333:role/teranode/r"
    )
    assert re.fullmatch(r"arn:aws:route53:::hostedzone/Z[0-9A-F]{20}", str(outputs_of("aws:route53/zone:Zone")["arn"]))
    chinese = create(request("aws:eks/cluster:Cluster", {"name": "c"}, place=BEIJING))[1]
    assert chinese["arn"] == "arn:aws-cn:eks:cn-north-1:111122223333:cluster/c"
    assert str(chinese["endpoint"]).endswith(".gr7.cn-north-1.eks.amazonaws.com.cn")


def test_a_database_answers_with_its_host_and_the_secret_that_rds_made() -> None:
    managed: dict[str, JSON] = {"manageMasterUserPassword": True, "masterUserSecretKmsKeyId": "arn:key"}
    instance = outputs_of("aws:rds/instance:Instance", identifier="pg", **managed)
    cluster = outputs_of("aws:rds/cluster:Cluster", clusterIdentifier="pg", **managed)

    domain = r"[0-9a-f]{12}\.eu-west-1\.rds\.amazonaws\.com"
    assert re.fullmatch(rf"pg\.{domain}", str(instance["address"]))
    assert instance["endpoint"] == f"{instance['address']}:5432"
    assert re.fullmatch(r"db-[0-9A-F]{26}", str(instance["id"]))
    assert re.fullmatch(rf"pg\.cluster-{domain}", str(cluster["endpoint"]))
    assert re.fullmatch(rf"pg\.cluster-ro-{domain}", str(cluster["readerEndpoint"]))
    for outputs, kind in ((instance, "db"), (cluster, "cluster")):
        assert re.search(rf"'arn:aws:secretsmanager:[\w:-]+:secret:rds!{kind}-", str(outputs["masterUserSecrets"]))
    assert outputs_of("aws:rds/instance:Instance", identifier="pg")["masterUserSecrets"] == []


def test_a_kafka_names_at_most_three_brokers_and_only_the_port_that_its_clients_may_use() -> None:
    def kafka(**inputs: JSON) -> dict[str, JSON]:
        return outputs_of("aws:msk/cluster:Cluster", clusterName="k", **inputs)

    six = kafka(numberOfBrokerNodes=6)
    hosts = str(six["bootstrapBrokersTls"]).split(",")
    assert [host.split(".")[0] for host in hosts] == ["b-1", "b-2", "b-3"]
    assert all(re.fullmatch(r"b-\d\.k\.\w{6}\.c\d+\.kafka\.eu-west-1\.amazonaws\.com:9094", host) for host in hosts)
    assert six["bootstrapBrokers"] == ""
    assert re.fullmatch(r"arn:aws:kafka:eu-west-1:\d+:cluster/k/[0-9a-f-]{36}-\d+", str(six["arn"]))
    plain = kafka(numberOfBrokerNodes=2, encryptionInfo={"encryptionInTransit": {"clientBroker": "PLAINTEXT"}})
    assert plain["bootstrapBrokersTls"] == ""
    assert str(plain["bootstrapBrokers"]).count(":9092") == 2


def test_a_cluster_answers_with_what_a_kubeconfig_needs() -> None:
    cluster = outputs_of("aws:eks/cluster:Cluster", name="c", vpcConfig={"subnetIds": ["subnet-1"]})
    assert re.fullmatch(r"https://[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com", str(cluster["endpoint"]))
    authority = cluster["certificateAuthority"]
    assert isinstance(authority, dict)
    assert base64.b64decode(str(authority["data"])).startswith(b"-----BEGIN CERTIFICATE-----")
    assert cluster["status"] == "ACTIVE"


def test_nested_values_of_the_cloud_stand_beside_those_of_the_program() -> None:
    given: dict[str, JSON] = {"subnetIds": ["subnet-1"], "endpointPublicAccess": False}
    config = outputs_of("aws:eks/cluster:Cluster", name="c", vpcConfig=given)["vpcConfig"]
    assert isinstance(config, dict)
    assert config["endpointPublicAccess"] is False
    assert str(config["clusterSecurityGroupId"]).startswith("sg-")
    previewed = preview_outputs("aws:eks/cluster:Cluster", {"vpcConfig": given})["vpcConfig"]
    assert isinstance(previewed, dict)
    assert previewed["subnetIds"] == ["subnet-1"]
    assert previewed["clusterSecurityGroupId"] == UNKNOWN


def test_answers_that_depend_on_another_resource_come_from_it() -> None:
    world: dict[str, dict[str, JSON]] = {
        "subnet-1": {"vpcId": "vpc-1", "cidrBlock": "10.0.3.0/28", "availabilityZone": "eu-west-1c"},
        "eipalloc-1": {"publicIp": "198.18.0.9"},
        "vpc-1": {"defaultSecurityGroupId": "sg-1"},
        "pcx-1": {"region": "eu-west-1", "vpcId": "vpc-1", "peerVpcId": "vpc-2"},
    }

    def made(token: str, **inputs: JSON) -> tuple[str, dict[str, JSON]]:
        return create(
            Request(token, f"urn:pulumi:s::p::{token}::n", inputs, IRELAND, find=lambda id_: world.get(id_, {}))
        )

    gateway = made("aws:ec2/natGateway:NatGateway", subnetId="subnet-1", allocationId="eipalloc-1")[1]
    assert gateway["publicIp"] == "198.18.0.9"
    assert ipaddress.IPv4Address(str(gateway["privateIp"])) in ipaddress.IPv4Network("10.0.3.0/28")
    assert made("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", vpcId="vpc-1")[0] == "sg-1"
    assert made("aws:ec2/instance:Instance", subnetId="subnet-1")[1]["availabilityZone"] == "eu-west-1c"
    cluster = made("aws:eks/cluster:Cluster", name="c", vpcConfig={"subnetIds": ["subnet-1"]})[1]["vpcConfig"]
    assert isinstance(cluster, dict)
    assert cluster["vpcId"] == "vpc-1"
    accepter = made(
        "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter", vpcPeeringConnectionId="pcx-1"
    )[1]
    assert (accepter["vpcId"], accepter["peerVpcId"], accepter["peerRegion"]) == ("vpc-2", "vpc-1", "eu-west-1")


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("eu-west-1a", "euw1-az1"),
        ("ap-southeast-2c", "apse2-az3"),
        ("us-gov-east-1b", "usge1-az2"),
        ("me-central-1a", "mec1-az1"),
    ],
)
def test_zone_ids_follow_the_region(zone: str, expected: str) -> None:
    assert outputs_of("aws:ec2/subnet:Subnet", availabilityZone=zone)["availabilityZoneId"] == expected


def test_default_tags_of_the_provider_join_the_tags_of_the_resource_which_win() -> None:
    made = Request(
        "aws:ec2/vpc:Vpc",
        "urn:pulumi:s::p::aws:ec2/vpc:Vpc::n",
        {"tags": {"Name": "own"}},
        IRELAND,
        default_tags={"Name": "default", "owner": "o"},
    )
    assert create(made)[1]["tagsAll"] == {"Name": "own", "owner": "o"}


def test_secret_inputs_stay_marked_in_the_outputs() -> None:
    outputs = outputs_of("aws:ssm/document:Document", name="d", content=secret("{}"))
    assert outputs["content"] == secret("{}")


def test_generated_secrets_are_marked_without_being_asked() -> None:
    password = outputs_of("random:index/randomPassword:RandomPassword", length=24, special=False)["result"]
    assert is_secret(password)
    assert re.fullmatch(r"[A-Za-z0-9]{24}", str(reveal(password)))


def test_a_secret_of_the_same_name_has_another_arn_each_time() -> None:
    token = "aws:secretsmanager/secret:Secret"  # noqa: S105 (a resource type)
    arns = {create(request(token, {"name": "miner-1/db"}, serial=serial))[0] for serial in range(2)}
    pattern = r"arn:aws:secretsmanager:eu-west-1:111122223333:secret:miner-1/db-[A-Za-z0-9]{6}"
    assert len(arns) == 2
    assert all(re.fullmatch(pattern, arn) for arn in arns)


def test_a_version_names_its_secret_and_keeps_the_value_secret() -> None:
    token = "aws:secretsmanager/secretVersion:SecretVersion"  # noqa: S105 (a resource type)
    made, outputs = create(request(token, {"secretId": "arn:s", "secretString": "hunter2"}))
    assert made == f"arn:s|{outputs['versionId']}"
    assert is_secret(outputs["secretString"])


def test_a_release_is_named_by_namespace_and_name_and_says_what_is_deployed() -> None:
    chart: dict[str, JSON] = {"chart": "oci://registry.example/charts/strimzi", "version": "1.0.0", "name": "kafka"}
    made, outputs = create(request("kubernetes:helm.sh/v3:Release", {**chart, "namespace": "strimzi"}))
    assert made == "strimzi/kafka"
    status = outputs["status"]
    assert isinstance(status, dict)
    assert (status["chart"], status["version"], status["revision"]) == ("strimzi", "1.0.0", 1)


@pytest.mark.parametrize("version", [None, "", "^1.0.0", "1.x", "1.0", ">=1.0.0"])
def test_a_release_without_one_exact_version_is_refused(version: JSON) -> None:
    inputs: dict[str, JSON] = {"chart": "strimzi", "version": version}
    (problem,) = input_problems("kubernetes:helm.sh/v3:Release", inputs)
    assert problem.startswith("version: must be one exact version")


@pytest.mark.parametrize("version", ["1.0.0", "v1.21.1", "1.0.0-rc.1+build", UNKNOWN])
def test_a_release_of_one_exact_version_is_accepted(version: JSON) -> None:
    assert input_problems("kubernetes:helm.sh/v3:Release", {"chart": "strimzi", "version": version}) == []


def test_an_unknown_type_says_where_to_teach_it() -> None:
    with pytest.raises(UntaughtError, match=r"aws:sqs/queue:Queue: teach it in simulator/types/sqs\.py"):
        model("aws:sqs/queue:Queue")


def test_a_kind_that_only_a_definition_adds_is_not_a_built_in_kind() -> None:
    with pytest.raises(UntaughtError):
        model("kubernetes:karpenter.sh/v1:NodePool")


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:testing::p::{token}::{name}"


def test_a_missing_name_is_made_from_the_logical_name() -> None:
    checked = check(ROLE, urn(ROLE, "nodes"), {"assumeRolePolicy": "{}"})
    assert re.fullmatch(r"nodes-[0-9a-f]{7}", str(checked["name"]))
    assert checked["__defaults"] == ["name"]


@pytest.mark.parametrize("given", [{"name": "fixed"}, {"namePrefix": "n-"}])
def test_a_given_name_is_kept(given: dict[str, JSON]) -> None:
    assert check(ROLE, urn(ROLE, "nodes"), given) == given


def test_an_existing_resource_keeps_the_name_that_was_made_for_it() -> None:
    assert check(ROLE, urn(ROLE, "nodes"), {}, {"name": "nodes-fffffff"})["name"] == "nodes-fffffff"


def test_a_replacement_gets_another_name() -> None:
    assert check(ROLE, urn(ROLE, "nodes"), {}) != check(ROLE, urn(ROLE, "nodes"), {}, serial=1)


def test_a_made_name_that_the_service_would_refuse_is_refused() -> None:
    with pytest.raises(CheckError, match="65 characters, the service allows 64"):
        check(ROLE, urn(ROLE, "n" * 57), {})


def test_aliases_of_keys_get_their_prefix_once() -> None:
    assert str(check(ALIAS, urn(ALIAS, "data"), {})["name"]).startswith("alias/data-")
    assert str(check(ALIAS, urn(ALIAS, "alias/data"), {})["name"]).startswith("alias/data-")


def test_a_kubernetes_object_without_a_name_gets_one_in_its_metadata() -> None:
    given: dict[str, JSON] = {"metadata": {"labels": {"a": "b"}}}
    metadata = check(NAMESPACE, urn(NAMESPACE, "ns"), given)["metadata"]
    assert isinstance(metadata, dict)
    assert re.fullmatch(r"ns-[0-9a-f]{8}", str(metadata["name"]))
    assert metadata["annotations"] == {"pulumi.com/autonamed": "true"}
    assert given == {"metadata": {"labels": {"a": "b"}}}


def test_kubernetes_ids_carry_the_namespace_of_namespaced_kinds() -> None:
    named: JSON = {"name": "x"}
    assert create(request("kubernetes:core/v1:ConfigMap", {"metadata": named}))[0] == "default/x"
    assert create(request("kubernetes:storage.k8s.io/v1:StorageClass", {"metadata": named}))[0] == "x"
