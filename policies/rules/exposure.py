"""Security groups, ways in and out, and flow logs (NET-6 to NET-10, NET-12, NET-13)."""

import ipaddress
from collections.abc import Iterable, Iterator

from .graph import Graph, Resource
from .ports import CHAIN_PORTS, declared_of
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    DEFAULT_SECURITY_GROUP,
    EGRESS_RULE,
    FLOW_LOG,
    INGRESS_RULE,
    INSTANCE,
    KEY_PAIR,
    LAUNCH_TEMPLATE,
    LOAD_BALANCER,
    LOG_GROUP,
    NODE_GROUP,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
    VPC,
)
from .values import View

_PUBLIC_EGRESS_PORTS = frozenset({443, 53, 123, *CHAIN_PORTS})
_DATABASE_PORTS = frozenset({5432, 3000, 3001, 3002, 3003, 4333, 9092, 9094, 6379, 988, 2049})
_SSH_PORT = 22
_WORLD_PREFIX = {4: 8, 6: 7}
"""Networks with a shorter prefix than this count as the world: 10.0.0.0/8 and fc00::/7 do not."""

_UNSAID_DESCRIPTIONS = ("", "Managed by Pulumi", "Managed by Terraform")


class Flow:
    """What one security group rule lets through, whichever of the three forms it is written in."""

    __slots__ = ("ingress", "owner", "view")

    def __init__(self, owner: Resource, view: View, *, ingress: bool) -> None:
        self.owner = owner
        self.view = view
        self.ingress = ingress

    @property
    def path(self) -> str:
        """Where the rule stands in its resource."""
        return self.view.path

    def ports(self) -> tuple[int, int]:
        """First and last port; all of them for protocol ``-1``."""
        protocol = self.view.text("ipProtocol") or self.view.text("protocol")
        if protocol in ("-1", "all", ""):
            return 0, 65535
        return int(self.view.number("fromPort", 0)), int(self.view.number("toPort", 65535))

    def only(self, allowed: Iterable[int]) -> bool:
        """Whether each port of the rule is among ``allowed``."""
        first, last = self.ports()
        return set(range(first, last + 1)) <= set(allowed)

    def touches(self, ports: Iterable[int]) -> bool:
        """Whether one of ``ports`` is let through."""
        first, last = self.ports()
        return any(first <= port <= last for port in ports)

    def cidrs(self) -> tuple[str, ...]:
        """Networks that the rule names."""
        keys = ("cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks")
        return tuple(cidr for key in keys for cidr in self.view.strings(key))

    def world(self) -> tuple[str, ...]:
        """Those networks that are the world, or as good as."""
        networks = (ipaddress.ip_network(cidr, strict=False) for cidr in self.cidrs())
        return tuple(str(network) for network in networks if network.prefixlen < _WORLD_PREFIX[network.version])


def flows(resource: Resource) -> Iterator[Flow]:
    """The rules of a resource of any of the three forms."""
    if resource.type in (INGRESS_RULE, EGRESS_RULE):
        yield Flow(resource, resource.inputs, ingress=resource.type == INGRESS_RULE)
    elif resource.type == SECURITY_GROUP_RULE:
        yield Flow(resource, resource.inputs, ingress=resource.inputs.text("type") == "ingress")
    else:
        for key in ("ingress", "egress"):
            for view in resource.inputs.views(key):
                yield Flow(resource, view, ingress=key == "ingress")


RULE_FORMS = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP, SECURITY_GROUP_RULE, INGRESS_RULE, EGRESS_RULE)


@rule(
    "NET-6",
    title="The default security group of each VPC is managed and empty",
    reason="What is attached to it by oversight gets no access.",
    source="EC2.2",
    remedy="Add one aws.ec2.DefaultSecurityGroup without rules per VPC.",
    on=(VPC,),
)
def default_group_empty(graph: Graph, vpc: Resource) -> Iterator[Problem]:
    groups = graph.referrers(vpc, "vpcId", DEFAULT_SECURITY_GROUP)
    if not groups:
        yield Problem("the default security group is not managed")
    for group in groups:
        if any(True for _ in flows(group)):
            yield Problem("the default security group has rules", urn=group.urn)


@rule(
    "NET-7",
    title="Every VPC has a flow log of all traffic into a log group",
    reason="Forensics after an incident.",
    source="EC2.6",
    remedy="Add a flow log of type ALL whose destination is a log group with key and retention (OBS-1).",
    on=(VPC,),
)
def flow_logged(graph: Graph, vpc: Resource) -> Iterator[Problem]:
    logs = graph.referrers(vpc, "vpcId", FLOW_LOG)
    if not any(log.inputs.text("trafficType") == "ALL" for log in logs):
        yield Problem("no flow log records all traffic")
    for log in logs:
        if not graph.follow(log, "logDestination", LOG_GROUP):
            yield Problem("the flow log does not go to a log group of this stack", "logDestination", log.urn)


@rule(
    "NET-8",
    title="The world reaches the declared ports of mainnet and nothing else",
    reason="IPv4 is easily checked and IPv6 missed, inline rules checked and rule resources missed.",
    source="EC2.13/18/19/21",
    remedy="Name the networks or security groups that need the port.",
    on=RULE_FORMS,
)
def world_ingress(graph: Graph, resource: Resource) -> Iterator[Problem]:
    for flow in flows(resource):
        if not flow.ingress or not flow.world():
            continue
        if not (graph.strict and flow.only(declared_of(graph))):
            first, last = flow.ports()
            yield Problem(f"ports {first}-{last} are open to {', '.join(flow.world())}", flow.path)


@rule(
    "NET-9",
    title="Security groups and their rules say what they are for; databases admit groups, not networks",
    reason="Reviewable intent, least access.",
    source="EC2.18",
    remedy="Write a description; refer to the client's security group.",
    on=RULE_FORMS,
)
def described(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type == SECURITY_GROUP and resource.inputs.text("description") in _UNSAID_DESCRIPTIONS:
        yield Problem("the group has no description", "description")
    for flow in flows(resource):
        if flow.view.text("description") in _UNSAID_DESCRIPTIONS:
            yield Problem("the rule has no description", f"{flow.path}.description".lstrip("."))
        first, last = flow.ports()
        if flow.ingress and flow.cidrs() and flow.touches(_DATABASE_PORTS):
            yield Problem(f"database ports in {first}-{last} admit networks {', '.join(flow.cidrs())}", flow.path)


@rule(
    "NET-10",
    title="Only TLS, DNS, NTP and what nodes of the chain answer at leave for the world; databases send nothing",
    reason="Exfiltration paths.",
    source="NSA Kubernetes hardening",
    remedy="Replace the open egress rule by one per port.",
    on=RULE_FORMS,
    tiers=MAINNET_ONLY,
)
def egress_limited(graph: Graph, resource: Resource) -> Iterator[Problem]:
    for flow in flows(resource):
        if flow.ingress:
            continue
        if flow.world() and not flow.only(_PUBLIC_EGRESS_PORTS):
            first, last = flow.ports()
            yield Problem(f"ports {first}-{last} leave for {', '.join(flow.world())}", flow.path)
        for group in _groups_of(graph, flow):
            if _is_database_group(graph, group):
                yield Problem(f"{group.name} guards a database and lets traffic out", flow.path)


def _groups_of(graph: Graph, flow: Flow) -> tuple[Resource, ...]:
    if flow.owner.type in (SECURITY_GROUP, DEFAULT_SECURITY_GROUP):
        return (flow.owner,)
    return graph.follow(flow.owner, "securityGroupId", SECURITY_GROUP)


def _is_database_group(graph: Graph, group: Resource) -> bool:
    rules = (group, *graph.referrers(group, "securityGroupId", SECURITY_GROUP_RULE, INGRESS_RULE))
    entries = [flow for resource in rules for flow in flows(resource) if flow.ingress]
    return bool(entries) and all(flow.only(_DATABASE_PORTS) for flow in entries)


@rule(
    "NET-12",
    title="No SSH: no key pair, no remote access, no port 22",
    reason="Unaudited access; sessions go through SSM.",
    source="BPG security/hosts",
    remedy="Remove the key; use SSM Session Manager.",
    on=(NODE_GROUP, LAUNCH_TEMPLATE, INSTANCE, KEY_PAIR, *RULE_FORMS),
)
def no_ssh(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type == KEY_PAIR:
        yield Problem("an SSH key pair")
    for path in ("keyName", "remoteAccess"):
        if resource.inputs.has(path):
            yield Problem("SSH access is configured", path)
    if resource.type in RULE_FORMS:
        for flow in flows(resource):
            first, last = flow.ports()
            if flow.ingress and flow.touches([_SSH_PORT]) and (flow.cidrs() or first == last):
                yield Problem("port 22 is let in", flow.path)


@rule(
    "NET-13",
    title="Load balancers are internal unless declared public, and on mainnet logged and protected",
    reason="Exposure must be a decision.",
    source="ELB.5/6/13",
    remedy="Set internal, or tag the load balancer exposure=public; set access logs, cross-zone, deletion protection.",
    on=(LOAD_BALANCER,),
)
def load_balancer_guarded(graph: Graph, balancer: Resource) -> Iterator[Problem]:
    inputs = balancer.inputs
    if not inputs.flag("internal") and inputs.view("tags").raw.get("exposure") != "public":
        yield Problem("the load balancer is public without saying so", "internal")
    if not graph.strict:
        return
    for path in ("enableDeletionProtection", "enableCrossZoneLoadBalancing", "accessLogs.enabled"):
        if not inputs.flag(path):
            yield Problem("is off", path)


RULES: tuple[Rule, ...] = (
    default_group_empty,
    flow_logged,
    world_ingress,
    described,
    egress_limited,
    no_ssh,
    load_balancer_guarded,
)
