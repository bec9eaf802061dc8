"""The ARNs of the stack file: roles, policies, secrets and keys, each in the one form that AWS takes."""

import re
from typing import Annotated

from pydantic import AfterValidator

from infra.settings.fields import refuse

_ROLE_ARN = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::(\d{12}):role/([\x21-\x7e]+/)?[\w+=,.@-]{1,64}", re.ASCII
)
_POLICY_ARN = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov|aws-eusc):iam::(\d{12}):policy/([\x21-\x7e]+/)?[\w+=,.@-]{1,128}", re.ASCII
)
_SECRET_ARN = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov|aws-eusc):secretsmanager:([a-z0-9-]+):(\d{12}):secret:[\w/+=.@-]{1,505}-[A-Za-z0-9]{6}",
    re.ASCII,
)
_KEY_ARN = re.compile(
    r"arn:aws:kms:[a-z]{2}(-[a-z]+)+-\d:\d{12}:key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)


def _role_arn(value: str) -> str:
    if re.match(r"arn:[\w-]+:sts:", value):
        raise refuse(
            "the ARN of an IAM role, not of a session of it",
            "write arn:<partition>:iam::<account>:role/<name>; EKS access entries take no assumed-role ARN",
        )
    if not _ROLE_ARN.fullmatch(value):
        raise refuse(
            "the ARN of an IAM role: arn:<partition>:iam::<account>:role/<path and name>",
            "copy it from `aws iam get-role`; users, groups and account roots are refused",
        )
    return value


def _policy_arn(value: str) -> str:
    if not _POLICY_ARN.fullmatch(value):
        raise refuse(
            "the ARN of an IAM policy of the account: arn:<partition>:iam::<account>:policy/<path and name>",
            "copy it from `aws iam list-policies --scope Local`; AWS's own policies are refused",
        )
    return value


def _secret_arn(value: str) -> str:
    if not _SECRET_ARN.fullmatch(value):
        raise refuse(
            "the full ARN of a secret in Secrets Manager, with the six characters that AWS puts behind its name",
            "copy it from `aws secretsmanager describe-secret --secret-id <name> --query ARN`",
        )
    return value


def _key_arn(value: str) -> str:
    if not _KEY_ARN.fullmatch(value):
        raise refuse(
            "the ARN of a KMS key: arn:aws:kms:<region>:<account>:key/<id>",
            "copy it from `aws kms describe-key`; an alias is no key, since it may come to mean another",
        )
    return value


RoleArn = Annotated[str, AfterValidator(_role_arn)]
PolicyArn = Annotated[str, AfterValidator(_policy_arn)]
SecretArn = Annotated[str, AfterValidator(_secret_arn)]
KeyArn = Annotated[str, AfterValidator(_key_arn)]
