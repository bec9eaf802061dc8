"""Identities: ``aws:iam`` roles, policies and instance profiles. IAM is global: no region in ARNs or outputs."""

from simulator.types.aws import CREATED_AT, all_tags
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON

_UNIQUE_ID_DIGITS = 17


def _arn(request: Request, kind: str) -> str:
    return request.arn("iam", f"{kind}{request.text('path', '/')}{request.text('name')}", region=False)


def _unique_id(request: Request, prefix: str) -> str:
    return f"{prefix}{request.digest(_UNIQUE_ID_DIGITS, 'unique').upper()}"


def _role(request: Request, name: str) -> dict[str, JSON]:
    return {
        **all_tags(request),
        "arn": request.arn("iam", f"role{request.text('path', '/')}{name}", region=False),
        "createDate": CREATED_AT,
        "uniqueId": _unique_id(request, "AROA"),
    }


def _policy(request: Request, arn: str) -> dict[str, JSON]:
    return {**all_tags(request), "arn": arn, "policyId": _unique_id(request, "ANPA")}


def _instance_profile(request: Request, name: str) -> dict[str, JSON]:
    return {
        **all_tags(request),
        "arn": request.arn("iam", f"instance-profile{request.text('path', '/')}{name}", region=False),
        "createDate": CREATED_AT,
        "uniqueId": _unique_id(request, "AIPA"),
    }


def _attachment_id(request: Request) -> str:
    return f"{request.text('role')}-{request.number(10**17, 'attachment'):026d}"


MODELS = (
    ResourceModel(
        "aws:iam/role:Role",
        identify=lambda request: request.text("name"),
        compute=_role,
        autoname=Autoname("name", max_length=64),
        defaults={
            "description": "",
            "forceDetachPolicies": False,
            "inlinePolicies": [],
            "managedPolicyArns": [],
            "maxSessionDuration": 3600,
            "namePrefix": "",
            "path": "/",
        },
    ),
    ResourceModel(
        "aws:iam/rolePolicy:RolePolicy",
        identify=lambda request: f"{request.text('role')}:{request.text('name')}",
        compute=lambda _request, _id: {},
        autoname=Autoname("name", max_length=128),
        defaults={"namePrefix": ""},
    ),
    ResourceModel(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        identify=_attachment_id,
        compute=lambda _request, _id: {},
    ),
    ResourceModel(
        "aws:iam/policy:Policy",
        identify=lambda request: _arn(request, "policy"),
        compute=_policy,
        autoname=Autoname("name", max_length=128),
        defaults={"attachmentCount": 0, "description": "", "namePrefix": "", "path": "/"},
    ),
    ResourceModel(
        "aws:iam/instanceProfile:InstanceProfile",
        identify=lambda request: request.text("name"),
        compute=_instance_profile,
        autoname=Autoname("name", max_length=128),
        defaults={"namePrefix": "", "path": "/"},
    ),
)
