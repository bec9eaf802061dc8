"""What verification found, as a table and a list of what to do."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.outputs import StackOutputs
from ops.render.text import count
from ops.verify.judge import Check, Rule, Verdict

_COLOURS = {Verdict.HOLDS: "green", Verdict.FAILS: "bold red", Verdict.UNKNOWN: "yellow"}


class CheckRow(TypedDict):
    """One rule for one miner; ``remedy`` is empty where it holds."""

    miner: str
    rule: str
    verdict: str
    found: str
    remedy: str


class Verification(TypedDict):
    """The whole document; see docs/operations.md."""

    format: int
    stack: str
    release: str
    time: str
    holds: bool
    checks: list[CheckRow]


def verification(stack: str, outputs: StackOutputs, checks: Sequence[Check], began: datetime) -> Verification:
    """The findings of a look that ``began`` then as one JSON document."""
    return {
        "format": 1,
        "stack": stack,
        "release": outputs.release,
        "time": began.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "holds": all(check.verdict is Verdict.HOLDS for check in checks),
        "checks": [
            {
                "miner": check.miner,
                "rule": check.rule.value,
                "verdict": check.verdict.value,
                "found": check.found,
                "remedy": check.remedy,
            }
            for check in checks
        ],
    }


def print_verification(output: Console, stack: str, outputs: StackOutputs, checks: Sequence[Check]) -> None:
    """Print a row for each miner, then everything that does not hold, each with what to do."""
    by_miner = {name: {check.rule: check for check in checks if check.miner == name} for name in outputs.miners}
    table = Table(box=None, pad_edge=False)
    for heading in ("miner", *(rule.value for rule in Rule)):
        table.add_column(heading)
    for name, found in by_miner.items():
        table.add_row(name, *(_cell(found[rule]) for rule in Rule))
    output.print(table)
    alike: dict[tuple[str, Verdict, str, str], list[str]] = {}
    for check in checks:
        if check.verdict is not Verdict.HOLDS:
            alike.setdefault((check.miner, check.verdict, check.found, check.remedy), []).append(check.rule.value)
    for (miner, verdict, found, remedy), rules in alike.items():
        output.print()
        heading = (f"{', '.join(rules)} {verdict.value}", _COLOURS[verdict])
        output.print(Text.assemble((miner, "bold"), " ", heading, f": {found}"), soft_wrap=True)
        output.print(Text(f"  {remedy}", style="cyan"), soft_wrap=True)
    output.print()
    output.print(_summary(stack, outputs, checks))


def _cell(check: Check) -> Text:
    return Text(check.found if check.verdict is Verdict.HOLDS else check.verdict.value, style=_COLOURS[check.verdict])


def _summary(stack: str, outputs: StackOutputs, checks: Sequence[Check]) -> Text:
    fail, unknown = (sum(check.verdict is one for check in checks) for one in (Verdict.FAILS, Verdict.UNKNOWN))
    services = count(sum(len(miner.deployments) for miner in outputs.miners.values()), "service")
    numbers = f"{fail} of {count(len(checks), 'check')} fail, {unknown} unknown"
    if fail:
        said = f"is not what its stack says: {numbers}"
    elif unknown:
        said = f"could not be looked at whole: {numbers}"
    else:
        said = f"is what its stack says: {services} of {count(len(outputs.miners), 'miner')}"
    worst = Verdict.FAILS if fail else Verdict.UNKNOWN if unknown else Verdict.HOLDS
    return Text.assemble((stack, "bold"), " ", (said, _COLOURS[worst]))
