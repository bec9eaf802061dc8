"""Damages of roles, policies, keys, logs, and secrets in the open."""

import json

from tests.contract.policies.names import (
    ADDON,
    ATTACHMENT,
    AURORA,
    CONFIG_MAP,
    KEY,
    KUBERNETES,
    LOGS,
    POD_IDENTITY,
    POLICY,
    RELEASE,
    ROLE,
    ROLE_POLICY,
    STACK,
    TEMPLATE,
    VPC,
)
from tests.contract.policies.recipes import grant, trust, web_identity
from tests.contract.policies.stack import (
    ACCOUNT,
    ADMIN,
    SECRET,
    Damage,
    ModelStack,
    Row,
    document,
    drop,
    edit,
    option,
    plant,
)


def _key_policy(other: Row) -> str:
    principal: Row = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    return document(other, {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"})


def _kubeconfig(user: Row) -> str:
    return json.dumps({"users": [{"name": "model", "user": user}]})


def _inline_policies(count: int) -> Damage:
    def damage(stack: ModelStack) -> None:
        for index in range(count):
            statement = grant("s3:GetObject", [f"arn:aws:s3:::{'b' * 50}{number}/*" for number in range(90)])
            inputs: Row = {"role": "eu-west-1-app-role-id", "policy": statement}
            plant(ROLE_POLICY, inputs, name=f"inline-{index}")(stack)

    return damage


DAMAGES: dict[str, tuple[Damage, ...]] = {
    "IAM-1": (
        edit(POLICY, "policy", grant("*")),
        edit(POLICY, "policy", grant("s3:*")),
        edit(POLICY, "policy", grant("iam:PassRole")),
        edit(POLICY, "policy", grant("secretsmanager:GetSecretValue")),
        edit(POLICY, "policy", grant("ec2:TerminateInstances")),
        edit(POLICY, "policy", grant(["ec2:Describe*", "ec2:RunInstances"])),
        edit(POLICY, "policy", document({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
        edit(ROLE_POLICY, "policy", grant("iam:*")),
        edit(ROLE, "inlinePolicies", [{"name": "x", "policy": grant("*")}]),
    ),
    "IAM-1-MANAGED": (
        edit(ATTACHMENT, "policyArn", "arn:aws:iam::aws:policy/AdministratorAccess"),
        edit(ROLE, "managedPolicyArns", ["arn:aws:iam::aws:policy/IAMFullAccess"]),
    ),
    "IAM-2": (
        edit(ROLE, "assumeRolePolicy", trust({"AWS": "*"})),
        edit(ROLE, "assumeRolePolicy", web_identity(sub="system:serviceaccount:miner:app")),
        edit(ROLE, "assumeRolePolicy", web_identity(sub="system:serviceaccount:*", aud="sts.amazonaws.com")),
        edit(ROLE, "assumeRolePolicy", trust({"Service": "pods.eks.amazonaws.com"}, "sts:AssumeRole")),
    ),
    "IAM-3": (
        plant(
            POD_IDENTITY,
            {
                "clusterName": "model",
                "namespace": "miner",
                "serviceAccount": "other",
                "roleArn": "arn:aws:iam::444455556666:eu-west-1-app-role",
            },
        ),
        edit(
            ADDON,
            "podIdentityAssociations",
            [{"serviceAccount": "aws-node", "roleArn": "arn:aws:iam::444455556666:eu-west-1-app-role"}],
        ),
    ),
    "IAM-4": (plant("aws:iam/user:User"), plant("aws:iam/accessKey:AccessKey", {"user": "robot"})),
    "IAM-5": (
        edit(ROLE_POLICY, "policy", grant("kms:Decrypt", "*")),
        edit(ROLE_POLICY, "policy", grant("kms:*", "arn:aws:kms:eu-west-1:444455556666:key/*")),
        edit(ROLE_POLICY, "policy", grant(["kms:De*"], ["arn:aws:kms:eu-west-1:444455556666:alias/logs"])),
    ),
    "IAM-6": (
        edit(ROLE, "assumeRolePolicy", trust({"Service": "eks.amazonaws.com"})),
        edit(
            KEY,
            "policy",
            _key_policy({"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "kms:Decrypt"}),
        ),
        plant("aws:s3/bucketPolicy:BucketPolicy", {"policy": trust({"Service": "x.amazonaws.com"}, "s3:PutObject")}),
    ),
    "IAM-8": (
        edit(POLICY, "policy", grant("s3:GetObject", [f"arn:aws:s3:::{'b' * 60}{n}" for n in range(100)])),
        edit(
            ROLE, "assumeRolePolicy", trust({"AWS": [f"arn:aws:iam::{ACCOUNT}:role/{'r' * 50}{n}" for n in range(30)]})
        ),
        edit(ROLE, "assumeRolePolicy", document()),
        _inline_policies(2),
    ),
    "KMS-1": (edit(KEY, "enableKeyRotation", value=False), drop(KEY), plant(KEY, {"description": "logs"})),
    "KMS-2": (
        edit(KEY, "policy", None),
        edit(KEY, "policy", trust({"AWS": ADMIN}, "kms:Decrypt")),
        edit(KEY, "policy", _key_policy({"Effect": "Allow", "Principal": "*", "Action": "kms:Decrypt"})),
        edit(KEY, "policy", _key_policy({"Effect": "Allow", "Principal": {"AWS": ADMIN}, "Action": "kms:*"})),
        edit(KEY, "bypassPolicyLockoutSafetyCheck", value=True),
    ),
    "KMS-3": (edit(KEY, "deletionWindowInDays", 7), option(KEY, "protect", value=False)),
    "SEC-1": (
        edit(TEMPLATE, "userData", "cGFzc3dvcmQ9aHVudGVyMmh1bnRlcjIKIyBwYWRkaW5nIHBhZGRpbmc="),
        edit(VPC, "tags", {"note": "AKIAABCDEFGHIJKLMNOP"}),
        edit(AURORA, "masterPassword", "correct horse"),
        edit(CONFIG_MAP, "data", {"settings": '{"api_key": "abcdefghijkl"}'}),
        edit(CONFIG_MAP, "data", {"key.pem": "-----BEGIN EC PRIVATE KEY-----"}),
        edit(CONFIG_MAP, "data", {"key.pem": "# Schlüssel des Knotens\n-----BEGIN EC PRIVATE KEY-----"}),
        edit(KUBERNETES, "kubeconfig", _kubeconfig({"token": "plainly"})),
    ),
    "SEC-4": (
        edit(TEMPLATE, "userData", SECRET),
        edit(VPC, "tags", {"note": SECRET}),
        edit(CONFIG_MAP, "data", {"settings": SECRET}),
        edit(RELEASE, "values.password", SECRET),
    ),
    "SEC-6": (
        option(STACK, "outputs", {"kubeconfig": "apiVersion: v1"}),
        option(STACK, "outputs", {"database": {"password": "correct horse"}}),
        option(STACK, "outputs", {"note": "AKIAABCDEFGHIJKLMNOP"}),
    ),
    "OBS-1": (
        edit(LOGS, "kmsKeyId", None),
        edit(LOGS, "retentionInDays", 90),
        edit(LOGS, "retentionInDays", None),
    ),
}
