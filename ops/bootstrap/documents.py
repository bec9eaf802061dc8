"""The policies that bootstrap attaches, beside those of the deployer in docs/deployer."""

import json

from ops.aws.names import ATTESTATIONS
from ops.bootstrap.target import Target
from ops.stacks import PROJECT_DIR
from simulator.values import JSON

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
_MAIN = "refs/heads/main"
_PARTS = ("network", "platform", "storage", "databases", "files", "messages", "alarms", "secrets")


def deployer_parts(target: Target) -> tuple[str, ...]:
    """The documents of docs/deployer that the deploy role gets: only what may go may be emptied."""
    return (*_PARTS, "disposal") if target.environment.tier == "testing" else _PARTS


def documented(page: str, target: Target) -> JSON:
    """One of the documents below docs, of this account and environment."""
    text = (PROJECT_DIR / "docs" / f"{page}.json").read_text(encoding="utf-8")
    return json.loads(text.replace("ACCOUNT", target.account).replace("ENVIRONMENT", target.name))


def deploy_trust(target: Target) -> JSON:
    """Jobs of one GitHub environment on the named refs, and holders of the named roles of the account."""
    trust = target.trust
    statements: list[JSON] = []
    if trust.repository:
        subject = f"repo:{trust.repository}:environment:{trust.github_environment}"
        statements.append(_github(target, subject, {"StringLike": {f"{ISSUER}:ref": list(trust.refs)}}))
    if trust.principals:
        statements.append(_people(target, {"ArnLike": {"aws:PrincipalArn": list(trust.principals)}}))
    return _document(*statements)


def preview_trust(target: Target) -> JSON:
    """Jobs of pull requests, and of the main branch that only look. One from a fork gets no token that says so."""
    whose = f"repo:{target.trust.repository}"
    return _document(_github(target, [f"{whose}:pull_request", f"{whose}:ref:{_MAIN}"], {}))


def drift_trust(target: Target) -> JSON:
    """Jobs of the main branch alone, which is where a schedule runs, and the people who may deploy."""
    trust = target.trust
    statements: list[JSON] = []
    if trust.repository:
        statements.append(_github(target, f"repo:{trust.repository}:ref:{_MAIN}", {}))
    if trust.principals:
        statements.append(_people(target, {"ArnLike": {"aws:PrincipalArn": list(trust.principals)}}))
    return _document(*statements)


def admin_trust(target: Target) -> JSON:
    """Whoever the account lets take it, with a second factor."""
    return _document(_people(target, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}))


def deploy_state(target: Target, key: str) -> JSON:
    """What the deployer may do to the state."""
    return _document(
        _allow("FindState", ["s3:GetBucketLocation", "s3:ListBucket"], _bucket(target)),
        _allow("KeepState", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], f"{_bucket(target)}/.pulumi/*"),
        _allow(
            "EncryptStateAndItsSecrets", ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"], key
        ),
    )


def deploy_attestations(target: Target, key: str) -> JSON:
    """Who deploys says what it proved of it; what is written stays, the bucket keeps versions."""
    return _document(
        _allow("KeepAttestations", ["s3:GetObject", "s3:PutObject"], f"{_bucket(target)}/{ATTESTATIONS}*"),
        _allow("SignAttestations", ["kms:DescribeKey", "kms:GetPublicKey", "kms:Sign"], key),
    )


def preview_state(target: Target, key: str) -> JSON:
    """What a preview reads: the state without its secrets, attestations, clusters, ids of images and list prices."""
    return _document(
        *_state_reading(target, key, through_s3=True),
        _allow("ReadAttestations", ["s3:GetObject"], f"{_bucket(target)}/{ATTESTATIONS}*"),
        _allow("ReadClusters", ["eks:DescribeCluster"], f"arn:aws:eks:*:{target.account}:cluster/*"),
        _allow("ReadImageIds", ["ssm:GetParameter", "ssm:GetParameters"], "arn:aws:ssm:*::parameter/aws/service/*"),
        _allow("ReadPrices", ["pricing:GetProducts"], "*"),
    )


def read_state(target: Target, key: str) -> JSON:
    """All of the state and nothing written: for a look at drift, and for the outputs that say where testers read."""
    return _document(*_state_reading(target, key))


def distribute_releases(target: Target) -> JSON:
    """Push what testers pull, and put what they download: deletes nothing, tags stay, the bucket keeps versions."""
    releases = "arn:aws:s3:::distribution-objects-bucket-releases-*"
    through_s3 = {
        "StringEquals": {
            "aws:ResourceTag/environment": target.name,
            "aws:ResourceTag/data-class": "releases",
            "kms:ViaService": f"s3.{target.home}.amazonaws.com",
        }
    }
    return _document(
        _allow("LogIn", ["ecr:GetAuthorizationToken"], "*"),
        _allow(
            "PushImages",
            [
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:CompleteLayerUpload",
                "ecr:GetDownloadUrlForLayer",
                "ecr:InitiateLayerUpload",
                "ecr:PutImage",
                "ecr:UploadLayerPart",
            ],
            f"arn:aws:ecr:{target.home}:{target.account}:repository/{target.name}/*",
        ),
        _allow("FindBinaries", ["s3:ListBucket"], releases),
        _allow("PutBinaries", ["s3:GetObject", "s3:PutObject"], f"{releases}/*"),
        {
            "Sid": "EncryptBinaries",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": f"arn:aws:kms:{target.home}:{target.account}:key/*",
            "Condition": through_s3,
        },
    )


def tls_only(bucket: str) -> JSON:
    """Nobody reaches the bucket in clear text."""
    return _document(_deny_clear_text(bucket))


def log_delivery(target: Target) -> JSON:
    """S3 writes the accesses to the state, and those of no other bucket."""
    delivery: JSON = {
        "Sid": "AccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{target.log_bucket}/*",
        "Condition": {
            "ArnEquals": {"aws:SourceArn": _bucket(target)},
            "StringEquals": {"aws:SourceAccount": target.account},
        },
    }
    return _document(_deny_clear_text(target.log_bucket), delivery)


def _github(target: Target, subject: JSON, more: dict[str, JSON]) -> JSON:
    return {
        "Sid": "GitHub",
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{target.account}:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": subject}, **more},
    }


def _people(target: Target, condition: JSON) -> JSON:
    return {
        "Sid": "People",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{target.account}:root"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }


def _deny_clear_text(bucket: str) -> JSON:
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _allow(sid: str, actions: list[str], resource: str, condition: JSON = None) -> JSON:
    allowed: dict[str, JSON] = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
    return allowed if condition is None else {**allowed, "Condition": condition}


def _state_reading(target: Target, key: str, *, through_s3: bool = False) -> tuple[JSON, ...]:
    """One key encrypts the objects of the state and, again, the secrets in them: S3 decrypts the first alone."""
    decrypt = _allow("DecryptStateAndItsSecrets", ["kms:Decrypt", "kms:DescribeKey"], key)
    if through_s3:
        through = {"StringEquals": {"kms:ViaService": f"s3.{target.home}.amazonaws.com"}}
        decrypt = _allow("DecryptState", ["kms:Decrypt"], key, through)
    return (
        _allow("FindState", ["s3:GetBucketLocation", "s3:ListBucket"], _bucket(target)),
        _allow("ReadState", ["s3:GetObject"], f"{_bucket(target)}/.pulumi/*"),
        decrypt,
    )


def _bucket(target: Target) -> str:
    return f"arn:aws:s3:::{target.bucket}"


def _document(*statements: JSON) -> JSON:
    return {"Version": "2012-10-17", "Statement": list(statements)}
