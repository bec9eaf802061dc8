"""Rule → a call that breaks it, and one that passes: vaults, plans, and buckets that are copied."""

from typing import Any

from simulator.model import Place
from simulator.rules import tokens as t
from simulator.world import Thing
from tests.plugins.world_builder import IRELAND, VIRGINIA, Ask, create, thing

VAULT = thing(t.BACKUP_VAULT, "blue", {"name": "blue"}, {"name": "blue", "arn": "arn:vault"})


def versioned(bucket: str) -> Thing:
    """Versioning of a bucket; that of copies is in another region."""
    inputs = {"bucket": bucket, "versioningConfiguration": {"status": "Enabled"}}
    return thing(t.BUCKET_VERSIONING, bucket, inputs, place=_place(bucket))


def locked(bucket: str) -> Thing:
    """The lock of a bucket."""
    return thing(t.BUCKET_OBJECT_LOCK, bucket, {"bucket": bucket}, place=_place(bucket))


def _place(bucket: str) -> Place:
    return VIRGINIA if bucket == "copies" else IRELAND


def replication() -> dict[str, Any]:
    """A bucket that is copied to another one."""
    return {"bucket": "blocks", "rules": [{"destination": {"bucket": "arn:aws:s3:::copies"}}]}


def plan(**lifecycle: int) -> dict[str, Any]:
    """A plan that moves and deletes copies at these ages."""
    return {"rules": [{"copyActions": [{"lifecycle": lifecycle}]}]}


BOTH = (versioned("blocks"), versioned("copies"))

CASES: dict[str, tuple[Ask, Ask]] = {
    "vault-name": (create(t.BACKUP_VAULT, VAULT, name="blue"), create(t.BACKUP_VAULT, VAULT, name="green")),
    "vault-name-pattern": (create(t.BACKUP_VAULT, name="blue vault"), create(t.BACKUP_VAULT, name="blue-vault")),
    "vault-lock-days": (
        create(t.BACKUP_VAULT_LOCK, backupVaultName="blue", minRetentionDays=30, maxRetentionDays=7),
        create(t.BACKUP_VAULT_LOCK, backupVaultName="blue", minRetentionDays=30, maxRetentionDays=365),
    ),
    "plan-lifecycle": (
        create(t.BACKUP_PLAN, **plan(coldStorageAfter=7, deleteAfter=35)),
        create(t.BACKUP_PLAN, **plan(coldStorageAfter=7, deleteAfter=97)),
    ),
    "replication-versioning": (
        create(t.BUCKET_REPLICATION, versioned("blocks"), **replication()),
        create(t.BUCKET_REPLICATION, *BOTH, **replication()),
    ),
    "replication-object-lock": (
        create(t.BUCKET_REPLICATION, *BOTH, locked("blocks"), **replication()),
        create(t.BUCKET_REPLICATION, *BOTH, locked("blocks"), locked("copies"), **replication()),
    ),
}
