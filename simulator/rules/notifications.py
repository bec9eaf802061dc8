"""What SNS, CloudWatch and RDS enforce of notifications: addresses, policies, actions, sources of events."""

import json
import re
from collections.abc import Mapping

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook
from simulator.values import JSON

_WRITE = (Operation.CREATE, Operation.UPDATE)

_SOURCES = {
    "db-instance": ((t.DB_INSTANCE, "identifier"), (t.DB_CLUSTER_INSTANCE, "identifier")),
    "db-cluster": ((t.DB_CLUSTER, "clusterIdentifier"),),
}
_COMMON = frozenset(
    {"configuration change", "creation", "deletion", "failover", "failure", "maintenance", "notification"}
)
_CATEGORIES = {
    "db-cluster": _COMMON | {"global-failover", "migration", "serverless"},
    "db-instance": _COMMON
    | {
        "availability",
        "backup",
        "low storage",
        "read replica",
        "recovery",
        "restoration",
        "security",
        "security patching",
    },
}
"""Categories by kind of source. Source: RDS user guide, "Amazon RDS event categories and event messages"."""

book = RuleBook()


@book.rule("subscription-email", "InvalidParameter", t.TOPIC_SUBSCRIPTION)
def _email(attempt: Attempt) -> str | None:
    if attempt.text("protocol") != "email" or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", attempt.text("endpoint")):
        return None
    return "Invalid parameter: Email address"


@book.rule("topic-policy-document", "InvalidParameter", t.TOPIC_POLICY, *_WRITE)
def _topic_policy(attempt: Attempt) -> str | None:
    statements = json.loads(attempt.text("policy") or "{}").get("Statement", [])
    outside = [one for one in statements if one.get("Resource") != attempt.text("arn")]
    if not statements or outside:
        return "Invalid parameter: Policy statement must apply to a single resource, the topic itself"
    if any("Principal" not in one for one in statements):
        return "Invalid parameter: Policy Error: null"
    return None


@book.rule("bucket-notification-topic", "InvalidArgument", t.BUCKET_NOTIFICATION, *_WRITE)
def _bucket_notification(attempt: Attempt) -> str | None:
    """S3 publishes a message to try each topic before it takes the configuration."""
    topics = attempt.inputs.get("topics")
    for one in topics if isinstance(topics, list) else []:
        topic = one.get("topicArn") if isinstance(one, Mapping) else None
        policies = attempt.find(t.TOPIC_POLICY, arn=topic) if isinstance(topic, str) else []
        if not any(_admits_s3(policy.inputs.get("policy")) for policy in policies):
            return "Unable to validate the following destination configurations"
    return None


@book.rule("alarm-action-region", "ValidationError", t.METRIC_ALARM, *_WRITE)
def _action_region(attempt: Attempt) -> str | None:
    """CloudWatch does not look whether the topic exists, only where it would be."""
    for action in (*attempt.texts("alarmActions"), *attempt.texts("okActions")):
        region = action.split(":")[3] if action.count(":") >= 5 else ""  # noqa: PLR2004 (the parts of an ARN)
        if region != attempt.place.region:
            return f"Invalid region {region} specified. Only {attempt.place.region} is supported."
    return None


@book.rule("alarm-period", "ValidationError", t.METRIC_ALARM, *_WRITE)
def _period(attempt: Attempt) -> str | None:
    period, periods = attempt.inputs.get("period"), attempt.inputs.get("evaluationPeriods")
    if not isinstance(period, (int, float)) or not isinstance(periods, (int, float)):
        return None
    if period not in (10, 20, 30) and (period <= 0 or period % 60):
        return "Metrics must have a period of 10, 20, 30 or a multiple of 60 seconds"
    if period * periods > 24 * 3600 and period < 3600:  # noqa: PLR2004 (a day, an hour)
        return "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400)"
    if period * periods > 7 * 24 * 3600:
        return "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)"
    return None


@book.rule("alarm-metric", "ValidationError", t.METRIC_ALARM, *_WRITE)
def _metric(attempt: Attempt) -> str | None:
    queries = attempt.inputs.get("metricQueries")
    if not isinstance(queries, list):
        return None
    if attempt.text("metricName"):
        return "Metrics list cannot be specified with a metric name"
    judged = [one for one in queries if isinstance(one, Mapping) and one.get("returnData") is True]
    return None if len(judged) == 1 else "Exactly one element of the metrics list should return data"


@book.rule("event-pattern", "InvalidEventPatternException", t.EVENT_RULE, *_WRITE)
def _event_pattern(attempt: Attempt) -> str | None:
    if not attempt.text("eventPattern"):
        return None
    try:
        pattern = json.loads(attempt.text("eventPattern"))
    except ValueError:
        return "Event pattern is not valid. Reason: Filter is not an object"
    return None if _is_pattern(pattern) else "Event pattern is not valid. Reason: Match value must be in an array"


@book.rule("budget-notifications", "ValidationException", t.BUDGET, *_WRITE)
def _budget_notifications(attempt: Attempt) -> str | None:
    """Source: AWS Billing user guide, "AWS Budgets quotas"."""
    notifications = attempt.inputs.get("notifications")
    told = notifications if isinstance(notifications, list) else []
    if len(told) > 5:  # noqa: PLR2004 (the quota)
        return f"A budget has at most 5 notifications, not {len(told)}"
    for one in told:
        if isinstance(one, Mapping) and not (one.get("subscriberEmailAddresses") or one.get("subscriberSnsTopicArns")):
            return "A notification needs at least one subscriber"
    return None


def _admits_s3(policy: JSON) -> bool:
    statements = json.loads(policy)["Statement"] if isinstance(policy, str) else []
    return any(
        one["Effect"] == "Allow" and one.get("Principal") == {"Service": "s3.amazonaws.com"} for one in statements
    )


def _is_pattern(value: JSON) -> bool:
    """Fields lead to fields, and at last to lists of what they may be."""
    if isinstance(value, list):
        return bool(value)
    return isinstance(value, Mapping) and bool(value) and all(_is_pattern(one) for one in value.values())


@book.rule("event-source-exists", "SourceNotFound", t.EVENT_SUBSCRIPTION, *_WRITE)
def _source(attempt: Attempt) -> str | None:
    known = _SOURCES.get(attempt.text("sourceType"), ())
    for name in attempt.texts("sourceIds"):
        if known and not any(attempt.find(token, **{key: name}) for token, key in known):
            return f"Could not find source: {name}"
    return None


@book.rule("event-source-type", "InvalidParameterCombination", t.EVENT_SUBSCRIPTION, *_WRITE)
def _source_type(attempt: Attempt) -> str | None:
    if attempt.texts("sourceIds") and not attempt.text("sourceType"):
        return "The source type must be specified with source IDs"
    return None


@book.rule("event-category", "SubscriptionCategoryNotFound", t.EVENT_SUBSCRIPTION, *_WRITE)
def _category(attempt: Attempt) -> str | None:
    known = _CATEGORIES.get(attempt.text("sourceType"))
    unknown = [one for one in attempt.texts("eventCategories") if known is not None and one not in known]
    return f"The category {unknown[0]} does not exist for the source type" if unknown else None
