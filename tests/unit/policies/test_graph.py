"""Joins over a graph: by value where it is known, by the engine's dependencies where it is not."""

import pytest

from policies.rules import Graph, GraphError, Resource
from policies.rules.values import UNKNOWN, UndecidedError

VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
NODES = "aws:eks/nodeGroup:NodeGroup"
ROLE = "aws:iam/role:Role"


def _resource(token: str, name: str, **fields: object) -> Resource:
    defaults: dict[str, object] = {"urn": f"urn:pulumi:s::p::{token}::{name}", "type": token, "id": name}
    return Resource(**{**defaults, **fields})  # type: ignore[arg-type]


def test_a_document_that_is_no_deployment_is_refused() -> None:
    with pytest.raises(GraphError, match=r"deployment\.resources"):
        Graph.from_deployment({"resources": []})


def test_resources_that_are_pending_deletion_are_left_out() -> None:
    row = {"urn": f"urn:pulumi:s::p::{VPC}::old", "type": VPC, "custom": True, "delete": True}

    assert Graph.from_deployment({"deployment": {"resources": [row]}}).resources == ()


def test_a_known_value_is_followed_by_id_name_or_arn() -> None:
    role = _resource(ROLE, "role", outputs={"arn": "arn:aws:iam::1:role/role"})
    by_arn = _resource(NODES, "a", properties={"nodeRoleArn": "arn:aws:iam::1:role/role"})
    by_id = _resource(NODES, "b", properties={"nodeRoleArn": "role"})
    graph = Graph([role, by_arn, by_id])

    assert graph.referrers(role, "nodeRoleArn", NODES) == (by_arn, by_id)


def test_one_name_in_two_regions_is_followed_within_the_region() -> None:
    here = _resource(VPC, "here", id="same", provider="eu")
    there = _resource(VPC, "there", id="same", provider="us")
    subnet = _resource(SUBNET, "subnet", provider="us", properties={"vpcId": "same"})

    assert Graph([here, there, subnet]).follow(subnet, "vpcId", VPC) == (there,)


def test_an_unknown_value_is_followed_by_its_dependencies() -> None:
    vpc = _resource(VPC, "vpc")
    subnet = _resource(SUBNET, "subnet", properties={"vpcId": UNKNOWN}, property_dependencies={"vpcId": (vpc.urn,)})

    assert Graph([vpc, subnet]).follow(subnet, "vpcId", VPC) == (vpc,)


def test_an_unknown_list_is_followed_if_it_has_as_many_elements_as_sources() -> None:
    subnets = [_resource(SUBNET, name) for name in "ab"]
    urns = tuple(subnet.urn for subnet in subnets)
    fields = {"property_dependencies": {"subnetIds": urns}}
    both = _resource(NODES, "both", properties={"subnetIds": [UNKNOWN, UNKNOWN]}, **fields)
    one = _resource(NODES, "one", properties={"subnetIds": [UNKNOWN]}, **fields)
    graph = Graph([*subnets, both, one])

    assert graph.follow(both, "subnetIds", SUBNET) == tuple(subnets)
    with pytest.raises(UndecidedError):
        graph.follow(one, "subnetIds", SUBNET)


def test_an_unknown_value_without_dependencies_is_undecided() -> None:
    subnet = _resource(SUBNET, "subnet", properties={"vpcId": UNKNOWN})

    with pytest.raises(UndecidedError):
        Graph([_resource(VPC, "vpc"), subnet]).follow(subnet, "vpcId", VPC)


def test_an_unknown_value_made_by_another_type_refers_to_none_of_this_one() -> None:
    role = _resource(ROLE, "role")
    subnet = _resource(SUBNET, "subnet", properties={"vpcId": UNKNOWN}, property_dependencies={"vpcId": (role.urn,)})

    assert Graph([role, subnet]).follow(subnet, "vpcId", VPC) == ()


def test_the_closure_reaches_through_dependencies_inputs_and_providers() -> None:
    role = _resource(ROLE, "role")
    vpc = _resource(VPC, "vpc", dependencies=(role.urn,))
    provider = _resource("pulumi:providers:kubernetes", "provider", dependencies=(vpc.urn,))
    item = _resource("kubernetes:core/v1:Namespace", "item", provider=provider.urn)
    graph = Graph([role, vpc, provider, item])

    assert graph.closure(item) == {provider.urn, vpc.urn, role.urn}
    assert graph.needed(item, VPC) == (vpc,)


def test_a_cycle_of_dependencies_ends() -> None:
    first, second = (f"urn:pulumi:s::p::{VPC}::{name}" for name in ("a", "b"))
    graph = Graph([_resource(VPC, "a", dependencies=(second,)), _resource(VPC, "b", dependencies=(first,))])

    assert graph.closure(graph.by_urn[first]) == {first, second}
