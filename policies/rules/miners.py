"""What passes between miners and nothing besides (NET-14 to NET-16)."""

import ipaddress
from collections.abc import Container, Iterator

from .exposure import RULE_FORMS, Flow, flows
from .graph import Graph, Resource
from .ports import (
    ASSET_PORT,
    HTTPS_PORT,
    LEGACY_PORT,
    MINER_APPS,
    P2P_PORT,
    PARTNER_APPS,
    PROXY_APPS,
    PUBLIC_APPS,
    declared_of,
)
from .rule import Problem, Rule, rule
from .tokens import (
    ENDPOINT_SERVICE,
    LISTENER,
    LOAD_BALANCER,
    NAMESPACE,
    NETWORK_POLICY,
    SERVICE,
    TARGET_GROUP,
    TARGET_GROUP_BINDING,
    VPC,
)
from .values import View

_APPS = MINER_APPS | PUBLIC_APPS | PARTNER_APPS
_MINER = "miner"
_WORLD = "0.0.0.0/0"


@rule(
    "NET-14",
    title="Between regions, and at load balancers, nothing passes but peer-to-peer, assets, and RPC for partners",
    reason="RPC moves money and gRPC has no login: neither may ever answer beyond the miner's own namespace.",
    source="Teranode: minersSecurityBestPractices; project",
    remedy=(
        f"Leave {P2P_PORT} and {ASSET_PORT}, in public {P2P_PORT}, {LEGACY_PORT} and, before a proxy, {HTTPS_PORT} "
        "with TLS, each a rule of its own; "
        "RPC answers behind a private endpoint service alone (NET-18)."
    ),
    on=(LISTENER, TARGET_GROUP, *RULE_FORMS),
)
def two_ports(graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type == LISTENER:
        balancers = graph.follow(resource, "loadBalancerArn", LOAD_BALANCER)
        public = any(not balancer.inputs.flag("internal") for balancer in balancers)
        served = any(graph.referrers(balancer, "networkLoadBalancerArns", ENDPOINT_SERVICE) for balancer in balancers)
        yield from _only(resource.inputs, declared_of(graph) if public else PARTNER_APPS if served else MINER_APPS)
        if public and int(resource.inputs.number("port")) == HTTPS_PORT and resource.inputs.text("protocol") != "TLS":
            yield Problem(f"port {HTTPS_PORT} answers in clear", "protocol")
    elif resource.type == TARGET_GROUP:
        yield from _only(resource.inputs, _APPS | PROXY_APPS)
    else:
        for flow in flows(resource):
            # A rule for the world is NET-8's and NET-10's.
            elsewhere = () if flow.world() else tuple(_other_regions(graph, flow))
            if elsewhere and not flow.only(MINER_APPS):
                first, last = flow.ports()
                yield Problem(f"ports {first}-{last} are open to {', '.join(elsewhere)}", flow.path)


def _only(inputs: View, allowed: Container[int]) -> Iterator[Problem]:
    port = int(inputs.number("port"))
    if port not in allowed:
        yield Problem(f"port {port} answers", "port")


def _other_regions(graph: Graph, flow: Flow) -> Iterator[str]:
    """Regions of the stack, beside the rule's own, with addresses among those that the rule names."""
    named = [ipaddress.ip_network(cidr, strict=False) for cidr in flow.cidrs()]
    own = graph.region_of(flow.owner)
    for vpc in graph.of_type(VPC) if named else ():
        region, block = graph.region_of(vpc), ipaddress.ip_network(vpc.inputs.text("cidrBlock"), strict=False)
        if region != own and any(one.version == block.version and one.overlaps(block) for one in named):
            yield region


@rule(
    "NET-15",
    title="Addresses, as opposed to pods, come into a miner's namespace at peers, bridge and assets only",
    reason="Behind an address may stand anybody: a load balancer, a node, another region.",
    source="Teranode: minersSecurityBestPractices; project",
    remedy="Admit pods by namespace and labels; leave addresses to the openings of components/miner_addresses.",
    on=(NETWORK_POLICY,),
)
def addresses_come_in(graph: Graph, policy: Resource) -> Iterator[Problem]:
    for admitted in policy.inputs.views("spec.ingress"):
        anybody = not admitted.has("from")
        if not anybody and not any(peer.has("ipBlock") for peer in admitted.views("from")):
            continue
        if not _in_miners_namespace(graph, policy):
            return
        app = policy.inputs.view("spec.podSelector.matchLabels").raw.get("app")
        ports = [int(port.number("port")) for port in admitted.views("ports")]
        world = any(peer.text("ipBlock.cidr") == _WORLD for peer in admitted.views("from"))
        apps = PUBLIC_APPS if world else _APPS if graph.of_type(ENDPOINT_SERVICE) else MINER_APPS | PUBLIC_APPS
        if anybody or not ports or any(apps.get(port) != app for port in ports):
            listed = ", ".join(map(str, ports)) or "all ports"
            yield Problem(f"addresses come in at {listed} of {app or 'all pods'}", admitted.path)


def _in_miners_namespace(graph: Graph, policy: Resource) -> bool:
    name = policy.inputs.text("metadata.namespace")
    return any(
        namespace.provider == policy.provider
        and namespace.inputs.text("metadata.name") == name
        and namespace.inputs.view("metadata.labels").raw.get("teranode-infra/role") == _MINER
        for namespace in graph.of_type(NAMESPACE)
    )


@rule(
    "NET-16",
    title="A target group takes the pods of one Service of this project, at the port that it is for",
    reason="Services of Teranode's operator come, go and change as it likes, and show a debugger beside the peer port.",
    source="project",
    remedy="Bind a ClusterIP Service with a selector for peer or asset in the same namespace.",
    on=(TARGET_GROUP_BINDING,),
)
def bound_by_own_service(graph: Graph, binding: Resource) -> Iterator[Problem]:
    name, namespace = binding.inputs.text("spec.serviceRef.name"), binding.inputs.text("metadata.namespace")
    port = int(binding.inputs.number("spec.serviceRef.port"))
    services = [
        service
        for service in graph.of_type(SERVICE)
        if service.provider == binding.provider
        and (service.inputs.text("metadata.namespace"), service.inputs.text("metadata.name")) == (namespace, name)
    ]
    if not services:
        yield Problem(f"{namespace}/{name} is no Service of this stack", "spec.serviceRef.name")
    for service in services:
        app = service.inputs.view("spec.selector").raw.get("app")
        targets = {int(one.number("targetPort")) for one in service.inputs.views("spec.ports")}
        if service.inputs.text("spec.type", "ClusterIP") != "ClusterIP":
            yield Problem(f"{name} opens ports of its own", "spec.type", service.urn)
        if (_APPS | PROXY_APPS).get(port) != app or targets != {port}:
            yield Problem(f"port {port} leads to {app or 'all pods'} at {sorted(targets)}", "spec.serviceRef.port")


RULES: tuple[Rule, ...] = (two_ports, addresses_come_in, bound_by_own_service)
