"""The two environments, evaluated from their real stack files."""

import difflib
import json
from collections import Counter

import pytest

from simulator import simulate
from simulator.chain import unavoidable_s
from simulator.compare import Action, compare
from simulator.graph import Graph
from simulator.schedule import schedule
from simulator.schema import input_names
from tests.support.inventory import GOLDEN, inventory
from tests.support.order import disorder
from tests.support.stacks import ROOT, STACKS, at, evaluated


@pytest.mark.parametrize("stack", STACKS)
def test_the_inventory_is_the_reviewed_one(stack: str) -> None:
    """A change here is a change of real resources; see tests/support/inventory.py before accepting it."""
    expected = (GOLDEN / f"{stack}.txt").read_text().splitlines()
    found = inventory(evaluated(stack)).splitlines()

    assert found == expected, "\n".join(difflib.unified_diff(expected, found, "reviewed", "found", lineterm="", n=0))


@pytest.mark.parametrize("stack", STACKS)
def test_a_preview_registers_what_an_update_does(stack: str) -> None:
    assert set(evaluated(stack, preview=True).by_urn) == set(evaluated(stack).by_urn)


@pytest.mark.parametrize("stack", STACKS)
def test_the_unchanged_program_changes_nothing(stack: str) -> None:
    changes = compare(evaluated(stack).deployment, evaluated(stack).deployment)

    assert changes.changed == ()


@pytest.mark.parametrize("stack", STACKS)
def test_a_first_update_takes_little_longer_than_aws_and_operators_impose(stack: str) -> None:
    by_region = schedule(evaluated(stack).deployment).by_region()
    chain_s = unavoidable_s(resource.type for resource in evaluated(stack).resources)

    assert by_region
    assert max(by_region.values()) <= 1.05 * chain_s


@pytest.mark.parametrize("stack", STACKS)
def test_every_aws_resource_acts_through_its_regions_provider(stack: str) -> None:
    resources = [
        resource
        for resource in evaluated(stack).resources
        if resource.package == "aws" and "teranode:region:Region" in resource.urn
    ]

    assert resources
    for resource in resources:
        assert f"::{resource.provider_urn.rsplit('::aws-', 1)[1]}-" in resource.urn


@pytest.mark.parametrize("stack", STACKS)
def test_everything_in_a_region_is_tagged_with_owner_environment_and_kind_of_data(stack: str) -> None:
    for provider in evaluated(stack).of_type("pulumi:providers:aws"):
        tags = json.loads(str(provider.inputs["defaultTags"]))["tags"]

        assert tags == {
            "project": "teranode-infra",
            "environment": stack,
            "tier": stack,
            "region": provider.inputs["region"],
            "owner": "devops@example.org",
            "chain": "regtest" if stack == "testing" else "mainnet",
            "data-class": "platform",
            "managed-by": "pulumi",
        }


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_comes_before_what_it_needs(stack: str) -> None:
    """Operators, nodes, drivers, rights, stores; and so nothing is destroyed while somebody needs it."""
    assert disorder(evaluated(stack)) == []


def test_log_groups_hold_logs() -> None:
    groups = evaluated("testing").of_type("aws:cloudwatch/logGroup:LogGroup")

    assert len(groups) == 13
    assert all(group.inputs["tags"] == {"data-class": "logs"} for group in groups)


def test_testing_is_three_regions_joined_by_three_peerings() -> None:
    types = Counter(resource.type for resource in evaluated("testing").resources)

    assert types["teranode:region:Region"] == 3
    assert types["aws:eks/cluster:Cluster"] == 3
    assert types["aws:ec2/vpcPeeringConnection:VpcPeeringConnection"] == 3
    assert types["aws:route53/zoneAssociation:ZoneAssociation"] == 2


def test_testing_can_be_destroyed_without_lifting_a_lock() -> None:
    assert not [resource.urn for resource in evaluated("testing").resources if resource.protect]


def test_mainnet_is_private_and_locked() -> None:
    simulation = evaluated("mainnet")
    [cluster] = simulation.of_type("aws:eks/cluster:Cluster")

    assert cluster.inputs["deletionProtection"] is True
    assert len(simulation.of_type("aws:ec2/instance:Instance")) == 1
    protected = {resource.type for resource in simulation.resources if resource.protect}
    assert protected == {
        "aws:backup/vault:Vault",
        "aws:ec2/eip:Eip",
        "aws:ec2/subnet:Subnet",
        "aws:ec2/vpc:Vpc",
        "aws:eks/cluster:Cluster",
        "aws:eks/nodeGroup:NodeGroup",
        "aws:fsx/lustreFileSystem:LustreFileSystem",
        "aws:kms/key:Key",
        "aws:rds/cluster:Cluster",
        "aws:rds/clusterInstance:ClusterInstance",
        "aws:route53/zone:Zone",
        "aws:s3/bucket:Bucket",
        "aws:secretsmanager/secret:Secret",
        "kubernetes:asdb.aerospike.com/v1:AerospikeCluster",
        "kubernetes:core/v1:Namespace",
        "kubernetes:core/v1:PersistentVolume",
        "kubernetes:kafka.strimzi.io/v1:Kafka",
        "kubernetes:kafka.strimzi.io/v1:KafkaNodePool",
        "kubernetes:teranode.bsvblockchain.org/v1alpha1:Cluster",
        "pulumi:providers:kubernetes",
        "random:index/randomId:RandomId",
        "random:index/randomPassword:RandomPassword",
    }


def test_servers_on_local_disks_come_after_their_nodes_and_go_before_them() -> None:
    simulation = evaluated("mainnet")
    graph = Graph(simulation.deployment)
    [servers] = simulation.of_type("kubernetes:asdb.aerospike.com/v1:AerospikeCluster")
    nodes = {
        group.urn
        for group in simulation.of_type("aws:eks/nodeGroup:NodeGroup")
        if "-aerospike-" in group.urn.rsplit("::", 1)[-1]
    }

    assert len(nodes) == 3
    assert nodes <= graph.prerequisites[servers.urn]


@pytest.mark.parametrize("stack", STACKS)
def test_namespaces_with_volumes_go_before_the_driver_that_deletes_volumes(stack: str) -> None:
    """Or disks would be left behind by a destroy. Of databases there are Jobs alone."""
    simulation = evaluated(stack)
    graph = Graph(simulation.deployment)
    for namespace in simulation.of_type("kubernetes:core/v1:Namespace"):
        metadata = namespace.inputs["metadata"]
        assert isinstance(metadata, dict)
        addons = {urn.rsplit("::", 1)[-1] for urn in graph.prerequisites[namespace.urn]}
        if metadata["name"] != "databases":
            assert any(name.endswith("aws-ebs-csi-driver") for name in addons), metadata["name"]


def test_mainnet_differs_from_testing_in_settings_not_in_kind() -> None:
    """Only what a private endpoint, a public chain and an account of its own need, and the kinds of stores, differ."""
    kinds = {
        stack: {resource.type for resource in evaluated(stack).resources if resource.type.startswith("teranode:")}
        for stack in STACKS
    }

    assert kinds["mainnet"] - kinds["testing"] == {
        "teranode:aerospike:Certificates",
        "teranode:aerospike:EnterpriseStore",
        "teranode:aerospike:OperatedStore",
        "teranode:aerospike:StoreBackups",
        "teranode:aerospike:StoreSecrets",
        "teranode:aerospike:StoreSets",
        "teranode:alarms:AccountEvents",
        "teranode:copies:CopyFailures",
        "teranode:copies:CopySite",
        "teranode:copies:RegionCopies",
        "teranode:copies:Vault",
        "teranode:eks:Access",
        "teranode:files:Lustre",
        "teranode:kafka:StrimziCluster",
        "teranode:miner_addresses:ChainTraffic",
        "teranode:miner_addresses:PublicAddress",
        "teranode:platform:LocalDisks",
        "teranode:postgres:Aurora",
    }
    assert kinds["testing"] - kinds["mainnet"] == {
        "teranode:aerospike:CommunityStore",
        "teranode:files:Efs",
        "teranode:kafka:Exporter",
        "teranode:kafka:SingleBroker",
        "teranode:postgres:RdsInstance",
        "teranode:teranode:BlockGenerator",
    }


def test_outputs_tell_how_to_reach_a_region() -> None:
    exports = evaluated("testing").exports

    assert at(exports, "regions.eu-west-1.kubeconfigCommand") == (
        "aws eks update-kubeconfig --region eu-west-1 --name testing-eu-west-1 --alias testing-eu-west-1"
    )
    assert at(exports, "regions.eu-west-1.kubernetesContext") == "testing-eu-west-1"
    assert exports["privateZone"] == {
        "id": evaluated("testing").named("mesh-zone").outputs["zoneId"],
        "name": "testing.teranode.internal",
    }


def test_outputs_tell_who_a_miner_is_and_how_to_reach_it() -> None:
    miner = at(evaluated("testing").exports, "miners.miner-2")

    assert isinstance(miner, dict)
    assert (miner["region"], miner["namespace"]) == ("us-east-1", "miner-2")
    assert len(miner["deployments"]) == 11
    assert miner["image"] == "ghcr.io/bsv-blockchain/teranode:v0.14.4"
    assert miner["peerAddress"] == f"/dns4/miner-2.testing.teranode.internal/tcp/9905/p2p/{miner['peerId']}"
    assert miner["assetUrl"] == "http://miner-2.testing.teranode.internal:8090/api/v1"
    [balancer] = [one for one in evaluated("testing").resources if one.name == "miner-2-address-load-balancer"]
    assert miner["privateEndpoints"] == [f"{balancer.outputs['dnsName']}:{port}" for port in (9905, 8090, 9292)]
    assert miner["rpcCommand"] == (
        "kubectl --context testing-us-east-1 --namespace miner-2 port-forward service/rpc 9292:9292"
    )


def test_two_evaluations_are_identical() -> None:
    again = simulate(ROOT / "Pulumi.mainnet.yaml", project_dir=ROOT)

    assert again.deployment == evaluated("mainnet").deployment


def test_a_first_update_only_creates() -> None:
    empty = {"version": 3, "deployment": {"manifest": {}, "resources": []}}
    counts = compare(empty, evaluated("mainnet").deployment).counts

    assert {action for action, number in counts.items() if number} == {Action.CREATE}


def test_outputs_of_a_private_region_tell_how_to_open_its_tunnel() -> None:
    exports = evaluated("mainnet").exports
    instance = evaluated("mainnet").named("eu-west-1-eks-access-instance")

    assert at(exports, "regions.eu-west-1.tunnelCommand") == (
        f"aws ssm start-session --region eu-west-1 --target {instance.id}"
        " --document-name AWS-StartPortForwardingSession --parameters portNumber=3128,localPortNumber=22592"
    )
    assert str(at(exports, "regions.eu-west-1.kubeconfigCommand")).endswith(" --proxy-url http://127.0.0.1:22592")


@pytest.mark.parametrize("stack", STACKS)
def test_whatever_can_carry_a_name_tag_has_one(stack: str) -> None:
    """Types whose other resources of the same kind show in AWS's console by this tag alone."""
    unnamed = [
        resource.name
        for resource in evaluated(stack).resources
        if resource.type.startswith(("aws:ec2/", "aws:eks/cluster", "aws:eks/nodeGroup"))
        and "tags" in input_names(resource.type)
        and resource.type != "aws:ec2/flowLog:FlowLog"
        and "'Name':" not in str(resource.inputs.get("tags"))
    ]

    assert unnamed == []
