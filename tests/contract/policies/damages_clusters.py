"""Damages of clusters, nodes and storage classes."""

from tests.contract.policies.names import (
    ADDON,
    ADMIN_ACCESS,
    ATTACHMENT,
    CLUSTER,
    EBS,
    INSTANCE,
    LOGS,
    NODES,
    ROLE_POLICY,
    STORAGE_CLASS,
    TEMPLATE,
)
from tests.contract.policies.stack import ADMIN, Damage, ModelStack, Row, drop, edit, option, plant

_CLUSTER_ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"


def _many_admins(stack: ModelStack) -> None:
    for index in range(3):
        inputs: Row = {"clusterName": "model", "principalArn": f"{ADMIN}{index}", "policyArn": _CLUSTER_ADMIN}
        plant(ADMIN_ACCESS, inputs, name=f"admin-{index}")(stack)


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "EKS-1": (
        edit(CLUSTER, "vpcConfig.endpointPublicAccess", value=True),
        edit(CLUSTER, "vpcConfig.endpointPublicAccess", None),
        edit(CLUSTER, "vpcConfig.endpointPrivateAccess", value=False),
    ),
    "EKS-2": (
        edit(CLUSTER, "enabledClusterLogTypes", ["api"]),
        edit(LOGS, "name", "/elsewhere"),
        option(CLUSTER, "dependencies", []),
    ),
    "EKS-3": (
        edit(CLUSTER, "encryptionConfig", None),
        edit(CLUSTER, "encryptionConfig", {"resources": ["secrets"]}),
    ),
    "EKS-4": (
        edit(CLUSTER, "accessConfig.authenticationMode", "API_AND_CONFIG_MAP"),
        edit(CLUSTER, "accessConfig.bootstrapClusterCreatorAdminPermissions", None),
        _many_admins,
    ),
    "EKS-5": (edit(CLUSTER, "deletionProtection", value=False),),
    "EKS-6": (
        edit(CLUSTER, "version", "1.31"),
        edit(CLUSTER, "version", None),
        edit(CLUSTER, "upgradePolicy.supportType", "EXTENDED"),
        edit(CLUSTER, "forceUpdateVersion", value=True),
    ),
    "EKS-7": (
        drop(ADDON, name="coredns"),
        edit(ADDON, "addonVersion", None, name="kube-proxy"),
        edit(ADDON, "configurationValues", None, name="vpc-cni"),
    ),
    "EKS-8": (edit(CLUSTER, "zonalShiftConfig.enabled", value=False),),
    "NOD-1": (
        edit(TEMPLATE, "metadataOptions.httpTokens", "optional"),
        edit(TEMPLATE, "metadataOptions.httpPutResponseHopLimit", 2),
        edit(TEMPLATE, "metadataOptions", None),
        edit(NODES, "launchTemplate", None),
        edit(NODES, "launchTemplate.version", "$Latest"),
        plant(INSTANCE, {"metadataOptions": {"httpTokens": "optional", "httpPutResponseHopLimit": 1}}),
        plant(INSTANCE, {}),
    ),
    "NOD-2": (
        edit(TEMPLATE, "blockDeviceMappings", []),
        edit(TEMPLATE, "blockDeviceMappings.0.ebs.encrypted", "false"),
        edit(TEMPLATE, "blockDeviceMappings.0.ebs.kmsKeyId", None),
    ),
    "NOD-3": (edit(NODES, "subnetIds", ["eu-west-1-private-a-id", "eu-west-1-private-b-id"], name="storage"),),
    "R11-IMAGE": (
        option(NODES, "ignoreChanges", [], name="storage"),
        option(NODES, "ignoreChanges", ["version", "releaseVersion"], name="storage"),
    ),
    "NOD-4": (edit(NODES, "instanceTypes", ["m7g.large"], name="storage"),),
    "NOD-5": (
        edit(NODES, "scalingConfig.maxSize", 3, name="storage"),
        edit(NODES, "scalingConfig", None, name="storage"),
        edit(NODES, "labels", None, name="storage"),
        edit(NODES, "updateConfig.maxUnavailable", 2, name="storage"),
        edit(NODES, "forceUpdateVersion", value=True, name="storage"),
        edit(NODES, "capacityType", "SPOT", name="storage"),
        option(NODES, "ignoreChanges", ["scalingConfig.desiredSize"], name="storage"),
    ),
    "NOD-7": (
        edit(NODES, "nodeRoleArn", "arn:aws:iam::444455556666:role/elsewhere"),
        edit(ATTACHMENT, "policyArn", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy", name="node-role"),
        edit(ROLE_POLICY, "role", "eu-west-1-node-role-id"),
    ),
    "NOD-8": (
        edit(NODES, "amiType", "AL2_ARM_64"),
        edit(NODES, "releaseVersion", None),
        edit(NODES, "version", "1.37"),
        edit(NODES, "version", "1.32"),
    ),
    "FS-3": (
        edit(STORAGE_CLASS, "volumeBindingMode", "Immediate"),
        edit(STORAGE_CLASS, "reclaimPolicy", "Delete"),
        edit(STORAGE_CLASS, "parameters.encrypted", "false"),
        edit(STORAGE_CLASS, "parameters.kmsKeyId", None),
        edit(STORAGE_CLASS, "allowVolumeExpansion", value=False),
    ),
    "FS-3-REGION": (
        drop(EBS),
        edit(EBS, "enabled", value=False),
        edit(STORAGE_CLASS, "metadata", {}),
    ),
}
