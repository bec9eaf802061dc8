"""IAM policy documents as plain data. No resources: components turn them into roles and policies."""

import json
from collections.abc import Mapping, Sequence
from typing import TypedDict

import pulumi

from components.placement import Placement


class Statement(TypedDict, total=False):
    """One statement of a policy document, in IAM's own spelling."""

    Sid: str
    Effect: str
    Principal: str | Mapping[str, pulumi.Input[str] | Sequence[str]]
    Action: str | Sequence[str]
    Resource: str | pulumi.Input[str] | Sequence[pulumi.Input[str]]
    Condition: Mapping[str, Mapping[str, str | Sequence[pulumi.Input[str]]]]


def document(*statements: Statement) -> str:
    """A policy document of statements that are known while the program runs."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def document_output(*statements: Statement) -> pulumi.Output[str]:
    """A policy document whose statements name resources that do not exist yet."""
    return pulumi.Output.json_dumps({"Version": "2012-10-17", "Statement": list(statements)})


def pod_identity_trust(placement: Placement, cluster: str) -> str:
    """Trust for a role that pods of one cluster take through EKS Pod Identity.

    The source conditions keep another account's or cluster's agent from being the confused deputy.
    """
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "pods.eks.amazonaws.com"},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
            "Condition": {
                "StringEquals": {"aws:SourceAccount": placement.account},
                "ArnEquals": {"aws:SourceArn": placement.arn("eks", f"cluster/{cluster}")},
            },
        }
    )


def service_trust(service: str, conditions: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Trust for a role that an AWS service takes, for example `eks.amazonaws.com`."""
    statement: Statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if conditions:
        statement["Condition"] = conditions
    return document(statement)


def account_root(placement: Placement, account: str) -> str:
    """Another account as a principal: it hands what it is given on to its people by IAM."""
    return f"arn:{placement.partition}:iam::{account}:root"


def key_policy(placement: Placement, *uses: Statement) -> str:
    """Policy of a KMS key: the account administers it through IAM, and each use is a statement of its own."""
    account: Statement = {
        "Sid": "AccountAdministersThroughIam",
        "Effect": "Allow",
        "Principal": {"AWS": placement.account_root},
        "Action": "kms:*",
        "Resource": "*",
    }
    return document(account, *uses)
