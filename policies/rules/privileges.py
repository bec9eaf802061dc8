"""Which grants of an IAM statement go too far."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from .documents import Statement

ADMIN_POLICIES = frozenset({"AdministratorAccess", "PowerUserAccess", "AWSKeyManagementServicePowerUser"})
"""Managed policies of AWS that administer; those named full access come on top."""

NO_SOURCE_SERVICES = frozenset({"ec2.amazonaws.com"})
"""Service principals that send neither aws:SourceAccount nor aws:SourceArn when they assume a role."""

SOURCE_KEYS = frozenset(
    {
        "aws:sourceaccount",
        "aws:sourcearn",
        "aws:sourceorgid",
        "kms:encryptioncontext:aws:logs:arn",
        "kms:calleraccount",
    }
)
"""Condition keys that bind a service to this account, in lower case."""

_BOUNDING_KEYS = (
    "aws:resourcetag/*",
    "aws:requesttag/*",
    "aws:resourceaccount",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "*:resourcetag/*",
    "ec2:createaction",
    "ec2:vpc",
    "iam:awsservicename",
    "iam:passedtoservice",
    "kms:viaservice",
    "kms:grantisforawsresource",
    "eks:cluster-name",
    "cloudwatch:namespace",
)

_UNRESTRICTABLE = (
    "autoscaling:describe*",
    "acm:listcertificates",
    "cloudwatch:getmetricdata",
    "cloudwatch:listmetrics",
    "cloudwatch:putmetricdata",
    "cognito-idp:describeuserpoolclient",
    "ec2:describe*",
    "ec2:getsecuritygroupsforvpc",
    "ec2:getipampoolcidrs",
    "ec2messages:*",
    "ecr:getauthorizationtoken",
    "eks:listclusters",
    "elasticfilesystem:describe*",
    "elasticloadbalancing:describe*",
    "fsx:describe*",
    "logs:describeloggroups",
    "route53:listhostedzones",
    "route53:listhostedzonesbyname",
    "s3:listallmybuckets",
    "servicequotas:getservicequota",
    "sts:getcalleridentity",
    "ssm:updateinstanceinformation",
    "ssmmessages:createcontrolchannel",
    "ssmmessages:createdatachannel",
    "ssmmessages:opencontrolchannel",
    "ssmmessages:opendatachannel",
    "tag:getresources",
    "xray:put*",
)
"""Actions that know no resource level. Source: AWS Service Authorization Reference."""

_ESCALATIONS = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PassRole",
    "iam:PutGroupPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "sts:AssumeRole",
    "lambda:UpdateFunctionCode",
    "eks:CreateAccessEntry",
    "eks:AssociateAccessPolicy",
)
"""Actions by which a holder gives itself more. Source: cloudsplaining, privilege escalation methods."""

_EXPOSURES = (
    "s3:GetObject",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "rds:CopyDBSnapshot",
    "rds-db:connect",
    "ec2:CreateSnapshot",
    "ec2:ModifySnapshotAttribute",
)
"""Actions by which data or credentials leave. Source: cloudsplaining, data exfiltration."""


def excesses(statement: Statement) -> Iterator[str]:
    """What is wrong with a statement of an identity policy, as the end of "statement X …"."""
    if not statement.allows:
        return
    if statement.not_actions or statement.not_resources:
        yield "grants everything but a list"
    if "*" in statement.actions:
        yield "grants every action"
    everywhere = _everywhere(statement)
    if not everywhere:
        return
    services = sorted(action for action in statement.actions if action.endswith(":*") and not _unrestrictable(action))
    if services:
        yield f"grants {', '.join(services)} on every resource"
    if _bounded(statement):
        return
    for title, actions in (("lets its holder escalate by", _ESCALATIONS), ("exposes data by", _EXPOSURES)):
        found = [action for action in actions if statement.matches(action)]
        if found:
            yield f"{title} {', '.join(found)} on every resource"
    loose = [action for action in statement.actions if action != "*" and not _unrestrictable(action)]
    if loose:
        yield f"grants {', '.join(sorted(loose))} on every resource although they can be restricted"


def _everywhere(statement: Statement) -> bool:
    return "*" in statement.resources or any(resource.startswith("arn:*:*") for resource in statement.resources)


def _bounded(statement: Statement) -> bool:
    return any(fnmatchcase(key, pattern) for key in statement.condition_keys for pattern in _BOUNDING_KEYS)


def _unrestrictable(action: str) -> bool:
    return any(fnmatchcase(action.lower(), pattern) for pattern in _UNRESTRICTABLE)
