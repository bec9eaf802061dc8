"""AWS Backup: vaults, their locks, plans and what they select (``aws:backup``)."""

from simulator.types.aws import regional, regional_tagged
from simulator.types.base import Autoname, Request, ResourceModel
from simulator.values import JSON


def _vault(request: Request, name: str) -> dict[str, JSON]:
    return {**regional_tagged(request), "arn": request.arn("backup", f"backup-vault:{name}"), "recoveryPoints": 0}


def _vault_lock(request: Request, name: str) -> dict[str, JSON]:
    return {**regional(request), "backupVaultArn": request.arn("backup", f"backup-vault:{name}")}


def _plan(request: Request, plan_id: str) -> dict[str, JSON]:
    return {
        **regional_tagged(request),
        "arn": request.arn("backup", f"backup-plan:{plan_id}"),
        "version": request.digest(48, "version"),
    }


MODELS = (
    ResourceModel(
        "aws:backup/vault:Vault",
        identify=lambda request: request.text("name"),
        compute=_vault,
        autoname=Autoname("name", max_length=50),
        defaults={"forceDestroy": False},
    ),
    ResourceModel(
        "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
        identify=lambda request: request.text("backupVaultName"),
        compute=_vault_lock,
    ),
    ResourceModel(
        "aws:backup/plan:Plan",
        identify=lambda request: request.uuid("plan"),
        compute=_plan,
        autoname=Autoname("name", max_length=50),
    ),
    ResourceModel(
        "aws:backup/selection:Selection",
        identify=lambda request: request.uuid("selection"),
        compute=lambda request, _: regional(request),
        autoname=Autoname("name", max_length=50),
    ),
)
