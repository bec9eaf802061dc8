"""How miners reach each other: names, load balancers, and the rules by which anything passes."""

from functools import cache

import pytest

from components import naming
from components.miner_addresses import DOORS
from components.teranode import SERVICES, Chain, Reach, enabled_services
from simulator import Simulation
from simulator.record import RecordedResource
from tests.support.stacks import STACKS, at, evaluated

BALANCER = "aws:lb/loadBalancer:LoadBalancer"
GROUP = "aws:lb/targetGroup:TargetGroup"
LISTENER = "aws:lb/listener:Listener"
RECORD = "aws:route53/record:Record"
SERVICE = "kubernetes:core/v1:Service"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
BLOCKS = {"eu-west-1": "10.16.0.0/16", "us-east-1": "10.17.0.0/16", "ap-southeast-1": "10.18.0.0/16"}
"""Of testing."""


def ours(stack: str, token: str) -> list[RecordedResource]:
    found = [one for one in evaluated(stack).of_type(token) if "teranode:miner_addresses:Miner" in one.urn]
    return sorted(found, key=lambda one: one.name)


@cache
def miners(stack: str) -> tuple[str, ...]:
    return tuple(sorted(one.name for one in evaluated(stack).of_type("teranode:miner:Miner")))


def the(stack: str, name: str) -> RecordedResource:
    return evaluated(stack).named(name)


def upstream(simulation: Simulation, name: str) -> set[str]:
    """Names of all that must be there before a resource is made."""
    found: set[str] = set()
    waiting = [simulation.named(name).urn]
    while waiting:
        for urn in simulation.by_urn[waiting.pop()].dependencies:
            if urn not in found:
                found.add(urn)
                waiting.append(urn)
    return {simulation.by_urn[urn].name for urn in found}


class TestDoors:
    def test_they_are_what_the_table_of_services_shows_to_other_miners(self) -> None:
        shown = {
            (SERVICES[service].deployment, port.number)
            for service in enabled_services(Chain.REGTEST)
            for port in SERVICES[service].ports
            if port.reach in (Reach.MINERS, Reach.CHAIN)
        }

        assert {(door.app, door.port) for door in DOORS} == shown == {("peer", 9905), ("asset", 8090)}

    @pytest.mark.parametrize("stack", STACKS)
    def test_a_port_is_the_same_from_the_balancer_to_the_pod(self, stack: str) -> None:
        for miner in miners(stack):
            for door in DOORS:
                service = the(stack, f"{miner}-address-service-{door.key}").inputs
                binding = the(stack, f"{miner}-address-binding-{door.key}").inputs

                assert the(stack, f"{miner}-address-listener-{door.key}").inputs["port"] == door.port
                assert the(stack, f"{miner}-address-target-group-{door.key}").inputs["port"] == door.port
                assert at(service, "spec.ports.0.port") == at(service, "spec.ports.0.targetPort") == door.port
                assert at(binding, "spec.serviceRef") == {"name": f"miners-{door.key}", "port": door.port}


class TestLoadBalancer:
    @pytest.mark.parametrize("stack", STACKS)
    def test_each_miner_has_one_that_only_the_mesh_reaches(self, stack: str) -> None:
        found = ours(stack, BALANCER)

        assert [one.name for one in found] == [f"{miner}-address-load-balancer" for miner in miners(stack)]
        for one in found:
            assert one.inputs["internal"] is True
            assert one.inputs["loadBalancerType"] == "network"
            assert one.inputs["enableCrossZoneLoadBalancing"] is True
            assert one.inputs["enableDeletionProtection"] is (stack == "mainnet")

    def test_it_stands_in_every_private_subnet_of_the_miners_region(self) -> None:
        subnets = [
            subnet.id
            for subnet in evaluated("testing").of_type("aws:ec2/subnet:Subnet")
            if subnet.name.startswith("us-east-1-network-subnet-private-")
        ]

        assert sorted(subnets) == sorted(map(str, _list(the("testing", "miner-2-address-load-balancer"), "subnets")))

    def test_it_is_made_beside_the_cluster_and_not_after_it(self) -> None:
        needed = upstream(evaluated("testing"), "miner-2-address-listener-p2p")

        assert "us-east-1-network-vpc" in needed
        assert not [name for name in needed if "-eks-" in name or "namespace" in name or "-platform-" in name]
        assert not [name for name in needed if "eu-west-1" in name or "ap-southeast-1" in name]

    def test_a_pod_sees_the_balancer_so_that_it_reaches_a_miner_on_its_own_node(self) -> None:
        assert all(group.inputs["preserveClientIp"] == "false" for group in ours("testing", GROUP))

    def test_pods_are_looked_after_at_the_port_itself(self) -> None:
        for group in ours("testing", GROUP):
            assert at(group.inputs, "healthCheck.protocol") == "TCP"
            assert at(group.inputs, "healthCheck.port") == "traffic-port"

    def test_connections_to_a_pod_that_went_are_cut(self) -> None:
        assert all(group.inputs["connectionTermination"] is True for group in ours("testing", GROUP))

    def test_names_in_aws_fit_for_the_longest_name_of_a_miner(self) -> None:
        names = [str(one.outputs["name"]) for token in (BALANCER, GROUP) for one in ours("testing", token)]

        assert len(set(names)) == len(names) == 9
        assert all(len(name) <= 32 for name in names)
        assert all("namePrefix" in one.inputs and "name" not in one.inputs for one in ours("testing", GROUP))

    def test_it_logs_once_the_bucket_takes_its_logs(self) -> None:
        balancer = the("testing", "miner-1-address-load-balancer")
        logs = the("testing", "eu-west-1-objects-bucket-logs")

        assert balancer.inputs["accessLogs"] == {"bucket": logs.id, "prefix": "load-balancers", "enabled": True}
        assert the("testing", "eu-west-1-objects-bucket-policy-logs").urn in balancer.dependencies


class TestPods:
    @pytest.mark.parametrize("stack", STACKS)
    def test_services_of_our_own_choose_pods_in_the_miners_namespace(self, stack: str) -> None:
        operators = {facts.service for facts in SERVICES.values()}

        for service in ours(stack, SERVICE):
            assert at(service.inputs, "metadata.namespace") in miners(stack)
            assert at(service.inputs, "metadata.name") not in operators
            assert at(service.inputs, "spec.type") == "ClusterIP"
            assert at(service.inputs, "spec.selector") in ({"app": "peer"}, {"app": "asset"})

    def test_a_service_is_not_waited_for_since_its_pods_come_later(self) -> None:
        for service in ours("testing", SERVICE):
            assert at(service.inputs, "metadata.annotations") == {"pulumi.com/skipAwait": "true"}

    def test_each_target_group_is_bound_once_by_the_controller_of_its_region(self) -> None:
        bound = [at(binding.inputs, "spec.targetGroupARN") for binding in ours("testing", BINDING)]
        needed = upstream(evaluated("testing"), "miner-2-address-binding-p2p")

        assert sorted(map(str, bound)) == sorted(group.id for group in ours("testing", GROUP))
        assert "us-east-1-platform-load-balancers-release" in needed

    def test_what_the_controller_refuses_to_change_is_bound_anew(self) -> None:
        for binding in ours("testing", BINDING):
            assert set(binding.replace_on_changes) == {
                f"spec.{name}" for name in ("targetGroupARN", "targetType", "ipAddressType", "vpcID")
            }


class TestOpenings:
    @pytest.mark.parametrize("stack", STACKS)
    def test_pods_are_reached_from_the_vpc_where_their_balancer_stands_at_their_own_port(self, stack: str) -> None:
        block = the(stack, "eu-west-1-network-vpc").inputs["cidrBlock"]
        for door in DOORS:
            spec = the(stack, f"miner-1-namespace-policy-miners-to-{door.key}").inputs["spec"]

            assert spec == {
                "podSelector": {"matchLabels": {"app": door.app}},
                "policyTypes": ["Ingress"],
                "ingress": [
                    {"from": [{"ipBlock": {"cidr": block}}], "ports": [{"port": door.port, "protocol": "TCP"}]}
                ],
            }

    def test_services_reach_the_miners_of_every_region_by_a_policy_of_its_own(self) -> None:
        for region, block in BLOCKS.items():
            spec = the("testing", f"miner-2-namespace-policy-miners-of-{region}").inputs["spec"]

            assert at(spec, "podSelector.matchLabels") == {"teranode.bsvblockchain.org/part-of": "true"}
            assert at(spec, "policyTypes") == ["Egress"]
            assert at(spec, "egress.0.to") == [{"ipBlock": {"cidr": block}}]
            assert at(spec, "egress.0.ports") == [{"port": port, "protocol": "TCP"} for port in (8090, 9905)]


class TestNames:
    @pytest.mark.parametrize("stack", STACKS)
    def test_a_name_is_known_before_anything_exists_and_leads_to_the_miners_balancer(self, stack: str) -> None:
        for miner in miners(stack):
            record, balancer = the(stack, f"{miner}-address-record"), the(stack, f"{miner}-address-load-balancer")

            assert record.inputs["name"] == naming.miner_host(stack, miner) == f"{miner}.{stack}.teranode.internal"
            assert record.inputs["zoneId"] == the(stack, "mesh-zone").outputs["zoneId"]
            assert record.inputs["aliases"] == [
                {
                    "name": balancer.outputs["dnsName"],
                    "zoneId": balancer.outputs["zoneId"],
                    "evaluateTargetHealth": False,
                }
            ]

    def test_all_records_belong_to_the_region_that_owns_the_zone(self) -> None:
        assert {record.provider_urn.rpartition("::")[2] for record in ours("testing", RECORD)} == {"aws-eu-west-1"}


class TestTraffic:
    @pytest.mark.parametrize("region", BLOCKS)
    def test_load_balancers_admit_every_region_of_the_environment_to_two_ports(self, region: str) -> None:
        group = the("testing", f"{region}-miners-security-group").id
        admitted = {
            (rule.inputs.get("cidrIpv4"), rule.inputs["fromPort"], rule.inputs["toPort"])
            for rule in evaluated("testing").of_type(INGRESS)
            if rule.inputs["securityGroupId"] == group
        }

        assert admitted == {(block, port, port) for block in BLOCKS.values() for port in (8090, 9905)}

    @pytest.mark.parametrize("region", BLOCKS)
    def test_nodes_send_to_every_region_at_two_ports_and_take_them_from_load_balancers_only(self, region: str) -> None:
        group = the("testing", f"{region}-miners-security-group").id
        nodes = the("testing", f"{region}-eks-node-foundation-security-group").id
        sent = {
            (rule.inputs.get("cidrIpv4"), rule.inputs["fromPort"], rule.inputs["toPort"])
            for rule in ours("testing", EGRESS)
            if rule.inputs["securityGroupId"] == nodes
        }
        taken = {
            (rule.inputs.get("referencedSecurityGroupId"), rule.inputs["fromPort"])
            for rule in ours("testing", INGRESS)
            if rule.inputs["securityGroupId"] == nodes
        }

        assert sent == {(block, port, port) for block in BLOCKS.values() for port in (8090, 9905)}
        assert taken == {(group, 8090), (group, 9905)}

    def test_a_rule_waits_for_no_other_region(self) -> None:
        needed = upstream(evaluated("testing"), "us-east-1-miners-p2p-from-eu-west-1")

        assert needed
        assert not [name for name in needed if "eu-west-1" in name]


def _list(resource: RecordedResource, key: str) -> list[object]:
    value = resource.inputs[key]
    assert isinstance(value, list)
    return list(value)
