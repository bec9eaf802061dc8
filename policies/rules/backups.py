"""Copies of databases and file systems in another region, and the vaults that hold them (RDS-3, FS-1, section 4)."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from .graph import Graph, Resource, default_tags
from .rule import MAINNET_ONLY, Problem, Rule, rule
from .tokens import (
    BACKUP_PLAN,
    BACKUP_SELECTION,
    BACKUP_VAULT,
    BACKUP_VAULT_LOCK,
    DB_CLUSTER,
    DB_INSTANCE,
    EFS,
    FSX_LUSTRE,
)
from .values import UNKNOWN, UndecidedError, View

_COPIED = (DB_CLUSTER, DB_INSTANCE, EFS, FSX_LUSTRE)
_ARN_PARTS = {
    DB_CLUSTER: ("rds", "cluster:", "clusterIdentifier"),
    DB_INSTANCE: ("rds", "db:", "identifier"),
    EFS: ("elasticfilesystem", "file-system/", ""),
    FSX_LUSTRE: ("fsx", "file-system/", ""),
}
"""Service, kind, and the input that AWS ends the ARN with; it makes up the end of the others."""

_LEAST_COPY_DAYS = 14
_TAG = "aws:ResourceTag/"


@rule(
    "RDS-3-COPY",
    title="Databases and file systems are copied to another region, for two weeks at least",
    reason="Recovery from the loss of a region, and from whoever has rights in it.",
    source="controls RDS-3, FS-1; RDS.26, EFS.2",
    remedy="Let a backup plan with a copy action select the resource (components/copies).",
    on=_COPIED,
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def copied_elsewhere(graph: Graph, resource: Resource) -> Iterator[Problem]:
    region = graph.region_of(resource)
    plans = [
        plan
        for selection in graph.of_type(BACKUP_SELECTION)
        if graph.region_of(selection) == region and _selects(graph, selection, resource)
        for plan in graph.follow(selection, "planId", BACKUP_PLAN)
    ]
    copies = [copy for plan in plans for item in plan.inputs.views("rules") for copy in item.views("copyActions")]
    if not copies:
        yield Problem("no backup plan with a copy action selects it")
    for copy in copies:
        if copy.text("destinationVaultArn").split(":")[3:4] == [region]:
            yield Problem("its copies lie in its own region")
        if 0 < (days := copy.number("lifecycle.deleteAfter")) < _LEAST_COPY_DAYS:
            yield Problem(f"its copies are deleted after {days:g} days, {_LEAST_COPY_DAYS} are the least")


def _selects(graph: Graph, selection: Resource, resource: Resource) -> bool:
    inputs = selection.inputs
    if not _named(graph, inputs.strings("resources"), resource):
        return False
    provider = graph.by_urn.get(resource.provider)
    tags = {**(default_tags(provider) if provider else {}), **_tags(resource.inputs)}
    wanted = [one for condition in inputs.views("conditions") for one in condition.views("stringEquals")]
    return all(tags.get(one.text("key").removeprefix(_TAG)) == one.text("value") for one in wanted)


def _named(graph: Graph, patterns: tuple[str, ...], resource: Resource) -> bool:
    """Whether one of ``patterns`` takes the resource's ARN, of which a new one has no more than the beginning."""
    try:
        return any(fnmatchcase(resource.computed.text("arn"), pattern) for pattern in patterns)
    except UndecidedError:
        service, kind, name = _ARN_PARTS[resource.type]
        beginning = f"arn:aws:{service}:{graph.region_of(resource)}:{graph.account_of(resource)}:{kind}"
        arn = beginning + (resource.inputs.text(name) if name else UNKNOWN)
        if any(fnmatchcase(arn, pattern) for pattern in patterns):
            return True
        if name or not any(fnmatchcase(beginning, pattern[: pattern.rfind("/") + 1]) for pattern in patterns):
            return False
        raise


def _tags(inputs: View) -> dict[str, str]:
    return {key: inputs.text(f"tags.{key}") for key in inputs.view("tags").raw} if inputs.has("tags") else {}


@rule(
    "VAULT-1",
    title="Vaults of backups have a key of the account and a lock, and keep their recovery points when they go",
    reason="The first thing an intruder deletes is the backup.",
    source="controls section 4; AWS Backup vault lock",
    remedy="Use the Vault of components/copies.",
    on=(BACKUP_VAULT,),
    tiers=MAINNET_ONLY,
    guards_data=True,
)
def vault_locked(graph: Graph, vault: Resource) -> Iterator[Problem]:
    if not vault.inputs.has("kmsKeyArn"):
        yield Problem("no customer-managed key", "kmsKeyArn")
    if vault.inputs.flag("forceDestroy"):
        yield Problem("recovery points are deleted with the vault", "forceDestroy")
    locks = graph.referrers(vault, "backupVaultName", BACKUP_VAULT_LOCK)
    if not any(lock.inputs.number("minRetentionDays") > 0 for lock in locks):
        yield Problem("recovery points can be deleted at once: no lock with a least retention")


RULES: tuple[Rule, ...] = (copied_elsewhere, vault_locked)
