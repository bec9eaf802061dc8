"""Order, independence and drift (R2, R9, R10, R12, R13, R22, R23, R26, R27)."""

import json
from collections import Counter
from collections.abc import Iterator

from . import tokens
from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    ACCESS_ENTRY,
    ACCESS_POLICY_ASSOCIATION,
    ADDON,
    AWS_PROVIDER,
    CLUSTER,
    FLOW_LOG,
    KUBERNETES_PROVIDER,
    LOG_GROUP,
    NODE_GROUP,
    ROLE,
    ROLE_POLICY,
    ROLE_POLICY_ATTACHMENT,
    STACK,
    SUBNET,
)

_BEFORE_NODES = ("vpc-cni", "eks-pod-identity-agent")
_AFTER_NODES = ("coredns", "aws-ebs-csi-driver")
_NAMED = {
    tokens.CLUSTER: "name",
    tokens.LOG_GROUP: "name",
    tokens.LAUNCH_TEMPLATE: "name",
    tokens.KMS_ALIAS: "name",
    tokens.DB_CLUSTER: "clusterIdentifier",
    tokens.MSK_CLUSTER: "clusterName",
}
_NAMED_PER_ACCOUNT = {tokens.ROLE: "name", tokens.POLICY: "name"}

IGNORABLE = frozenset(
    {
        (tokens.ZONE, "vpcs"),
        (NODE_GROUP, "scalingConfig.desiredSize"),
        (NODE_GROUP, "version"),
        (NODE_GROUP, "releaseVersion"),
        (NODE_GROUP, "launchTemplate.version"),
        (tokens.DB_CLUSTER, "availabilityZones"),
        (tokens.DB_CLUSTER_INSTANCE, "availabilityZone"),
        (tokens.FSX_LUSTRE, "subnetIds"),
        (tokens.MSK_CLUSTER, "brokerNodeGroupInfo.clientSubnets"),
        (tokens.JOB, "spec.template.spec.initContainers[0].image"),
        (tokens.JOB, "spec.template.spec.initContainers[1].image"),
        (tokens.JOB, "spec.template.spec.initContainers[2].image"),
        (tokens.JOB, "spec.template.spec.containers[0].image"),
    }
)
"""Inputs that may be ignored: zone associations are resources of their own; the autoscaler owns the desired size of a
pool; nodes with local disks keep their image (R11-IMAGE); Aurora fills its zones up to three; an instance of Aurora, a
Lustre file system and the brokers of MSK keep the zones they were made in; an import keeps the images it began with."""


@rule(
    "R2",
    title="AWS providers say how often and how they retry",
    reason="Throttling is normal in a large up; the default differs by version and shell.",
    source="AWS SDK retry behaviour; project",
    remedy="Set max_retries and retry_mode on the provider.",
    on=(AWS_PROVIDER,),
)
def retries_explicit(_graph: Graph, provider: Resource) -> Iterator[Problem]:
    for path in ("maxRetries", "retryMode"):
        if not provider.inputs.has(path):
            yield Problem("retries are left to the default", path)


@rule(
    "R9",
    title="Aurora's zones are left out or ignored",
    reason="AWS fills them up to three, which is a replacement at every up.",
    source="Pulumi rds.Cluster documentation, terraform-aws-rds-aurora#446",
    remedy="Leave availability_zones out.",
    on=(tokens.DB_CLUSTER,),
    guards_data=True,
    hidden_from_pack="a policy pack sees the zones that AWS filled in, not what the program asked for",
)
def aurora_zones(_graph: Graph, cluster: Resource) -> Iterator[Problem]:
    if cluster.inputs.has("availabilityZones") and "availabilityZones" not in cluster.ignore_changes:
        yield Problem("the zones are set and not ignored", "availabilityZones")


@rule(
    "R10",
    title="After the loss of any zone each pool of nodes is still there",
    reason="Zones fail.",
    source="AWS Well-Architected, reliability",
    remedy="Let the pool span zones, or give it a node group in each; groups with the same labels are one pool.",
    on=(CLUSTER,),
    tiers=MAINNET_ONLY,
)
def survives_zone(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    pools: dict[str, set[str]] = {}
    for group in graph.referrers(cluster, "clusterName", NODE_GROUP):
        labels = group.inputs.view("labels").raw
        name = ", ".join(f"{key}={value}" for key, value in sorted(labels.items())) or group.name
        pools.setdefault(name, set()).update(_zones(graph, group, "subnetIds"))
    if not pools:
        yield Problem("the cluster has no node group")
    for name, zones in sorted(pools.items()):
        if len(zones) == 1:
            yield Problem(f"all nodes of pool {name} are in {min(zones)}")


def _zones(graph: Graph, resource: Resource, path: str) -> Iterator[str]:
    for subnet in graph.follow(resource, path, SUBNET):
        yield subnet.inputs.text("availabilityZone")


@rule(
    "R12",
    title="Networking and identity come before nodes, workloads' add-ons after them",
    reason="Nodes become ready once instead of flapping; add-ons with pods wait for a node to run on.",
    source="BPG upgrades; terraform-aws-eks before_compute",
    remedy="Let node groups depend on the CNI and pod identity add-ons, the others on node groups.",
    on=(NODE_GROUP, ADDON),
)
def addon_order(graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type == NODE_GROUP:
        present = {addon.inputs.text("addonName") for addon in graph.needed(resource, ADDON)}
        missing = [name for name in _BEFORE_NODES if name not in present]
        if missing:
            yield Problem(f"the group does not wait for {', '.join(missing)}")
    elif resource.inputs.text("addonName") in _AFTER_NODES and not graph.needed(resource, NODE_GROUP):
        yield Problem("the add-on does not wait for nodes")
    elif not graph.needed(resource, CLUSTER):
        yield Problem("the add-on does not wait for its cluster")


@rule(
    "R13",
    title="A Kubernetes provider is bound to its cluster and logs in by exec",
    reason="Without a cluster identifier any change of the kubeconfig replaces the provider and all below it.",
    source="Pulumi kubernetes.Provider documentation",
    remedy="Set cluster_identifier=cluster.arn, an exec entry in the kubeconfig, and no delete_unreachable.",
    on=(KUBERNETES_PROVIDER,),
    guards_data=True,
)
def provider_bound(graph: Graph, provider: Resource) -> Iterator[Problem]:
    if not provider.inputs.has("clusterIdentifier"):
        yield Problem("the provider has no cluster identifier", "clusterIdentifier")
    if graph.strict and provider.inputs.flag("deleteUnreachable"):
        yield Problem("an unreachable cluster's objects are dropped from the state", "deleteUnreachable")
    if not graph.needed(provider, CLUSTER):
        return
    for user in provider.inputs.document("kubeconfig").views("users"):
        credentials = user.view("user")
        if not credentials.has("exec"):
            yield Problem("the kubeconfig logs in without exec", "kubeconfig")
        for path in ("token", "client-key-data", "password"):
            if credentials.has(path):
                yield Problem(f"the kubeconfig carries a {path}", "kubeconfig")


@rule(
    "R22",
    title="URNs and physical names are unique",
    reason="The engine refuses a second URN, AWS a second name; both in the middle of an up.",
    source="Pulumi resource names; AWS naming",
    remedy="Put the zone, region or pool into the name.",
    on=(STACK,),
)
def names_unique(graph: Graph, _stack: Resource) -> Iterator[Problem]:
    for urn, count in sorted(Counter(resource.urn for resource in graph.resources).items()):
        if count > 1:
            yield Problem(f"{count} resources share this URN", urn=urn)
    taken: dict[tuple[str, ...], Resource] = {}
    for resource in graph.of_type(*_NAMED, *_NAMED_PER_ACCOUNT):
        key = _physical_name(graph, resource)
        if key is None:
            continue
        if key in taken and taken[key].urn != resource.urn:
            yield Problem(f"{key[-1]} is also the name of {taken[key].name}", "name", resource.urn)
        taken[key] = resource


def _physical_name(graph: Graph, resource: Resource) -> tuple[str, ...] | None:
    path = _NAMED.get(resource.type) or _NAMED_PER_ACCOUNT[resource.type]
    name = resource.properties.get(path)
    if not isinstance(name, str):
        return None
    place = graph.region_of(resource) if resource.type in _NAMED else ""
    return (resource.type, graph.account_of(resource), place, name)


@rule(
    "R23",
    title="Ignored changes are on the short list",
    reason="What is ignored drifts.",
    source="project",
    remedy="Declare the value, or add the input with its reason to IGNORABLE in policies/rules/reliability.py.",
    on=lambda graph: graph.resources,
)
def ignores_little(_graph: Graph, resource: Resource) -> Iterator[Problem]:
    for path in resource.ignore_changes:
        if (resource.type, path) not in IGNORABLE:
            yield Problem("changes of this input are ignored", path)


_ROLE_PATHS = {
    CLUSTER: "roleArn",
    NODE_GROUP: "nodeRoleArn",
    FLOW_LOG: "iamRoleArn",
    tokens.DB_INSTANCE: "monitoringRoleArn",
    tokens.DB_CLUSTER_INSTANCE: "monitoringRoleArn",
}


@rule(
    "R26",
    title="Clusters, nodes, flow logs and databases wait for their roles' policies, clusters for their log group",
    reason="IAM is slow: without the edge a create races the attachment, and a destroy removes it too early.",
    source="pulumi aws.eks.Cluster documentation",
    remedy="Add the attachments and the log group to depends_on.",
    on=tuple(_ROLE_PATHS),
)
def waits_for_policies(graph: Graph, resource: Resource) -> Iterator[Problem]:
    closure = graph.closure(resource)
    path = _ROLE_PATHS[resource.type]
    for role in graph.follow(resource, path, ROLE):
        for grant in graph.referrers(role, "role", ROLE_POLICY_ATTACHMENT, ROLE_POLICY):
            if grant.urn not in closure:
                yield Problem(f"does not wait for {grant.name}", path)
    if resource.type == CLUSTER and not graph.needed(resource, LOG_GROUP):
        yield Problem("does not wait for a log group")


@rule(
    "R27",
    title="Kubernetes calls wait for the deploy role's access, which destroy takes away last",
    reason="Objects that cannot be deleted leave network interfaces and load balancers behind.",
    source="EKS access entries; project",
    remedy="Let the Kubernetes provider depend on the access entry and its policy association.",
    on=(KUBERNETES_PROVIDER,),
)
def access_outlives_objects(graph: Graph, provider: Resource) -> Iterator[Problem]:
    for token in (CLUSTER, ACCESS_ENTRY, ACCESS_POLICY_ASSOCIATION):
        if not graph.needed(provider, token):
            yield Problem(f"the provider does not wait for {json.dumps(token.rsplit(':', 1)[-1])}")


RULES: tuple[Rule, ...] = (
    retries_explicit,
    aurora_zones,
    survives_zone,
    addon_order,
    provider_bound,
    names_unique,
    ignores_little,
    waits_for_policies,
    access_outlives_objects,
)
