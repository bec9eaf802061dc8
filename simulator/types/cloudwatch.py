"""Logs and alarms: ``aws:cloudwatch`` log groups and metric alarms."""

from simulator.types.aws import regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _log_group(request: Request, name: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("logs", f"log-group:{name}")}


def _alarm(request: Request, name: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("cloudwatch", f"alarm:{name}")}


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
)
