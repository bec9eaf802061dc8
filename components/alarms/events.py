"""What events of AWS' services are told of, by EventBridge."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.placement import Placement
from components.runbook import section_link

CALL = "AWS API Call via CloudTrail"


@dataclass(frozen=True, kw_only=True)
class Told:
    """An event that somebody hears of.

    - `description`: of the rule; `purpose` is the end of its tag `Name`.
    - `section`: heading in the runbook.
    - `pattern`: of EventBridge; it may hold outputs.
    - `paths`, `says`: values of the event, and the message that is made of them.
    - `calls`: whether it is a call that CloudTrail records. Without it a rule hears of no call that only reads.
    """

    description: str
    purpose: str
    section: str
    pattern: Mapping[str, object]
    paths: Mapping[str, str]
    says: str
    calls: bool = False


def rule_of(told: Told, placement: Placement) -> aws.cloudwatch.EventRuleArgs:
    """The rule that hears of it."""
    return aws.cloudwatch.EventRuleArgs(
        description=told.description,
        event_pattern=pulumi.Output.json_dumps(told.pattern),
        state="ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" if told.calls else "ENABLED",
        tags={"Name": f"{placement.environment}-{told.purpose}"},
    )


def message_of(
    told: Told, placement: Placement, rule: aws.cloudwatch.EventRule, topic_arn: pulumi.Input[str]
) -> aws.cloudwatch.EventTargetArgs:
    """The message to the topic, whose policy admits EventBridge."""
    where, runbook = f"{placement.environment}, {placement.region}", section_link(placement, told.section)
    return aws.cloudwatch.EventTargetArgs(
        rule=rule.name,
        arn=topic_arn,
        input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
            input_paths=dict(told.paths), input_template=json.dumps(f"{where}: {told.says} Runbook: {runbook}")
        ),
    )
