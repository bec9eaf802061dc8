"""Secrets: ``aws:secretsmanager`` secrets, their versions and policies."""

import string

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON

_SUFFIX_LENGTH = 6
_ALPHABET = string.ascii_letters + string.digits


def _arn(request: Request) -> str:
    """The ARN ends in characters of which only this secret knows: one of the same name later has others."""
    digest = request.digest(2 * _SUFFIX_LENGTH, "suffix")
    pairs = (int(digest[index : index + 2], 16) for index in range(0, len(digest), 2))
    suffix = "".join(_ALPHABET[pair % len(_ALPHABET)] for pair in pairs)
    return request.arn("secretsmanager", f"secret:{request.text('name')}-{suffix}")


def _version(request: Request, _: str) -> dict[str, JSON]:
    secret = request.text("secretId")
    return {
        **regional(request),
        "arn": secret,
        "hasSecretStringWo": "secretStringWo" in request.inputs,
        "secretArn": secret,
        "versionId": request.uuid("version"),
    }


MODELS = (
    ResourceModel(
        "aws:secretsmanager/secret:Secret",
        identify=_arn,
        compute=lambda request, arn: {**regional_tagged(request), "arn": arn},
        autoname=Autoname("name", max_length=512),
        defaults={
            "forceOverwriteReplicaSecret": False,
            "namePrefix": "",
            "policy": "",
            "recoveryWindowInDays": 30,
            "replicas": [],
            "type": "",
        },
    ),
    ResourceModel(
        "aws:secretsmanager/secretVersion:SecretVersion",
        identify=lambda request: f"{request.text('secretId')}|{request.uuid('version')}",
        compute=_version,
        defaults={"versionStages": ["AWSCURRENT"]},
        secret_outputs=frozenset({"secretBinary", "secretString"}),
    ),
    ResourceModel(
        "aws:secretsmanager/secretPolicy:SecretPolicy",
        identify=lambda request: request.text("secretArn"),
        compute=lambda request, _: regional(request),
    ),
)
