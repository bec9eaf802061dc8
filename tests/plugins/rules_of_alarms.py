"""Rule → a call that breaks it, and one that passes: alarms, events, budgets, and Managed Prometheus."""

import json
from typing import Any

from simulator.rules import tokens as t
from tests.plugins.things import policy
from tests.plugins.world_builder import ACCOUNT, Ask, create, thing


def alert_manager(**receiver: Any) -> str:
    """An Alertmanager's settings with one receiver, as the service takes them."""
    settings = {"route": {"receiver": "topic"}, "receivers": [{"name": "topic", "sns_configs": [receiver]}]}
    return json.dumps({"alertmanager_config": json.dumps(settings)})


CASES: dict[str, tuple[Ask, Ask]] = {
    "subscription-email": (
        create(t.TOPIC_SUBSCRIPTION, protocol="email", endpoint="devops"),
        create(t.TOPIC_SUBSCRIPTION, protocol="email", endpoint="devops@example.org"),
    ),
    "topic-policy-document": (
        create(t.TOPIC_POLICY, arn="arn:topic", policy=policy(Principal="*", Resource="*")),
        create(t.TOPIC_POLICY, arn="arn:topic", policy=policy(Principal="*", Resource="arn:topic")),
    ),
    "bucket-notification-topic": (
        create(
            t.BUCKET_NOTIFICATION,
            thing(t.TOPIC_POLICY, "arn:topic", {"arn": "arn:topic", "policy": policy(Principal="*")}),
            topics=[{"topicArn": "arn:topic", "events": ["s3:Replication:OperationFailedReplication"]}],
        ),
        create(
            t.BUCKET_NOTIFICATION,
            thing(
                *(t.TOPIC_POLICY, "arn:topic"),
                {"arn": "arn:topic", "policy": policy(Principal={"Service": "s3.amazonaws.com"})},
            ),
            topics=[{"topicArn": "arn:topic", "events": ["s3:Replication:OperationFailedReplication"]}],
        ),
    ),
    "alarm-action-region": (
        create(t.METRIC_ALARM, alarmActions=[f"arn:aws:sns:us-east-1:{ACCOUNT}:alarms"]),
        create(t.METRIC_ALARM, alarmActions=[f"arn:aws:sns:eu-west-1:{ACCOUNT}:alarms"]),
    ),
    "alarm-period": (
        create(t.METRIC_ALARM, period=90, evaluationPeriods=1),
        create(t.METRIC_ALARM, period=60, evaluationPeriods=15),
    ),
    "alarm-metric": (
        create(t.METRIC_ALARM, metricQueries=[{"id": "a", "metric": {}}, {"id": "b", "expression": "a"}]),
        create(
            t.METRIC_ALARM,
            metricQueries=[{"id": "a", "metric": {}}, {"id": "b", "expression": "a", "returnData": True}],
        ),
    ),
    "event-pattern": (
        create(t.EVENT_RULE, eventPattern='{"source": "aws.secretsmanager"}'),
        create(t.EVENT_RULE, eventPattern='{"source": ["aws.secretsmanager"]}'),
    ),
    "budget-notifications": (
        create(t.BUDGET, notifications=[{"threshold": 80}]),
        create(t.BUDGET, notifications=[{"threshold": 80, "subscriberEmailAddresses": ["devops@example.org"]}]),
    ),
    "event-source-exists": (
        create(t.EVENT_SUBSCRIPTION, sourceType="db-instance", sourceIds=["pg"]),
        create(
            t.EVENT_SUBSCRIPTION,
            thing(t.DB_INSTANCE, "db-1", {"identifier": "pg"}),
            sourceType="db-instance",
            sourceIds=["pg"],
        ),
    ),
    "event-source-type": (
        create(t.EVENT_SUBSCRIPTION, sourceIds=["pg"]),
        create(t.EVENT_SUBSCRIPTION, sourceType="db-instance", sourceIds=["pg"]),
    ),
    "event-category": (
        create(t.EVENT_SUBSCRIPTION, sourceType="db-cluster", eventCategories=["low storage"]),
        create(t.EVENT_SUBSCRIPTION, sourceType="db-instance", eventCategories=["low storage"]),
    ),
    "metrics-log-group": (
        create(t.METRICS_WORKSPACE, loggingConfiguration={"logGroupArn": "arn:aws:logs:x:1:log-group:metrics:*"}),
        create(
            t.METRICS_WORKSPACE,
            loggingConfiguration={"logGroupArn": "arn:aws:logs:x:1:log-group:/aws/vendedlogs/metrics:*"},
        ),
    ),
    "metrics-rules-name": (
        create(
            t.METRICS_RULES,
            thing(t.METRICS_RULES, "arn:rules", {"name": "nodes", "workspaceId": "ws-1"}),
            name="nodes",
            workspaceId="ws-1",
        ),
        create(
            t.METRICS_RULES,
            thing(t.METRICS_RULES, "arn:rules", {"name": "nodes", "workspaceId": "ws-1"}),
            name="nodes",
            workspaceId="ws-2",
        ),
    ),
    "metrics-rules-data": (
        create(t.METRICS_RULES, data="groups: [{name: nodes, rules: [{alert: Silent}]}]"),
        create(t.METRICS_RULES, data="groups: [{name: nodes, rules: [{alert: Silent, expr: up == 0}]}]"),
    ),
    "alert-manager-one": (
        create(t.ALERT_MANAGER, thing(t.ALERT_MANAGER, "ws-1", {"workspaceId": "ws-1"}), workspaceId="ws-1"),
        create(t.ALERT_MANAGER, thing(t.ALERT_MANAGER, "ws-1", {"workspaceId": "ws-1"}), workspaceId="ws-2"),
    ),
    "alert-manager-receivers": (
        create(t.ALERT_MANAGER, definition=alert_manager(topic_arn="arn:topic")),
        create(t.ALERT_MANAGER, definition=alert_manager(topic_arn="arn:topic", sigv4={"region": "eu-west-1"})),
    ),
}
