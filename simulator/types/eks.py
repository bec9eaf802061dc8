"""Kubernetes control planes: ``aws:eks`` clusters, node groups, add-ons, access and pod identities."""

import base64

from simulator.manifests import VERSION
from simulator.types.aws import CREATED_AT, regional, regional_tagged
from simulator.types.base import Autoname, Identify, Request, ResourceModel
from simulator.values import JSON

_CERTIFICATE_LINES = 4


def _certificate(request: Request) -> str:
    """Base64 of something in the form of a PEM certificate, as the API hands it out; nothing can be verified by it."""
    lines = (request.digest(64, f"certificate-{index}") for index in range(_CERTIFICATE_LINES))
    pem = "\n".join(("-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""))
    return base64.b64encode(pem.encode()).decode()


def _vpc_id(request: Request) -> str:
    subnets = request.mapping("vpcConfig").get("subnetIds")
    return request.found_text(str(subnets[0]), "vpcId") if isinstance(subnets, list) and subnets else ""


def _cluster(request: Request, name: str) -> dict[str, JSON]:
    place = request.place
    host = request.digest(32, "endpoint").upper()
    return {
        **regional_tagged(request),
        "arn": request.arn("eks", f"cluster/{name}"),
        "certificateAuthority": {"data": _certificate(request)},
        "endpoint": f"https://{host}.gr7.{place.region}.eks.{place.dns_suffix}",
        "identities": [{"oidcs": [{"issuer": f"https://oidc.eks.{place.region}.{place.dns_suffix}/id/{host}"}]}],
        "kubernetesNetworkConfig": {
            "ipFamily": "ipv4",
            "serviceIpv4Cidr": "172.20.0.0/16",
            **request.mapping("kubernetesNetworkConfig"),
        },
        "vpcConfig": {
            "endpointPrivateAccess": False,
            "endpointPublicAccess": True,
            **request.mapping("vpcConfig"),
            "clusterSecurityGroupId": request.resource_id("sg"),
            "vpcId": _vpc_id(request),
        },
        "accessConfig": {"authenticationMode": "CONFIG_MAP", **request.mapping("accessConfig")},
        "upgradePolicy": {"supportType": "EXTENDED", **request.mapping("upgradePolicy")},
    }


def _node_group(request: Request, _: str) -> dict[str, JSON]:
    cluster, name = request.text("clusterName"), request.text("nodeGroupName")
    unique = request.uuid("node-group")
    return {
        **regional_tagged(request),
        "arn": request.arn("eks", f"nodegroup/{cluster}/{name}/{unique}"),
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}-{unique}"}], "remoteAccessSecurityGroupId": ""}],
    }


def _addon(request: Request, _: str) -> dict[str, JSON]:
    cluster, name = request.text("clusterName"), request.text("addonName")
    return {
        **regional_tagged(request),
        "arn": request.arn("eks", f"addon/{cluster}/{name}/{request.digest(32, 'addon')}"),
    }


def _access_entry(request: Request, _: str) -> dict[str, JSON]:
    principal = request.text("principalArn")
    kind, _, name = principal.rpartition(":")[2].partition("/")
    path = f"{request.text('clusterName')}/{kind}/{request.place.account}/{name}/{request.digest(32, 'entry')}"
    return {
        **regional_tagged(request),
        "accessEntryArn": request.arn("eks", f"access-entry/{path}"),
        "kubernetesGroups": request.inputs.get("kubernetesGroups") or [],
        "userName": request.text("userName", principal),
    }


def _pod_identity_association(request: Request, association_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "associationArn": request.arn("eks", f"podidentityassociation/{request.text('clusterName')}/{association_id}"),
        "associationId": association_id,
    }


def _joined(separator: str, *keys: str) -> Identify:
    """A physical id that is made of inputs."""
    return lambda request: separator.join(request.text(key) for key in keys)


MODELS = (
    ResourceModel(
        "aws:eks/cluster:Cluster",
        identify=lambda request: request.text("name"),
        compute=_cluster,
        autoname=Autoname("name", max_length=100),
        defaults={
            "bootstrapSelfManagedAddons": True,
            "createdAt": CREATED_AT,
            "deletionProtection": False,
            "platformVersion": "eks.1",
            "status": "ACTIVE",
            "version": VERSION,
        },
        # only for clusters on Outposts
        empty=frozenset({"clusterId"}),
    ),
    ResourceModel(
        "aws:eks/nodeGroup:NodeGroup",
        identify=_joined(":", "clusterName", "nodeGroupName"),
        compute=_node_group,
        autoname=Autoname("nodeGroupName", max_length=63, unless=("nodeGroupNamePrefix",)),
        defaults={
            "amiType": "AL2023_x86_64_STANDARD",
            "capacityType": "ON_DEMAND",
            "nodeGroupNamePrefix": "",
            "releaseVersion": f"{VERSION}.0-20260101",
            "status": "ACTIVE",
            "version": VERSION,
        },
    ),
    ResourceModel(
        "aws:eks/addon:Addon",
        identify=_joined(":", "clusterName", "addonName"),
        compute=_addon,
        defaults={"addonVersion": "v1.0.0-eksbuild.1", "createdAt": CREATED_AT, "modifiedAt": CREATED_AT},
    ),
    ResourceModel(
        "aws:eks/accessEntry:AccessEntry",
        identify=_joined(":", "clusterName", "principalArn"),
        compute=_access_entry,
        defaults={"createdAt": CREATED_AT, "modifiedAt": CREATED_AT, "type": "STANDARD"},
    ),
    ResourceModel(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        identify=_joined("#", "clusterName", "principalArn", "policyArn"),
        compute=lambda request, _: regional(request),
        defaults={"associatedAt": CREATED_AT, "modifiedAt": CREATED_AT},
    ),
    ResourceModel(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        identify=lambda request: f"a-{request.digest(17, 'association')}",
        compute=_pod_identity_association,
        # only with a target role in another account
        empty=frozenset({"externalId"}),
    ),
)
