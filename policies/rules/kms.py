"""Keys (KMS-1 to KMS-3)."""

from collections.abc import Iterator

from .documents import Statement, policy_document
from .graph import Graph, Resource
from .rule import Problem, Rule, rule
from .tokens import KMS_KEY, KMS_KEY_POLICY, VPC

_MIN_WINDOW_DAYS = {"mainnet": 30, "testing": 7}
_AWS_DEFAULT_WINDOW_DAYS = 30
_ADMINISTERS = ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey")
_USES = ("kms:Decrypt", "kms:GenerateDataKey", "kms:Encrypt")


@rule(
    "KMS-1",
    title="Each region has customer-managed keys of its own, one per class of data, that rotate",
    reason="A key is the unit of access and of loss.",
    source="KMS.4",
    remedy="Set enable_key_rotation; use the region's DataKey component per class of data.",
    on=(KMS_KEY, VPC),
    guards_data=True,
)
def keys_per_region(graph: Graph, resource: Resource) -> Iterator[Problem]:
    if resource.type == VPC:
        region = graph.region_of(resource)
        if all(graph.region_of(key) != region for key in graph.of_type(KMS_KEY)):
            yield Problem(f"{region} has no key of its own")
        return
    if not resource.inputs.flag("enableKeyRotation"):
        yield Problem("the key does not rotate", "enableKeyRotation")
    twins = [
        key
        for key in graph.of_type(KMS_KEY)
        if key.provider == resource.provider and key.inputs.text("description") == resource.inputs.text("description")
    ]
    if len(twins) > 1:
        yield Problem(f"{len(twins)} keys of the region have one description, so one class of data", "description")


@rule(
    "KMS-2",
    title="The key policy is explicit, keeps the account in, and parts administration from use",
    reason="Separation of duties without locking the account out.",
    source="KMS.5; KMS developer guide, default key policy",
    remedy="Use key_policy of components/iam.py and add one statement per use.",
    on=(KMS_KEY, KMS_KEY_POLICY),
    guards_data=True,
)
def key_policy_explicit(graph: Graph, key: Resource) -> Iterator[Problem]:
    if key.inputs.flag("bypassPolicyLockoutSafetyCheck"):
        yield Problem("the lockout check is bypassed", "bypassPolicyLockoutSafetyCheck")
    statements = policy_document(key.inputs, "policy")
    if not statements:
        separate = graph.referrers(key, "keyId", KMS_KEY_POLICY)
        if not separate:
            yield Problem("the key has no explicit policy", "policy")
        return
    account = graph.account_of(key)
    if not any(_keeps_account(statement, account) for statement in statements):
        yield Problem("no statement lets the account administer the key: it could be locked out", "policy")
    for statement in statements:
        if statement.allows and statement.anyone:
            yield Problem(f"statement {statement.label} admits everybody", "policy")
        elif _mixes_duties(statement) and not _keeps_account(statement, account):
            yield Problem(f"statement {statement.label} both administers and uses the key", "policy")


def _keeps_account(statement: Statement, account: str) -> bool:
    principals = statement.principals.get("AWS", ())
    root = any(name == account or name.endswith(f":iam::{account}:root") for name in principals)
    return statement.allows and root and "kms:*" in statement.actions and not statement.conditions


def _mixes_duties(statement: Statement) -> bool:
    return statement.allows and any(map(statement.matches, _ADMINISTERS)) and any(map(statement.matches, _USES))


@rule(
    "KMS-3",
    title="A key scheduled for deletion can be rescued for long enough",
    reason="A lost key is lost data.",
    source="KMS.3",
    remedy="Set deletion_window_in_days from the environment's Protection.",
    on=(KMS_KEY,),
    guards_data=True,
)
def deletion_window(graph: Graph, key: Resource) -> Iterator[Problem]:
    least = _MIN_WINDOW_DAYS.get(graph.tier, _AWS_DEFAULT_WINDOW_DAYS)
    days = key.inputs.number("deletionWindowInDays", _AWS_DEFAULT_WINDOW_DAYS)
    if days < least:
        yield Problem(f"{days:g} days, {graph.tier} needs {least}", "deletionWindowInDays")
    if graph.strict and not key.protect:
        yield Problem("the key is not protected")


RULES: tuple[Rule, ...] = (keys_per_region, key_policy_explicit, deletion_window)
