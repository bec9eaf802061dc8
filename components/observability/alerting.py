"""The `Alerting` component."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import yaml

from components.base import Component
from components.observability import alerts
from components.observability.alert import Alert, Chain, groups
from components.observability.store_alerts import STORE_ALERTS
from components.placement import Placement
from components.workspace import WorkspaceRef

_BEAT = "5m"
"""`BEAT_MINUTES` of the alarm that misses it."""

_SUBJECT = "[{{ .Status | toUpper }}] %s: {{ .CommonLabels.alertname }} ({{ len .Alerts }})"
_MESSAGE = """{{ range .Alerts }}{{ .Status | toUpper }} {{ .Labels.severity }}: {{ .Annotations.summary }}
{{ .Annotations.description }}
Runbook: {{ .Annotations.runbook_url }}
Since: {{ .StartsAt }}

{{ end }}"""


@dataclass(frozen=True, kw_only=True)
class AlertingArgs:
    """Arguments of `Alerting`.

    - `placement`: of the home region, as the workspace and the topic.
    - `topic_arn`: is told; its policy admits the workspace.
    - `heartbeat_topic_arn`: is told every few minutes that rules are judged; so does its policy.
    - `regions`: those that are missed when they fall silent.
    """

    placement: Placement
    workspace: WorkspaceRef
    topic_arn: pulumi.Input[str]
    heartbeat_topic_arn: pulumi.Input[str]
    chain: Chain
    regions: Sequence[str]


class Alerting(Component):
    """The alert rules of an environment, judged in its workspace, and the way from there to the alarms' topic.

    One namespace of rules for all miners, which names none of them, and one for each region, so that another region
    adds one and changes nothing.
    """

    TOKEN = "teranode:observability:Alerting"

    def __init__(self, name: str, args: AlertingArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        rules = {
            "nodes": alerts.node_alerts(args.chain),
            "stores": STORE_ALERTS,
            "clusters": alerts.CLUSTER_ALERTS,
            "alerting": (alerts.WATCHDOG,),
        }
        for group, members in rules.items():
            self._rules(name, args, group, members)
        for region in args.regions:
            self._rules(name, args, f"region-{region}", (alerts.region_alert(region),))
        aws.amp.AlertManagerDefinition(
            f"{name}-alert-manager",
            workspace_id=args.workspace.id,
            definition=pulumi.Output.all(args.topic_arn, args.heartbeat_topic_arn).apply(
                lambda topics: definition(args.placement, *topics)
            ),
            opts=self._child(),
        )
        self.register_outputs({})

    def _rules(self, name: str, args: AlertingArgs, group: str, members: Sequence[Alert]) -> None:
        aws.amp.RuleGroupNamespace(
            f"{name}-rules-{group}",
            name=group,
            workspace_id=args.workspace.id,
            data=_yaml(groups(group, members, args.placement)),
            tags={"Name": f"{args.placement.environment}-{group}"},
            # Its name is taken until the old one is gone.
            opts=self._child(delete_before_replace=True),
        )


def definition(placement: Placement, topic_arn: str, heartbeat_topic_arn: str) -> str:
    """The Alertmanager's settings: everything goes to one topic, in one message per alert and region.

    The alert that always holds goes to a topic of its own, every five minutes: it is looked at again each minute, since
    at the same pace every other message would just miss its turn.

    What a silent region cannot say is not said; a full volume is told of once. A message that nobody acts on comes
    again after four hours, Alertmanager's own default.
    """
    settings = {
        "templates": ["teranode"],
        "route": {
            "receiver": "topic",
            "group_by": ["alertname", "region"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [
                {
                    "receiver": "heartbeat",
                    "matchers": [f'alertname="{alerts.WATCHDOG.name}"'],
                    "group_wait": "0s",
                    "group_interval": "1m",
                    "repeat_interval": _BEAT,
                }
            ],
        },
        "inhibit_rules": [
            {
                "source_matchers": ['alertname="RegionSilent"'],
                "target_matchers": ['alertname!="RegionSilent"'],
                "equal": ["region"],
            },
            {
                "source_matchers": ['alertname="VolumeAlmostFull"'],
                "target_matchers": ['alertname="VolumeFillsUp"'],
                "equal": ["namespace", "persistentvolumeclaim", "region"],
            },
        ],
        "receivers": [
            _receiver("topic", placement, topic_arn, resolved=True),
            _receiver("heartbeat", placement, heartbeat_topic_arn, resolved=False),
        ],
    }
    template = (
        f'{{{{ define "teranode.subject" }}}}{_SUBJECT % placement.environment}{{{{ end }}}}\n'
        f'{{{{ define "teranode.message" }}}}{_MESSAGE}{{{{ end }}}}\n'
    )
    return _yaml({"template_files": {"teranode": template}, "alertmanager_config": _yaml(settings)})


def _receiver(name: str, placement: Placement, topic_arn: str, *, resolved: bool) -> dict[str, object]:
    return {
        "name": name,
        "sns_configs": [
            {
                "topic_arn": topic_arn,
                "sigv4": {"region": placement.region},
                "send_resolved": resolved,
                "subject": '{{ template "teranode.subject" . }}',
                "message": '{{ template "teranode.message" . }}',
            }
        ],
    }


def _yaml(document: Mapping[str, object]) -> str:
    return yaml.safe_dump(document, sort_keys=False, width=110)
