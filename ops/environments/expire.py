"""Destroying environments that are past their end, one after the other; one that fails keeps none of the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from infra.settings import Environment
from infra.settings.lifetime import written
from ops.aws.account import AnotherAccountError
from ops.aws.session import Aws, faults_worded
from ops.destroy.environment import Destroyed, carry_out, prepare, refuse_to_begin
from ops.destroy.plan import DestroyRefusedError
from ops.destroy.remains import Fate as RemainFate
from ops.destroy.remains import remains
from ops.environments.listing import Row
from ops.errors import UsageError
from ops.exit_codes import ExitCode
from ops.pulumi_cli import InterruptedRunError, PulumiCli, PulumiCliError
from ops.render.text import count
from ops.stacks import StackFile
from simulator.values import JSON

_SHOWN = 3
_REPEAT = "repeat the command, which goes on"


class NotExpiredError(UsageError):
    """The environment that was named is not past its end."""


class Fate(StrEnum):
    """What became of an environment that is past its end."""

    DUE = "due"
    DESTROYED = "destroyed"
    GONE = "gone"
    REFUSED = "refused"
    UNPROVED = "unproved"
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
        return self.fate in (Fate.REFUSED, Fate.UNPROVED, Fate.FAILED, Fate.INTERRUPTED)


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


def only(found: Sequence[Row], name: str, now: datetime) -> list[Row]:
    """Of all environments the one that is called so.

    Raises:
        NotExpiredError: it is not past its end, so nothing may destroy it unasked, or its settings are refused.
    """
    row = next(row for row in found if row.stack.name == name)
    if row.environment is None:
        raise NotExpiredError(f"{name}: its settings are refused, so nothing is known of its end: {row.problem}")
    if not row.expired(now):
        end = row.environment.expires
        when = f"its end is {written(end)}" if end else "it has none (key expires)"
        raise NotExpiredError(f"{name} is not past its end, {when}. To destroy it all the same: ops destroy {name}")
    return [row]


def destroy_due(found: Sequence[Row], now: datetime, hands: Hands) -> list[Expired]:
    """Destroy each of them and remove its stack. What fails is told and stays; the next one is begun all the same.

    Repeating it goes on where it stopped: what is gone is not asked for again.
    """
    rows = {row.environment.name: row for row in found if row.environment is not None}
    done: list[Expired] = []
    for one in due(found, now):
        row, environment = rows[one.name], rows[one.name].environment
        if environment is None or any(before.fate is Fate.INTERRUPTED for before in done):
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
    try:
        refuse_to_begin(stack, environment, hands.aws)
        cli = hands.cli(stack.name)
        if not cli.exists():
            return _gone(stack, environment, hands)
        made = prepare(stack, environment, hands.aws, cli)
        return _forgotten(stack, cli, carry_out(made, wait=hands.wait, tell=hands.tell))
    except (AnotherAccountError, DestroyRefusedError) as error:
        return Fate.REFUSED, str(error)
    except (KeyboardInterrupt, InterruptedRunError):
        return Fate.INTERRUPTED, _REPEAT
    except (UsageError, PulumiCliError) as error:
        return Fate.FAILED, str(error)


def _gone(stack: StackFile, environment: Environment, hands: Hands) -> tuple[Fate, str]:
    """Without a stack nothing says what there was, nor that anybody looked: AWS is asked for what has its tags."""
    hands.tell(f"there is no stack {stack.name}: asking AWS for everything with its tags")
    with faults_worded():
        found = remains(hands.aws, environment.name, sorted(environment.regions))
    left = [one for one in found if one.fate is RemainFate.LEFT]
    unknown = [one for one in found if one.fate is RemainFate.UNKNOWN]
    if left:
        more = " and more" if len(left) > _SHOWN else ""
        return Fate.FAILED, (
            f"there is no such stack, and {count(len(left), 'thing')} of it all the same: "
            f"{', '.join(one.arn for one in left[:_SHOWN])}{more}. Delete them, or restore the state "
            "(docs/runbooks/lost-state.md), then repeat the command"
        )
    if unknown:
        return Fate.UNPROVED, (
            f"there is no such stack, and {count(len(unknown), 'thing')} could not be told: repeat the command in an "
            "hour"
        )
    return Fate.GONE, f"there is no such stack, and nothing with its tags: remove {stack.path.name} from the repository"


def _forgotten(stack: StackFile, cli: PulumiCli, done: Destroyed) -> tuple[Fate, str]:
    """The stack goes when nothing of it is left, and not before: by its state the next run finds the rest."""
    if done.outcome.interrupted:
        return Fate.INTERRUPTED, _REPEAT
    if done.exit_code is ExitCode.UNKNOWN:
        unknown = count(len(done.of(RemainFate.UNKNOWN)), "thing")
        return Fate.UNPROVED, f"its state is empty, and {unknown} could not be told: repeat the command in an hour"
    if done.exit_code is not ExitCode.CLEAN:
        left = count(done.left, "thing")
        return (
            Fate.FAILED,
            f"{left} left: .venv/bin/python -m ops destroy {stack.name} --yes goes on, and says what holds them up",
        )
    if cli.remove() != 0:
        return Fate.FAILED, "everything is destroyed, but pulumi stack rm failed: repeat the command"
    return Fate.DESTROYED, f"commit that {stack.path.name} is gone"
