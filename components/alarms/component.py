"""The `Alarms` component."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.alarms.metrics import MetricAlarms, MetricAlarmsArgs
from components.alarms.watches import database_watches, files_watches
from components.base import Component
from components.keys import DataKey, DataKeyArgs
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedDatabase, WatchedEfs, WatchedLustre

_RULES = "AlertRules"
_PUBLISHERS = {"Alarms": "cloudwatch.amazonaws.com", "DatabaseEvents": "events.rds.amazonaws.com"}

SERVER_EVENTS: tuple[str, ...] = ("availability", "failover", "failure", "low storage", "maintenance", "notification")
CLUSTER_EVENTS: tuple[str, ...] = ("failover", "failure", "maintenance", "notification")
"""Categories that somebody must hear of (control RDS-6). Availability and low storage are events of
instances only."""


@dataclass(frozen=True, kw_only=True)
class AlarmsArgs:
    """Arguments of `Alarms`.

    - `email`: who is told; None leaves the topic to subscribers that the region does not know.
    - `database_memory_gib`: of the database's instance class.
    - `files`: the file system that the region's miners share, None where each has one of its own.
    - `workspace_arn`: workspace whose alert rules tell this topic, None where they tell another or there are none.
    """

    placement: Placement
    email: str | None
    database: WatchedDatabase
    database_memory_gib: float
    files: WatchedLustre | WatchedEfs | None
    workspace_arn: pulumi.Input[str] | None
    protection: Protection


class Alarms(Component):
    """The region's alarm topic with its key, the alarms of its database and shared files, and RDS's own events.

    CloudWatch, RDS and the workspace may publish and use the key for this account only; nobody does without TLS. A
    subscription by e-mail does nothing until its recipient has confirmed it, and AWS forgets it after two days if
    nobody did. Another address is another subscription.
    """

    TOKEN = "teranode:alarms:Alarms"

    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        topic, policy = self._topic()
        self.topic_arn = topic.arn
        if args.email is not None:
            aws.sns.TopicSubscription(
                f"{name}-email", topic=topic.arn, protocol="email", endpoint=args.email, opts=self._child()
            )
        MetricAlarms(
            f"{name}-database",
            MetricAlarmsArgs(
                placement=args.placement,
                topic_arn=topic.arn,
                watches=database_watches(args.database, args.database_memory_gib),
            ),
            opts=self._child(),
        )
        if args.files is not None:
            MetricAlarms(
                f"{name}-files",
                MetricAlarmsArgs(
                    placement=args.placement,
                    topic_arn=topic.arn,
                    watches=files_watches(args.files),
                ),
                opts=self._child(),
            )
        self._database_events(topic, policy)
        self.register_outputs({"topicArn": topic.arn})

    def _topic(self) -> tuple[aws.sns.Topic, aws.sns.TopicPolicy]:
        args, placement = self._args, self._args.placement
        own_account = {"StringEquals": {"aws:SourceAccount": placement.account}}
        publishers = {**_PUBLISHERS, **({} if args.workspace_arn is None else {_RULES: "aps.amazonaws.com"})}
        uses: list[iam.Statement] = [
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
                "Condition": own_account,
            }
            for sid, service in publishers.items()
        ]
        key = DataKey(
            f"{self._label}-encryption",
            DataKeyArgs(placement=placement, data_class="alarms", protection=args.protection, uses=tuple(uses)),
            opts=self._child(),
        )
        topic = aws.sns.Topic(
            f"{self._label}-topic",
            display_name=f"{placement.environment} {placement.region}",
            kms_master_key_id=key.arn,
            tags={"Name": f"{placement.environment}-alarms"},
            opts=self._child(),
        )
        publish: list[iam.Statement] = [
            {
                "Sid": sid,
                "Effect": "Allow",
                "Principal": {"Service": service},
                "Action": "sns:Publish",
                "Resource": topic.arn,
                "Condition": own_account,
            }
            for sid, service in _PUBLISHERS.items()
        ]
        if args.workspace_arn is not None:
            publish.append(_from_workspace(args.workspace_arn, placement, topic))
        tls_only: iam.Statement = {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sns:Publish",
            "Resource": topic.arn,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = aws.sns.TopicPolicy(
            f"{self._label}-topic-policy",
            arn=topic.arn,
            policy=iam.document_output(*publish, tls_only),
            opts=self._child(),
        )
        return topic, policy

    def _database_events(self, topic: aws.sns.Topic, policy: aws.sns.TopicPolicy) -> None:
        """RDS refuses a subscription to a topic that it may not publish to, so the policy comes first."""
        database, environment = self._args.database, self._args.placement.environment
        sources = {"db-instance": (list(database.servers.values()), SERVER_EVENTS)}
        if database.cluster is not None:
            sources["db-cluster"] = ([database.cluster], CLUSTER_EVENTS)
        for kind, (identifiers, categories) in sources.items():
            aws.rds.EventSubscription(
                f"{self._label}-events-{kind}",
                sns_topic=topic.arn,
                source_type=kind,
                source_ids=identifiers,
                event_categories=list(categories),
                tags={"Name": f"{environment}-{kind}"},
                opts=self._child(depends_on=[policy]),
            )


def _from_workspace(workspace_arn: pulumi.Input[str], placement: Placement, topic: aws.sns.Topic) -> iam.Statement:
    """The Alertmanager of one workspace and no other (Amazon Managed Prometheus user guide, alert receiver)."""
    return {
        "Sid": _RULES,
        "Effect": "Allow",
        "Principal": {"Service": "aps.amazonaws.com"},
        "Action": ["sns:Publish", "sns:GetTopicAttributes"],
        "Resource": topic.arn,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": placement.account},
            "ArnEquals": {"aws:SourceArn": [workspace_arn]},
        },
    }
