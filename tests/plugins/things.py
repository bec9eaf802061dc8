"""What exists before a call, and documents that calls carry: used for rules of more than one subject."""

import json
from typing import Any

from simulator.rules import tokens as t
from tests.plugins.world_builder import CLUSTER_ARN, thing


def policy(**statement: Any) -> str:
    """A policy document with one allowing statement."""
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


def trust(service: str) -> str:
    """A trust policy for one service."""
    return policy(Principal={"Service": service}, Action="sts:AssumeRole")


SUBNET_A = thing(t.SUBNET, "subnet-a", {"vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "eu-west-1a"})
SUBNET_B = thing(t.SUBNET, "subnet-b", {"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24", "availabilityZone": "eu-west-1b"})
SUBNET_A2 = thing(t.SUBNET, "subnet-a2", {"vpcId": "vpc-1", "availabilityZone": "eu-west-1a"})
CLUSTER = thing(t.CLUSTER, "blue", {"name": "blue", "version": "1.36"}, {"name": "blue", "arn": CLUSTER_ARN})
ADMIN_POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def cluster(**inputs: Any) -> Any:
    """The cluster of these tests with other inputs."""
    return thing(t.CLUSTER, "blue", {"name": "blue", **inputs}, {"name": "blue", "arn": CLUSTER_ARN})


def bucket_policy(bucket: str, principal: str) -> str:
    """A policy that lets ``principal`` read a bucket."""
    return policy(Principal={"AWS": principal}, Action="s3:GetObject", Resource=f"arn:aws:s3:::{bucket}/*")
