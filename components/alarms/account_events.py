"""The `AccountEvents` component."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms.events import CALL, Told, message_of, rule_of
from components.base import Component
from components.placement import Placement

_PURPOSE = "account-events"
_KEY_CHANGES = (
    "DeleteImportedKeyMaterial",
    "DisableKey",
    "DisableKeyRotation",
    "PutKeyPolicy",
    "ScheduleKeyDeletion",
)
"""What makes data unreadable, at once or after the waiting time, or readable for somebody else."""

MEDIUM_SEVERITY = 4
"""From which on GuardDuty calls a finding medium (user guide, "Findings severity levels")."""

_WHO: Mapping[str, str] = {
    "address": "$.detail.sourceIPAddress",
    "error": "$.detail.errorCode",
    "event": "$.detail.eventName",
    "time": "$.time",
    "who": "$.detail.userIdentity.arn",
}


_EVENTS: Mapping[str, Told] = {
    "keys": Told(
        calls=True,
        purpose=_PURPOSE,
        description="Keys that are disabled, deleted or given to others",
        section="KeyTouched",
        pattern={
            "source": ["aws.kms"],
            "detail-type": [CALL],
            "detail": {"eventSource": ["kms.amazonaws.com"], "eventName": list(_KEY_CHANGES)},
        },
        paths={**_WHO, "key": "$.detail.requestParameters.keyId"},
        says="<event> of key <key> by <who> from <address> at <time>. Answer: <error>.",
    ),
    "root": Told(
        calls=True,
        purpose=_PURPOSE,
        description="Everything that the root user does",
        section="RootUsed",
        pattern={
            "detail-type": [CALL, "AWS Console Sign In via CloudTrail"],
            "detail": {"userIdentity": {"type": ["Root"]}},
        },
        paths=_WHO,
        says="<event> by the root user from <address> at <time>. Answer: <error>.",
    ),
    "findings": Told(
        calls=True,
        purpose=_PURPOSE,
        description="Findings of GuardDuty, of anonymous access to a cluster too",
        section="ThreatFound",
        pattern={
            "source": ["aws.guardduty"],
            "detail-type": ["GuardDuty Finding"],
            "detail": {"severity": [{"numeric": [">=", MEDIUM_SEVERITY]}]},
        },
        paths={"finding": "$.detail.type", "severity": "$.detail.severity", "title": "$.detail.title"},
        says="GuardDuty: <finding>, severity <severity>: <title>.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class AccountEventsArgs:
    """Arguments of `AccountEvents`; the policy of the topic admits EventBridge."""

    placement: Placement
    topic_arn: pulumi.Input[str]


class AccountEvents(Component):
    """Tells of changes to any key of the region, of the root user, and of what GuardDuty finds there.

    It hears what the account records: calls by a trail that logs management events with reads, findings by a detector
    with EKS audit logs. The root user signs in where AWS says, most often in us-east-1, so that a region hears of what
    it does there and not of the sign-in. Use of keys is too frequent to tell of: the trail has it.
    """

    TOKEN = "teranode:alarms:AccountEvents"

    def __init__(self, name: str, args: AccountEventsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        rules: dict[str, aws.cloudwatch.EventRule] = {}
        for what, told in _EVENTS.items():
            rule = aws.cloudwatch.EventRule(f"{name}-{what}-rule", rule_of(told, args.placement), opts=self._child())
            message = message_of(told, args.placement, rule, args.topic_arn)
            aws.cloudwatch.EventTarget(f"{name}-{what}-target", message, opts=self._child())
            rules[what] = rule
        self.register_outputs({"ruleArns": {what: rule.arn for what, rule in rules.items()}})
