"""Security groups and their rules: ``aws:ec2`` and ``aws:vpc``."""

from simulator.types.aws import regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _security_group(request: Request, group_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"security-group/{group_id}"),
        "ownerId": request.place.account,
    }


def _adopted_id(request: Request) -> str:
    """The group that came with the VPC: this type adopts, it does not create."""
    return request.found_text(request.text("vpcId"), "defaultSecurityGroupId") or request.resource_id("sg")


def _rule(request: Request, rule_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("ec2", f"security-group-rule/{rule_id}"),
        "securityGroupRuleId": rule_id,
    }


MODELS = (
    ResourceModel(
        "aws:ec2/securityGroup:SecurityGroup",
        identify=lambda request: request.resource_id("sg"),
        compute=_security_group,
        autoname=Autoname("name", max_length=255),
        defaults={
            "description": "Managed by Pulumi",
            "egress": [],
            "ingress": [],
            "namePrefix": "",
            "revokeRulesOnDelete": False,
        },
    ),
    ResourceModel(
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
        identify=_adopted_id,
        compute=_security_group,
        adopts=True,
        defaults={
            "description": "default VPC security group",
            "egress": [],
            "ingress": [],
            "name": "default",
            "namePrefix": "",
            "revokeRulesOnDelete": False,
        },
    ),
    *(
        ResourceModel(token, identify=lambda request: request.resource_id("sgr"), compute=_rule)
        for token in (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        )
    ),
)
