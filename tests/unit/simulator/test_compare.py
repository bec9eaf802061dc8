import pytest

from simulator.compare import Action, Comparison, compare
from simulator.graph import DeploymentFormatError, states
from simulator.values import JSON, seal, secret
from tests.unit.simulator.deployments import deployment, resource, urn

AWS, KUBERNETES = "pulumi:providers:aws", "pulumi:providers:kubernetes"
VPC, SUBNET, KEY = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet", "aws:kms/key:Key"
CLUSTER, NODE_GROUP = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
NAMESPACE, ROLE_POLICY = "kubernetes:core/v1:Namespace", "aws:iam/rolePolicy:RolePolicy"
VPC_ID = "vpc-0123456789abcdef0"


def actions(comparison: Comparison) -> dict[str, str]:
    return {change.name: change.action.value for change in comparison.changed}


def vpc(cidr: str = "10.16.0.0/16") -> dict[str, JSON]:
    return resource(VPC, "vpc", {"cidrBlock": cidr}, outputs={"id": VPC_ID, "arn": f"arn:aws:ec2:::vpc/{VPC_ID}"})


def subnet(**extra: JSON) -> dict[str, JSON]:
    inputs: dict[str, JSON] = {"vpcId": VPC_ID, "cidrBlock": "10.16.0.0/20"}
    return resource(SUBNET, "subnet", {**inputs, **extra}, uses={"vpcId": [urn(VPC, "vpc")]})


def test_a_deployment_has_no_difference_from_itself() -> None:
    built = deployment(vpc(), subnet())
    comparison = compare(built, built)
    assert comparison.changed == ()
    assert comparison.counts[Action.SAME] == 3


def test_resources_are_created_updated_and_deleted_by_urn() -> None:
    old = deployment(vpc(), subnet(), resource(KEY, "old"))
    new = deployment(vpc(), subnet(mapPublicIpOnLaunch=True), resource(NAMESPACE, "new"))
    assert actions(compare(old, new)) == {"old": "delete", "subnet": "update", "new": "create"}


def test_a_replacement_spreads_to_create_only_inputs_that_use_the_new_id() -> None:
    policy_inputs: dict[str, JSON] = {"role": "reader", "policy": f'{{"Resource": "arn:aws:ec2:::vpc/{VPC_ID}"}}'}
    policy = resource(ROLE_POLICY, "policy", policy_inputs, uses={"policy": [urn(VPC, "vpc")]})
    old, new = deployment(vpc(), subnet(), policy), deployment(vpc("10.99.0.0/16"), subnet(), policy)
    comparison = compare(old, new)
    assert actions(comparison) == {"vpc": "replace", "subnet": "replace", "policy": "update"}
    forced = {change.name: [cause.path for cause in change.forced_by] for change in comparison.of(Action.REPLACE)}
    assert forced == {"vpc": ["cidrBlock"], "subnet": ["vpcId"]}


def test_what_a_replaced_resource_passes_on_from_its_inputs_stays_known() -> None:
    user = resource(SUBNET, "user", {"cidrBlock": "10.99.0.0/16"}, uses={"cidrBlock": [urn(VPC, "vpc")]})
    old = deployment(vpc(), {**user, "inputs": {"cidrBlock": "10.99.0.0/16"}})
    assert actions(compare(old, deployment(vpc("10.99.0.0/16"), user))) == {"vpc": "replace"}


def test_a_value_in_which_no_output_can_be_recognised_counts_as_unknown() -> None:
    derived = resource(SUBNET, "derived", {"vpcId": "cdef0"}, uses={"vpcId": [urn(VPC, "vpc")]})
    comparison = compare(deployment(vpc(), derived), deployment(vpc("10.99.0.0/16"), derived))
    assert actions(comparison)["derived"] == "replace"


def test_stateful_replacements_and_deletions_come_first_with_what_is_lost() -> None:
    key = resource(KEY, "key", {"multiRegion": False}, protect=True)
    old = deployment(vpc(), subnet(), key)
    new = deployment(vpc("10.99.0.0/16"), subnet(), {**key, "inputs": {"multiRegion": True}})
    first = compare(old, new).resources[0]
    assert (first.name, first.action, first.loses_state, first.protected) == ("key", Action.REPLACE, True, True)
    assert "decrypt" in first.loss


def test_a_retained_resource_that_leaves_the_stack_loses_nothing() -> None:
    old = deployment(resource(KEY, "key", retainOnDelete=True))
    (change,) = compare(old, deployment()).changed
    assert (change.action, change.loses_state) == (Action.DELETE, False)


def test_only_node_groups_with_local_storage_lose_data() -> None:
    plain = resource(NODE_GROUP, "general", {"labels": {"pool": "general"}})
    storage = resource(NODE_GROUP, "aerospike", {"labels": {"teranode.io/storage": "nvme"}})
    lost = {change.name: change.loses_state for change in compare(deployment(plain, storage), deployment()).changed}
    assert lost == {"general": False, "aerospike": True}


def test_a_replaced_cluster_replaces_its_provider_and_all_that_it_made() -> None:
    arn = "arn:aws:eks:eu-west-1:111122223333:cluster/main-1a2b3c4"
    cluster = resource(CLUSTER, "main", {"roleArn": "a"}, outputs={"arn": arn, "id": "main-1a2b3c4"})
    provider = resource(
        KUBERNETES, "k8s", {"clusterIdentifier": arn}, uses={"clusterIdentifier": [urn(CLUSTER, "main")]}
    )
    namespace = resource(NAMESPACE, "miner", provider=urn(KUBERNETES, "k8s"))
    old = deployment(cluster, provider, namespace)
    new = deployment({**cluster, "inputs": {"roleArn": "b"}}, provider, namespace)
    assert actions(compare(old, new)) == {"main": "replace", "k8s": "replace", "miner": "replace"}


def test_a_new_region_of_a_provider_replaces_its_regional_resources_only() -> None:
    regional = resource(VPC, "vpc", provider=urn(AWS, "aws"))
    everywhere = resource(ROLE_POLICY, "policy", provider=urn(AWS, "aws"))
    old = deployment(resource(AWS, "aws", {"region": "eu-west-1"}), regional, everywhere)
    new = deployment(resource(AWS, "aws", {"region": "eu-west-2"}), regional, everywhere)
    assert actions(compare(old, new)) == {"aws": "update", "vpc": "replace"}


def test_an_alias_keeps_a_renamed_resource() -> None:
    renamed = resource(KEY, "new", aliases=[urn(KEY, "old")])
    assert compare(deployment(resource(KEY, "old")), deployment(renamed)).changed == ()


def test_provider_filled_inputs_and_secrets_of_an_engine_made_export_are_no_difference() -> None:
    exported: dict[str, JSON] = {
        "__defaults": ["name", "namePrefix"],
        "name": "policy-8d3f1c2",
        "namePrefix": "",
        "role": "reader",
        "policy": {**seal(secret("x")), "ciphertext": "v1:other"},  # type: ignore[dict-item]
    }
    old = deployment(resource(ROLE_POLICY, "policy", exported))
    new = deployment(resource(ROLE_POLICY, "policy", {"role": "reader", "policy": seal(secret("x"))}))
    assert compare(old, new).changed == ()


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"version": 3},
        {"format": 1, "resources": [{"urn": "urn:pulumi:s::p::t::n", "type": "t", "protect": False}]},
        {"resources": "none"},
        [],
    ],
    ids=["nothing", "a version alone", "the output of preview --json", "text", "a list"],
)
def test_what_is_no_deployment_is_refused_as_a_baseline(document: object) -> None:
    with pytest.raises(DeploymentFormatError, match="pulumi stack export"):
        states(document)


def test_a_stack_that_was_never_updated_is_an_empty_baseline() -> None:
    assert states({"version": 3, "deployment": {"manifest": {}}}) == []
