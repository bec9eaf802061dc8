"""The `SecretReads` component."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.alarms.events import CALL, Told, message_of, rule_of
from components.base import Component
from components.placement import Placement

_READS = "GetSecretValue"
_CHANGES = (
    "CancelRotateSecret",
    "DeleteResourcePolicy",
    "DeleteSecret",
    "PutResourcePolicy",
    "PutSecretValue",
    "ReplicateSecretToRegions",
    "RestoreSecret",
    "RotateSecret",
    "UpdateSecret",
    "UpdateSecretVersionStage",
)
"""Whoever puts another key into a wallet's secret is paid for the miner's work."""

_RANDOM_SUFFIX = 7
"""Characters that Secrets Manager appends to a name in an ARN: a hyphen and six more."""


@dataclass(frozen=True, kw_only=True)
class SecretReadsArgs:
    """Arguments of `SecretReads`.

    - `what`: the secret in words, for the message.
    - `secret_arn`: whole, with the six characters at its end.
    - `reader_role`, `reader_role_arn`: name and ARN of the role that reads it in the course of things; nobody is told.
    - `endpoint_id`: of the VPC endpoint by which it does; then a read of its by another way is told of.
    - `topic_arn`: is told; its policy admits EventBridge.
    """

    placement: Placement
    what: str
    secret_arn: pulumi.Input[str]
    reader_role: pulumi.Input[str]
    reader_role_arn: pulumi.Input[str]
    endpoint_id: pulumi.Input[str] | None
    topic_arn: pulumi.Input[str]


class SecretReads(Component):
    """Tells of every read and change of one secret by anybody but its reader, refused ones too.

    Who makes itself the reader, by a change of the role's trust, is told of when it calls from elsewhere. Who gets into
    the reader's cluster calls as the reader does, or reads there what it has read.

    It hears what the account's trail records: a trail that logs management events, reads among them, must exist in the
    region. A secret is asked for by its ARN, by the ARN without its random end, or by name, and a batch is recorded as
    one read for each secret; other accounts' calls, which name it by ARN, are recorded in its own as well.
    """

    TOKEN = "teranode:alarms:SecretReads"

    def __init__(self, name: str, args: SecretReadsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        told = Told(
            description=f"Reads and changes of {args.what}",
            purpose="secret-reads",
            section="WalletTouched",
            pattern=_pattern(args),
            paths={
                "address": "$.detail.sourceIPAddress",
                "error": "$.detail.errorCode",
                "event": "$.detail.eventName",
                "time": "$.time",
                "who": "$.detail.userIdentity.arn",
            },
            says=f"<event> of {args.what} by <who> from <address> at <time>. Answer: <error>.",
            calls=True,
        )
        rule = aws.cloudwatch.EventRule(f"{name}-rule", rule_of(told, args.placement), opts=self._child())
        message = message_of(told, args.placement, rule, args.topic_arn)
        aws.cloudwatch.EventTarget(f"{name}-target", message, opts=self._child())
        self.register_outputs({"ruleArn": rule.arn})


def _pattern(args: SecretReadsArgs) -> dict[str, object]:
    """Whoever has no session of a role (an IAM user, root) has no issuer either, and is told of as well."""
    whole = pulumi.Output.from_input(args.secret_arn)
    partial = whole.apply(lambda arn: arn[:-_RANDOM_SUFFIX])
    name = partial.apply(lambda arn: arn.rpartition(":secret:")[2])
    issuers = [
        args.reader_role_arn,
        # The role's path is part of its ARN, and no other role of the account has its name.
        pulumi.Output.concat(args.placement.global_arn("iam", "role/"), args.reader_role),
    ]
    elsewhere = [[{"anything-but": [args.endpoint_id]}], [{"exists": False}]] if args.endpoint_id is not None else []
    return {
        "source": ["aws.secretsmanager"],
        "detail-type": [CALL],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": [_READS, *_CHANGES],
            "requestParameters": {"secretId": [whole, partial, name]},
            "$or": [
                _issued([{"anything-but": issuers}]),
                _issued([{"exists": False}]),
                *({**_issued(issuers), "vpcEndpointId": way} for way in elsewhere),
            ],
        },
    }


def _issued(arn: Sequence[object]) -> dict[str, object]:
    return {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": arn}}}}
