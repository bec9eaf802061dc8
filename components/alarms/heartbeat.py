"""What is watched of the alerting itself. No resources."""

import pulumi

from components.alarms.watch import MINUTE_SECONDS, Comparison, Silence, Watch

BEAT_MINUTES = 5
"""How often the alert that always holds is sent anew."""


def heartbeat_watch(topic_name: pulumi.Input[str]) -> Watch:
    """Whether alert rules still reach a topic: each beat passes through rules, Alertmanager, key and topic.

    Four beats are missed before somebody is told, so that one that comes late is none; our choice. SNS reports a topic
    without messages as nothing at all.
    """
    return Watch(
        name="alerting-silent",
        section="AlertingSilent",
        namespace="AWS/SNS",
        metric="NumberOfMessagesPublished",
        dimensions={"TopicName": topic_name},
        statistic="Sum",
        comparison=Comparison.BELOW,
        threshold=1,
        periods=4,
        period_seconds=BEAT_MINUTES * MINUTE_SECONDS,
        silence=Silence.BROKEN,
        description="Alert rules are not judged any more, or cannot tell anybody: nobody hears of miners and clusters "
        "of any region. Look at the workspace's log group.",
    )
