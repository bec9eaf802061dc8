"""What IAM enforces for roles, policies and instance profiles."""

import json

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook
from simulator.values import JSON

ROLE_INLINE_POLICY_CHARACTERS = 10_240
MANAGED_POLICY_CHARACTERS = 6_144

_WRITE = (Operation.CREATE, Operation.UPDATE)
_UNIQUE = {t.ROLE: "Role", t.POLICY: "A policy", t.INSTANCE_PROFILE: "Instance Profile"}

book = RuleBook()


@book.rule("iam-name", "EntityAlreadyExists", tuple(_UNIQUE))
def _iam_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    # IAM compares names without regard to case.
    taken = [str(thing.inputs.get("name", "")).lower() for thing in attempt.find(attempt.token)]
    return f"{_UNIQUE[attempt.token]} with name {name} already exists." if name and name.lower() in taken else None


@book.rule("trust-policy", "MalformedPolicyDocument", t.ROLE, *_WRITE)
def _trust_policy(attempt: Attempt) -> str | None:
    statements = statements_of(attempt.text("assumeRolePolicy"))
    if not statements:
        return "This policy contains invalid Json"
    for statement in statements:
        if "Principal" not in statement:
            return "Missing required field Principal"
        if "Resource" in statement:
            return "Has prohibited field Resource"
        if not all(action.startswith("sts:") for action in strings(statement.get("Action"))):
            return "AssumeRole policy may only specify STS AssumeRole actions."
    return None


@book.rule("identity-policy", "MalformedPolicyDocument", (t.POLICY, t.ROLE_POLICY), *_WRITE)
def _identity_policy(attempt: Attempt) -> str | None:
    statements = statements_of(attempt.text("policy"))
    if not statements:
        return "This policy contains invalid Json"
    for statement in statements:
        if "Principal" in statement:
            return "Policy document should not specify a principal."
        if not {"Resource", "NotResource"} & set(statement):
            return "Policy statement must contain resources."
        actions = strings(statement.get("Action")) + strings(statement.get("NotAction"))
        if not all(action == "*" or ":" in action for action in actions) or not actions:
            return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    return None


@book.rule("policy-size", "LimitExceeded", (t.POLICY, t.ROLE_POLICY), *_WRITE)
def _policy_size(attempt: Attempt) -> str | None:
    # IAM does not count white space.
    size = len("".join(attempt.text("policy").split()))
    if attempt.token == t.POLICY and size > MANAGED_POLICY_CHARACTERS:
        return f"Cannot exceed quota for PolicySize: {MANAGED_POLICY_CHARACTERS}"
    if size > ROLE_INLINE_POLICY_CHARACTERS:
        return f"Maximum policy size of {ROLE_INLINE_POLICY_CHARACTERS} bytes exceeded for role {attempt.text('role')}"
    return None


@book.rule("attached-policies-quota", "LimitExceeded", t.ROLE_POLICY_ATTACHMENT)
def _attached_policies(attempt: Attempt) -> str | None:
    limit = attempt.allowed("attached-policies-quota", 10)
    if len(attempt.find(t.ROLE_POLICY_ATTACHMENT, role=attempt.text("role"))) >= limit:
        return f"Cannot exceed quota for PoliciesPerRole: {limit}"
    return None


def statements_of(document: str) -> list[dict[str, JSON]]:
    """The statements of a policy document, or nothing if it is not one."""
    try:
        parsed = json.loads(document)
    except ValueError:
        return []
    found = parsed.get("Statement") if isinstance(parsed, dict) else None
    statements = found if isinstance(found, list) else [found]
    return [statement for statement in statements if isinstance(statement, dict)]


def strings(value: JSON) -> list[str]:
    """A policy element that may be one string or a list of them."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def trusts(document: str, service: str) -> bool:
    """Whether a trust policy lets ``service`` (such as ``eks.amazonaws.com``) assume the role."""
    for statement in statements_of(document):
        principal = statement.get("Principal")
        services = strings(principal.get("Service")) if isinstance(principal, dict) else []
        if statement.get("Effect") == "Allow" and service in services:
            return True
    return False
