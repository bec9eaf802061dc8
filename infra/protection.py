"""How strongly each part of an environment is held: by its tier, unless the stack file says that it leaves."""

from components.decommission import Decommission, DecommissionArgs, Part
from components.protection import Protection
from infra.settings import Environment, MinerSettings


def of_environment(environment: Environment) -> Protection:
    """What belongs to no region and no miner, and never leaves."""
    defaults = environment.defaults
    return Protection(
        protect=defaults.protect,
        deletion_protection=defaults.deletion_protection,
        final_snapshots=defaults.final_snapshots,
        kms_deletion_window_days=defaults.kms_deletion_window_days,
        secret_recovery_days=defaults.secret_recovery_days,
        zonal_shift=defaults.zonal_shift,
        retain_volumes=defaults.retain_volumes,
        force_destroy=defaults.force_destroy,
        object_lock_days=defaults.object_lock_days,
        leaving_zones=frozenset(
            name for name, leaving in environment.decommission.items() if leaving.part is Part.ZONE
        ),
    )


def of_region(environment: Environment, region: str) -> Protection:
    """What a region's miners share, and what nobody has but the region."""
    whole = of_environment(environment)
    return whole.lifted() if region in environment.decommission else whole


def of_miner(environment: Environment, miner: MinerSettings) -> Protection:
    """What a miner has for itself; it leaves with its region."""
    held = of_region(environment, miner.region)
    return held.lifted() if miner.name in environment.decommission else held


def announce(environment: Environment) -> None:
    """Write down in the state which parts leave, when and why."""
    for name, leaving in environment.decommission.items():
        Decommission(
            f"decommission-{name}",
            DecommissionArgs(part=leaving.part, subject=name, day=leaving.day.isoformat(), reason=leaving.reason),
        )
