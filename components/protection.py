"""How strongly an environment holds on to what it has built."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Protection:
    """One object for each miner and region; components read it and never ask which environment they are in.

    - `protect`: Pulumi refuses to delete or replace resources that hold data or that peers rely on, and leaves the
      AWS resource behind should it leave the program all the same (`retain_on_delete`).
    - `deletion_protection`: the cloud's own lock, where a type has one.
    - `final_snapshots`: a database leaves a snapshot and its backups behind when it is deleted.
    - `kms_deletion_window_days`: days in which a key scheduled for deletion can be rescued; KMS takes 7 to 30.
    - `secret_recovery_days`: days in which a deleted secret can be restored, 7 to 30; 0 deletes it at once.
    - `zonal_shift`: let traffic be moved away from an impaired zone.
    - `retain_volumes`: a volume outlives its claim.
    - `force_destroy`: what holds objects or records is deleted with all of them.
    - `object_lock_days`: days in which a backup cannot be deleted or overwritten; 0 is no lock.
    - `leaving_zones`: full names of zones that are about to leave; what lies in them alone is held no more.
    """

    protect: bool
    deletion_protection: bool
    final_snapshots: bool
    kms_deletion_window_days: int
    secret_recovery_days: int
    zonal_shift: bool
    retain_volumes: bool
    force_destroy: bool
    object_lock_days: int
    leaving_zones: frozenset[str] = frozenset()

    @property
    def keeps_backups(self) -> bool:
        """Whether backups outlive what they are of; their bucket, and every key, then stay even without other locks."""
        return self.final_snapshots or self.object_lock_days > 0

    def lifted(self) -> "Protection":
        """What is about to leave: it can be deleted, with all that it holds, and its backups stay behind."""
        return replace(self, protect=False, deletion_protection=False, force_destroy=True)

    def in_zone(self, zone: str) -> "Protection":
        """The protection of what lies in `zone` alone."""
        return self.across((zone,))

    def across(self, zones: Iterable[str]) -> "Protection":
        """The protection of what lies in all of `zones` and is replaced when it loses one of them."""
        return self.lifted() if self.leaving_zones.intersection(zones) else self
