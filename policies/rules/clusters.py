"""EKS control planes, access and add-ons (EKS-1 to EKS-8)."""

import ipaddress
from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import ACCESS_POLICY_ASSOCIATION, ADDON, CLUSTER, LOG_GROUP
from .values import View

_LOG_TYPES = frozenset({"api", "audit", "authenticator", "controllerManager", "scheduler"})
_REQUIRED_ADDONS = frozenset({"vpc-cni", "coredns", "kube-proxy", "aws-ebs-csi-driver", "eks-pod-identity-agent"})
_CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy"
_MAX_CLUSTER_ADMINS = 2

SUPPORTED_VERSIONS = frozenset({"1.35", "1.36", "1.37"})
"""Minors in standard support with months left, as of 2026-11-22. Source: EKS user guide, Kubernetes versions."""


@rule(
    "EKS-1",
    title="The API server is private, or on testing public to named networks only",
    reason="The API server is the largest target.",
    source="EKS.1, CIS 5.4.1-2",
    remedy="Use endpointAccess private; on testing, list the networks in access.apiCidrs.",
    on=(CLUSTER,),
)
def endpoint_closed(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    network = cluster.inputs.view("vpcConfig")
    if not network.flag("endpointPrivateAccess"):
        yield Problem("the private endpoint is off", "vpcConfig.endpointPrivateAccess")
    if not network.flag("endpointPublicAccess", default=True):
        return
    if graph.strict:
        yield Problem("the public endpoint is on", "vpcConfig.endpointPublicAccess")
    yield from _open_networks(network)


def _open_networks(network: View) -> Iterator[Problem]:
    cidrs = network.strings("publicAccessCidrs")
    if not cidrs:
        yield Problem("no list of networks: the endpoint is open to the world", "vpcConfig.publicAccessCidrs")
    for cidr in cidrs:
        if ipaddress.ip_network(cidr, strict=False).prefixlen < 8:  # noqa: PLR2004 (wider than any one owner's network)
            yield Problem(f"{cidr} is the world", "vpcConfig.publicAccessCidrs")


@rule(
    "EKS-2",
    title="All five control-plane logs are on, into a log group made before the cluster",
    reason="Otherwise EKS makes the group itself, without key and expiry.",
    source="EKS.8, CIS 2.1",
    remedy="Enable all log types; let the cluster depend on the log group /aws/eks/<name>/cluster.",
    on=(CLUSTER,),
)
def control_plane_logged(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    missing = _LOG_TYPES - set(cluster.inputs.strings("enabledClusterLogTypes"))
    if missing:
        yield Problem(f"log types are missing: {', '.join(sorted(missing))}", "enabledClusterLogTypes")
    expected = f"/aws/eks/{cluster.inputs.text('name')}/cluster"
    if not any(group.inputs.text("name") == expected for group in graph.needed(cluster, LOG_GROUP)):
        yield Problem(f"the cluster does not depend on a log group named {expected}")


@rule(
    "EKS-3",
    title="Kubernetes secrets are enveloped with a customer-managed key",
    reason="The content of etcd.",
    source="EKS.3, CIS 5.3.1",
    remedy="Set encryption_config with the region's key and resources=['secrets'].",
    on=(CLUSTER,),
    guards_data=True,
)
def secrets_enveloped(_graph: Graph, cluster: Resource) -> Iterator[Problem]:
    if "secrets" not in cluster.inputs.strings("encryptionConfig.resources"):
        yield Problem("secrets are not encrypted with a key of the account", "encryptionConfig.resources")
    elif not cluster.inputs.has("encryptionConfig.provider.keyArn"):
        yield Problem("no key is named", "encryptionConfig.provider.keyArn")


@rule(
    "EKS-4",
    title="Access is by access entries; the creator is no hidden admin; few roles are cluster admin",
    reason="A hidden permanent admin outlives the person.",
    source="CIS 4.1.1/4.1.7, BPG security/iam",
    remedy="Use authentication mode API, switch the creator flag off, keep cluster admin to deploy and break-glass.",
    on=(CLUSTER,),
)
def access_explicit(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    access = cluster.inputs.view("accessConfig")
    if access.text("authenticationMode") != "API":
        yield Problem(f"mode is '{access.text('authenticationMode')}'", "accessConfig.authenticationMode")
    if access.flag("bootstrapClusterCreatorAdminPermissions", default=True):
        yield Problem("the creator is admin", "accessConfig.bootstrapClusterCreatorAdminPermissions")
    admins = {
        association.inputs.text("principalArn")
        for association in graph.referrers(cluster, "clusterName", ACCESS_POLICY_ASSOCIATION)
        if association.inputs.text("policyArn").endswith(f"/{_CLUSTER_ADMIN}")
    }
    if len(admins) > _MAX_CLUSTER_ADMINS:
        yield Problem(f"{len(admins)} principals are cluster admin, at most {_MAX_CLUSTER_ADMINS} may be")


@rule(
    "EKS-5",
    title="The cluster carries EKS deletion protection",
    reason="The lock that also holds outside Pulumi.",
    source="prowler eks_cluster_deletion_protection_enabled",
    remedy="Set deletion_protection from the environment's Protection.",
    on=(CLUSTER,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def deletion_protected(_graph: Graph, cluster: Resource) -> Iterator[Problem]:
    if not cluster.inputs.flag("deletionProtection"):
        yield Problem("deletion protection is off", "deletionProtection")


@rule(
    "EKS-6",
    title="The version is explicit and supported; upgrades are never forced; extended support is refused",
    reason="Extended support costs silently; a forced upgrade skips the checks that protect workloads.",
    source="EKS.2",
    remedy="Take the version from infra/versions.py and set upgrade_policy support_type=STANDARD.",
    on=(CLUSTER,),
)
def version_supported(_graph: Graph, cluster: Resource) -> Iterator[Problem]:
    version = cluster.inputs.text("version")
    if version not in SUPPORTED_VERSIONS:
        yield Problem(f"version '{version}' is not among {', '.join(sorted(SUPPORTED_VERSIONS))}", "version")
    if cluster.inputs.text("upgradePolicy.supportType") != "STANDARD":
        yield Problem("support type is not STANDARD", "upgradePolicy.supportType")
    if cluster.inputs.flag("forceUpdateVersion"):
        yield Problem("upgrades are forced", "forceUpdateVersion")


@rule(
    "EKS-7",
    title="The managed add-ons are there, pinned, and the CNI enforces network policies",
    reason="Without that switch a NetworkPolicy has no effect and no error.",
    source="CIS 4.3.1/5.4.4",
    remedy='Add the add-on with the version of infra/versions.py; vpc-cni takes enableNetworkPolicy: "true".',
    on=(CLUSTER,),
)
def addons_pinned(graph: Graph, cluster: Resource) -> Iterator[Problem]:
    addons = {addon.inputs.text("addonName"): addon for addon in graph.referrers(cluster, "clusterName", ADDON)}
    for name in sorted(_REQUIRED_ADDONS - set(addons)):
        yield Problem(f"add-on {name} is missing")
    for name, addon in addons.items():
        if not addon.inputs.text("addonVersion"):
            yield Problem(f"add-on {name} has no version", "addonVersion", addon.urn)
    if "vpc-cni" in addons:
        settings = addons["vpc-cni"].inputs.document("configurationValues")
        if settings.get("enableNetworkPolicy") != "true":
            yield Problem("network policies are not enforced", "configurationValues", addons["vpc-cni"].urn)


@rule(
    "EKS-8",
    title="Zonal shift is enabled",
    reason="Traffic can then be moved away from an impaired zone at once.",
    source="BPG reliability",
    remedy="Set zonal_shift_config enabled.",
    on=(CLUSTER,),
    tiers=MAINNET_ONLY,
)
def zonal_shift(_graph: Graph, cluster: Resource) -> Iterator[Problem]:
    if not cluster.inputs.flag("zonalShiftConfig.enabled"):
        yield Problem("zonal shift is off", "zonalShiftConfig.enabled")


RULES: tuple[Rule, ...] = (
    endpoint_closed,
    control_plane_logged,
    secrets_enveloped,
    access_explicit,
    deletion_protected,
    version_supported,
    addons_pinned,
    zonal_shift,
)
