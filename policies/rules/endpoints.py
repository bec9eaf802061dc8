"""Private ways to AWS services (NET-11)."""

from collections.abc import Iterator

from .documents import Statement, policy_document
from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import VPC, VPC_ENDPOINT

_MAINNET_INTERFACES = ("ecr.api", "ecr.dkr", "sts", "kms", "secretsmanager", "logs", "ec2", "eks-auth")
_OWN_PRINCIPALS = frozenset({"aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths", "aws:principalarn"})
_ANYONE_MAY_READ = frozenset(
    {
        "s3:getobject",
        "ecr:batchchecklayeravailability",
        "ecr:batchgetimage",
        "ecr:getauthorizationtoken",
        "ecr:getdownloadurlforlayer",
        "ecr:describeimages",
        "ecr:listimages",
        "ecr:describerepositories",
    }
)


@rule(
    "NET-11",
    title="Traffic to AWS stays private: S3 gateway endpoint everywhere, interface endpoints on mainnet",
    reason="Works without NAT, and data does not cross the internet.",
    source="EC2.10, BPG security/image",
    remedy="Add the endpoint to the region's interfaceEndpoints.",
    on=(VPC,),
)
def endpoints_present(graph: Graph, vpc: Resource) -> Iterator[Problem]:
    endpoints = graph.referrers(vpc, "vpcId", VPC_ENDPOINT)
    services = {endpoint.inputs.text("serviceName"): endpoint for endpoint in endpoints}
    gateway = services.get(f"com.amazonaws.{graph.region_of(vpc)}.s3")
    if gateway is None or gateway.inputs.text("vpcEndpointType", "Gateway") != "Gateway":
        yield Problem("there is no S3 gateway endpoint")
    if not graph.strict:
        return
    for name in _MAINNET_INTERFACES:
        endpoint = services.get(f"com.amazonaws.{graph.region_of(vpc)}.{name}")
        if endpoint is None:
            yield Problem(f"interface endpoint {name} is missing")
        elif not endpoint.inputs.flag("privateDnsEnabled"):
            yield Problem("the endpoint has no private DNS, so nothing uses it", "privateDnsEnabled", endpoint.urn)


@rule(
    "NET-11-POLICY",
    title="Endpoint policies admit the account's principals; reading AWS's own images and layers stays open",
    reason="Without a policy any credentials in the network can carry data to any account.",
    source="EC2.10, BPG security/image",
    remedy="Set a policy with aws:PrincipalAccount, plus a read-only statement for AWS-owned layer buckets.",
    on=(VPC_ENDPOINT,),
)
def endpoint_policy(_graph: Graph, endpoint: Resource) -> Iterator[Problem]:
    statements = policy_document(endpoint.inputs, "policy")
    if not statements:
        yield Problem("the endpoint has no policy: it admits everybody to everything", "policy")
    for statement in statements:
        if statement.allows and statement.anyone and not _bounded(statement):
            yield Problem(f"statement {statement.label} admits principals of any account", "policy")


def _bounded(statement: Statement) -> bool:
    if statement.condition_keys & _OWN_PRINCIPALS:
        return True
    reads_only = {action.lower() for action in statement.actions} <= _ANYONE_MAY_READ
    named = all(action.lower().startswith("ecr:") for action in statement.actions) or "*" not in statement.resources
    return reads_only and named


RULES: tuple[Rule, ...] = (endpoints_present, endpoint_policy)
