"""Answers of the plugins that depend on other things of the account."""

import json
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from simulator.rules import tokens as t
from simulator.values import from_struct
from tests.plugins.plugin_process import ACCOUNT, Plugin

TRUST = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}


def made(aws: Plugin, token: str, name: str, /, **inputs: Any) -> dict[str, Any]:
    """The outputs of a new resource."""
    return dict(from_struct(aws.create(token, name, **inputs).properties))


def subnet(aws: Plugin, vpc: str, zone: str, block: str) -> dict[str, Any]:
    return made(aws, t.SUBNET, zone, vpcId=vpc, cidrBlock=block, availabilityZone=f"eu-west-1{zone}")


def test_a_nat_gateway_has_the_address_it_was_given_and_one_of_its_subnet(aws: Plugin) -> None:
    vpc = made(aws, t.VPC, "net", cidrBlock="10.0.0.0/16")["id"]
    made(aws, t.INTERNET_GATEWAY, "internet", vpcId=vpc)
    address = made(aws, t.EIP, "address", domain="vpc")
    place = subnet(aws, vpc, "b", "10.0.1.0/24")["id"]
    gateway = made(aws, t.NAT_GATEWAY, "nat", subnetId=place, allocationId=address["id"])
    assert gateway["publicIp"] == address["publicIp"]
    assert IPv4Address(gateway["privateIp"]) in IPv4Network("10.0.1.0/24")


def test_an_instance_lies_in_the_zone_of_its_subnet(aws: Plugin) -> None:
    vpc = made(aws, t.VPC, "net", cidrBlock="10.0.0.0/16")["id"]
    place = subnet(aws, vpc, "c", "10.0.2.0/24")["id"]
    instance = made(aws, t.INSTANCE, "host", subnetId=place, ami="ami-0123456789abcdef0", instanceType="t4g.nano")
    assert instance["availabilityZone"] == "eu-west-1c"
    assert IPv4Address(instance["privateIp"]) in IPv4Network("10.0.2.0/24")


def test_a_cluster_knows_the_network_of_its_subnets(aws: Plugin) -> None:
    vpc = made(aws, t.VPC, "net", cidrBlock="10.0.0.0/16")["id"]
    subnets = [subnet(aws, vpc, zone, f"10.0.{number}.0/24")["id"] for number, zone in enumerate("ab")]
    role = made(aws, t.ROLE, "role", assumeRolePolicy=json.dumps({"Statement": [TRUST]}))["arn"]
    cluster = made(aws, t.CLUSTER, "blue", name="blue", roleArn=role, vpcConfig={"subnetIds": subnets})
    assert cluster["vpcConfig"]["vpcId"] == vpc


def test_the_adopted_default_security_group_is_the_one_of_its_network(aws: Plugin) -> None:
    vpc = made(aws, t.VPC, "net", cidrBlock="10.0.0.0/16")
    assert made(aws, t.DEFAULT_SECURITY_GROUP, "closed", vpcId=vpc["id"])["id"] == vpc["defaultSecurityGroupId"]


def test_the_accepter_of_a_peering_names_its_own_network_also_after_an_update(aws: Plugin) -> None:
    here = made(aws, t.VPC, "here", cidrBlock="10.0.0.0/16")["id"]
    configure(aws, "us-east-1")
    there = made(aws, t.VPC, "there", cidrBlock="10.1.0.0/16")["id"]
    configure(aws, "eu-west-1")
    peering = made(aws, t.PEERING, "pair", vpcId=here, peerVpcId=there, peerRegion="us-east-1")["id"]
    configure(aws, "us-east-1")
    accept = {"vpcPeeringConnectionId": peering, "autoAccept": True}
    accepter = aws.create(t.PEERING_ACCEPTER, "pair", **accept)
    made(aws, t.PEERING_OPTIONS, "pair", vpcPeeringConnectionId=peering, accepter={"allowRemoteVpcDnsResolution": True})
    updated = aws.update(t.PEERING_ACCEPTER, "pair", accepter, **accept, tags={"Name": "pair"})
    for answer in (accepter, updated):
        outputs = from_struct(answer.properties)
        assert (outputs["id"], outputs["vpcId"]) == (peering, there)
        assert (outputs["peerVpcId"], outputs["peerRegion"]) == (here, "eu-west-1")


def configure(aws: Plugin, region: str) -> None:
    aws.configure(region=region, allowedAccountIds=json.dumps([ACCOUNT]))
