import pytest

from simulator.graph import DeploymentFormatError, Graph
from simulator.latencies import UnknownLatencyError, latency
from simulator.schedule import schedule
from tests.unit.simulator.deployments import deployment, resource, urn

PROVIDER, VPC, CLUSTER = "pulumi:providers:aws", "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster"
NAT, NAMESPACE = "aws:ec2/natGateway:NatGateway", "kubernetes:core/v1:Namespace"


def seconds(token: str) -> float:
    return latency(token).create_s


def test_up_waits_for_dependencies_and_the_provider_and_names_the_chain() -> None:
    built = deployment(
        resource(PROVIDER, "aws", {"region": "eu-west-1"}),
        resource(VPC, "vpc", provider=urn(PROVIDER, "aws")),
        resource(CLUSTER, "eks", provider=urn(PROVIDER, "aws"), uses={"vpcConfig": [urn(VPC, "vpc")]}),
        resource(NAT, "nat", provider=urn(PROVIDER, "aws"), uses={"subnetId": [urn(VPC, "vpc")]}),
    )
    modelled = schedule(built)
    assert modelled.total_s == seconds(PROVIDER) + seconds(VPC) + seconds(CLUSTER)
    assert [step.urn for step in modelled.critical_path()] == [
        urn(PROVIDER, "aws"),
        urn(VPC, "vpc"),
        urn(CLUSTER, "eks"),
    ]
    assert modelled.steps[urn(NAT, "nat")].start_s == seconds(PROVIDER) + seconds(VPC)


def test_destroy_runs_the_other_way_and_skips_what_is_retained() -> None:
    vpc = resource(VPC, "vpc")
    cluster = resource(CLUSTER, "eks", uses={"vpcConfig": [urn(VPC, "vpc")]})
    total = latency(CLUSTER).delete_s + latency(VPC).delete_s
    assert schedule(deployment(vpc, cluster), "destroy").total_s == total
    retained = {**cluster, "retainOnDelete": True}
    assert schedule(deployment(vpc, retained), "destroy").total_s == latency(VPC).delete_s


def test_a_component_takes_no_time_and_stands_for_what_is_in_it() -> None:
    component = resource("teranode:network:Network", "network", custom=False)
    vpc = resource(VPC, "vpc", parent=urn("teranode:network:Network", "network"))
    after = {**resource(NAMESPACE, "later"), "dependencies": [urn("teranode:network:Network", "network")]}
    steps = schedule(deployment(component, vpc, after)).steps
    assert steps[urn(NAMESPACE, "later")].start_s == seconds(VPC)
    assert urn("teranode:network:Network", "network") not in steps


def test_regions_come_from_the_provider_and_from_a_clusters_arn() -> None:
    built = deployment(
        resource(PROVIDER, "aws-eu", {"region": "eu-west-1"}),
        resource(PROVIDER, "aws-us", {"region": "us-east-1"}),
        resource(CLUSTER, "eks", provider=urn(PROVIDER, "aws-eu")),
        resource(VPC, "vpc", provider=urn(PROVIDER, "aws-us")),
        resource(
            "pulumi:providers:kubernetes",
            "k8s",
            {"clusterIdentifier": "arn:aws:eks:eu-west-1:111122223333:cluster/eks"},
            uses={"clusterIdentifier": [urn(CLUSTER, "eks")]},
        ),
        resource(NAMESPACE, "miner", provider=urn("pulumi:providers:kubernetes", "k8s")),
    )
    modelled = schedule(built)
    cluster_ready = seconds(PROVIDER) + seconds(CLUSTER)
    assert modelled.by_region() == {
        "eu-west-1": cluster_ready + seconds(NAMESPACE),
        "us-east-1": seconds(PROVIDER) + seconds(VPC),
    }
    assert modelled.critical_path("us-east-1")[-1].urn == urn(VPC, "vpc")


def test_a_cycle_and_an_unknown_type_are_errors_that_name_them() -> None:
    first = resource(VPC, "first", uses={"x": [urn(VPC, "second")]})
    second = resource(VPC, "second", uses={"x": [urn(VPC, "first")]})
    with pytest.raises(DeploymentFormatError, match=r"cycle: .*first"):
        schedule(deployment(first, second))
    with pytest.raises(UnknownLatencyError, match=r"aws:x/y:Y.*latencies\.json"):
        schedule(deployment(resource("aws:x/y:Y", "unknown")))


def test_what_is_pending_deletion_is_no_part_of_the_graph() -> None:
    assert len(Graph(deployment({**resource(VPC, "old"), "delete": True})).nodes) == 1
