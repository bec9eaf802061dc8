"""Logs, alarms and events: ``aws:cloudwatch`` log groups, metric alarms, and rules of EventBridge."""

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _log_group(request: Request, name: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("logs", f"log-group:{name}")}


def _alarm(request: Request, name: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("cloudwatch", f"alarm:{name}")}


def _event_rule(request: Request, name: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("events", f"rule/{name}")}


def _event_target(request: Request, _: str) -> dict[str, JSON]:
    given = request.text("targetId")
    return {**regional(request), "targetId": given or f"terraform-{request.digest(26, 'target')}"}


MODELS = (
    ResourceModel(
        "aws:cloudwatch/logGroup:LogGroup",
        identify=lambda request: request.text("name"),
        compute=_log_group,
        autoname=Autoname("name", max_length=512),
        defaults={"logGroupClass": "STANDARD", "namePrefix": "", "retentionInDays": 0, "skipDestroy": False},
    ),
    ResourceModel(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        identify=lambda request: request.text("name"),
        compute=_alarm,
        autoname=Autoname("name", max_length=255),
        defaults={"actionsEnabled": True, "evaluateLowSampleCountPercentiles": "", "treatMissingData": "missing"},
    ),
    ResourceModel(
        "aws:cloudwatch/eventRule:EventRule",
        identify=lambda request: request.text("name"),
        compute=_event_rule,
        autoname=Autoname("name", max_length=64),
        defaults={"eventBusName": "default", "forceDestroy": False, "namePrefix": "", "state": "ENABLED"},
    ),
    ResourceModel(
        "aws:cloudwatch/eventTarget:EventTarget",
        identify=lambda request: f"{request.text('rule')}-{request.digest(26, 'target')}",
        compute=_event_target,
        defaults={"eventBusName": "default", "forceDestroy": False},
    ),
)
