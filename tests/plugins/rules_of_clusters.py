"""Rule → a call that breaks it, and one that passes: EKS and its machines."""

import base64
from typing import Any

from simulator.rules import tokens as t
from simulator.world import Status
from tests.plugins.things import ADMIN_POLICY, CLUSTER, SUBNET_A, SUBNET_A2, SUBNET_B, cluster, trust
from tests.plugins.world_builder import ACCOUNT, Ask, create, delete, thing, update


def role(service: str) -> Any:
    """A role that ``service`` may assume."""
    return thing(t.ROLE, "r", {"assumeRolePolicy": trust(service)}, {"arn": "arn:r", "name": "r"})


NODES = thing(t.NODE_GROUP, "blue:n", {"clusterName": "blue", "nodeGroupName": "n"})
ADMIN = f"arn:aws:iam::{ACCOUNT}:role/admin"
ENTRY = thing(t.ACCESS_ENTRY, "blue:admin", {"clusterName": "blue", "principalArn": ADMIN})
TEMPLATE = thing(t.LAUNCH_TEMPLATE, "lt-1", {"instanceType": "m7g.large", "name": "lt"}, {"latestVersion": 2})


def subnets(*ids: str) -> dict[str, Any]:
    """A cluster's network."""
    return {"subnetIds": list(ids)}


CASES: dict[str, tuple[Ask, Ask]] = {
    "cluster-name": (create(t.CLUSTER, CLUSTER, name="blue"), create(t.CLUSTER, CLUSTER, name="green")),
    "cluster-name-pattern": (create(t.CLUSTER, name="blue.1"), create(t.CLUSTER, name="blue-1")),
    "cluster-version": (create(t.CLUSTER, version="1.20"), create(t.CLUSTER, version="1.36")),
    "cluster-version-step": (update(CLUSTER, version="1.38"), update(CLUSTER, version="1.37")),
    "cluster-two-zones": (
        create(t.CLUSTER, SUBNET_A, SUBNET_A2, vpcConfig=subnets("subnet-a", "subnet-a2")),
        create(t.CLUSTER, SUBNET_A, SUBNET_B, vpcConfig=subnets("subnet-a", "subnet-b")),
    ),
    "cluster-one-vpc": (
        create(t.CLUSTER, SUBNET_A, thing(t.SUBNET, "s", {"vpcId": "vpc-3"}), vpcConfig=subnets("subnet-a", "s")),
        create(t.CLUSTER, SUBNET_A, SUBNET_B, vpcConfig=subnets("subnet-a", "subnet-b")),
    ),
    "cluster-endpoint": (
        create(t.CLUSTER, vpcConfig={"endpointPublicAccess": False}),
        create(t.CLUSTER, vpcConfig={"endpointPublicAccess": False, "endpointPrivateAccess": True}),
    ),
    "cluster-public-cidrs": (
        create(t.CLUSTER, vpcConfig={"publicAccessCidrs": ["10.0.0.0/8"]}),
        create(t.CLUSTER, vpcConfig={"publicAccessCidrs": ["198.51.100.0/24"]}),
    ),
    "cluster-role-trust": (
        create(t.CLUSTER, role("ec2.amazonaws.com"), roleArn="arn:r"),
        create(t.CLUSTER, role("eks.amazonaws.com"), roleArn="arn:r"),
    ),
    "cluster-authentication": (
        update(cluster(accessConfig={"authenticationMode": "API"}), accessConfig={"authenticationMode": "CONFIG_MAP"}),
        update(cluster(), accessConfig={"authenticationMode": "API"}),
    ),
    "cluster-encryption-stays": (
        update(cluster(encryptionConfig={"provider": {"keyArn": "arn:key-1"}}), name="blue"),
        update(cluster(), encryptionConfig={"provider": {"keyArn": "arn:key-1"}}),
    ),
    "cluster-deletion-protection": (delete(cluster(deletionProtection=True)), delete(cluster())),
    "cluster-active": (
        create(
            t.NODE_GROUP,
            thing(t.CLUSTER, "blue", {"name": "blue"}, {"name": "blue"}, status=Status.CREATING),
            clusterName="blue",
        ),
        create(t.NODE_GROUP, CLUSTER, clusterName="blue"),
    ),
    "addon-name": (create(t.ADDON, addonName="vpc-cnl"), create(t.ADDON, addonName="vpc-cni")),
    "addon-once": (
        create(
            t.ADDON,
            thing(t.ADDON, "a", {"clusterName": "blue", "addonName": "vpc-cni"}),
            clusterName="blue",
            addonName="vpc-cni",
        ),
        create(t.ADDON, clusterName="blue", addonName="vpc-cni"),
    ),
    "addon-needs-nodes": (
        create(t.ADDON, CLUSTER, clusterName="blue", addonName="coredns"),
        create(t.ADDON, CLUSTER, NODES, clusterName="blue", addonName="coredns"),
    ),
    "access-entry-once": (
        create(t.ACCESS_ENTRY, ENTRY, clusterName="blue", principalArn=ADMIN),
        create(t.ACCESS_ENTRY, ENTRY, clusterName="green", principalArn=ADMIN),
    ),
    "access-entry-principal": (
        create(t.ACCESS_ENTRY, principalArn=f"arn:aws:sts::{ACCOUNT}:assumed-role/admin/me"),
        create(t.ACCESS_ENTRY, principalArn=ADMIN),
    ),
    "access-policy-entry": (
        create(t.ACCESS_POLICY_ASSOCIATION, clusterName="blue", principalArn=ADMIN),
        create(t.ACCESS_POLICY_ASSOCIATION, ENTRY, clusterName="blue", principalArn=ADMIN),
    ),
    "access-policy-known": (
        create(t.ACCESS_POLICY_ASSOCIATION, policyArn="arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"),
        create(t.ACCESS_POLICY_ASSOCIATION, policyArn=ADMIN_POLICY),
    ),
    "pod-identity-once": (
        create(
            t.POD_IDENTITY_ASSOCIATION,
            thing(t.POD_IDENTITY_ASSOCIATION, "a-1", {"clusterName": "blue", "namespace": "n", "serviceAccount": "s"}),
            clusterName="blue",
            namespace="n",
            serviceAccount="s",
        ),
        create(t.POD_IDENTITY_ASSOCIATION, clusterName="blue", namespace="n", serviceAccount="s"),
    ),
    "pod-identity-trust": (
        create(t.POD_IDENTITY_ASSOCIATION, role("ec2.amazonaws.com"), roleArn="arn:r"),
        create(t.POD_IDENTITY_ASSOCIATION, role("pods.eks.amazonaws.com"), roleArn="arn:r"),
    ),
    "launch-template-name": (
        create(t.LAUNCH_TEMPLATE, TEMPLATE, name="lt"),
        create(t.LAUNCH_TEMPLATE, TEMPLATE, name="lt-2"),
    ),
    "user-data-size": (
        create(t.LAUNCH_TEMPLATE, userData=base64.b64encode(b"x" * 16_385).decode()),
        create(t.LAUNCH_TEMPLATE, userData=base64.b64encode(b"x" * 16_384).decode()),
    ),
    "node-group-name": (
        create(t.NODE_GROUP, NODES, clusterName="blue", nodeGroupName="n"),
        create(t.NODE_GROUP, NODES, clusterName="green", nodeGroupName="n"),
    ),
    "node-group-quota": (
        create(t.NODE_GROUP, NODES, clusterName="blue", quotas={"node-group-quota": 1}),
        create(t.NODE_GROUP, NODES, clusterName="green", quotas={"node-group-quota": 1}),
    ),
    "node-group-scaling": (
        create(t.NODE_GROUP, scalingConfig={"minSize": 3, "desiredSize": 2, "maxSize": 4}),
        create(t.NODE_GROUP, scalingConfig={"minSize": 2, "desiredSize": 2, "maxSize": 4}),
    ),
    "node-group-version": (
        create(t.NODE_GROUP, CLUSTER, clusterName="blue", version="1.37"),
        create(t.NODE_GROUP, CLUSTER, clusterName="blue", version="1.36"),
    ),
    "launch-template-version": (
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1", "version": "3"}),
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1", "version": "2"}),
    ),
    "node-group-instance-type": (
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1"}, instanceTypes=["m7g.large"]),
        create(t.NODE_GROUP, TEMPLATE, launchTemplate={"id": "lt-1"}),
    ),
    "node-role-trust": (
        create(t.NODE_GROUP, role("eks.amazonaws.com"), nodeRoleArn="arn:r"),
        create(t.NODE_GROUP, role("ec2.amazonaws.com"), nodeRoleArn="arn:r"),
    ),
    "node-role-policies": (
        create(t.NODE_GROUP, role("ec2.amazonaws.com"), nodeRoleArn="arn:r"),
        create(
            t.NODE_GROUP,
            role("ec2.amazonaws.com"),
            thing(t.ROLE_POLICY_ATTACHMENT, "a", {"role": "r", "policyArn": "arn:aws:x/AmazonEKSWorkerNodePolicy"}),
            nodeRoleArn="arn:r",
        ),
    ),
    "nodes-way-out": (
        create(t.NODE_GROUP, SUBNET_A, subnetIds=["subnet-a"]),
        create(
            t.NODE_GROUP,
            SUBNET_A,
            thing(t.ROUTE_TABLE_ASSOCIATION, "a", {"subnetId": "subnet-a", "routeTableId": "rtb-1"}),
            thing(t.ROUTE, "r", {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}),
            subnetIds=["subnet-a"],
        ),
    ),
    "nodes-need-network-plugin": (
        create(t.NODE_GROUP, cluster(bootstrapSelfManagedAddons=False), clusterName="blue"),
        create(t.NODE_GROUP, cluster(), clusterName="blue"),
    ),
}
