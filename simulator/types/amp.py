"""Amazon Managed Service for Prometheus: ``aws:amp`` workspaces, their rules and their Alertmanager."""

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Request, ResourceModel
from simulator.values import JSON


def _workspace_id(request: Request) -> str:
    return f"ws-{request.uuid('workspace')}"


def _workspace(request: Request, workspace_id: str) -> dict[str, JSON]:
    place = request.place
    host = f"aps-workspaces.{place.region}.{place.dns_suffix}"
    return {
        **regional_tagged(request),
        "arn": request.arn("aps", f"workspace/{workspace_id}"),
        "prometheusEndpoint": f"https://{host}/workspaces/{workspace_id}/",
    }


def _rules(request: Request, _: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": _rules_arn(request)}


def _rules_arn(request: Request) -> str:
    return request.arn("aps", f"rulegroupsnamespace/{request.text('workspaceId')}/{request.text('name')}")


MODELS = (
    ResourceModel("aws:amp/workspace:Workspace", identify=_workspace_id, compute=_workspace),
    ResourceModel("aws:amp/ruleGroupNamespace:RuleGroupNamespace", identify=_rules_arn, compute=_rules),
    ResourceModel(
        "aws:amp/alertManagerDefinition:AlertManagerDefinition",
        identify=lambda request: request.text("workspaceId"),
        compute=lambda request, _: regional(request),
    ),
)
