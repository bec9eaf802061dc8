"""Cluster, nodes and what runs in a model region."""

import json

from tests.contract.policies.addresses import build_addresses
from tests.contract.policies.aerospike import build_aerospike
from tests.contract.policies.database import build_databases
from tests.contract.policies.files import build_files
from tests.contract.policies.kafka import build_kafka
from tests.contract.policies.platform import build_platform
from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import ADMIN, Json, Row, document
from tests.contract.policies.workloads import build_workloads


def build_cluster(region: RegionBuilder) -> None:
    """Register the cluster and what needs it."""
    _cluster(region)
    _nodes(region)
    _kubernetes(region)
    _services(region)


def _cluster(region: RegionBuilder) -> None:
    role = region.role("cluster-role", "eks.amazonaws.com")
    region.attach("cluster-role", "AmazonEKSClusterPolicy")
    region.add(
        "aws:eks/cluster:Cluster",
        "cluster",
        {
            "name": "model",
            "version": "1.36",
            "roleArn": role,
            "deletionProtection": True,
            "accessConfig": {"authenticationMode": "API", "bootstrapClusterCreatorAdminPermissions": False},
            "enabledClusterLogTypes": ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            "encryptionConfig": {"provider": {"keyArn": region.arn_of("key")}, "resources": ["secrets"]},
            "kubernetesNetworkConfig": {"serviceIpv4Cidr": "172.20.0.0/16"},
            "upgradePolicy": {"supportType": "STANDARD"},
            "vpcConfig": {
                "subnetIds": [region.ref(f"private-{zone}") for zone in "abc"],
                "endpointPrivateAccess": True,
                "endpointPublicAccess": False,
            },
            "zonalShiftConfig": {"enabled": True},
        },
        after=["cluster-role-AmazonEKSClusterPolicy", "logs"],
        protect=True,
    )
    member: Row = {"clusterName": "model", "principalArn": ADMIN}
    region.add("aws:eks/accessEntry:AccessEntry", "entry", member, after=["cluster"])
    policy = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    region.add(
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "admin",
        {**member, "policyArn": policy},
        after=["entry"],
    )
    for name in ("vpc-cni", "eks-pod-identity-agent"):
        _addon(region, name, ["cluster"])


def _addon(region: RegionBuilder, name: str, after: Json) -> None:
    inputs: Row = {"clusterName": "model", "addonName": name, "addonVersion": "v1.0.0-eksbuild.1"}
    if name == "vpc-cni":
        inputs["configurationValues"] = json.dumps({"enableNetworkPolicy": "true"})
    region.add("aws:eks/addon:Addon", name, inputs, after=after)


def _nodes(region: RegionBuilder) -> None:
    role = region.role("node-role", "ec2.amazonaws.com")
    region.attach("node-role", "AmazonEKSWorkerNodePolicy")
    region.add(
        "aws:ec2/launchTemplate:LaunchTemplate",
        "template",
        {
            "metadataOptions": {"httpTokens": "required", "httpPutResponseHopLimit": 1},
            "blockDeviceMappings": [{"ebs": {"encrypted": "true", "kmsKeyId": region.arn_of("key")}}],
            "userData": "TWltZTogYSBub2RlIGNvbmZpZ3VyYXRpb24gd2l0aG91dCBzZWNyZXRz",
        },
    )
    common: Row = {
        "clusterName": "model",
        "nodeRoleArn": role,
        "amiType": "AL2023_ARM_64_STANDARD",
        "releaseVersion": "1.36.2-20261112",
        "version": "1.36",
        "capacityType": "ON_DEMAND",
        "launchTemplate": {"id": region.ref("template"), "version": "1"},
        "updateConfig": {"maxUnavailable": 1},
    }
    after = ["cluster", "vpc-cni", "eks-pod-identity-agent", "node-role-AmazonEKSWorkerNodePolicy"]
    region.add(
        "aws:eks/nodeGroup:NodeGroup",
        "general",
        {
            **common,
            "instanceTypes": ["m7g.large"],
            "subnetIds": [region.ref(f"private-{zone}") for zone in "abc"],
            "scalingConfig": {"minSize": 2, "maxSize": 6, "desiredSize": 2},
        },
        after=list(after),
        ignoreChanges=["scalingConfig.desiredSize"],
    )
    for zone in "abc":
        region.add(
            "aws:eks/nodeGroup:NodeGroup",
            f"storage-{zone}",
            {
                **common,
                "instanceTypes": ["i8g.2xlarge"],
                "subnetIds": [region.ref(f"private-{zone}")],
                "scalingConfig": {"minSize": 2, "maxSize": 2, "desiredSize": 2},
                "labels": {"teranode.io/storage": "utxo"},
                "taints": [{"key": "teranode.io/storage", "value": "utxo", "effect": "NO_SCHEDULE"}],
            },
            after=list(after),
            protect=True,
            ignoreChanges=["version", "releaseVersion", "launchTemplate.version"],
        )
    for name in ("coredns", "kube-proxy", "aws-ebs-csi-driver"):
        _addon(region, name, ["cluster", "general"])


def _kubernetes(region: RegionBuilder) -> None:
    kubeconfig = {"users": [{"name": "model", "user": {"exec": {"command": "aws"}}}]}
    region.stack.add(
        "pulumi:providers:kubernetes",
        f"{region.name}-kubernetes",
        {"clusterIdentifier": region.arn_of("cluster"), "kubeconfig": json.dumps(kubeconfig)},
        after=[f"{region.name}-cluster", f"{region.name}-admin"],
    )
    provider = f"{region.name}-kubernetes"
    region.stack.add(
        "kubernetes:storage.k8s.io/v1:StorageClass",
        f"{region.name}-gp3",
        {
            "metadata": {"name": "gp3", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
            "provisioner": "ebs.csi.aws.com",
            "parameters": {"encrypted": "true", "kmsKeyId": region.arn_of("key")},
            "reclaimPolicy": "Retain",
            "allowVolumeExpansion": True,
            "volumeBindingMode": "WaitForFirstConsumer",
        },
        provider=provider,
    )
    region.stack.add("kubernetes:core/v1:ConfigMap", f"{region.name}-settings", {"data": {}}, provider=provider)
    region.role("app-role", "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"])
    region.add(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "app",
        {
            "clusterName": "model",
            "namespace": "miner",
            "serviceAccount": "app",
            "roleArn": region.arn_of("app-role"),
        },
    )
    region.add(
        "aws:iam/policy:Policy",
        "app-policy",
        {
            "policy": document(
                {
                    "Effect": "Allow",
                    "Action": ["s3:GetObject"],
                    "Resource": ["arn:aws:s3:::model-blocks/*"],
                },
                {"Effect": "Allow", "Action": ["ec2:Describe*"], "Resource": "*"},
            )
        },
    )


def _services(region: RegionBuilder) -> None:
    region.add("aws:ebs/encryptionByDefault:EncryptionByDefault", "ebs", {"enabled": True})
    region.add(
        "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
        "s3-block",
        {
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        },
    )
    build_platform(region)
    build_databases(region)
    build_files(region)
    build_kafka(region)
    build_aerospike(region)
    build_workloads(region)
    build_addresses(region)
