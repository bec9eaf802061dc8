"""Rule → a call that breaks it, and one that passes: load balancers, and pods bound to their target groups."""

import json
from typing import Any

from simulator.rules import tokens as t
from simulator.world import Thing
from tests.plugins.world_builder import Ask, create, delete, thing, update


def subnet(name: str, vpc: str, zone: str) -> Thing:
    """A subnet that exists."""
    return thing(t.SUBNET, name, {"vpcId": vpc, "availabilityZone": f"eu-west-1{zone}"})


def group(arn: str = "arn:tg", **inputs: Any) -> Thing:
    """A target group that exists."""
    return thing(t.TARGET_GROUP, arn, {"name": "p2p", "vpcId": "vpc-1", "protocol": "TCP", **inputs})


def forwarding(arn: str = "arn:tg", balancer: str = "arn:lb", port: int = 9905) -> dict[str, Any]:
    """A listener for TCP."""
    actions = [{"type": "forward", "targetGroupArn": arn}]
    return {"loadBalancerArn": balancer, "port": port, "protocol": "TCP", "defaultActions": actions}


def binding(name: str = "p2p", arn: str = "arn:tg") -> dict[str, Any]:
    """What binds the pods of a Service of the same name."""
    spec = {"serviceRef": {"name": name, "port": 9905}, "targetGroupARN": arn, "targetType": "ip"}
    return {"metadata": {"name": name, "namespace": "miner-1"}, "spec": spec}


def service(namespace: str) -> Thing:
    """A Service named p2p."""
    return thing(t.SERVICE, f"{namespace}/p2p", {"metadata": {"name": "p2p", "namespace": namespace}})


def delivery(principal: str) -> Thing:
    """The policy of a bucket that takes logs from one service of AWS."""
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "s3:PutObject", "Resource": "*"}
    return thing(t.BUCKET_POLICY, "logs", {"bucket": "logs", "policy": json.dumps({"Statement": [statement]})})


A, B, A2 = subnet("subnet-a", "vpc-1", "a"), subnet("subnet-b", "vpc-1", "b"), subnet("subnet-a2", "vpc-1", "a")
ELSEWHERE = subnet("subnet-c", "vpc-2", "c")
FIREWALL = thing(t.SECURITY_GROUP, "sg-2", {"vpcId": "vpc-2"})
BALANCER = thing(t.LOAD_BALANCER, "arn:lb", {"name": "miner", "subnets": ["subnet-a"], "loadBalancerType": "network"})
PUBLIC = thing(t.LOAD_BALANCER, "arn:chain", {"subnetMappings": [{"allocationId": "eipalloc-1"}]})
GATEWAY = thing(t.INTERNET_GATEWAY, "igw-1", {"vpcId": "vpc-1"})
LOCKED = thing(t.LOAD_BALANCER, "arn:lb", {"enableDeletionProtection": True})
LISTENER = thing(t.LISTENER, "arn:listener", forwarding())
BINDING = thing(t.TARGET_GROUP_BINDING, "miner-1/p2p", binding())
LOGGED: dict[str, Any] = {"loadBalancerType": "network", "accessLogs": {"bucket": "logs", "enabled": True}}

CASES: dict[str, tuple[Ask, Ask]] = {
    "balancer-name-length": (create(t.TARGET_GROUP, name="x" * 33), create(t.TARGET_GROUP, name="x" * 32)),
    "load-balancer-name": (
        create(t.LOAD_BALANCER, BALANCER, name="miner"),
        create(t.LOAD_BALANCER, BALANCER, name="other"),
    ),
    "target-group-name": (create(t.TARGET_GROUP, group(), name="p2p"), create(t.TARGET_GROUP, group(), name="asset")),
    "load-balancer-one-vpc": (
        create(t.LOAD_BALANCER, A, ELSEWHERE, subnets=["subnet-a", "subnet-c"]),
        create(t.LOAD_BALANCER, ELSEWHERE, FIREWALL, subnets=["subnet-c"], securityGroups=["sg-2"]),
    ),
    "load-balancer-zones": (
        create(t.LOAD_BALANCER, A, A2, subnets=["subnet-a", "subnet-a2"]),
        create(t.LOAD_BALANCER, A, B, subnets=["subnet-a", "subnet-b"]),
    ),
    "load-balancer-internet-gateway": (
        create(t.LOAD_BALANCER, A, subnetMappings=[{"subnetId": "subnet-a"}]),
        create(t.LOAD_BALANCER, A, GATEWAY, subnetMappings=[{"subnetId": "subnet-a"}]),
    ),
    "load-balancer-addresses": (
        create(t.LOAD_BALANCER, PUBLIC, subnetMappings=[{"allocationId": "eipalloc-1"}]),
        create(t.LOAD_BALANCER, PUBLIC, subnetMappings=[{"allocationId": "eipalloc-2"}]),
    ),
    "listener-certificate": (
        create(t.LISTENER, BALANCER, A, group(), **{**forwarding(), "protocol": "TLS"}),
        create(t.LISTENER, BALANCER, A, group(), **{**forwarding(), "protocol": "TLS", "certificateArn": "arn:acm"}),
    ),
    "endpoint-service-network-balancer": (
        create(t.ENDPOINT_SERVICE, PUBLIC, networkLoadBalancerArns=["arn:chain"]),
        create(t.ENDPOINT_SERVICE, BALANCER, networkLoadBalancerArns=["arn:lb"]),
    ),
    "load-balancer-logs": (
        create(t.LOAD_BALANCER, delivery("logdelivery.elasticloadbalancing.amazonaws.com"), **LOGGED),
        create(t.LOAD_BALANCER, delivery("delivery.logs.amazonaws.com"), **LOGGED),
    ),
    "load-balancer-deletion-protection": (delete(LOCKED), delete(BALANCER)),
    "listener-port": (
        create(t.LISTENER, LISTENER, **forwarding()),
        create(t.LISTENER, LISTENER, **forwarding(port=8090)),
    ),
    "listener-target-group-once": (
        create(t.LISTENER, LISTENER, **forwarding(balancer="arn:other")),
        create(t.LISTENER, LISTENER, **forwarding(port=9906)),
    ),
    "listener-target-group-fits": (
        create(t.LISTENER, BALANCER, A, group(vpcId="vpc-2"), **forwarding()),
        create(t.LISTENER, BALANCER, A, group(), **forwarding()),
    ),
    "binding-service": (
        create(t.TARGET_GROUP_BINDING, service("miner-2"), **binding()),
        create(t.TARGET_GROUP_BINDING, service("miner-1"), **binding()),
    ),
    "binding-once": (
        create(t.TARGET_GROUP_BINDING, BINDING, **binding("other")),
        create(t.TARGET_GROUP_BINDING, BINDING, **binding("other", "arn:tg2")),
    ),
    "binding-immutable": (update(BINDING, **binding(arn="arn:tg2")), update(BINDING, **binding("asset"))),
}
