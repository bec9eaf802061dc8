"""A model region's secrets: the seed of an identity, and a secret that holds what is derived from it."""

import json

from tests.contract.policies.region import RegionBuilder
from tests.contract.policies.stack import Json, Row, document


def build_secrets(region: RegionBuilder) -> None:
    """Register what one miner's identity is made of, and who may read it."""
    locks: Row = {"protect": True, "retainOnDelete": True}
    region.add("random:index/randomPassword:RandomPassword", "miner-p2p-seed", {"length": 64}, **locks)
    region.add(
        "aws:secretsmanager/secret:Secret",
        "miner-p2p",
        {"name": "model/miner/p2p", "kmsKeyId": region.arn_of("key"), "recoveryWindowInDays": 30},
        **locks,
    )
    region.add(
        "aws:secretsmanager/secretVersion:SecretVersion",
        "miner-p2p-version",
        # An ARN whose words look like an assignment to a variable called secret.
        {
            "secretId": f"arn:aws:secretsmanager:{region.name}:444455556666:secret:model/p2p-AbCdEf",
        },
        after=["miner-p2p"],
        propertyDependencies={"secretString": [region.stack.urn(f"{region.name}-miner-p2p-seed")]},
    )
    region.add(
        "aws:secretsmanager/secretRotation:SecretRotation",
        "miner-p2p-rotation",
        {"secretId": region.ref("miner-p2p"), "rotationRules": {"automaticallyAfterDays": 30}},
        after=["miner-p2p"],
    )
    _build_reader(region)
    _build_account_events(region)


def _build_reader(region: RegionBuilder) -> None:
    """External Secrets, its reader of one namespace's secrets, what it brings there, and who is told of it."""
    operator = region.role("external-secrets", "pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"])
    account: Row = {"namespace": "external-secrets", "serviceAccount": "external-secrets"}
    region.add(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        "external-secrets",
        {"clusterName": "model", "roleArn": operator, **account},
    )
    trust: Row = {"Effect": "Allow", "Principal": {"AWS": operator}, "Action": ["sts:AssumeRole", "sts:TagSession"]}
    region.add("aws:iam/role:Role", "miner-reader", {"assumeRolePolicy": document(trust)})
    wallet = f"arn:aws:secretsmanager:{region.name}:444455556666:secret:wallets/miner-AbCdEf"
    pattern: Row = {
        "detail": {"eventName": ["GetSecretValue"], "requestParameters": {"secretId": [wallet]}},
    }
    region.add(
        "aws:cloudwatch/eventRule:EventRule",
        "wallet-read",
        {"eventPattern": json.dumps(pattern), "state": "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"},
    )
    region.add(
        "aws:cloudwatch/eventTarget:EventTarget",
        "wallet-read-topic",
        {"rule": region.ref("wallet-read")},
        after=["wallet-read"],
    )
    inside: Row = {"name": "miner", "namespace": "miner"}
    provider = f"{region.name}-kubernetes"
    region.stack.add(
        "kubernetes:external-secrets.io/v1:SecretStore",
        f"{region.name}-miner-store",
        {"metadata": inside, "spec": {"provider": {"aws": {"role": region.arn_of("miner-reader")}}}},
        provider=provider,
    )
    sources = {
        "p2p_private_key": region.arn_of("miner-p2p"),
        "miner_wallet_private_keys": wallet,
    }
    data: Json = [{"secretKey": key, "remoteRef": {"key": source, "property": key}} for key, source in sources.items()]
    region.stack.add(
        "kubernetes:external-secrets.io/v1:ExternalSecret",
        f"{region.name}-miner-secrets",
        {"metadata": inside, "spec": {"data": data}},
        provider=provider,
    )


def _build_account_events(region: RegionBuilder) -> None:
    """What the account records and somebody is told of."""
    heard: dict[str, Row] = {
        "keys": {"eventName": ["DisableKey", "ScheduleKeyDeletion"]},
        "root": {"userIdentity": {"type": ["Root"]}},
        "findings": {"severity": [{"numeric": [">=", 4]}]},
    }
    for what, detail in heard.items():
        region.add(
            "aws:cloudwatch/eventRule:EventRule",
            f"account-{what}",
            {"eventPattern": json.dumps({"detail": detail}), "state": "ENABLED"},
        )
        region.add(
            "aws:cloudwatch/eventTarget:EventTarget",
            f"account-{what}-topic",
            {"rule": region.ref(f"account-{what}")},
            after=[f"account-{what}"],
        )
