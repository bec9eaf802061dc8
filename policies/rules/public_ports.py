"""What the internet reaches: every way in that a resource can open, against the ports that are declared (NET-17)."""

from collections.abc import Iterator
from dataclasses import dataclass

from .exposure import RULE_FORMS, flows
from .graph import Graph, Resource
from .ports import HTTPS_PORT, declared_of
from .rule import Problem, Rule, rule
from .tokens import (
    CLUSTER,
    DB_CLUSTER_INSTANCE,
    DB_INSTANCE,
    EIP,
    INSTANCE,
    LAUNCH_TEMPLATE,
    LISTENER,
    LOAD_BALANCER,
    MSK_CLUSTER,
    SERVICE,
)
from .values import View

_ALL = (0, 65535)
_INGRESSES = ("kubernetes:networking.k8s.io/v1:Ingress", "kubernetes:gateway.networking.k8s.io/v1:Gateway")
_CLASSIC_BALANCERS = ("aws:elb/loadBalancer:LoadBalancer",)
_PUBLIC_BY_NATURE = (
    "aws:apigateway/restApi:RestApi",
    "aws:apigatewayv2/api:Api",
    "aws:apprunner/service:Service",
    "aws:cloudfront/distribution:Distribution",
    "aws:globalaccelerator/accelerator:Accelerator",
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:lightsail/instance:Instance",
)


@dataclass(frozen=True, slots=True, order=True)
class PublicPort:
    """One way in from the internet: what opens it, and the first and the last port."""

    opened_by: str
    first: int
    last: int


def public_ports(graph: Graph) -> dict[PublicPort, tuple[str, ...]]:
    """All that the internet reaches in a stack, with the logical names of what opens it.

    :raises UndecidedError: something that decides it is not known before the update.
    """
    found: dict[PublicPort, tuple[str, ...]] = {}
    for resource in graph.of_type(*_WAYS_IN):
        for port, _ in _opened(graph, resource):
            found[port] = tuple(sorted({*found.get(port, ()), resource.name}))
    return dict(sorted(found.items()))


def _opened(graph: Graph, resource: Resource) -> Iterator[tuple[PublicPort, str]]:
    """The ways in that one resource opens, each with the path of the input that does."""
    if resource.type in RULE_FORMS:
        for flow in flows(resource):
            if flow.ingress and flow.world():
                yield PublicPort("security group", *flow.ports()), flow.path
    elif resource.type in _KUBERNETES:
        yield from _in_kubernetes(resource)
    elif resource.type in _BALANCERS:
        yield from _at_balancers(graph, resource)
    elif resource.type == CLUSTER:
        # EKS's own default is on.
        if resource.inputs.view("vpcConfig").flag("endpointPublicAccess", default=True):
            yield PublicPort("Kubernetes API", HTTPS_PORT, HTTPS_PORT), "vpcConfig.endpointPublicAccess"
    elif resource.type in _PUBLIC_BY_NATURE:
        yield PublicPort("public service", *_ALL), ""
    else:
        yield from ((PublicPort("public address", *_ALL), path) for path in _public_addresses(resource))


def _at_balancers(graph: Graph, resource: Resource) -> Iterator[tuple[PublicPort, str]]:
    if resource.type in _CLASSIC_BALANCERS:
        for view in resource.inputs.views("listeners") if not resource.inputs.flag("internal") else ():
            yield _at("load balancer", view, "lbPort"), view.path
        return
    balancers = graph.follow(resource, "loadBalancerArn", LOAD_BALANCER)
    # One of another stack may be public.
    if not balancers or any(not balancer.inputs.flag("internal") for balancer in balancers):
        yield _at("load balancer", resource.inputs, "port"), "port"


def _in_kubernetes(resource: Resource) -> Iterator[tuple[PublicPort, str]]:
    if resource.type in _INGRESSES:
        yield PublicPort("ingress", HTTPS_PORT, HTTPS_PORT), "kind"
        return
    spec = resource.inputs.view("spec")
    if spec.text("type", "ClusterIP") in ("LoadBalancer", "NodePort") or spec.has("externalIPs"):
        for port in spec.views("ports"):
            yield _at("Kubernetes service", port, "port"), "spec.type"


def _at(opened_by: str, view: View, path: str) -> PublicPort:
    port = int(view.number(path))
    return PublicPort(opened_by, port, port)


def _public_addresses(resource: Resource) -> Iterator[str]:
    inputs = resource.inputs
    if resource.type in (DB_INSTANCE, DB_CLUSTER_INSTANCE) and inputs.flag("publiclyAccessible"):
        yield "publiclyAccessible"
    if resource.type == MSK_CLUSTER:
        path = "brokerNodeGroupInfo.connectivityInfo.publicAccess.type"
        if inputs.text(path, "DISABLED") != "DISABLED":
            yield path
    if resource.type == INSTANCE and inputs.flag("associatePublicIpAddress"):
        yield "associatePublicIpAddress"
    if resource.type == LAUNCH_TEMPLATE:
        for interface in inputs.views("networkInterfaces"):
            if interface.text("associatePublicIpAddress") == "true":
                yield f"{interface.path}.associatePublicIpAddress"
    if resource.type == EIP:
        yield from (path for path in ("instance", "networkInterface") if inputs.has(path))


_KUBERNETES = (SERVICE, *_INGRESSES)
_BALANCERS = (LISTENER, *_CLASSIC_BALANCERS)
_WAYS_IN = (
    *_BALANCERS,
    *RULE_FORMS,
    *_KUBERNETES,
    CLUSTER,
    DB_INSTANCE,
    DB_CLUSTER_INSTANCE,
    MSK_CLUSTER,
    INSTANCE,
    LAUNCH_TEMPLATE,
    EIP,
    *_PUBLIC_BY_NATURE,
)


@rule(
    "NET-17",
    title="Whatever the internet reaches is declared, in whichever way it is opened",
    reason="What is public is looked for in one form, and opened in another.",
    source="controls NET-8, K8S-7; design: only peers, and assets by an allow-list, are public",
    remedy="Close it; what is to be public belongs in components/miner_addresses/doors.py and policies/rules/ports.py.",
    on=_WAYS_IN,
)
def declared_ports(graph: Graph, resource: Resource) -> Iterator[Problem]:
    for port, path in _opened(graph, resource):
        if port.opened_by == "Kubernetes API" and not graph.strict:
            continue  # for named networks only, says EKS-1
        if port.opened_by not in ("load balancer", "security group"):
            yield Problem(f"the internet reaches it: {port.opened_by}", path)
        elif not set(range(port.first, port.last + 1)) <= declared_of(graph):
            yield Problem(f"the internet reaches ports {port.first}-{port.last}", path)


RULES: tuple[Rule, ...] = (declared_ports,)
"""Beside NET-8, which judges by tier what security groups admit."""
