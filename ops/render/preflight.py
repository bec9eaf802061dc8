"""What preflight found: a row for each region, then everything that does not hold, each with what to do."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ops.preflight.checks import Area, Check, Verdict
from ops.render.text import count
from simulator.values import JSON

_COLOURS = {Verdict.HOLDS: "green", Verdict.FAILS: "bold red", Verdict.UNKNOWN: "yellow"}
_NOTHING = "-"


def preflight_document(stack: str, checks: Sequence[Check], not_checked: Sequence[str]) -> dict[str, JSON]:
    """The findings as one JSON document; docs/operations.md names the fields."""
    return {
        "format": 1,
        "stack": stack,
        "holds": all(check.verdict is Verdict.HOLDS for check in checks),
        "checks": [
            {
                "area": check.area.value,
                "place": check.place,
                "subject": check.subject,
                "verdict": check.verdict.value,
                "found": check.found,
                "remedy": check.remedy,
                "command": check.command,
            }
            for check in checks
        ],
        "notChecked": list(not_checked),
    }


def print_preflight(
    output: Console, stack: str, checks: Sequence[Check], not_checked: Sequence[str], *, full: bool
) -> None:
    """Print the table, what does not hold, and what was not looked at; ``full`` shows what holds too."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", *(area.value for area in Area)):
        table.add_column(heading)
    for place in dict.fromkeys(check.place for check in checks):
        here = [check for check in checks if check.place == place]
        table.add_row(place, *(_cell([check for check in here if check.area is area]) for area in Area))
    output.print(table)
    shown = [check for check in checks if full or check.verdict is not Verdict.HOLDS]
    for check in sorted(shown, key=lambda one: list(Verdict).index(one.verdict)):
        output.print()
        verdict = (check.verdict.value, _COLOURS[check.verdict])
        heading = Text.assemble((f"{check.place} {check.subject}", "bold"), " ", verdict, f": {check.found}")
        output.print(heading, soft_wrap=True)
        for line in filter(None, (check.remedy, check.command)):
            output.print(Text(f"  {line}", style="cyan"), soft_wrap=True)
    output.print("\nNot looked at:")
    for line in not_checked:
        output.print(f"  {line}", soft_wrap=True)
    output.print()
    output.print(_summary(stack, checks))


def _cell(checks: Sequence[Check]) -> Text:
    if not checks:
        return Text(_NOTHING, style="dim")
    for verdict in (Verdict.FAILS, Verdict.UNKNOWN):
        number = sum(check.verdict is verdict for check in checks)
        if number:
            word = "fail" if verdict is Verdict.FAILS else verdict.value
            return Text(f"{number} of {len(checks)} {word}", style=_COLOURS[verdict])
    return Text(f"{len(checks)} hold" if len(checks) > 1 else "holds", style=_COLOURS[Verdict.HOLDS])


def _summary(stack: str, checks: Sequence[Check]) -> Text:
    fail, unknown = (sum(check.verdict is one for check in checks) for one in (Verdict.FAILS, Verdict.UNKNOWN))
    numbers = f"{fail} of {count(len(checks), 'check')} fail, {unknown} unknown"
    if fail:
        return Text.assemble((stack, "bold"), " ", (f"is not ready: {numbers}", _COLOURS[Verdict.FAILS]))
    if unknown:
        return Text.assemble((stack, "bold"), " ", (f"may be ready: {numbers}", _COLOURS[Verdict.UNKNOWN]))
    return Text.assemble((stack, "bold"), " ", (f"is ready: {count(len(checks), 'check')} hold", "green"))
