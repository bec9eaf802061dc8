"""Alarms on metrics of CloudWatch."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms.watch import Formula, Watch
from components.base import Component
from components.placement import Placement
from components.runbook import section_link


@dataclass(frozen=True, kw_only=True)
class MetricAlarmsArgs:
    """Arguments of `MetricAlarms`; `topic_arn` is told when a value leaves its limits and when it is back."""

    placement: Placement
    topic_arn: pulumi.Input[str]
    watches: tuple[Watch, ...]


class MetricAlarms(Component):
    """One CloudWatch alarm for each watch.

    Names are made by Pulumi; whoever reads the message finds environment, region, remedy and the runbook's section in
    the description.
    """

    TOKEN = "teranode:alarms:MetricAlarms"

    def __init__(self, name: str, args: MetricAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        where = f"{args.placement.environment}, {args.placement.region}"
        for watch in args.watches:
            single = isinstance(watch.metric, str)
            runbook = section_link(args.placement, watch.section)
            aws.cloudwatch.MetricAlarm(
                f"{name}-{watch.name}",
                alarm_description=f"{where}: {watch.description} Runbook: {runbook}",
                namespace=watch.namespace if single else None,
                metric_name=watch.metric if isinstance(watch.metric, str) else None,
                dimensions=dict(watch.dimensions) if single else None,
                statistic=watch.statistic if single else None,
                period=watch.period_seconds if single else None,
                metric_queries=None if isinstance(watch.metric, str) else _queries(watch, watch.metric),
                comparison_operator=watch.comparison,
                threshold=watch.threshold,
                evaluation_periods=watch.periods,
                treat_missing_data=watch.silence,
                alarm_actions=[args.topic_arn],
                ok_actions=[args.topic_arn],
                tags={"Name": f"{args.placement.environment}-{watch.name}"},
                opts=self._child(),
            )
        self.register_outputs({})


def _queries(watch: Watch, formula: Formula) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    """The metrics, and the formula over them, which alone is judged."""
    metrics = [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id=key,
            metric=aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
                namespace=watch.namespace,
                metric_name=metric,
                dimensions=dict(watch.dimensions),
                stat=watch.statistic,
                period=watch.period_seconds,
            ),
        )
        for key, metric in sorted(formula.metrics.items())
    ]
    judged = aws.cloudwatch.MetricAlarmMetricQueryArgs(
        id="value", expression=formula.expression, label=watch.name, return_data=True
    )
    return [*metrics, judged]
