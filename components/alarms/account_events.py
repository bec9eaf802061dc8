"""The `AccountEvents` component."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.base import Component
from components.placement import Placement
from components.runbook import section_link

_CALLS = "AWS API Call via CloudTrail"
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


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What is heard, by the name of its rule: `paths` are the values of which `says` makes the message."""

    description: str
    section: str
    pattern: Mapping[str, object]
    paths: Mapping[str, str]
    says: str


_EVENTS: Mapping[str, _Told] = {
    "keys": _Told(
        description="Keys that are disabled, deleted or given to others",
        section="KeyTouched",
        pattern={
            "source": ["aws.kms"],
            "detail-type": [_CALLS],
            "detail": {"eventSource": ["kms.amazonaws.com"], "eventName": list(_KEY_CHANGES)},
        },
        paths={**_WHO, "key": "$.detail.requestParameters.keyId"},
        says="<event> of key <key> by <who> from <address> at <time>. Answer: <error>.",
    ),
    "root": _Told(
        description="Everything that the root user does",
        section="RootUsed",
        pattern={
            "detail-type": [_CALLS, "AWS Console Sign In via CloudTrail"],
            "detail": {"userIdentity": {"type": ["Root"]}},
        },
        paths=_WHO,
        says="<event> by the root user from <address> at <time>. Answer: <error>.",
    ),
    "findings": _Told(
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
        rules = {what: self._tell(f"{name}-{what}", told, args) for what, told in _EVENTS.items()}
        self.register_outputs({"ruleArns": {what: rule.arn for what, rule in rules.items()}})

    def _tell(self, label: str, told: _Told, args: AccountEventsArgs) -> aws.cloudwatch.EventRule:
        environment = args.placement.environment
        rule = aws.cloudwatch.EventRule(
            f"{label}-rule",
            description=told.description,
            event_pattern=json.dumps(told.pattern),
            # Without it a rule hears of no call that only reads.
            state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
            tags={"Name": f"{environment}-account-events"},
            opts=self._child(),
        )
        message = (
            f"{environment}, {args.placement.region}: {told.says} Runbook: {section_link(args.placement, told.section)}"
        )
        aws.cloudwatch.EventTarget(
            f"{label}-target",
            rule=rule.name,
            arn=args.topic_arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(told.paths), input_template=json.dumps(message)
            ),
            opts=self._child(),
        )
        return rule
