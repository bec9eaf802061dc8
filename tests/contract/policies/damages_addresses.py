"""Damages of what passes between miners."""

from tests.contract.policies.names import (
    ADDRESS,
    BALANCER,
    BINDING,
    CLUSTER,
    DATABASE,
    EGRESS,
    ENDPOINT_PRINCIPAL,
    ENDPOINT_SERVICE,
    GROUP,
    GROUP_RULE,
    INGRESS,
    INSTANCE,
    LISTENER,
    MSK_CLUSTER,
    NETWORK_POLICY,
    SERVICE,
    TARGETS,
    TEMPLATE,
)
from tests.contract.policies.stack import Damage, Json, ModelStack, Row, drop, edit, plant

_RPC, _GRPC = 9292, 8087
_WORLD: Row = {"cidrIpv4": "0.0.0.0/0", "description": "Planted", "ipProtocol": "tcp"}
_OTHER_REGION = "10.33.0.0/16"


def _admit(admitted: Row, *, namespace: str = "miner", app: str = "peer") -> Damage:
    spec: Row = {"podSelector": {"matchLabels": {"app": app}}, "ingress": [admitted]}
    inputs: Row = {"metadata": {"name": "planted", "namespace": namespace}, "spec": spec}
    return plant(NETWORK_POLICY, inputs, provider="eu-west-1-kubernetes")


def _from_addresses(*ports: int, namespace: str = "miner", app: str = "peer") -> Damage:
    listed: list[Json] = [{"port": port} for port in ports]
    admitted: Row = {"from": [{"ipBlock": {"cidr": "10.32.0.0/16"}}], "ports": listed}
    return _admit(admitted, namespace=namespace, app=app)


def _public(stack: ModelStack) -> None:
    """A load balancer that says that it is public may have the port of SV nodes, but not that of assets."""
    edit(BALANCER, "internal", value=False)(stack)
    edit(BALANCER, "tags", {"exposure": "public"})(stack)
    edit(LISTENER, "port", 8333, name="asset")(stack)
    edit(TARGETS, "port", 8333, name="asset")(stack)


def _assets_in_clear(stack: ModelStack) -> None:
    """A proxy stands behind the public port of TLS, which does not speak it."""
    edit(BALANCER, "internal", value=False)(stack)
    edit(SERVICE, "spec.selector", {"app": "asset-proxy"}, name="asset-pods")(stack)
    edit(LISTENER, "port", 443, name="asset")(stack)
    edit(LISTENER, "protocol", "TCP", name="asset")(stack)


PUBLIC: Damage = _public
OPERATORS: Damage = _from_addresses(9443, namespace="operator")
"""In namespaces of operators the API server calls webhooks from addresses."""

DAMAGES: dict[str, tuple[Damage, ...]] = {
    "NET-14": (
        edit(LISTENER, "port", _RPC),
        _assets_in_clear,
        edit(LISTENER, "port", 8333),
        edit(BALANCER, "internal", value=False),
        edit(TARGETS, "port", _GRPC),
        edit(INGRESS, "fromPort", _GRPC, name="ingress-asset"),
        edit(EGRESS, "toPort", 9906, name="egress-p2p"),
        edit(EGRESS, "ipProtocol", "-1", name="egress-p2p"),
        plant(INGRESS, {"cidrIpv4": "10.0.0.0/8", "description": "RPC", "fromPort": _RPC, "toPort": _RPC}),
        edit(GROUP, "ingress", [{"protocol": "-1", "cidrBlocks": [_OTHER_REGION], "description": "Others"}]),
    ),
    "NET-15": (
        _from_addresses(_RPC),
        _from_addresses(9905, _RPC),
        _from_addresses(8090),
        _from_addresses(),
        _admit({"ports": [{"port": 9905}]}),
        _admit({"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 8090}]}, app="asset"),
        _from_addresses(8333),
    ),
    "NET-18": (
        edit(ENDPOINT_SERVICE, "acceptanceRequired", value=False),
        edit(ENDPOINT_SERVICE, "allowedPrincipals", ["*"]),
        edit(ENDPOINT_PRINCIPAL, "principalArn", "*"),
        drop(ENDPOINT_PRINCIPAL),
        edit(ENDPOINT_SERVICE, "networkLoadBalancerArns", ["arn:of-another-stack"]),
        edit(BALANCER, "internal", value=False, name="partners"),
        edit(BALANCER, "securityGroups", [], name="partners"),
        edit(LISTENER, "protocol", "TCP", name="listener-partners"),
        edit(LISTENER, "certificateArn", None, name="listener-partners"),
        edit(GROUP, "ingress", [{"protocol": "tcp", "cidrBlocks": ["10.32.0.0/16"]}], name="partners-group"),
        plant(INGRESS, {"securityGroupId": "eu-west-1-partners-group-id", "cidrIpv4": "10.32.0.0/16"}),
    ),
    "NET-17": (
        edit(BALANCER, "internal", value=False),
        plant(INGRESS, {**_WORLD, "fromPort": 8090, "toPort": 8090}),
        plant(INGRESS, {**_WORLD, "fromPort": 443, "toPort": 443}),
        plant(INGRESS, {**_WORLD, "cidrIpv4": None, "cidrIpv6": "::/0", "ipProtocol": "-1"}),
        plant(GROUP_RULE, {"type": "ingress", "cidrBlocks": ["0.0.0.0/0"], "fromPort": 1, "toPort": 9905}),
        edit(GROUP, "ingress", [{"protocol": "tcp", "ipv6CidrBlocks": ["::/0"], "fromPort": 22, "toPort": 22}]),
        edit(SERVICE, "spec.type", "NodePort", name="p2p-pods"),
        edit(SERVICE, "spec.type", "LoadBalancer", name="asset-pods"),
        edit(SERVICE, "spec.externalIPs", ["192.0.2.1"], name="asset-pods"),
        plant("kubernetes:networking.k8s.io/v1:Ingress", {"spec": {}}, provider="eu-west-1-kubernetes"),
        plant("aws:elb/loadBalancer:LoadBalancer", {"listeners": [{"lbPort": 80}]}),
        plant(LISTENER, {"port": 443, "loadBalancerArn": "arn:of-another-stack"}),
        plant("aws:lambda/functionUrl:FunctionUrl", {"authorizationType": "NONE"}),
        plant(ADDRESS, {"instance": "i-1"}),
        plant(INSTANCE, {"associatePublicIpAddress": True}),
        plant(TEMPLATE, {"networkInterfaces": [{"associatePublicIpAddress": "true"}]}),
        plant(DATABASE, {"publiclyAccessible": True}),
        plant(
            MSK_CLUSTER,
            {"brokerNodeGroupInfo": {"connectivityInfo": {"publicAccess": {"type": "SERVICE_PROVIDED_EIPS"}}}},
        ),
        edit(CLUSTER, "vpcConfig.endpointPublicAccess", value=True),
    ),
    "NET-16": (
        drop(SERVICE, name="p2p-pods"),
        edit(BINDING, "spec.serviceRef.name", "peer"),
        edit(SERVICE, "spec.type", "NodePort", name="p2p-pods"),
        edit(SERVICE, "spec.selector", {}, name="p2p-pods"),
        edit(SERVICE, "spec.ports", [{"port": 9905, "targetPort": _RPC}], name="p2p-pods"),
        edit(BINDING, "spec.serviceRef.port", _GRPC),
    ),
}
