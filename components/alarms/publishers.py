"""Who may publish to the topics of a region, and use their key. Policy statements: no resources."""

from collections.abc import Iterable, Mapping

import pulumi

from components import iam
from components.placement import Placement

_RULES = "AlertRules"
_OF_THE_ACCOUNT = {"Alarms": "cloudwatch.amazonaws.com", "DatabaseEvents": "events.rds.amazonaws.com"}
_EVENTS = ("ReadsOfSecrets", "events.amazonaws.com")
_WORKSPACES = (_RULES, "aps.amazonaws.com")
_REPLICATION = ("FailedReplication", "s3.amazonaws.com")


def key_uses(placement: Placement, *, workspace: bool, copied: bool) -> tuple[iam.Statement, ...]:
    """Use of the topics' key; `workspace` says whether alert rules tell them, `copied` whether S3 does."""
    services = dict(
        (
            *_OF_THE_ACCOUNT.items(),
            _EVENTS,
            *((_WORKSPACES,) if workspace else ()),
            *((_REPLICATION,) if copied else ()),
        )
    )
    return tuple(
        {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": _own_account(placement),
        }
        for sid, service in services.items()
    )


def alarm_publishers(
    placement: Placement, topic: pulumi.Output[str], workspace_arn: pulumi.Input[str] | None, *, copied: bool
) -> Iterable[iam.Statement]:
    """CloudWatch, RDS and EventBridge of this account, S3 where it copies, and one workspace."""
    for sid, service in (*_OF_THE_ACCOUNT.items(), *((_REPLICATION,) if copied else ())):
        yield {
            "Sid": sid,
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sns:Publish",
            "Resource": topic,
            "Condition": _own_account(placement),
        }
    sid, service = _EVENTS
    yield {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": topic,
        # EventBridge sends its rule's ARN; the user guide shows no other condition.
        "Condition": {"ArnLike": {"aws:SourceArn": placement.arn("events", "rule/*")}},
    }
    if workspace_arn is not None:
        yield workspace_publisher(placement, topic, workspace_arn)


def workspace_publisher(
    placement: Placement, topic: pulumi.Output[str], workspace_arn: pulumi.Input[str]
) -> iam.Statement:
    """The Alertmanager of one workspace and no other (Amazon Managed Prometheus user guide, alert receiver)."""
    sid, service = _WORKSPACES
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["sns:Publish", "sns:GetTopicAttributes"],
        "Resource": topic,
        "Condition": {**_own_account(placement), "ArnEquals": {"aws:SourceArn": [workspace_arn]}},
    }


def tls_only(topic: pulumi.Output[str]) -> iam.Statement:
    """Nobody publishes in clear text."""
    return {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": topic,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def _own_account(placement: Placement) -> Mapping[str, Mapping[str, str]]:
    return {"StringEquals": {"aws:SourceAccount": placement.account}}
