import pytest

from simulator.errors import UntaughtError
from simulator.model import MODELS
from simulator.schema import check_inputs, check_paths, computed_outputs, input_names
from simulator.values import JSON, UNKNOWN, secret

NODE_GROUP: dict[str, JSON] = {
    "clusterName": "c",
    "nodeRoleArn": "arn",
    "subnetIds": ["subnet-1"],
    "scalingConfig": {"desiredSize": 1, "minSize": 1, "maxSize": 3},
}
GROUP_TYPE = "aws:eks/nodeGroup:NodeGroup"


def test_a_complete_set_of_inputs_has_no_problem() -> None:
    assert check_inputs(GROUP_TYPE, NODE_GROUP) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"scalingConfig": {"desiredSize": 1, "minSize": 1}}, "scalingConfig.maxSize: required, but missing"),
        (
            {"scalingConfig": {"desiredSize": 1, "min_size": 1, "minSize": 1, "maxSize": 3}},
            "scalingConfig.min_size: no such property; did you mean minSize?",
        ),
        ({"subnetIds": "subnet-1"}, "subnetIds: must be a list, not a string"),
        ({"subnetIds": ["subnet-1", 2]}, "subnetIds[1]: must be a string, not a number"),
        ({"labels": {"a": True}}, "labels.a: must be a string, not a boolean"),
        ({"forceUpdateVersion": "true"}, "forceUpdateVersion: must be a boolean, not a string"),
        ({"scalingConfig": {"desiredSize": True, "minSize": 1, "maxSize": 3}}, "scalingConfig.desiredSize: must be a"),
        ({"scalingConfig": {"desiredSize": 1.5, "minSize": 1, "maxSize": 3}}, "scalingConfig.desiredSize: must be a"),
        ({"taints": [{"key": "k"}]}, "taints[0].effect: required, but missing"),
        ({"taint": []}, "taint: no such property; did you mean taints?"),
    ],
)
def test_a_wrong_input_is_named_with_its_path(change: dict[str, JSON], problem: str) -> None:
    found = check_inputs(GROUP_TYPE, {**NODE_GROUP, **change})
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_secrets_are_judged_by_their_content_which_is_not_told() -> None:
    found = check_inputs("aws:ec2/vpc:Vpc", {"cidrBlock": secret(["hunter2"])})
    assert found == ["cidrBlock: must be a string, not a list"]


def test_unknown_and_absent_values_fit_everywhere() -> None:
    assert (
        check_inputs(GROUP_TYPE, {**NODE_GROUP, "subnetIds": UNKNOWN, "labels": None, "taints": secret(UNKNOWN)}) == []
    )


def test_what_a_provider_notes_for_itself_is_not_judged() -> None:
    assert check_inputs(GROUP_TYPE, {**NODE_GROUP, "__defaults": ["nodeGroupName"]}) == []


def test_kubernetes_objects_are_checked_to_the_last_container() -> None:
    found = check_inputs(
        "kubernetes:apps/v1:Deployment",
        {"spec": {"selector": {}, "template": {"spec": {"containers": [{"name": "c", "volume_mount": []}]}}}},
    )
    assert found == ["spec.template.spec.containers[0].volume_mount: no such property; did you mean volumeMounts?"]


def test_types_that_contain_themselves_are_checked_too() -> None:
    definition: JSON = {"openAPIV3Schema": {"properties": {"spec": {"properties": {"x": {"typ": "string"}}}}}}
    version: JSON = {"name": "v1", "served": True, "storage": True, "schema": definition}
    spec: JSON = {"group": "g", "names": {"kind": "K", "plural": "ks"}, "scope": "Cluster", "versions": [version]}
    found = check_inputs("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition", {"spec": spec})
    assert len(found) == 1
    assert found[0].startswith("spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.x.typ: no such")


def test_provider_inputs_are_read_from_the_json_text_in_which_they_travel() -> None:
    good: dict[str, JSON] = {"region": "eu-west-1", "version": "7.51.1", "allowedAccountIds": '["111122223333"]'}
    assert check_inputs("pulumi:providers:aws", good) == []
    assert check_inputs("pulumi:providers:aws", {**good, "defaultTags": '{"tagz": {}}'}) == [
        "defaultTags.tagz: no such property; did you mean tags?"
    ]


@pytest.mark.parametrize("unknown", ["aws:ec2/vpz:Vpz", "nosuch:index:Thing", "pulumi:providers:nosuch"])
def test_a_type_that_no_sdk_declares_is_refused(unknown: str) -> None:
    with pytest.raises(UntaughtError, match=f"no installed SDK declares the type {unknown}"):
        check_inputs(unknown, {})
    with pytest.raises(UntaughtError):
        check_paths(unknown, ["x"])
    with pytest.raises(UntaughtError):
        computed_outputs(unknown)


def test_the_arguments_of_a_resource_are_not_confused_with_a_nested_type_of_the_same_name() -> None:
    accepter = "aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter"
    assert "vpcPeeringConnectionId" in input_names(accepter)
    assert "acceptStatus" in computed_outputs(accepter)


@pytest.mark.parametrize("token", sorted(MODELS))
def test_every_taught_type_has_a_schema_that_refuses_an_unknown_property(token: str) -> None:
    assert any(problem.startswith("bogus: no such property") for problem in check_inputs(token, {"bogus": 1}))


@pytest.mark.parametrize(
    "path", ["scalingConfig.desiredSize", "labels", 'tags["a.b"]', "subnetIds[0]", "taints[*].key"]
)
def test_paths_that_exist_can_be_ignored(path: str) -> None:
    assert check_paths(GROUP_TYPE, [path]) == []


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("scaling_config.desired_size", "did you mean scalingConfig?"),
        ("scalingConfig.desired_size", "did you mean desiredSize?"),
        ("subnetIds.first", "'first' is no index of a list"),
        ("clusterName.x", "nothing is below a string"),
        ("arn", "'arn' is no property"),
    ],
)
def test_a_path_that_leads_nowhere_is_a_problem(path: str, reason: str) -> None:
    (problem,) = check_paths(GROUP_TYPE, [path])
    assert problem.startswith(f"ignore_changes: {path} leads nowhere")
    assert reason in problem
