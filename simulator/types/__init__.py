"""Every resource type that the simulated cloud knows, one module per service."""

from collections.abc import Mapping

from simulator.errors import UntaughtError
from simulator.types import (
    amp,
    backup,
    budgets,
    cloudwatch,
    ebs,
    ec2,
    ecr,
    efs,
    eks,
    fsx,
    helm,
    iam,
    instances,
    kms,
    kubernetes,
    lb,
    msk,
    peering,
    pulumi,
    random,
    rds,
    route53,
    s3,
    secretsmanager,
    security_groups,
    sns,
    ssm,
)
from simulator.types.base import ResourceModel

_GROUPS = (
    amp.MODELS,
    backup.MODELS,
    budgets.MODELS,
    cloudwatch.MODELS,
    ebs.MODELS,
    ec2.MODELS,
    ecr.MODELS,
    efs.MODELS,
    eks.MODELS,
    fsx.MODELS,
    helm.MODELS,
    iam.MODELS,
    instances.MODELS,
    kms.MODELS,
    lb.MODELS,
    msk.MODELS,
    peering.MODELS,
    pulumi.MODELS,
    random.MODELS,
    rds.MODELS,
    route53.MODELS,
    s3.MODELS,
    secretsmanager.MODELS,
    security_groups.MODELS,
    sns.MODELS,
    ssm.MODELS,
)

MODELS: Mapping[str, ResourceModel] = {model.token: model for group in _GROUPS for model in group}
"""All taught types except the kinds of Kubernetes, which one model serves."""


def model(token: str) -> ResourceModel:
    """The model of a resource type.

    Raises:
        UntaughtError: nobody taught the type; there is no fallback, because a guessed id or ARN hides mistakes.
    """
    found = MODELS.get(token) or kubernetes.model(token)
    if found is None:
        raise UntaughtError(f"the simulator does not know the resource type {token}: teach it in {_file_for(token)}")
    return found


def _file_for(token: str) -> str:
    package, _, rest = token.partition(":")
    if package == "kubernetes":
        return "simulator/custom_resources/<operator>.py and list it in simulator/custom_resources/__init__.py"
    service = rest.split("/")[0].split(":")[0] if package == "aws" else package
    return f"simulator/types/{service}.py and list it in simulator/types/__init__.py"
