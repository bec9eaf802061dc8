"""A load balancer of a miner in a model region, what it leads to, and what may come to it."""

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Row

_APPS = {"p2p": ("peer", 9905), "asset": ("asset", 8090)}
_BLOCKS = {"eu-west-1": "10.33.0.0/16", "us-east-1": "10.32.0.0/16"}
"""Of the other region."""


def build_addresses(region: RegionBuilder) -> None:
    """Register a miner's load balancer with its two ports, rules for the other region, and the pods behind it."""
    region.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "p2p",
        {
            "internal": True,
            "enableDeletionProtection": True,
            "enableCrossZoneLoadBalancing": True,
            "accessLogs": {"enabled": True},
        },
    )
    balancer = region.arn_of("p2p")
    region.add(
        "aws:ec2/securityGroup:SecurityGroup",
        "balancers-group",
        {"vpcId": region.ref("vpc"), "description": "Load balancers of the model"},
    )
    for name, (app, port) in _APPS.items():
        region.add("aws:lb/targetGroup:TargetGroup", f"targets-{name}", {"port": port, "vpcId": region.ref("vpc")})
        region.add("aws:lb/listener:Listener", f"listener-{name}", {"port": port, "loadBalancerArn": balancer})
        for kind, group in (("Ingress", "balancers-group"), ("Egress", "nodes-group")):
            region.add(
                f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule",
                f"{kind.lower()}-{name}",
                {
                    "securityGroupId": region.ref(group),
                    "cidrIpv4": _BLOCKS[region.name],
                    "description": f"{app} of the other region",
                    "ipProtocol": "tcp",
                    "fromPort": port,
                    "toPort": port,
                },
            )
        _pods(region, name, app, port)
    _partners(region)


def _partners(region: RegionBuilder) -> None:
    region.add(
        "aws:ec2/securityGroup:SecurityGroup",
        "partners-group",
        {"vpcId": region.ref("vpc"), "description": "PrivateLink alone"},
    )
    region.add(
        "aws:lb/loadBalancer:LoadBalancer",
        "partners",
        {
            "internal": True,
            "enableDeletionProtection": True,
            "enableCrossZoneLoadBalancing": True,
            "accessLogs": {"enabled": True},
            "securityGroups": [region.ref("partners-group")],
        },
    )
    region.add(
        "aws:lb/listener:Listener",
        "listener-partners",
        {
            "port": 9292,
            "protocol": "TLS",
            "certificateArn": "arn:aws:acm",
            "loadBalancerArn": region.arn_of("partners"),
        },
    )
    region.add(
        "aws:ec2/vpcEndpointService:VpcEndpointService",
        "partners-service",
        {"acceptanceRequired": True, "networkLoadBalancerArns": [region.arn_of("partners")]},
    )
    region.add(
        "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
        "partners-pool",
        {
            "vpcEndpointServiceId": region.ref("partners-service"),
            "principalArn": "arn:aws:iam::777788889999:root",
        },
    )


def _pods(region: RegionBuilder, name: str, app: str, port: int) -> None:
    provider = f"{region.name}-kubernetes"

    def add(token: str, inputs: Row) -> None:
        region.stack.add(f"kubernetes:{token}", f"{region.name}-{name}-pods", inputs, provider=provider)

    metadata: Row = {"name": name, "namespace": "miner"}
    add(
        "core/v1:Service",
        {"metadata": metadata, "spec": {"selector": {"app": app}, "ports": [{"port": port, "targetPort": port}]}},
    )
    add(
        "elbv2.k8s.aws/v1beta1:TargetGroupBinding",
        {"metadata": metadata, "spec": {"serviceRef": {"name": name, "port": port}}},
    )
    add(
        "networking.k8s.io/v1:NetworkPolicy",
        {
            "metadata": metadata,
            "spec": {
                "podSelector": {"matchLabels": {"app": app}},
                "ingress": [{"from": [{"ipBlock": {"cidr": region.cidr}}], "ports": [{"port": port}]}],
            },
        },
    )
