"""How partners with hash power come in: by PrivateLink, and by nothing else (NET-18)."""

from collections.abc import Iterator

from .exposure import RULE_FORMS, flows
from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import ENDPOINT_PRINCIPAL, ENDPOINT_SERVICE, LISTENER, LOAD_BALANCER, SECURITY_GROUP


@rule(
    "NET-18",
    title="A private endpoint service names who may ask, accepts each by hand, and is the only way to its balancer",
    reason="Behind it is RPC, which moves money: a wildcard, or a second way in, would be RPC for strangers.",
    source="issue: partners through PrivateLink only; AWS PrivateLink guide, endpoint service permissions",
    remedy="Use the MiningAddress component; name partners in mining.partners.",
    on=(ENDPOINT_SERVICE,),
)
def partners_alone(graph: Graph, service: Resource) -> Iterator[Problem]:
    if not service.inputs.flag("acceptanceRequired"):
        yield Problem("connections are accepted by themselves", "acceptanceRequired")
    rights = graph.referrers(service, "vpcEndpointServiceId", ENDPOINT_PRINCIPAL)
    named = [*service.inputs.strings("allowedPrincipals"), *(right.inputs.text("principalArn") for right in rights)]
    if not named:
        yield Problem("nobody is named who may ask", "allowedPrincipals")
    if any("*" in principal for principal in named):
        yield Problem("anybody may ask", "allowedPrincipals")
    balancers = graph.follow(service, "networkLoadBalancerArns", LOAD_BALANCER)
    if not balancers:
        yield Problem("its load balancer is none of this stack", "networkLoadBalancerArns")
    for balancer in balancers:
        yield from _second_ways(graph, balancer)


def _second_ways(graph: Graph, balancer: Resource) -> Iterator[Problem]:
    if not balancer.inputs.flag("internal"):
        yield Problem("the load balancer is public", "internal", balancer.urn)
    for listener in graph.referrers(balancer, "loadBalancerArn", LISTENER):
        if listener.inputs.text("protocol") != "TLS" or not listener.inputs.has("certificateArn"):
            yield Problem("the login of RPC would come in clear", "protocol", listener.urn)
    groups = graph.follow(balancer, "securityGroups", SECURITY_GROUP)
    if not groups:
        yield Problem("without a security group the whole network reaches it", "securityGroups", balancer.urn)
    for group in groups:
        for resource in (group, *graph.referrers(group, "securityGroupId", *RULE_FORMS)):
            if any(flow.ingress for flow in flows(resource)):
                yield Problem("something else than PrivateLink is admitted", "securityGroups", resource.urn)


RULES: tuple[Rule, ...] = (partners_alone,)
