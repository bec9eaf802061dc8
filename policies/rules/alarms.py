"""Alarms and who hears them (OBS-3)."""

from collections.abc import Iterator

from .graph import Graph, Resource
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import CLUSTER, EVENT_RULE, EVENT_TARGET, METRIC_ALARM, TOPIC, TOPIC_SUBSCRIPTION

_KEYS_OF_AWS = "alias/aws/"


@rule(
    "OBS-3",
    title="Alarms tell a topic, which is encrypted with a key of the account and has a subscriber",
    reason="An alarm that nobody hears is none; its message says where the environment is weak.",
    source="EKS best practices guide, detective controls; SNS.1",
    remedy="Use the Alarms component and the setting notifications.email.",
    on=(TOPIC, METRIC_ALARM),
    tiers=MAINNET_ONLY,
)
def alarms_heard(graph: Graph, item: Resource) -> Iterator[Problem]:
    if item.type == METRIC_ALARM:
        if not item.inputs.flag("actionsEnabled", default=True):
            yield Problem("its actions are off", "actionsEnabled")
        if not item.inputs.has("alarmActions"):
            yield Problem("it tells nobody", "alarmActions")
        return
    if not item.inputs.has("kmsMasterKeyId"):
        yield Problem("messages are not encrypted", "kmsMasterKeyId")
    elif _KEYS_OF_AWS in item.inputs.text("kmsMasterKeyId"):
        yield Problem("alarms cannot be published with the key that AWS manages", "kmsMasterKeyId")
    if not graph.referrers(item, "topic", TOPIC_SUBSCRIPTION) and not _missed(graph, item):
        yield Problem("nobody is subscribed, and no alarm misses its messages")


def _missed(graph: Graph, topic: Resource) -> bool:
    """Whether an alarm goes off when nothing is published any more: then the silence is the message."""
    return any(
        alarm.inputs.text("metricName") == "NumberOfMessagesPublished"
        and alarm.inputs.text("treatMissingData") == "breaching"
        for alarm in graph.referrers(topic, "dimensions", METRIC_ALARM)
    )


@rule(
    "OBS-3-EVENTS",
    title="In every region with a cluster somebody is told of keys that end, of the root user and of threats",
    reason="A key that is deleted takes the data along after its waiting time; nobody looks for it before.",
    source="controls OBS-3; CIS AWS Foundations 4.3, 4.7",
    remedy="Use the Alarms component, or EventBridge rules of your own with a target.",
    on=(CLUSTER,),
    tiers=MAINNET_ONLY,
)
def account_heard(graph: Graph, item: Resource) -> Iterator[Problem]:
    region = graph.region_of(item)
    heard = [
        found.inputs.document("eventPattern").view("detail")
        for found in graph.of_type(EVENT_RULE)
        if graph.region_of(found) == region and _tells(graph, found)
    ]
    if not any("ScheduleKeyDeletion" in detail.strings("eventName") for detail in heard):
        yield Problem("nobody is told when a key is to be deleted")
    if not any("Root" in detail.strings("userIdentity.type") for detail in heard):
        yield Problem("nobody is told what the root user does")
    if not any(detail.has("severity") for detail in heard):
        yield Problem("nobody is told of findings, such as anonymous access to the cluster")


def _tells(graph: Graph, event_rule: Resource) -> bool:
    state = event_rule.inputs.text("state")
    return state != "DISABLED" and bool(graph.referrers(event_rule, "rule", EVENT_TARGET))


RULES: tuple[Rule, ...] = (alarms_heard, account_heard)
