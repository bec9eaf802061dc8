"""Accounts, regions, providers and tags: a change must reach the place it was meant for (GRD-1, 2, 4, 8)."""

import json
import re
from collections.abc import Iterable, Iterator

from . import tokens
from .graph import Graph, Resource, default_tags, direct_dependencies, json_list
from .rule import Problem, Rule, rule
from .values import UndecidedError, is_secret, is_unknown, leaves

_ARN = re.compile(r"arn:(?:aws[a-z-]*):(?P<service>[a-z0-9-]+):(?P<region>[a-z0-9-]*):(?P<account>\d*):")
_ZONE = re.compile(r"^(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)[a-z]$")
_READER = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:root")
_RELEASES = "releases"
"""Data that other accounts are meant to read: of its bucket, key and repositories they may be named."""
_REQUIRED_TAGS = ("environment", "tier", "region", "owner", "project", "data-class")
_LABELLED_BY_REGION = "region"
_CROSS_REGION_FIELDS = ("peerRegion", "peerVpcId", "peerOwnerId", "vpcRegion")
_OF_OTHERS = {(tokens.ENDPOINT_PRINCIPAL, "principalArn")}
"""Fields that name somebody else's account, as is their purpose."""


def _aws_and_kubernetes(graph: Graph) -> Iterable[Resource]:
    return graph.of_package("aws", "kubernetes")


def _regional(graph: Graph) -> Iterable[Resource]:
    return (
        resource
        for resource in graph.of_package("aws")
        if resource.type not in tokens.MESH_TYPES and not _crosses_regions_by_nature(resource)
    )


def _crosses_regions_by_nature(resource: Resource) -> bool:
    return resource.type == tokens.ROUTE and resource.inputs.has("vpcPeeringConnectionId")


@rule(
    "GRD-1",
    title="Every AWS provider names its region and exactly one allowed account",
    reason="Credentials of another account must fail before anything changes.",
    source="Terraform and Pulumi AWS provider documentation",
    remedy="Set region and allowed_account_ids=[account] on the provider.",
    on=(tokens.AWS_PROVIDER,),
)
def account_and_region(graph: Graph, provider: Resource) -> Iterator[Problem]:
    if not graph.region_of(provider):
        yield Problem("the provider has no region", "region")
    accounts = json_list(provider.inputs, "allowedAccountIds")
    if len(accounts) != 1 or not re.fullmatch(r"\d{12}", accounts[0]):
        yield Problem(f"allowed accounts are {list(accounts)}, expected exactly one id", "allowedAccountIds")


@rule(
    "GRD-2",
    title="No AWS or Kubernetes resource uses a default provider",
    reason="A default provider takes account and region from the shell it happens to run in.",
    source="Pulumi documentation, default providers",
    remedy="Give the component of the resource the provider of its region.",
    on=_aws_and_kubernetes,
)
def explicit_provider(graph: Graph, resource: Resource) -> Iterator[Problem]:
    provider = graph.by_urn.get(resource.provider)
    if provider is None:
        yield Problem("the resource names no provider of this stack")
    elif provider.name.startswith("default"):
        yield Problem(f"the resource is on the default provider {provider.name}")


def _strings(resource: Resource) -> Iterator[tuple[str, str]]:
    for path, value in leaves(resource.properties):
        if isinstance(value, str) and not path.startswith(("tags", "__")):
            yield from _strings_of_text(path, value)


def _strings_of_text(path: str, text: str) -> Iterator[tuple[str, str]]:
    """The strings of a JSON document that is carried as text, or the text itself."""
    try:
        document = json.loads(text) if text.startswith(("{", "[")) else text
    except ValueError:
        document = text
    for inner, value in leaves(document, path):
        if isinstance(value, str):
            yield inner, value


@rule(
    "GRD-4",
    title="A resource, what it refers to and its labels lie in one region and account",
    reason="Mixed-up providers are easy to write and hard to see.",
    source="project",
    remedy="Pass the provider, key or subnet of the resource's own region.",
    on=_regional,
)
def one_region(graph: Graph, resource: Resource) -> Iterator[Problem]:
    region = graph.region_of(resource)
    account = graph.account_of(resource)
    own = resource.inputs.text("region", region)
    if own != region:
        yield Problem(f"the resource asks for {own}, its provider is in {region}", "region")
    for path, value in _strings(resource):
        meant_for_others = (resource.type, path) in _OF_OTHERS or (
            _READER.fullmatch(value) and _is_for_readers(graph, resource)
        )
        if path.rsplit(".", 1)[-1] not in _CROSS_REGION_FIELDS and not meant_for_others:
            yield from _foreign(resource, path, value, region, account)
    if not resource.type.startswith(tokens.GLOBAL_PREFIXES):
        yield from _foreign_dependencies(graph, resource, region)


def _is_for_readers(graph: Graph, resource: Resource) -> bool:
    if resource.type == tokens.REPOSITORY_POLICY:
        return True
    holders = graph.follow(resource, "bucket", tokens.BUCKET) if resource.type == tokens.BUCKET_POLICY else (resource,)
    return any(holder.inputs.text("tags.data-class") == _RELEASES for holder in holders)


def _foreign(resource: Resource, path: str, value: str, region: str, account: str) -> Iterator[Problem]:
    zone = _ZONE.match(value)
    if zone and zone["region"] != region:
        yield Problem(f"zone {value} is not in {region}", path)
    for arn in _ARN.finditer(value):
        if arn["region"] not in ("", region) and not resource.type.startswith(tokens.GLOBAL_PREFIXES):
            yield Problem(f"an ARN of {arn['service']} lies in {arn['region']}, the resource in {region}", path)
        if account and arn["account"] not in ("", account):
            yield Problem(f"an ARN of {arn['service']} belongs to account {arn['account']}, not {account}", path)


def _foreign_dependencies(graph: Graph, resource: Resource, region: str) -> Iterator[Problem]:
    for urn in sorted(direct_dependencies(resource)):
        target = graph.by_urn.get(urn)
        if target is None or not target.custom or target.type.startswith((*tokens.GLOBAL_PREFIXES, "pulumi:")):
            continue
        other = graph.region_of(target)
        if other not in ("", region) and target.type not in tokens.MESH_TYPES:
            yield Problem(f"depends on {target.name} of {other}, lies in {region}")


@rule(
    "GRD-8",
    title="Everything is tagged with environment, tier, region, owner, project and data class",
    reason="Ownership, cost and incident work start from tags; the rules here read the tier from them.",
    source="FSBP tagging controls",
    remedy="Set default_tags on the provider; tags of the region must name the provider's own region.",
    on=(tokens.AWS_PROVIDER,),
)
def tagged(graph: Graph, provider: Resource) -> Iterator[Problem]:
    for path, value in leaves({"defaultTags": provider.properties.get("defaultTags")}):
        if is_unknown(value) or is_secret(value):
            raise UndecidedError(path, "unknown until the update")
    tags = default_tags(provider)
    missing = [key for key in _REQUIRED_TAGS if not tags.get(key)]
    if missing:
        yield Problem(f"default tags lack {', '.join(missing)}", "defaultTags")
    labelled = tags.get(_LABELLED_BY_REGION)
    if labelled and labelled != graph.region_of(provider):
        yield Problem(f"tag region is {labelled}, the provider is in {graph.region_of(provider)}", "defaultTags")
    others = {default_tags(other).get("tier") for other in graph.of_type(tokens.AWS_PROVIDER)}
    if len(others) > 1:
        yield Problem(f"providers of one stack name several tiers: {sorted(map(str, others))}", "defaultTags")


RULES: tuple[Rule, ...] = (account_and_region, explicit_provider, one_region, tagged)
