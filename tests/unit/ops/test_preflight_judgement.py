"""What preflight makes of what AWS says: pure judgement."""

from collections.abc import Mapping

import boto3
import pytest
from moto import mock_aws

from infra import catalog
from ops.preflight import offers, permissions, quotas
from ops.preflight.checks import Area, Check, Verdict, exit_code
from ops.preflight.needs import Evaluated, Need, needs
from ops.preflight.permissions import Deployer
from ops.preflight.quotas import Allowed
from ops.preflight.reading import Own, Trouble
from ops.preflight.stored_secrets import judge_secret, kept_elsewhere
from tests.support.stacks import evaluated
from tests.unit.simulator.deployments import deployment, resource

FEATURE_KEY = "arn:aws:secretsmanager:eu-west-1:444455556666:secret:aerospike-feature-key-AbCdEf"
MAINNET = Deployer("arn:aws:iam::444455556666:role/teranode-deploy-mainnet", "444455556666", "mainnet", "eu-west-1")
HOLDS, FAILS, UNKNOWN = Verdict.HOLDS, Verdict.FAILS, Verdict.UNKNOWN


def program(stack: str = "mainnet") -> Evaluated:
    return Evaluated(evaluated(stack).deployment)


# Quotas


def amounts(stack: str, region: str) -> dict[tuple[str, str], float]:
    return {(need.quota.code, need.scope): need.amount for need in needs(program(stack)) if need.region == region}


def test_the_needs_of_mainnet_are_those_of_its_graph() -> None:
    found = amounts("mainnet", "eu-west-1")

    groups = [node for _, node in program().of_type("aws:eks/nodeGroup:NodeGroup")]
    types = catalog.instance_types()
    vcpus = sum(
        int(str(group.inputs["scalingConfig"]["maxSize"])) * types[str(group.inputs["instanceTypes"][0])].vcpu  # type: ignore[index,call-overload]
        for group in groups
    )
    assert found["L-1216C47A", ""] == vcpus + types["t4g.micro"].vcpu
    assert [found["L-FE5A380F", f"eu-west-1{letter}"] for letter in "abc"] == [1, 1, 1]
    assert found["L-0263D0A3", ""] == len(list(program().of_type("aws:ec2/eip:Eip")))
    assert found["L-6D54EA21", "mainnet-eu-west-1"] == len(groups)
    assert found["L-8F1B9C74", ""] == 1200
    assert found["L-952B80B8", ""] == 1
    endpoints = [node for _, node in program().of_type("aws:ec2/vpcEndpoint:VpcEndpoint")]
    interfaces = [one for one in endpoints if one.inputs["vpcEndpointType"] == "Interface"]
    assert found["L-29B6F2EB", "eu-west-1-network-vpc"] == len(interfaces) > 1


def test_a_peering_counts_in_the_networks_of_both_of_its_regions() -> None:
    for region in ("eu-west-1", "us-east-1", "ap-southeast-1"):
        assert amounts("testing", region)["L-7E9ECCDB", f"{region}-network-vpc"] == 2


def test_volumes_of_pods_and_nodes_count_together_in_tebibytes() -> None:
    claim = {"spec": {"storageClassName": "gp3", "resources": {"requests": {"storage": "512Gi"}}}}
    provider = resource("pulumi:providers:aws", "aws", {"region": "eu-west-1"})
    placed = resource("kubernetes:core/v1:PersistentVolumeClaim", "claim", claim, provider=str(provider["urn"]))

    [need] = needs(Evaluated(deployment(provider, placed)))
    assert (need.quota, need.amount) == (quotas.GP3_TIB, 0.5)


@pytest.mark.parametrize("name", ["m7g.large", "i7i.4xlarge", "c7a.xlarge", "t4g.micro", "im4gn.large", "is4gen.large"])
def test_every_family_of_the_catalogue_counts_in_the_standard_quota(name: str) -> None:
    assert quotas.of_instances(name, spot=False) is quotas.ON_DEMAND
    assert quotas.of_instances(name, spot=True) is quotas.SPOT


def test_all_types_of_the_catalogue_have_a_quota_and_those_that_no_one_wrote_down_are_unknown() -> None:
    assert all(quotas.of_instances(name, spot=False) is quotas.ON_DEMAND for name in catalog.instance_types())
    odd = Need("eu-west-1", quotas.of_instances("inf2.xlarge", spot=False), "", 4)

    [check] = quotas.judge([odd], {}, {})
    assert check.verdict is UNKNOWN
    assert "nobody wrote down" in check.found


def judged(amount: float, others: Mapping[str, float] | Trouble, allowed: Allowed | Trouble) -> Check:
    need = Need("eu-west-1", quotas.NAT_GATEWAYS, "eu-west-1a", amount)
    [check] = quotas.judge([need], {need.quota: allowed}, {need.quota: others})
    return check


def test_what_fits_exactly_holds_and_one_more_fails_with_the_exact_increase() -> None:
    assert judged(1, {"eu-west-1a": 4}, Allowed(5)).verdict is HOLDS
    check = judged(1, {"eu-west-1a": 5}, Allowed(5))
    assert (check.verdict, check.remedy) == (FAILS, "ask for 6; AWS takes minutes to days")
    assert check.command.endswith("--service-code vpc --quota-code L-FE5A380F --desired-value 6")
    assert judged(1, {"eu-west-1b": 5}, Allowed(5)).verdict is HOLDS, "another zone's gateways are counted"


def test_a_quota_that_aws_never_raises_gets_no_command() -> None:
    check = judged(1, {"eu-west-1a": 5}, Allowed(5, adjustable=False))

    assert (check.verdict, check.command) == (FAILS, "")
    assert "does not raise it" in check.remedy


def test_a_limit_or_a_use_that_could_not_be_read_is_unknown() -> None:
    assert judged(1, Trouble("throttled"), Allowed(5)).verdict is UNKNOWN
    assert judged(1, {}, Trouble("denied")).found == "denied"


def test_of_the_zones_of_a_quota_the_fullest_is_shown() -> None:
    zones = [Need("eu-west-1", quotas.NAT_GATEWAYS, f"eu-west-1{letter}", 1) for letter in "abc"]
    [check] = quotas.judge(
        zones, {quotas.NAT_GATEWAYS: Allowed(5)}, {quotas.NAT_GATEWAYS: {"eu-west-1b": 9, "eu-west-1c": 7}}
    )

    assert "in eu-west-1b, others use 9" in check.found
    assert check.command.endswith("--desired-value 10")


def test_the_codes_of_the_vpc_name_the_quotas_that_aws_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moto has the VPC's list as AWS gave it out, and no other service's."""
    words = {
        quotas.NETWORKS: "VPCs per Region",
        quotas.INTERNET_GATEWAYS: "Internet gateways per Region",
        quotas.NAT_GATEWAYS: "NAT gateways per Availability Zone",
        quotas.PEERINGS: "Active VPC peering connections per VPC",
        quotas.GATEWAY_ENDPOINTS: "Gateway VPC endpoints per Region",
        quotas.INTERFACE_ENDPOINTS: "Interface VPC endpoints per VPC",
        quotas.ROUTES: "Routes per route table",
        quotas.RULES: "Inbound or outbound rules per security group",
    }
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("service-quotas", region_name="eu-west-1")
        listed = {
            one["QuotaCode"]: one["QuotaName"]
            for one in client.list_aws_default_service_quotas(ServiceCode="vpc")["Quotas"]
        }
    assert {quota.code: listed[quota.code] for quota in words} == {quota.code: name for quota, name in words.items()}


def test_what_a_cluster_of_the_environment_made_is_its_own() -> None:
    own = Own("testing")

    assert own([{"Key": "environment", "Value": "testing"}])
    assert own([{"Key": "kubernetes.io/cluster/testing-eu-west-1", "Value": "owned"}])
    assert not own([{"Key": "kubernetes.io/cluster/testing2-eu-west-1", "Value": "owned"}])
    assert not own([{"Key": "environment", "Value": "mainnet"}])
    assert not own(None)


# Zones, instance types, add-ons, databases

ZONES = {"us-east-1a": ("use1-az3", "available"), "us-east-1b": ("use1-az1", "available")}


def test_a_zone_that_eks_refuses_in_this_account_is_found_by_its_id() -> None:
    check = offers.judge_zones("us-east-1", ["us-east-1a", "us-east-1b"], ZONES)

    assert check.verdict is FAILS
    assert check.found == "us-east-1a is use1-az3 in this account, which EKS refuses"
    assert check.remedy.endswith("before the first update: us-east-1b")
    assert offers.judge_zones("us-east-1", ["us-east-1b"], ZONES).verdict is HOLDS
    assert offers.judge_zones("us-east-1", ["us-east-1f"], ZONES).found == "us-east-1f is absent"


def test_a_type_that_a_zone_lacks_has_alternatives_that_all_zones_offer() -> None:
    wanted = {"i8g.4xlarge": frozenset({"a", "b"})}
    smallest, next_one, *_ = offers.alternatives("i8g.4xlarge")
    offered = {"i8g.4xlarge": frozenset({"a"}), smallest: frozenset({"b"}), next_one: frozenset({"a", "b"})}

    [check] = offers.judge_instance_types("us-west-1", wanted, offered)

    assert (check.verdict, check.found) == (FAILS, "not in b")
    assert check.remedy.startswith(f"instead: {next_one} ")
    [unknown] = offers.judge_instance_types("us-west-1", wanted, Trouble("no network"))
    assert unknown.verdict is UNKNOWN


def test_alternatives_hold_what_the_type_holds() -> None:
    types = catalog.instance_types()
    like = types["i7i.4xlarge"]

    found = [types[name] for name in offers.alternatives("i7i.4xlarge")]
    assert found
    assert all(one.architecture == like.architecture and one.vcpu >= like.vcpu for one in found)
    assert all(one.nvme_gb >= like.nvme_gb and one.memory_gib >= like.memory_gib for one in found)
    assert not any(types[name].nvme_disks for name in offers.alternatives("m7g.large")), "disks that nobody asked for"
    assert offers.alternatives("x99.metal") == []


def test_a_build_of_an_addon_that_eks_has_not_is_answered_with_those_it_has() -> None:
    builds = ["v1.4-eksbuild.1", "v1.3-eksbuild.2"]

    assert offers.judge_addon("r", "1.36", "coredns", "v1.3-eksbuild.2", builds).verdict is HOLDS
    check = offers.judge_addon("r", "1.36", "coredns", "v1.3-eksbuild.9", builds)
    assert (check.verdict, check.found) == (FAILS, "not offered for Kubernetes 1.36; 2 other builds are")
    assert "v1.4-eksbuild.1, v1.3-eksbuild.2" in check.remedy


def test_a_database_must_be_offered_in_each_zone_that_it_names() -> None:
    wanted = offers.DatabaseClass("aurora-postgresql", "17.9", "db.r7g.large", frozenset({"a", "b"}))

    assert offers.judge_database("r", wanted, frozenset({"a", "b", "c"})).verdict is HOLDS
    assert offers.judge_database("r", wanted, frozenset({"a"})).found == "not in b"
    assert offers.judge_database("r", wanted, frozenset()).found == "not offered in the region"


# Rights and IAM


def test_the_deployer_is_asked_for_every_needed_action_with_what_its_policy_demands() -> None:
    needed, unknown = permissions.needed_calls(program())
    asked = permissions.questions(MAINNET, needed)

    assert unknown == set()
    assert {action for question in asked for action in question.actions} == needed
    [role] = [question for question in asked if "iam:CreateRole" in question.actions]
    assert role.resources == ("arn:aws:iam::444455556666:role/mainnet/preflight",)
    assert ("iam:PermissionsBoundary", ("arn:aws:iam::444455556666:policy/teranode-boundary-mainnet",)) in role.context
    [peering] = [question for question in asked if "ec2:DeleteVpc" in question.actions]
    assert peering.resources == ("arn:aws:ec2:eu-west-1:444455556666:*",)
    assert ("aws:ResourceTag/environment", ("mainnet",)) in peering.context


def test_a_type_whose_calls_nobody_wrote_down_is_told() -> None:
    needed, unknown = permissions.needed_calls(Evaluated(deployment(resource("aws:new/thing:Thing", "one", {}))))

    assert (needed, unknown) == (set(), {"aws:new/thing:Thing"})


def test_denied_actions_are_named_with_how_they_are_denied() -> None:
    check = permissions.judge_permissions(MAINNET, {"a:B", "c:D"}, {"a:B": "explicitDeny"})

    assert check.found == "1 of 2 actions denied: a:B (explicitDeny)"
    assert permissions.judge_permissions(MAINNET, {"a:B"}, {}).verdict is HOLDS


def test_a_trust_policy_is_measured_without_white_space_and_roles_beside_those_of_others() -> None:
    number = len(list(program().of_type("aws:iam/role:Role")))
    own = {"aws:iam/role:Role": number}
    summary = {
        "AssumeRolePolicySizeQuota": 100,
        "RolesQuota": number + 21,
        "Roles": number + 21,
        "InstanceProfilesQuota": 9,
    }

    trust, roles, profiles = permissions.judge_identity(program(), summary, own)

    assert permissions.trust_characters('{"a": [1, 2]}') == len('{"a":[1,2]}')
    assert (trust.verdict, roles.verdict, profiles.verdict) == (FAILS, HOLDS, HOLDS)
    assert roles.found == f"needs {number}, others use 21; {number + 21} allowed"
    assert "--region us-east-1 --service-code iam --quota-code L-C07B4B0D" in trust.command
    assert {one.verdict for one in permissions.judge_identity(program(), Trouble("denied"), own)} == {UNKNOWN}


# Secrets


def test_the_secrets_that_somebody_must_have_put_there_are_found_in_the_graph() -> None:
    assert kept_elsewhere(program()) == {"eu-west-1": {FEATURE_KEY: ["miner-1"]}}
    assert kept_elsewhere(program("testing")) == {}


@pytest.mark.parametrize(
    ("region", "found", "verdict", "message"),
    [
        ("eu-west-1", {"VersionIdsToStages": {"1": ["AWSCURRENT"]}}, HOLDS, "its value was not read"),
        ("eu-west-1", {"VersionIdsToStages": {"1": ["AWSPENDING"]}}, FAILS, "has no value"),
        ("eu-west-1", {"VersionIdsToStages": {"1": ["AWSCURRENT"]}, "DeletedDate": "now"}, FAILS, "is being deleted"),
        ("eu-west-1", None, FAILS, "does not exist"),
        ("us-east-1", {"VersionIdsToStages": {"1": ["AWSCURRENT"]}}, FAILS, "is in eu-west-1"),
        ("eu-west-1", Trouble("denied"), UNKNOWN, "denied"),
    ],
)
def test_a_secret_must_be_where_its_pods_look_and_have_a_value(
    region: str, found: Mapping[str, object] | Trouble | None, verdict: Verdict, message: str
) -> None:
    check = judge_secret(region, FEATURE_KEY, ["miner-1"], found)

    assert check.verdict is verdict
    assert message in check.found


# The whole


def test_what_fails_is_worse_than_what_is_unknown() -> None:
    def code(*verdicts: Verdict) -> int:
        return exit_code([Check(Area.STATE, "account", "one", verdict, "") for verdict in verdicts])

    assert [code(HOLDS), code(HOLDS, UNKNOWN), code(UNKNOWN, FAILS)] == [0, 3, 1]
