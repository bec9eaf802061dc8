"""What AWS Backup enforces of vaults, locks and plans."""

import re

from simulator.rules import tokens as t
from simulator.rules.rule import Attempt, Operation, RuleBook, texts_at

_WRITE = (Operation.CREATE, Operation.UPDATE)
_NAME = re.compile(r"[a-zA-Z0-9_-]{2,50}")
_SHORTEST_GRACE_DAYS = 3
_COLD_DAYS = 90

book = RuleBook()


@book.rule("vault-name", "AlreadyExistsException", t.BACKUP_VAULT)
def _vault_name(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if name and attempt.find(t.BACKUP_VAULT, name=name):
        return f"Backup vault with the same name already exists: {name}"
    return None


@book.rule("vault-name-pattern", "InvalidParameterValueException", t.BACKUP_VAULT)
def _vault_name_pattern(attempt: Attempt) -> str | None:
    name = attempt.text("name")
    if not name or _NAME.fullmatch(name):
        return None
    return "Invalid vault name. Vault name must be of length 2 to 50 characters of letters, digits, - and _"


@book.rule("vault-lock-days", "InvalidParameterValueException", t.BACKUP_VAULT_LOCK, *_WRITE)
def _vault_lock_days(attempt: Attempt) -> str | None:
    least, most = attempt.inputs.get("minRetentionDays"), attempt.inputs.get("maxRetentionDays")
    grace = attempt.inputs.get("changeableForDays")
    if isinstance(least, (int, float)) and least < 1:
        return "MinRetentionDays must be at least 1"
    if isinstance(least, (int, float)) and isinstance(most, (int, float)) and most < least:
        return "MaxRetentionDays must be greater than or equal to MinRetentionDays"
    if isinstance(grace, (int, float)) and grace < _SHORTEST_GRACE_DAYS:
        return f"ChangeableForDays must be at least {_SHORTEST_GRACE_DAYS}"
    return None


@book.rule("plan-lifecycle", "InvalidParameterValueException", t.BACKUP_PLAN, *_WRITE)
def _plan_lifecycle(attempt: Attempt) -> str | None:
    rules = attempt.inputs.get("rules")
    for rule in rules if isinstance(rules, list) else []:
        for path in ("lifecycle", "copyActions.lifecycle"):
            cold, deleted = (texts_at(rule, f"{path}.{key}") for key in ("coldStorageAfter", "deleteAfter"))
            if any(int(end) < int(start) + _COLD_DAYS for start, end in zip(cold, deleted, strict=False)):
                return f"DeleteAfterDays cannot be less than {_COLD_DAYS} days apart from MoveToColdStorageAfterDays"
    return None
