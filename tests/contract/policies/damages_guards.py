"""Damages of accounts, providers, locks, order and independence."""

import json

from tests.contract.policies.names import (
    ADDON,
    AEROSPIKE,
    AURORA,
    AWS,
    BUCKET,
    CLUSTER,
    DATABASE,
    EFS,
    ENDPOINT,
    FLOW_LOG,
    KEY,
    KUBERNETES,
    LOGS,
    LUSTRE,
    MEMBER,
    NAMESPACE,
    NODES,
    STATEFUL_SET,
    STORED_SECRET,
    SUBNET,
    VOLUME,
    VPC,
    ZONE,
)
from tests.contract.policies.recipes import grant
from tests.contract.policies.stack import ACCOUNT, Damage, ModelStack, Row, drop, edit, option, plant

_CREATED_ELSEWHERE = "arn:aws:kms:us-east-1:444455556666:key/1"
_OTHER_ACCOUNT = "arn:aws:kms:eu-west-1:999999999999:key/1"


def _tags(**changes: str | None) -> str:
    tags: dict[str, str | None] = {
        "environment": "model",
        "tier": "mainnet",
        "region": "eu-west-1",
        "owner": "devops@example.org",
        "project": "teranode-infra",
        "data-class": "chain",
    }
    tags.update(changes)
    return json.dumps({"tags": {key: value for key, value in tags.items() if value is not None}})


def _kubeconfig(user: Row) -> str:
    return json.dumps({"users": [{"name": "model", "user": user}]})


def _on_default_provider(stack: ModelStack) -> None:
    provider = stack.add(AWS, "default_7_51_1", {"region": "eu-west-1"})
    stack.first(VPC)["provider"] = f"{provider['urn']}::default-id"


def _without_nodes(stack: ModelStack) -> None:
    stack.rows = [row for row in stack.rows if row["type"] != NODES or "us-east-1" in str(row["urn"])]


def _storage_in_one_zone(stack: ModelStack) -> None:
    for zone in "bc":
        drop(NODES, name=f"storage-{zone}")(stack)


def _twice(token: str) -> Damage:
    return lambda stack: stack.rows.append(dict(stack.first(token)))


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "GRD-1": (
        edit(AWS, "region", ""),
        edit(AWS, "allowedAccountIds", "[]"),
        edit(AWS, "allowedAccountIds", json.dumps([ACCOUNT, "111122223333"])),
        edit(AWS, "allowedAccountIds", '["production"]'),
    ),
    "GRD-2": (
        option(VPC, "provider", ""),
        _on_default_provider,
    ),
    "GRD-4": (
        edit(LOGS, "kmsKeyId", _CREATED_ELSEWHERE),
        edit(LOGS, "kmsKeyId", _OTHER_ACCOUNT),
        edit(LOGS, "region", "us-east-1"),
        edit(SUBNET, "availabilityZone", "us-east-1a"),
        edit(ENDPOINT, "policy", grant("s3:GetObject", "arn:aws:kms:us-east-1:444455556666:key/1")),
        option(LOGS, "dependencies", ["urn:pulumi:model::teranode-infra::aws:kms/key:Key::us-east-1-key"]),
    ),
    "GRD-8": (
        edit(AWS, "defaultTags", _tags(owner=None)),
        edit(AWS, "defaultTags", _tags(region="us-east-1")),
        edit(AWS, "defaultTags", _tags(tier="testing")),
        edit(AWS, "defaultTags", ""),
    ),
    "GRD-5": (
        option(CLUSTER, "protect", value=False),
        option(KEY, "protect", value=False),
        option(BUCKET, "protect", value=False),
        option(VPC, "protect", value=False),
        option(SUBNET, "protect", value=False),
        option("aws:ec2/eip:Eip", "protect", value=False),
        option(ZONE, "protect", value=False),
        option(AURORA, "protect", value=False),
        option(MEMBER, "protect", value=False),
        option(DATABASE, "protect", value=False),
        option(EFS, "protect", value=False),
        option(LUSTRE, "protect", value=False),
        option(VOLUME, "protect", value=False),
        option(STORED_SECRET, "protect", value=False),
        option(AEROSPIKE, "protect", value=False),
        option(STATEFUL_SET, "protect", value=False),
        option(NODES, "protect", value=False, name="storage"),
        edit(NODES, "forceUpdateVersion", value=True, name="storage"),
        edit(ZONE, "forceDestroy", value=True),
    ),
    "GRD-5-RETAIN": (
        option(KEY, "retainOnDelete", value=False),
        option(BUCKET, "retainOnDelete", value=False),
        option(AURORA, "retainOnDelete", value=False),
        option(MEMBER, "retainOnDelete", value=False),
        option(DATABASE, "retainOnDelete", value=False),
        option(EFS, "retainOnDelete", value=False),
        option(LUSTRE, "retainOnDelete", value=False),
        option(VOLUME, "retainOnDelete", value=False),
        option(STORED_SECRET, "retainOnDelete", value=False),
        option(AEROSPIKE, "retainOnDelete", value=False),
        option(STATEFUL_SET, "retainOnDelete", value=False),
    ),
    "R6": (option(NAMESPACE, "protect", value=False),),
    "R2": (edit(AWS, "maxRetries", None), edit(AWS, "retryMode", None)),
    "R3": (
        option(NODES, "dependencies", ["urn:pulumi:model::teranode-infra::aws:ec2/vpc:Vpc::us-east-1-vpc"]),
        option(
            LOGS,
            "propertyDependencies",
            {"kmsKeyId": ["urn:pulumi:model::teranode-infra::aws:kms/key:Key::us-east-1-key"]},
        ),
        option(
            NAMESPACE, "dependencies", ["urn:pulumi:model::teranode-infra::aws:eks/cluster:Cluster::us-east-1-cluster"]
        ),
    ),
    "R9": (edit(AURORA, "availabilityZones", ["eu-west-1a", "eu-west-1b"]),),
    "R10": (
        _storage_in_one_zone,
        edit(NODES, "subnetIds", ["eu-west-1-private-a-id"], name="general"),
        _without_nodes,
    ),
    "R12": (
        option(NODES, "dependencies", []),
        option(ADDON, "dependencies", [], name="coredns"),
        option(ADDON, "dependencies", [], name="vpc-cni"),
    ),
    "R13": (
        edit(KUBERNETES, "clusterIdentifier", None),
        edit(KUBERNETES, "deleteUnreachable", "true"),
        edit(KUBERNETES, "kubeconfig", _kubeconfig({})),
        edit(KUBERNETES, "kubeconfig", _kubeconfig({"exec": {}, "token": "static"})),
    ),
    "R22": (
        _twice(VPC),
        plant(LOGS, {"name": "/aws/eks/model/cluster"}),
        plant(CLUSTER, {"name": "model"}),
        plant(AURORA, {"clusterIdentifier": "model-aurora"}),
    ),
    "R23": (option(CLUSTER, "ignoreChanges", ["version"]), option(NODES, "ignoreChanges", ["scalingConfig"])),
    "R26": (
        option(CLUSTER, "dependencies", []),
        option(NODES, "dependencies", []),
        option(FLOW_LOG, "dependencies", []),
        option(MEMBER, "dependencies", []),
        option(DATABASE, "dependencies", []),
    ),
    "R27": (option(KUBERNETES, "dependencies", []),),
}
