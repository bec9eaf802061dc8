"""The `Alarms` component."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.alarms.account_events import AccountEvents, AccountEventsArgs
from components.alarms.cluster_watches import control_plane_watches, nat_watches
from components.alarms.heartbeat import heartbeat_watch
from components.alarms.metrics import MetricAlarms, MetricAlarmsArgs
from components.alarms.publishers import alarm_publishers, key_uses, tls_only, workspace_publisher
from components.alarms.watch import Watch
from components.alarms.watches import database_watches, files_watches
from components.base import Component
from components.keys import DataKey, DataKeyArgs
from components.placement import Placement
from components.protection import Protection
from components.watched import WatchedDatabase, WatchedEfs, WatchedLustre

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
    - `cluster`: name of the EKS cluster, known once it answers.
    - `nat_gateways`: by zone; none where there are none.
    - `workspace_arn`: workspace whose alert rules tell this topic, None where they tell another or there are none.
    - `copied`: whether the region's backups are copied to another one; S3 then tells of what it could not copy.
    """

    placement: Placement
    email: str | None
    database: WatchedDatabase
    database_memory_gib: float
    files: WatchedLustre | WatchedEfs | None
    cluster: pulumi.Input[str]
    nat_gateways: Mapping[str, pulumi.Input[str]]
    workspace_arn: pulumi.Input[str] | None
    copied: bool
    protection: Protection


class Alarms(Component):
    """The region's alarm topic with its key, the alarms of all that its miners share, and RDS's own events.

    CloudWatch, RDS, EventBridge and the workspace may publish and use the key for this account only; nobody does
    without TLS. A subscription by e-mail does nothing until its recipient has confirmed it, and AWS forgets it after
    two days if nobody did. Another address is another subscription.

    Where data is worth its backups, the topic tells of the account's keys, root user and threats as well, and goes on
    to while the region leaves.

    Where alert rules tell this topic there is a second one, `heartbeat`, to which they publish as long as they live.
    Its silence is an alarm; a service outside of AWS that misses messages can subscribe to it as well.
    """

    TOKEN = "teranode:alarms:Alarms"

    topic_arn: pulumi.Output[str]
    topic_ready: pulumi.Resource
    """RDS and S3 refuse to be told to publish to a topic that does not let them: what tells them to waits for this."""
    heartbeat_topic_arn: pulumi.Output[str] | None
    confirmed: pulumi.Output[bool] | None
    """Whether `email` had confirmed its subscription when this was last looked at; None without an address."""

    def __init__(self, name: str, args: AlarmsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._label, self._args = name, args
        key = DataKey(
            f"{name}-encryption",
            DataKeyArgs(
                placement=args.placement,
                data_class="alarms",
                protection=args.protection,
                uses=key_uses(args.placement, workspace=args.workspace_arn is not None, copied=args.copied),
            ),
            opts=self._child(),
        )
        topic = self._topic("topic", "alarms", key)
        publishers = alarm_publishers(args.placement, topic.arn, args.workspace_arn, copied=args.copied)
        self.topic_ready = self._admit("topic", topic, publishers)
        self.topic_arn = topic.arn
        self.confirmed = self._subscribe(topic, args.email) if args.email is not None else None
        self._watch("database", database_watches(args.database, args.database_memory_gib))
        if args.files is not None:
            self._watch("files", files_watches(args.files))
        self._watch("cluster", control_plane_watches(args.cluster))
        if args.nat_gateways:
            self._watch("network", nat_watches(args.nat_gateways))
        self.heartbeat_topic_arn = self._heartbeat(key, args.workspace_arn) if args.workspace_arn is not None else None
        self._database_events(topic)
        if args.protection.keeps_backups:
            AccountEvents(
                f"{name}-account",
                AccountEventsArgs(placement=args.placement, topic_arn=topic.arn),
                opts=self._child(),
            )
        self.register_outputs({"topicArn": topic.arn})

    def _topic(self, part: str, name: str, key: DataKey) -> aws.sns.Topic:
        placement = self._args.placement
        return aws.sns.Topic(
            f"{self._label}-{part}",
            display_name=f"{placement.environment} {placement.region}",
            kms_master_key_id=key.arn,
            tags={"Name": f"{placement.environment}-{name}"},
            opts=self._child(),
        )

    def _admit(self, part: str, topic: aws.sns.Topic, publishers: Iterable[iam.Statement]) -> aws.sns.TopicPolicy:
        return aws.sns.TopicPolicy(
            f"{self._label}-{part}-policy",
            arn=topic.arn,
            policy=iam.document_output(*publishers, tls_only(topic.arn)),
            opts=self._child(),
        )

    def _subscribe(self, topic: aws.sns.Topic, email: str) -> pulumi.Output[bool]:
        subscription = aws.sns.TopicSubscription(
            f"{self._label}-email", topic=topic.arn, protocol="email", endpoint=email, opts=self._child()
        )
        return subscription.pending_confirmation.apply(lambda pending: not pending)

    def _watch(self, what: str, watches: tuple[Watch, ...]) -> None:
        MetricAlarms(
            f"{self._label}-{what}",
            MetricAlarmsArgs(placement=self._args.placement, topic_arn=self.topic_arn, watches=watches),
            opts=self._child(),
        )

    def _heartbeat(self, key: DataKey, workspace_arn: pulumi.Input[str]) -> pulumi.Output[str]:
        """Under the same key as alarms, so that what keeps the workspace from telling people is missed here too."""
        topic = self._topic("heartbeat-topic", "heartbeat", key)
        self._admit("heartbeat-topic", topic, [workspace_publisher(self._args.placement, topic.arn, workspace_arn)])
        self._watch("heartbeat", (heartbeat_watch(topic.name),))
        return topic.arn

    def _database_events(self, topic: aws.sns.Topic) -> None:
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
                opts=self._child(depends_on=[self.topic_ready]),
            )
