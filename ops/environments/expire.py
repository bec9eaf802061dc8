"""Destroying environments that are past their end, one after the other; one that fails keeps none of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from infra.settings import Environment
from ops.aws.account import AnotherAccountError, refuse_other_accounts
from ops.aws.session import Aws, faults_worded
from ops.environments.listing import Row
from ops.environments.sleep import wake_nodes
from ops.errors import UsageError
from ops.pulumi_cli import InterruptedRunError, PulumiCli, PulumiCliError
from ops.stacks import StackFile
from simulator.values import JSON


class Fate(StrEnum):
    """What became of an environment that is past its end."""

    DUE = "due"
    DESTROYED = "destroyed"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class Expired:
    """One such environment; ``reason`` says why it is still there, or what is left to do."""

    name: str
    account: str
    expires: datetime
    fate: Fate
    reason: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it should have been destroyed and was not."""
        return self.fate in (Fate.REFUSED, Fate.FAILED, Fate.INTERRUPTED)


@dataclass(frozen=True, slots=True)
class Hands:
    """What destroying needs: credentials, a CLI for each stack, and time."""

    aws: Aws
    cli: Callable[[str], PulumiCli]
    wait: Callable[[float], object]
    tell: Callable[[str], object]


def due(found: Sequence[Row], now: datetime) -> list[Expired]:
    """The environments that are past their end. The tiers and stacks that are always on have none."""
    return [
        Expired(row.environment.name, row.environment.account, row.environment.expires, Fate.DUE)
        for row in found
        if row.environment is not None and row.environment.expires is not None and row.expired(now)
    ]


def destroy_due(found: Sequence[Row], now: datetime, hands: Hands) -> list[Expired]:
    """Destroy each of them and remove its stack. What fails is told and stays; the next one is begun all the same.

    Repeating it goes on where it stopped: what is gone is not asked for again.
    """
    rows = {row.environment.name: row for row in found if row.environment is not None}
    done: list[Expired] = []
    for one in due(found, now):
        row, environment = rows[one.name], rows[one.name].environment
        if environment is None or (done and done[-1].fate is Fate.INTERRUPTED):
            done.append(one)
            continue
        hands.tell(f"{one.name}, past its end since {one.expires:%Y-%m-%d %H:%M} UTC")
        fate, reason = _destroyed(row.stack, environment, hands)
        done.append(Expired(one.name, one.account, one.expires, fate, reason))
    return done


def document(done: Sequence[Expired]) -> dict[str, JSON]:
    """The same for machines; docs/operations.md names the fields."""
    return {
        "format": 1,
        "environments": [
            {
                "name": one.name,
                "account": one.account,
                "expires": f"{one.expires:%Y-%m-%dT%H:%M:%SZ}",
                "fate": one.fate.value,
                "reason": one.reason,
            }
            for one in done
        ],
    }


def _destroyed(stack: StackFile, environment: Environment, hands: Hands) -> tuple[Fate, str]:
    if environment.tier != "testing":
        return Fate.REFUSED, f"its tier is {environment.tier}, which is never destroyed by this command"
    try:
        with faults_worded():
            refuse_other_accounts(hands.aws, environment.name, environment.account, environment.home)
        cli = hands.cli(stack.name)
        if not cli.exists():
            return Fate.GONE, f"there is no such stack any more: remove {stack.path.name} from the repository"
        if environment.asleep:
            wake_nodes(stack, hands.aws, wait=hands.wait, tell=hands.tell)
        return _taken_down(stack.path, cli)
    except AnotherAccountError as error:
        return Fate.REFUSED, str(error)
    except (KeyboardInterrupt, InterruptedRunError):
        return Fate.INTERRUPTED, "repeat the command, which goes on"
    except (UsageError, PulumiCliError) as error:
        return Fate.FAILED, str(error)


def _taken_down(file: Path, cli: PulumiCli) -> tuple[Fate, str]:
    if cli.destroy() != 0:
        return (
            Fate.FAILED,
            "pulumi destroy failed, and says above at what: mend it and repeat the command, which goes on",
        )
    if cli.remove() != 0:
        return Fate.FAILED, "everything is destroyed, but pulumi stack rm failed: repeat the command"
    return Fate.DESTROYED, f"commit that {file.name} is gone"
