"""Alarms on metrics of CloudWatch."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms.watches import Watch
from components.base import Component
from components.placement import Placement


@dataclass(frozen=True, kw_only=True)
class MetricAlarmsArgs:
    """Arguments of `MetricAlarms`; `topic_arn` is told when a value leaves its limits and when it is back."""

    placement: Placement
    topic_arn: pulumi.Input[str]
    watches: tuple[Watch, ...]


class MetricAlarms(Component):
    """One CloudWatch alarm for each watch.

    Names are made by Pulumi; whoever reads the message finds environment, region and remedy in the description.
    """

    TOKEN = "teranode:alarms:MetricAlarms"

    def __init__(self, name: str, args: MetricAlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        where = f"{args.placement.environment}, {args.placement.region}"
        for watch in args.watches:
            aws.cloudwatch.MetricAlarm(
                f"{name}-{watch.name}",
                alarm_description=f"{where}: {watch.description}",
                namespace=watch.namespace,
                metric_name=watch.metric,
                dimensions=dict(watch.dimensions),
                statistic=watch.statistic,
                comparison_operator=watch.comparison,
                threshold=watch.threshold,
                period=watch.period_seconds,
                evaluation_periods=watch.periods,
                treat_missing_data=watch.silence,
                alarm_actions=[args.topic_arn],
                ok_actions=[args.topic_arn],
                tags={"Name": f"{args.placement.environment}-{watch.name}"},
                opts=self._child(),
            )
        self.register_outputs({})
