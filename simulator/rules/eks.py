"""What EKS enforces for clusters and what belongs to them: add-ons, access, pod identity."""

import re
from ipaddress import ip_network

from simulator.rules import tokens as t
from simulator.rules.iam import trusts
from simulator.rules.references import names_of
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.world import Status, Thing

OLDEST_MINOR, NEWEST_MINOR = 31, 37
"""Kubernetes 1.x that EKS offers, extended support included.

Source: EKS release calendar, read 2026-11; 1.37 since 2026-10-01."""

ADDONS = frozenset(
    {
        *("vpc-cni", "kube-proxy", "coredns", "eks-pod-identity-agent", "aws-ebs-csi-driver", "aws-efs-csi-driver"),
        *("aws-fsx-csi-driver", "aws-mountpoint-s3-csi-driver", "snapshot-controller", "metrics-server"),
        *(
            "eks-node-monitoring-agent",
            "amazon-cloudwatch-observability",
            "aws-guardduty-agent",
            "adot",
            "cert-manager",
        ),
        *("kube-state-metrics", "prometheus-node-exporter", "external-dns", "aws-network-flow-monitoring-agent"),
        *("aws-secrets-store-csi-driver-provider",),
    }
)
"""AWS and community add-ons by the names that CreateAddon takes. Source: EKS user guide, "Available add-ons"."""

NEED_NODES = frozenset({"coredns", "metrics-server", "aws-ebs-csi-driver", "snapshot-controller", "cert-manager"})
"""Add-ons made of a Deployment: without a node their pods never start and the add-on never becomes active."""

ACCESS_POLICIES = frozenset(
    {
        *("AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", "AmazonEKSEditPolicy"),
        *("AmazonEKSViewPolicy", "AmazonEKSSecretReaderPolicy"),
    }
)
"""Policies that AssociateAccessPolicy takes for people. Source: EKS user guide, "Access policy permissions"."""

_MEMBERS = (t.NODE_GROUP, t.ADDON, t.ACCESS_ENTRY, t.POD_IDENTITY_ASSOCIATION)
_WRITE = (Operation.CREATE, Operation.UPDATE)
_MODES = ("CONFIG_MAP", "API_AND_CONFIG_MAP", "API")

book = RuleBook()


@book.rule("cluster-name", "ResourceInUseException", t.CLUSTER)
def _cluster_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    return f"Cluster already exists with name: {name}" if name and attempt.find(t.CLUSTER, name=name) else None


@book.rule("cluster-name-pattern", "InvalidParameterException", t.CLUSTER)
def _cluster_name_pattern(attempt: Attempt) -> str | None:
    pattern = r"[0-9A-Za-z][A-Za-z0-9\-_]{0,99}"
    if re.fullmatch(pattern, attempt.text("name")):
        return None
    return f"The name '{attempt.text('name')}' does not satisfy the pattern ^{pattern}$"


@book.rule("cluster-version", "InvalidParameterException", t.CLUSTER, *_WRITE)
def _cluster_version(attempt: Attempt) -> str | None:
    version = attempt.text("version")
    if version and not OLDEST_MINOR <= _minor(version) <= NEWEST_MINOR:
        return f"unsupported Kubernetes version {version}"
    return None


@book.rule("cluster-version-step", "InvalidParameterException", t.CLUSTER, Operation.UPDATE)
def _cluster_version_step(attempt: Attempt) -> str | None:
    old, new = attempt.before("version"), attempt.text("version")
    if old and new and _minor(new) not in {_minor(old), _minor(old) + 1}:
        return f"Unsupported Kubernetes minor version update from {old} to {new}"
    return None


@book.rule("cluster-two-zones", "InvalidParameterException", t.CLUSTER)
def _cluster_two_zones(attempt: Attempt) -> str | None:
    subnets = _subnets(attempt, attempt.texts("vpcConfig.subnetIds"))
    zones = {zone for subnet in subnets for zone in texts_at(subnet.inputs, "availabilityZone")}
    return None if len(zones) > 1 else "Subnets specified must be in at least two different AZs"


@book.rule("cluster-one-vpc", "InvalidParameterException", t.CLUSTER)
def _cluster_one_vpc(attempt: Attempt) -> str | None:
    subnets = _subnets(attempt, attempt.texts("vpcConfig.subnetIds"))
    vpcs = {vpc for subnet in subnets for vpc in texts_at(subnet.inputs, "vpcId")}
    return f"Subnets must be in the same VPC; found {', '.join(sorted(vpcs))}" if len(vpcs) > 1 else None


@book.rule("cluster-endpoint", "InvalidParameterException", t.CLUSTER, *_WRITE)
def _cluster_endpoint(attempt: Attempt) -> str | None:
    network = attempt.inputs.get("vpcConfig")
    settings = network if isinstance(network, dict) else {}
    if settings.get("endpointPublicAccess", True) or settings.get("endpointPrivateAccess", False):
        return None
    return "Private and public endpoint access cannot be false"


@book.rule("cluster-public-cidrs", "InvalidParameterException", t.CLUSTER, *_WRITE)
def _cluster_public_cidrs(attempt: Attempt) -> str | None:
    reserved = [block for block in attempt.texts("vpcConfig.publicAccessCidrs") if _is_private(block)]
    return f"The following CIDRs are not allowed in publicAccessCidrs: {reserved}" if reserved else None


@book.rule("cluster-role-trust", "InvalidParameterException", t.CLUSTER)
def _cluster_role_trust(attempt: Attempt) -> str | None:
    arn = attempt.text("roleArn")
    if role_trusts(attempt, arn, "eks.amazonaws.com"):
        return None
    return f"Role with arn: {arn}, could not be assumed because it does not exist or the trusted entity is not correct"


@book.rule("cluster-authentication", "InvalidParameterException", t.CLUSTER, Operation.UPDATE)
def _cluster_authentication(attempt: Attempt) -> str | None:
    path = "accessConfig.authenticationMode"
    old, new = attempt.before(path) or _MODES[0], attempt.text(path) or _MODES[0]
    if _MODES.index(new) < _MODES.index(old):
        return f"Unsupported authentication mode update from {old} to {new}"
    return None


@book.rule("cluster-encryption-stays", "InvalidParameterException", t.CLUSTER, Operation.UPDATE)
def _cluster_encryption_stays(attempt: Attempt) -> str | None:
    path = "encryptionConfig.provider.keyArn"
    if attempt.before(path) and attempt.before(path) != attempt.text(path):
        return "Encryption is already enabled on cluster and cannot be changed or removed"
    return None


@book.rule("cluster-deletion-protection", "InvalidRequestException", t.CLUSTER, Operation.DELETE)
def _cluster_deletion_protection(attempt: Attempt) -> str | None:
    if attempt.inputs.get("deletionProtection") is True:
        return f"The cluster {attempt.id} has deletion protection enabled. Disable it before deleting the cluster."
    return None


@book.rule("cluster-active", "InvalidRequestException", _MEMBERS)
def _cluster_active(attempt: Attempt) -> str | None:
    name = attempt.text("clusterName")
    cluster = cluster_named(attempt, name)
    if cluster and cluster.status is not Status.ACTIVE:
        return f"Cluster '{name}' is not in ACTIVE status: {cluster.status.upper()}"
    return None


@book.rule("addon-name", "InvalidParameterException", t.ADDON)
def _addon_name(attempt: Attempt) -> str | None:
    name = attempt.text("addonName")
    return None if name in ADDONS else f"Addon {name} specified is not supported"


@book.rule("addon-once", "ResourceInUseException", t.ADDON)
def _addon_once(attempt: Attempt) -> str | None:
    same = attempt.find(t.ADDON, clusterName=attempt.text("clusterName"), addonName=attempt.text("addonName"))
    return "Addon already exists." if same else None


@book.rule("addon-needs-nodes", "InsufficientNumberOfReplicas", t.ADDON)
def _addon_needs_nodes(attempt: Attempt) -> str | None:
    name = attempt.text("addonName")
    if name in NEED_NODES and not attempt.find(t.NODE_GROUP, clusterName=attempt.text("clusterName")):
        return f"The add-on {name} is unhealthy because it doesn't have the desired number of replicas: no node."
    return None


@book.rule("access-entry-once", "ResourceInUseException", t.ACCESS_ENTRY)
def _access_entry_once(attempt: Attempt) -> str | None:
    if attempt.find(t.ACCESS_ENTRY, **_principal(attempt)):
        return "The specified access entry resource is already in use on this cluster."
    return None


@book.rule("access-entry-principal", "InvalidParameterException", t.ACCESS_ENTRY)
def _access_entry_principal(attempt: Attempt) -> str | None:
    arn = attempt.text("principalArn")
    if re.fullmatch(r"arn:aws[\w-]*:iam::\d{12}:(role|user)/[\w+=,.@/-]+", arn):
        return None
    return f"The specified principalArn is invalid: invalid principal. ({arn})"


@book.rule("access-policy-entry", "ResourceNotFoundException", t.ACCESS_POLICY_ASSOCIATION)
def _access_policy_entry(attempt: Attempt) -> str | None:
    if attempt.find(t.ACCESS_ENTRY, **_principal(attempt)):
        return None
    return f"The specified principalArn could not be found: {attempt.text('principalArn')} has no access entry."


@book.rule("access-policy-known", "InvalidParameterException", t.ACCESS_POLICY_ASSOCIATION)
def _access_policy_known(attempt: Attempt) -> str | None:
    arn = attempt.text("policyArn")
    if ":eks::aws:cluster-access-policy/" in arn and arn.rsplit("/", 1)[-1] in ACCESS_POLICIES:
        return None
    return f"The policyArn parameter format is not valid: {arn}"


@book.rule("pod-identity-once", "ResourceInUseException", t.POD_IDENTITY_ASSOCIATION)
def _pod_identity_once(attempt: Attempt) -> str | None:
    same = {name: attempt.inputs.get(name) for name in ("clusterName", "namespace", "serviceAccount")}
    found = attempt.find(t.POD_IDENTITY_ASSOCIATION, **same)
    return f"Association already exists: {found[0].id}" if found else None


@book.rule("pod-identity-trust", "InvalidParameterException", t.POD_IDENTITY_ASSOCIATION, *_WRITE)
def _pod_identity_trust(attempt: Attempt) -> str | None:
    if role_trusts(attempt, attempt.text("roleArn"), "pods.eks.amazonaws.com"):
        return None
    return "Trust policy of the role must allow pods.eks.amazonaws.com to assume it and tag its session."


def cluster_named(attempt: Attempt, name: str) -> Thing | None:
    """The cluster that ``name`` means at the place of the attempt."""
    return next((cluster for cluster in attempt.find(t.CLUSTER) if name in names_of(cluster)), None)


def role_trusts(attempt: Attempt, arn: str, service: str) -> bool:
    """Whether the role exists in the world and lets ``service`` assume it."""
    role = next((one for one in attempt.find(t.ROLE) if arn in names_of(one)), None)
    return role is not None and trusts(next(iter(texts_at(role.inputs, "assumeRolePolicy")), ""), service)


def _principal(attempt: Attempt) -> dict[str, str]:
    return {"clusterName": attempt.text("clusterName"), "principalArn": attempt.text("principalArn")}


def _subnets(attempt: Attempt, ids: list[str]) -> list[Thing]:
    return [subnet for subnet in (attempt.lookup(t.SUBNET, one) for one in ids) if subnet]


def _minor(version: str) -> int:
    match = re.fullmatch(r"1\.(\d+)", version)
    return int(match[1]) if match else -1


def _is_private(block: str) -> bool:
    network = ip_network(block, strict=False)
    rfc1918 = (ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
    return network.version == 4 and any(network.overlaps(one) for one in rfc1918 if network.prefixlen >= one.prefixlen)  # noqa: PLR2004
