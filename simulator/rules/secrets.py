"""What Secrets Manager enforces for secrets, their versions and policies."""

import re

from simulator.rules import tokens as t
from simulator.rules.iam import statements_of
from simulator.rules.rule import Attempt, Operation, RuleBook
from simulator.world import Status

LONGEST_VALUE_BYTES = 65_536
SHORTEST_WINDOW_DAYS, LONGEST_WINDOW_DAYS = 7, 30

_WRITE = (Operation.CREATE, Operation.UPDATE)
_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]{1,512}")

book = RuleBook()


@book.rule("secret-name", "ResourceExistsException", t.SECRET)
def _secret_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    alive = [one for one in attempt.find(t.SECRET, name=name) if one.status is not Status.PENDING_DELETION]
    return f"The operation failed because the secret {name} already exists." if name and alive else None


@book.rule("secret-name-scheduled", "InvalidRequestException", t.SECRET)
def _secret_name_scheduled(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name and any(one.status is Status.PENDING_DELETION for one in attempt.find(t.SECRET, name=name)):
        return (
            "You can't create this secret because a secret with this name is already scheduled for deletion: "
            f"restore {name}, or wait until its recovery window ends."
        )
    return None


@book.rule("secret-name-pattern", "ValidationException", t.SECRET)
def _secret_name_pattern(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if not name or _NAME.fullmatch(name):
        return None
    return "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"


@book.rule("secret-recovery-window", "InvalidParameterException", t.SECRET, *_WRITE)
def _secret_recovery_window(attempt: Attempt) -> str | None:
    days = attempt.inputs.get("recoveryWindowInDays")
    if not isinstance(days, (int, float)) or days == 0 or SHORTEST_WINDOW_DAYS <= days <= LONGEST_WINDOW_DAYS:
        return None
    return (
        f"The RecoveryWindowInDays value must be between {SHORTEST_WINDOW_DAYS} and {LONGEST_WINDOW_DAYS} days "
        f"(inclusive), or 0 for none; found {days}"
    )


@book.rule("secret-scheduled", "InvalidRequestException", (t.SECRET_VERSION, t.SECRET_POLICY), *_WRITE)
def _secret_scheduled(attempt: Attempt) -> str | None:
    named = attempt.text("secretId") or attempt.text("secretArn")
    secret = attempt.lookup(t.SECRET, named)
    if secret and secret.status is Status.PENDING_DELETION:
        return f"You can't perform this operation on the secret because it was marked for deletion: {named}"
    return None


@book.rule("secret-value-size", "ValidationException", t.SECRET_VERSION)
def _secret_value_size(attempt: Attempt) -> str | None:
    length = len(attempt.text("secretString").encode())
    if length > LONGEST_VALUE_BYTES:
        return f"Member must have length less than or equal to {LONGEST_VALUE_BYTES}; found {length}"
    return None


@book.rule("secret-policy-document", "MalformedPolicyDocumentException", t.SECRET_POLICY, *_WRITE)
def _secret_policy_document(attempt: Attempt) -> str | None:
    statements = statements_of(attempt.text("policy"))
    if statements and all("Principal" in one or "NotPrincipal" in one for one in statements):
        return None
    return "This resource policy contains invalid Json or a statement without Principal"
