"""What the internet reaches, in every form in which something can be opened, compared with what is declared."""

from pathlib import Path

import pytest

from components.miner_addresses import public_doors
from components.teranode import Chain
from policies.rules import Graph
from policies.rules.ports import PUBLIC_APPS
from policies.rules.public_ports import PublicPort, public_ports
from simulator import Simulation, simulate
from tests.support.stacks import ROOT, at, evaluated, stack_file


def opened(simulation: Simulation) -> dict[PublicPort, tuple[str, ...]]:
    return public_ports(Graph.from_deployment(simulation.deployment))


def test_mainnet_is_reached_by_peers_and_sv_nodes_and_by_nobody_else() -> None:
    assert opened(evaluated("mainnet")) == {
        PublicPort("load balancer", 8333, 8333): ("miner-1-public-listener-legacy",),
        PublicPort("load balancer", 9905, 9905): ("miner-1-public-listener-p2p",),
        PublicPort("security group", 8333, 8333): ("eu-west-1-chain-legacy-from-anywhere",),
        PublicPort("security group", 9905, 9905): ("eu-west-1-chain-p2p-from-anywhere",),
    }


def test_testing_shows_its_kubernetes_api_to_named_networks_and_nothing_else() -> None:
    regions = ("ap-southeast-1", "eu-west-1", "us-east-1")

    assert opened(evaluated("testing")) == {
        PublicPort("Kubernetes API", 443, 443): tuple(f"{region}-eks-control-plane-cluster" for region in regions)
    }


def test_what_is_declared_to_policies_is_what_the_components_open() -> None:
    assert {door.port: door.app for door in public_doors(Chain.MAINNET)} == PUBLIC_APPS


@pytest.mark.parametrize("miners", [1, 3])
def test_a_private_mainnet_shows_nothing_however_many_miners_it_has(tmp_path: Path, miners: int) -> None:
    simulation = simulate(private(tmp_path, miners), project_dir=ROOT)

    assert opened(simulation) == {}
    assert simulation.of_type("teranode:miner_addresses:PublicAddress") == []


def private(folder: Path, miners: int) -> Path:
    named = {f"miner-{number}": {"region": "eu-west-1"} for number in range(1, miners + 1)}
    pool = {"general": {"minNodesPerZone": miners}, "storage": {"aerospike": {"instanceType": "i7i.4xlarge"}}}
    pool["storage"]["aerospike"]["nodesPerZone"] = miners + 1
    return stack_file(folder, "mainnet", "mainnet", public={"peers": False}, miners=named, nodes=pool)


class TestPublicAddress:
    def test_an_address_for_each_zone_that_no_destroy_gives_away(self) -> None:
        simulation = evaluated("mainnet")
        balancer = simulation.named("miner-1-public-load-balancer")
        addresses = [one for one in simulation.of_type("aws:ec2/eip:Eip") if one.name.startswith("miner-1-public-")]
        public = [simulation.named(f"eu-west-1-network-subnet-public-eu-west-1{zone}").id for zone in "abc"]

        assert [one.protect for one in addresses] == [True] * 3
        assert balancer.inputs["internal"] is False
        assert balancer.inputs["enableDeletionProtection"] is True
        assert balancer.inputs["enableCrossZoneLoadBalancing"] is True
        assert balancer.inputs["subnetMappings"] == [
            {"subnetId": subnet, "allocationId": address.id} for subnet, address in zip(public, addresses, strict=True)
        ]

    def test_pods_see_their_clients_own_addresses_since_private_ones_are_refused(self) -> None:
        groups = [
            one for one in evaluated("mainnet").of_type("aws:lb/targetGroup:TargetGroup") if "-public-" in one.name
        ]

        assert len(groups) == 2
        assert all(group.inputs["preserveClientIp"] == "true" for group in groups)

    def test_the_bridge_has_a_service_of_its_own_because_the_operators_shows_no_8333(self) -> None:
        service = evaluated("mainnet").named("miner-1-public-service-legacy").inputs

        assert at(service, "spec.selector") == {"app": "legacy"}
        assert at(service, "spec.ports.0.port") == at(service, "spec.ports.0.targetPort") == 8333

    def test_the_world_comes_into_the_namespace_at_those_pods_alone(self) -> None:
        worldly = {
            (at(one.inputs, "spec.podSelector.matchLabels.app"), at(rule, "ports.0.port"))
            for one in evaluated("mainnet").of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy")
            for rule in listed(one.inputs["spec"], "ingress")
            if {"ipBlock": {"cidr": "0.0.0.0/0"}} in listed(rule, "from")
        }

        assert worldly == {("peer", 9905), ("legacy", 8333)}

    def test_the_node_announces_the_addresses_and_waits_for_nothing_else_of_them(self) -> None:
        simulation = evaluated("mainnet")
        settings = simulation.named("miner-1-node-settings")
        addresses = [one for one in simulation.of_type("aws:ec2/eip:Eip") if one.name.startswith("miner-1-public-")]
        announced = "|".join(f"/ip4/{one.outputs['publicIp']}/tcp/9905" for one in addresses)

        assert at(settings.inputs, "data.p2p_advertise_addresses") == announced
        assert at(settings.inputs, "data.p2p_allow_private_ips") == "false"
        assert simulation.named("miner-1-public-load-balancer").urn not in settings.dependencies

    def test_nodes_reach_the_chain_wherever_it_is(self) -> None:
        nodes = evaluated("mainnet").named("eu-west-1-eks-node-foundation-security-group").id
        sent = {
            str(rule.inputs["fromPort"])
            for rule in evaluated("mainnet").of_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
            if rule.inputs["securityGroupId"] == nodes and rule.inputs.get("cidrIpv4") == "0.0.0.0/0"
        }

        assert sent == {"80", "443", "8000", "8090", "8333", "9905", "9908"}


def listed(value: object, key: str) -> list[dict[str, object]]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, list) else []
