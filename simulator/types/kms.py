"""Keys: ``aws:kms`` keys, aliases and key policies."""

import json
import re

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON

_KEY_ID = re.compile(r"[^/]+$")


def _key_id(request: Request) -> str:
    return f"mrk-{request.digest(32, 'key')}" if request.inputs.get("multiRegion") is True else request.uuid("key")


def _default_policy(request: Request) -> str:
    root = request.arn("iam", "root", region=False)
    statement = {"Sid": "Enable IAM User Permissions", "Effect": "Allow", "Principal": {"AWS": root}}
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Id": "key-default-1",
            "Statement": [{**statement, "Action": "kms:*", "Resource": "*"}],
        }
    )


def _key(request: Request, key_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("kms", f"key/{key_id}"),
        "keyId": key_id,
        "policy": request.inputs.get("policy") or _default_policy(request),
    }


def _alias(request: Request, name: str) -> dict[str, JSON]:
    key = _KEY_ID.search(request.text("targetKeyId"))
    return {
        **regional(request),
        "arn": request.arn("kms", name),
        "targetKeyArn": request.arn("kms", f"key/{key.group() if key else ''}"),
    }


MODELS = (
    ResourceModel(
        "aws:kms/key:Key",
        identify=_key_id,
        compute=_key,
        defaults={
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "description": "",
            "enableKeyRotation": False,
            "isEnabled": True,
            "keyUsage": "ENCRYPT_DECRYPT",
            "multiRegion": False,
        },
    ),
    ResourceModel(
        "aws:kms/alias:Alias",
        identify=lambda request: request.text("name"),
        compute=_alias,
        autoname=Autoname("name", max_length=256, prefix="alias/"),
        defaults={"namePrefix": ""},
    ),
    ResourceModel(
        "aws:kms/keyPolicy:KeyPolicy",
        identify=lambda request: request.text("keyId"),
        compute=lambda request, _: regional(request),
        defaults={"bypassPolicyLockoutSafetyCheck": False},
    ),
)
