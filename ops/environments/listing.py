"""What the stack files of the project say, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pulumi

from infra.settings import Environment
from infra.settings.lifetime import written
from ops.stack_settings import settings_of
from ops.stacks import StackFile
from simulator.errors import SimulatorError
from simulator.values import JSON


@dataclass(frozen=True, slots=True)
class Row:
    """One stack file: what it describes, or the first line of what is wrong with it."""

    stack: StackFile
    environment: Environment | None
    problem: str = ""

    def expired(self, now: datetime) -> bool:
        """Whether its time is over; what is past it may be destroyed."""
        end = self.environment and self.environment.expires
        return end is not None and end <= now


def rows(stacks: Sequence[StackFile], project: Path) -> list[Row]:
    """Read all of these stack files; one that the settings refuse hides no other."""
    return [_row(stack, project) for stack in stacks]


def document(found: Sequence[Row], now: datetime) -> dict[str, JSON]:
    """The rows for machines; docs/operations.md names the fields."""
    return {"format": 1, "environments": [_entry(row, now) for row in found]}


def _row(stack: StackFile, project: Path) -> Row:
    try:
        parsed = settings_of(stack, project)
    except (pulumi.RunError, SimulatorError) as error:
        return Row(stack, None, str(error).strip().partition("\n")[0])
    return Row(stack, parsed)


def _entry(row: Row, now: datetime) -> dict[str, JSON]:
    environment = row.environment
    if environment is None:
        return {"name": row.stack.name, "problem": row.problem}
    return {
        "name": environment.name,
        "tier": environment.tier,
        "chain": environment.chain,
        "account": environment.account,
        "owner": environment.owner,
        "release": environment.release,
        "home": environment.home,
        "regions": {name: region.cidr for name, region in environment.regions.items()},
        "miners": {name: miner.region for name, miner in environment.miners.items()},
        "testers": list(environment.testers or ()),
        "asleep": environment.asleep,
        "expires": written(environment.expires) if environment.expires else None,
        "expired": row.expired(now),
    }
