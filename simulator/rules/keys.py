"""What KMS and CloudWatch Logs enforce for keys, aliases and log groups."""

from simulator.rules import tokens as t
from simulator.rules.iam import statements_of, strings
from simulator.rules.references import names_of
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at
from simulator.world import Status, Thing

_WRITE = (Operation.CREATE, Operation.UPDATE)

RETENTION_DAYS = frozenset(
    {0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)
"""What PutRetentionPolicy accepts; 0 is the provider's word for no limit."""

SHORTEST_WINDOW_DAYS, LONGEST_WINDOW_DAYS = 7, 30

_KEY_PROPERTIES = {
    t.KMS_ALIAS: "targetKeyId",
    t.LOG_GROUP: "kmsKeyId",
    t.SECRET: "kmsKeyId",
    t.CLUSTER: "encryptionConfig.provider.keyArn",
}

book = RuleBook()


@book.rule("alias-name", "AlreadyExistsException", t.KMS_ALIAS)
def _alias_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name and attempt.find(t.KMS_ALIAS, name=name):
        place = attempt.place
        arn = f"arn:{place.partition}:kms:{place.region}:{place.account}:{name}"
        return f"An alias with the name {arn} already exists"
    return None


@book.rule("alias-prefix", "InvalidAliasNameException", t.KMS_ALIAS)
def _alias_prefix(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name.startswith("alias/") and not name.startswith("alias/aws/"):
        return None
    return f"Alias must start with the prefix 'alias/' and not with the reserved 'alias/aws/'; found '{name}'."


@book.rule("key-pending-deletion", "KMSInvalidStateException", tuple(_KEY_PROPERTIES))
def _key_pending_deletion(attempt: Attempt) -> str | None:
    for name in attempt.texts(_KEY_PROPERTIES[attempt.token]):
        key = find_key(attempt, name)
        if key and key.status is Status.PENDING_DELETION:
            return f"{name} is pending deletion."
    return None


@book.rule("key-window", "ValidationException", t.KMS_KEY, *_WRITE)
def _key_window(attempt: Attempt) -> str | None:
    days = attempt.inputs.get("deletionWindowInDays")
    if isinstance(days, (int, float)) and not SHORTEST_WINDOW_DAYS <= days <= LONGEST_WINDOW_DAYS:
        return f"PendingWindowInDays must be between {SHORTEST_WINDOW_DAYS} and {LONGEST_WINDOW_DAYS}; found {days}"
    return None


@book.rule("key-lockout", "MalformedPolicyDocumentException", (t.KMS_KEY, t.KMS_KEY_POLICY), *_WRITE)
def _key_lockout(attempt: Attempt) -> str | None:
    policy = attempt.text("policy")
    if not policy or attempt.inputs.get("bypassPolicyLockoutSafetyCheck") is True:
        return None
    keepers = {"kms:*", "*", "kms:PutKeyPolicy", "kms:Put*"}
    for statement in statements_of(policy):
        if statement.get("Effect") == "Allow" and keepers & set(strings(statement.get("Action"))):
            return None
    return "The new key policy will not allow you to update the key policy in the future."


@book.rule("log-group-name", "ResourceAlreadyExistsException", t.LOG_GROUP)
def _log_group_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    return "The specified log group already exists" if name and attempt.find(t.LOG_GROUP, name=name) else None


@book.rule("log-group-made-by-cluster", "ResourceAlreadyExistsException", t.LOG_GROUP)
def _log_group_made_by_cluster(attempt: Attempt) -> str | None:
    # A cluster that logs makes its log group itself, without retention, unless the group is there first.
    for cluster in attempt.find(t.CLUSTER):
        logs = texts_at(cluster.inputs, "enabledClusterLogTypes")
        if logs and attempt.text("name") == f"/aws/eks/{cluster.inputs.get('name')}/cluster":
            return "The specified log group already exists"
    return None


@book.rule("log-retention", "InvalidParameterException", t.LOG_GROUP, *_WRITE)
def _log_retention(attempt: Attempt) -> str | None:
    days = attempt.inputs.get("retentionInDays")
    if days is None or days in RETENTION_DAYS:
        return None
    return f"The retention of {days} days is not one of {', '.join(str(one) for one in sorted(RETENTION_DAYS))}"


@book.rule("log-group-key-policy", "AccessDeniedException", t.LOG_GROUP, *_WRITE)
def _log_group_key_policy(attempt: Attempt) -> str | None:
    key_name = attempt.text("kmsKeyId")
    key = find_key(attempt, key_name)
    if key is None or any("logs." in policy for policy in _policies(attempt, key)):
        return None
    place = attempt.place
    arn = f"arn:{place.partition}:logs:{place.region}:{place.account}:log-group:{attempt.text('name')}"
    return f"The specified KMS key does not exist or is not allowed to be used with Arn '{arn}'"


def find_key(attempt: Attempt, name: str) -> Thing | None:
    """The key that ``name`` (an id or an ARN) means, pending deletion or not."""
    return next((key for key in attempt.find(t.KMS_KEY) if name in names_of(key)), None)


def _policies(attempt: Attempt, key: Thing) -> list[str]:
    own = texts_at(key.inputs, "policy")
    names = names_of(key)
    separate = [one for one in attempt.find(t.KMS_KEY_POLICY) if one.inputs.get("keyId") in names]
    return own + [policy for one in separate for policy in texts_at(one.inputs, "policy")]
